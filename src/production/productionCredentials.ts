import type { ConfigFile } from './configFile.js';
import { readConfigFile } from './configFile.js';
import { loginOrigin } from '../salesforce/loginUrl.js';
import { refuseKeyText } from '../keys/privateKey.js';
import type { ProductionOrg, Registry } from '../registry/registry.js';
import { chooseProductionOrg, findProductionOrg, productionOrgNotRegistered, sameName } from '../registry/registry.js';
import type { KeySource } from '../keys/keySource.js';
import { privateKeyVariable } from '../keys/keySource.js';
import { keeperFromVariables } from './keyInput.js';

/** Salesforce's general login host for production orgs. */
export const defaultLoginUrl = 'https://login.salesforce.com';

/** The consumer key that `sf org login web` uses; the app exists in every org (docs/salesforce.md, Apps). */
export const platformCli = 'PlatformCLI';

/** How production can be logged in to, with where each part of it was found. */
export type ProductionLogin = {
  readonly username: string;
  readonly loginUrl: string;
  readonly clientId: string;
  readonly callbackUrl?: string;
  /** Of the requests to this org, such as `v59.0`; where nothing says it, one that every org has. */
  readonly apiVersion?: string;
  readonly key: KeySource;
  readonly from: 'flags' | 'environment' | 'config-file' | 'registration';
  /** The registration, when production is registered. */
  readonly registered?: ProductionOrg;
  /** Whether its session is for one command only, and stored nowhere unless sf keeps one of this org already. */
  readonly isTransient?: true;
  /**
   * The `.sfconnect.json` that was found rather than named, when the login is that file's: whoever wrote the folder described it. Such a
   * login takes no session that sf has stored, and leaves none.
   */
  readonly foundIn?: string;
};

/** The environment variables that describe a production login, as they are set. `SF_PRIVATE_KEY` is only known to be there; its value is not read here. */
export type CredentialVariables = {
  readonly instanceUrl?: string;
  readonly clientId?: string;
  readonly username?: string;
  readonly hasPrivateKey: boolean;
  /** Who keeps the key, if variables say so; that comes before `SF_PRIVATE_KEY`. */
  readonly keeper?: KeySource;
};

/**
 * Reads the variables that describe a production login. Empty ones count as not set, because in most CI systems an undefined secret is an empty variable.
 *
 * @throws KeyInvalid when the key is in the variable of the username or of the consumer key, both of which are sent and shown;
 * InputInvalid for variables that name no keeper of a key, or two
 */
export function readCredentialVariables(env: Readonly<Record<string, string | undefined>>): CredentialVariables {
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  refuseKeyText(env['SF_CLIENT_ID'], 'SF_CLIENT_ID', 'the consumer key of the app');
  refuseKeyText(env['SF_USERNAME'], 'SF_USERNAME', 'a username');
  const keeper = keeperFromVariables(env);
  return {
    instanceUrl: value('SF_INSTANCE_URL'),
    clientId: value('SF_CLIENT_ID'),
    username: value('SF_USERNAME'),
    hasPrivateKey: value(privateKeyVariable) !== undefined,
    ...(keeper ? { keeper } : {}),
  };
}

/** Where the environment says that the key is. */
export function keyFromVariables({ keeper, hasPrivateKey }: CredentialVariables): KeySource | undefined {
  return keeper ?? (hasPrivateKey ? { source: 'env', name: privateKeyVariable } : undefined);
}

/** The login that the environment describes, if it describes one: the username, the app and the key are all needed. */
export function loginFromVariables(variables: CredentialVariables): ProductionLogin | undefined {
  const { username, clientId, instanceUrl } = variables;
  const key = keyFromVariables(variables);
  if (username === undefined || clientId === undefined || key === undefined) return undefined;
  return {
    username,
    clientId,
    loginUrl: loginOrigin(instanceUrl ?? defaultLoginUrl, 'SF_INSTANCE_URL'),
    key,
    from: 'environment',
  };
}

/** @throws InputInvalid for a login URL that no assertion may be sent to */
function loginFromRegistration(registered: ProductionOrg): ProductionLogin {
  const { username, clientId, callbackUrl, key } = registered;
  // checked again, since the registry is a file that people edit: a signed assertion goes there
  const loginUrl = loginOrigin(registered.loginUrl, `The registered login URL of ${username}`);
  return { username, loginUrl, clientId, callbackUrl, key, from: 'registration', registered };
}

/** The login that a `.sfconnect.json` describes: always a whole one. @throws ConfigInvalid */
export function loginFromConfigFile(file: ConfigFile): ProductionLogin {
  const { username, clientId, loginUrl, privateKeyPath, apiVersion } = readConfigFile(file).config;
  return {
    username,
    clientId,
    loginUrl,
    key: { source: 'file', path: privateKeyPath },
    from: 'config-file',
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(file.isNamed ? {} : { foundIn: file.path }),
  };
}

/**
 * Which production org to log in to, and how: a file that the user named, the environment, the registration. A file that was merely
 * found is the last of all: it decides only where this machine knows no production org of the name that is meant, and no org under the
 * username that it gives. It is read only if it may decide.
 *
 * @param given what the user asked for: `-p`, or the sandbox's registration
 * @param configFile given by commands that may use one
 * @param configured `jit-production-org`, which is meant when nothing was asked for
 * @throws ProductionOrgNotRegistered, NoProductionOrg, AmbiguousProductionOrg, ConfigInvalid
 */
export function resolveProduction(
  registry: Registry,
  variables: CredentialVariables,
  given: string | undefined,
  configFile?: ConfigFile,
  configured?: string,
): ProductionLogin {
  const named = given ?? configured;
  const registered = named === undefined ? undefined : findProductionOrg(registry, named);
  const isMeant = ({ username }: ProductionLogin): boolean =>
    named === undefined || sameName(registered?.username ?? named, username);
  const sources = [
    () => (configFile?.isNamed ? loginFromConfigFile(configFile) : undefined),
    () => loginFromVariables(variables),
  ];
  for (const source of sources) {
    const login = source();
    if (!login || !isMeant(login)) continue;
    const known = registered ?? findProductionOrg(registry, login.username);
    return { ...login, callbackUrl: known?.callbackUrl, registered: known };
  }
  if (registered) return loginFromRegistration(registered);
  if (configFile && !configFile.isNamed && (named !== undefined || registry.productionOrgs.length === 0)) {
    const login = loginFromConfigFile(configFile);
    if (isMeant(login) && !findProductionOrg(registry, login.username)) return login;
  }
  if (named !== undefined) throw productionOrgNotRegistered(registry, named, given === undefined);
  return loginFromRegistration(chooseProductionOrg(registry, undefined));
}
