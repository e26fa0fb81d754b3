import { JitFailure } from '../failures/failures.js';

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
