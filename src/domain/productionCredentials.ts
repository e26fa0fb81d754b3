import { JitFailure } from './failures.js';
import type { KeySource, ProductionOrg, Registry } from './registry.js';
import { chooseProductionOrg, findProductionOrg, productionOrgNotRegistered, sameName } from './registry.js';

/** `sf`'s own callback URL with its default port (core, webOAuthServer). */
export const defaultOauthPort = 1717;

/** Salesforce's general login host for production orgs. */
export const defaultLoginUrl = 'https://login.salesforce.com';

/** The consumer key that `sf org login web` uses; the app exists in every org (salesforce-facts §8). */
export const platformCli = 'PlatformCLI';

/** How production can be logged in to, with where each part of it was found (spec §6). */
export type ProductionLogin = {
  readonly username: string;
  readonly loginUrl: string;
  readonly clientId: string;
  readonly callbackUrl?: string;
  readonly key: KeySource;
  readonly from: 'flags' | 'environment' | 'config-file' | 'registration';
  /** The registration, when production is registered. */
  readonly registered?: ProductionOrg;
};

/** The environment variables of spec §6, as they are set. `SF_PRIVATE_KEY` is only known to be there, its value is not read here. */
export type CredentialEnvironment = {
  readonly instanceUrl?: string;
  readonly clientId?: string;
  readonly username?: string;
  readonly hasPrivateKey: boolean;
};

/** Name of the variable that holds the key itself. */
export const privateKeyVariable = 'SF_PRIVATE_KEY';
/** Name of the variable with the passphrase of an encrypted key. */
export const passphraseVariable = 'SF_PRIVATE_KEY_PASSPHRASE';

/** Reads the variables of spec §6. Empty ones count as not set, as in most CI systems an undefined secret is an empty variable. */
export function credentialEnvironment(env: Readonly<Record<string, string | undefined>>): CredentialEnvironment {
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  return {
    instanceUrl: value('SF_INSTANCE_URL'),
    clientId: value('SF_CLIENT_ID'),
    username: value('SF_USERNAME'),
    hasPrivateKey: value(privateKeyVariable) !== undefined,
  };
}

/** The login that the environment describes, if it describes one: the username, the app and the key are all needed. */
export function loginFromEnvironment(environment: CredentialEnvironment): ProductionLogin | undefined {
  const { username, clientId, instanceUrl, hasPrivateKey } = environment;
  if (username === undefined || clientId === undefined || !hasPrivateKey) return undefined;
  return {
    username,
    clientId,
    loginUrl: loginOrigin(instanceUrl ?? defaultLoginUrl, 'SF_INSTANCE_URL'),
    key: { source: 'env', name: privateKeyVariable },
    from: 'environment',
  };
}

export function loginFromRegistration(registered: ProductionOrg): ProductionLogin {
  const { username, loginUrl, clientId, callbackUrl, key } = registered;
  return { username, loginUrl, clientId, callbackUrl, key, from: 'registration', registered };
}

/**
 * Which production org to log in to, and how: the environment beats the registration, unless `-p` names another org (spec §6).
 *
 * @param named what the user asked for: `-p`, the sandbox's registration, or the configured default
 * @throws ProductionOrgNotRegistered, NoProductionOrg, AmbiguousProductionOrg
 */
export function resolveProduction(
  registry: Registry,
  environment: CredentialEnvironment,
  named: string | undefined,
): ProductionLogin {
  const fromEnvironment = loginFromEnvironment(environment);
  const registered = named === undefined ? undefined : findProductionOrg(registry, named);
  if (fromEnvironment && (named === undefined || sameName(registered?.username ?? named, fromEnvironment.username))) {
    const known = registered ?? findProductionOrg(registry, fromEnvironment.username);
    return { ...fromEnvironment, callbackUrl: known?.callbackUrl, registered: known };
  }
  if (named !== undefined && !registered) throw productionOrgNotRegistered(registry, named);
  return loginFromRegistration(registered ?? chooseProductionOrg(registry, undefined));
}

/**
 * The origin of a login URL that a user gave: `https`, or `http` on this machine only, for the emulator.
 *
 * @param from what to blame in the failure: a flag, a variable or a field
 * @throws InputInvalid
 */
export function loginOrigin(url: string, from: string): string {
  const parsed = URL.parse(/^[a-z]+:\/\//i.test(url) ? url : `https://${url}`);
  if (!parsed) throw new JitFailure('InputInvalid', { field: from, problem: 'it is not a URL' });
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname);
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && local)) {
    throw new JitFailure('InputInvalid', { field: from, problem: 'it must begin with https://' });
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new JitFailure('InputInvalid', { field: from, problem: 'it must not contain a user name or password' });
  }
  if (/\.lightning\.force\.com$/i.test(parsed.hostname)) {
    throw new JitFailure('InputInvalid', {
      field: from,
      problem: 'a lightning.force.com address cannot be logged in to; use the one that ends in my.salesforce.com',
    });
  }
  return parsed.origin;
}
