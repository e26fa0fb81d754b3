import { JitFailure } from '../failures/failures.js';
import type { Registry, SandboxRegistration } from './registry.js';
import { findProductionOrg, sameName } from './registry.js';
import { productionWords, sandboxWords } from '../failures/orgWords.js';

/** Usernames that become part of an alias have up to 161 characters; no alias that a person types comes near. */
const maxLength = 200;

/**
 * What is wrong with a text as the alias of an org, in words that end the sentence "<field>: …"; undefined for a good one. An alias is
 * typed in commands, shown on terminals, and is a key in sf's alias file, so it holds nothing that does harm there. Whatever else sf
 * users call their orgs is allowed: dots, @, slashes, spaces between words, letters of any script. Names of environments, which become
 * aliases, have a narrower rule (`fieldProblem.name`): all of them are good aliases.
 */
export function aliasProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return 'must be a text, and not an empty one';
  if (value.length > maxLength) return `must have ${maxLength} characters at most`;
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(value)) {
    return 'must be one line, without control characters and others that cannot be seen';
  }
  if (value !== value.trim()) return 'must not begin or end with a space';
  // it would be taken for a flag where the alias is used
  if (value.startsWith('-')) return 'must not begin with a dash';
  // it must never be a key in sf's alias file, which core and its plugins read into objects
  return value === '__proto__' ? 'must not be "__proto__", which is no name' : undefined;
}

/** Checks an alias that was given with `--alias`, before anything is asked or written. @throws InputInvalid naming the flag */
export function checkAlias(alias: string | undefined): void {
  const problem = alias === undefined ? undefined : aliasProblem(alias);
  if (problem !== undefined) throw new JitFailure('InputInvalid', { field: '--alias', problem });
}

/**
 * Refuses an alias for a sandbox that means production: a login would take it away, and commands that are meant for production would go
 * to the sandbox. The project file, which others write, can ask for any alias.
 *
 * @param aliased the username that sf's own alias of that name points at; the alias itself when sf has none
 * @throws AliasTaken
 */
export function refuseAliasOfProduction(
  alias: string,
  sandbox: Pick<SandboxRegistration, 'sandboxName' | 'productionUsername'>,
  { productionOrgs }: Pick<Registry, 'productionOrgs'>,
  aliased = alias,
): void {
  const usernames = [...productionOrgs.map(({ username }) => username), sandbox.productionUsername];
  const production =
    findProductionOrg({ productionOrgs }, alias)?.username ??
    usernames.find((username) => sameName(username, alias) || sameName(username, aliased));
  if (production === undefined) return;
  throw new JitFailure('AliasTaken', { alias, org: productionWords(production), sandbox: sandbox.sandboxName });
}

/** Refuses an alias for a production org that a sandbox of this machine has. @throws AliasTaken */
export function refuseAliasOfSandbox(alias: string | undefined, { sandboxes }: Pick<Registry, 'sandboxes'>): void {
  const taker = sandboxes.find((sandbox) => sameName(sandbox.alias, alias));
  if (alias === undefined || !taker) return;
  throw new JitFailure('AliasTaken', { alias, org: sandboxWords(taker.sandboxName, taker.productionUsername) });
}
