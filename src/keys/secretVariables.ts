import { keeperVariables, passphraseVariable, privateKeyVariable } from './keySource.js';
import { looksLikePrivateKey } from './privateKey.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Names of the variables that hold a key with which production can be logged in to, or its passphrase, or say who keeps it: by their name, because they were
 * registered or named by a flag, or by what is in them. What other programs call a key stays when it is of a kind that no login takes:
 * an ssh key in OpenSSH's own format.
 *
 * @param named variables that registrations and flags name
 */
export function keyVariables(env: Environment, named: readonly string[], platform: NodeJS.Platform): string[] {
  const known = [privateKeyVariable, passphraseVariable, ...Object.values(keeperVariables), ...named];
  return Object.keys(env).filter(
    (name) => known.some((one) => sameVariable(one, name, platform)) || holdsKey(env[name] ?? ''),
  );
}

/** On Windows the letter case of a variable's name says nothing. */
export function sameVariable(one: string, other: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? one.toUpperCase() === other.toUpperCase() : one === other;
}

function holdsKey(value: string): boolean {
  return looksLikePrivateKey(value) && !/BEGIN OPENSSH PRIVATE KEY/.test(value);
}
