import { resolve } from 'node:path';
import { JitFailure } from './failures.js';
import { looksLikePrivateKey } from './privateKey.js';
import type { CredentialEnvironment } from './productionCredentials.js';
import { defaultLoginUrl, loginOrigin, privateKeyVariable } from './productionCredentials.js';
import type { KeySource } from './registry.js';

/** The flags of `sf jit org register` that say how production is logged in to. */
export type RegisterFlags = {
  readonly 'target-org'?: string;
  readonly username?: string;
  readonly 'client-id'?: string;
  /** `-` for standard input. */
  readonly 'jwt-key-file'?: string;
  /** Name of a variable. */
  readonly 'jwt-key-env'?: string;
  readonly 'instance-url'?: string;
};

/** Which production org to register, and how it is logged in to. */
export type RegisterInput =
  | { readonly way: 'stored-org'; readonly aliasOrUsername: string }
  | {
      readonly way: 'jwt';
      readonly username: string;
      readonly clientId: string;
      readonly loginUrl: string;
      readonly key: KeySource;
    };

/**
 * Puts together what the flags say and what the environment says besides (spec §6: flags, then environment).
 *
 * @throws InputInvalid naming all that is missing, KeyInvalid when a key was given in the place of its path or its variable's name
 */
export function registerInput(flags: RegisterFlags, environment: CredentialEnvironment): RegisterInput {
  const { 'target-org': targetOrg, 'instance-url': instanceUrl } = flags;
  if (targetOrg !== undefined) return { way: 'stored-org', aliasOrUsername: targetOrg };
  const username = flags.username ?? environment.username;
  const clientId = flags['client-id'] ?? environment.clientId;
  const key = keySource(flags, environment);
  if (username === undefined || clientId === undefined || key === undefined) {
    const missing = [
      username === undefined ? '--username (or SF_USERNAME)' : [],
      clientId === undefined ? '--client-id (or SF_CLIENT_ID)' : [],
      key === undefined ? '--jwt-key-file or --jwt-key-env (or SF_PRIVATE_KEY)' : [],
    ].flat();
    throw new JitFailure('InputInvalid', {
      field: missing.join(', '),
      problem: 'needed to log in to production, unless --target-org names an org that sf is logged in to already',
    });
  }
  const loginUrl =
    instanceUrl === undefined
      ? loginOrigin(environment.instanceUrl ?? defaultLoginUrl, 'SF_INSTANCE_URL')
      : loginOrigin(instanceUrl, '--instance-url');
  return { way: 'jwt', username, clientId, loginUrl, key };
}

function keySource(flags: RegisterFlags, environment: CredentialEnvironment): KeySource | undefined {
  const { 'jwt-key-file': file, 'jwt-key-env': variable } = flags;
  if (file === '-') return { source: 'stdin' };
  for (const [flag, value, expected] of [
    ['--jwt-key-file', file, 'the path of a key file'],
    ['--jwt-key-env', variable, 'the name of an environment variable'],
  ] as const) {
    if (value !== undefined && looksLikePrivateKey(value)) {
      throw new JitFailure('KeyInvalid', { problem: `the key itself was given to ${flag}, which takes ${expected}` });
    }
  }
  if (file !== undefined) return { source: 'file', path: resolve(file) };
  if (variable !== undefined) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
      throw new JitFailure('InputInvalid', {
        field: '--jwt-key-env',
        problem: 'it takes the name of a variable, without $',
      });
    }
    return { source: 'env', name: variable };
  }
  return environment.hasPrivateKey ? { source: 'env', name: privateKeyVariable } : undefined;
}
