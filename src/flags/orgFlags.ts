import type { Interfaces } from '@oclif/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { nonEmpty } from './flagValues.js';

/*
 * The flags that name orgs: everywhere the same letters, and an empty name is refused. What a name means is the command's to say.
 */

/** What the flag is for in this command; in an object, as `Flags` of sf takes it. */
type Words = { readonly summary: string };

/** `-n`: the one sandbox that a command is about. */
export function sandboxName({ summary }: Words): Interfaces.OptionFlag<string> {
  return Flags.string({ parse: nonEmpty, char: 'n', summary, required: true });
}

/** `-n`: sandboxes by name, for a command that takes `--all` instead; one of the two has to be given. */
export function sandboxNames({ summary }: Words): Interfaces.OptionFlag<string[] | undefined> {
  return Flags.string({
    parse: nonEmpty,
    char: 'n',
    summary,
    multiple: true,
    exactlyOne: ['sandbox-name', 'all'],
  });
}

/** `-p`: the production org. */
export function productionOrg({ summary }: Words): Interfaces.OptionFlag<string | undefined> {
  return Flags.string({ char: 'p', summary, parse: nonEmpty });
}
