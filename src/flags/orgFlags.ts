import type { Interfaces } from '@oclif/core';
import { Messages } from '@salesforce/core/messages';
import { Flags } from '@salesforce/sf-plugins-core';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'orgFlags');

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

/**
 * Reads a flag that names something: an empty text, as a script with an unset variable gives, names nothing. To be used as `parse` of a
 * flag; oclif puts the flag's name before the words, and ends with 2.
 */
export function nonEmpty(value: string): Promise<string> {
  if (value.trim() !== '') return Promise.resolve(value);
  return Promise.reject(messages.createError('error.EmptyValue', [], [], 2));
}

/** Refuses a negative length of time, which sf's own flag takes when the least is 0 (sf-plugins-core, flags/duration). */
export function refuseNegative(flag: string, { milliseconds }: { readonly milliseconds: number }): void {
  if (milliseconds < 0) throw messages.createError('error.NegativeTime', [flag], [], 2);
}
