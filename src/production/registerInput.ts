import type { ConfigFile } from './configFile.js';
import { configFileWarnings } from './configFile.js';
import { JitFailure } from '../failures/failures.js';
import { loginOrigin } from '../salesforce/loginUrl.js';
import { refuseKeyText } from '../keys/privateKey.js';
import type { KeyFlags } from './keyInput.js';
import { keyFromFlags } from './keyInput.js';
import type { CredentialVariables, ProductionLogin } from './productionCredentials.js';
import { defaultLoginUrl, keyFromVariables, loginFromConfigFile } from './productionCredentials.js';
import type { KeySource } from '../keys/keySource.js';

/** The flags of `sf jit org register` and `sf jit org verify` that say how production is logged in to. */
export type RegisterFlags = {
  readonly 'target-org'?: string;
  readonly username?: string;
  readonly 'client-id'?: string;
  readonly 'instance-url'?: string;
} & KeyFlags;

/** Where a part of the credentials was found; `default` for a login URL that nobody gave. */
export type CredentialSource = ProductionLogin['from'] | 'default';

/** Which part of the credentials was found where. */
export type CredentialSources = Readonly<Record<'username' | 'clientId' | 'key' | 'loginUrl', CredentialSource>>;

/** A production org that sf is logged in to. */
export type StoredOrgInput = { readonly way: 'stored-org'; readonly aliasOrUsername: string };

/** A production org that is logged in to with a key. */
export type JwtInput = {
  readonly way: 'jwt';
  readonly username: string;
  readonly clientId: string;
  readonly loginUrl: string;
  readonly key: KeySource;
  /** As the `.sfconnect.json` says it, when one is used. */
  readonly apiVersion?: string;
};

/** Which production org to register, and how it is logged in to. */
export type RegisterInput = StoredOrgInput | (JwtInput & { readonly sources: CredentialSources });

/**
 * Puts together what the flags say and what environment and `.sfconnect.json` say besides (flags, then environment, then file).
 * A file that a flag names comes before the environment, because it is a flag.
 *
 * @throws InputInvalid naming all that is missing, KeyInvalid when a key was given in the place of its path or its variable's name,
 * ConfigInvalid
 */
export function registerInput(
  flags: RegisterFlags,
  variables: CredentialVariables,
  configFile?: ConfigFile,
): RegisterInput {
  for (const flag of textFlags) requireText(`--${flag}`, flags[flag]);
  const { 'target-org': targetOrg } = flags;
  if (targetOrg !== undefined) return { way: 'stored-org', aliasOrUsername: targetOrg };
  const given = givenBy(flags, variables);
  const fromFile =
    configFile && (configFile.isNamed || isIncomplete(given)) ? loginFromConfigFile(configFile) : undefined;
  const { username, clientId, key, loginUrl } = fromFile
    ? withConfigFile(given, fromFile, configFile?.isNamed === true)
    : given;
  if (!username || !clientId || !key) {
    const missing = [
      username ? [] : '--username (or SF_USERNAME)',
      clientId ? [] : '--client-id (or SF_CLIENT_ID)',
      key
        ? []
        : '--jwt-key-file, --jwt-key-env, --jwt-key-command, --jwt-agent or --jwt-sign-command (or SF_PRIVATE_KEY)',
    ].flat();
    throw new JitFailure('FlagMissing', {
      field: missing.join(', '),
      problem:
        'A .sfconnect.json can say the same (sf jit config init), and an org that sf is logged in to already needs none of them: ' +
        'sf jit org register --target-org <alias>',
    });
  }
  return {
    way: 'jwt',
    username: username.value,
    clientId: clientId.value,
    key: key.value,
    loginUrl: loginUrl?.value ?? defaultLoginUrl,
    ...(fromFile?.apiVersion === undefined ? {} : { apiVersion: fromFile.apiVersion }),
    sources: {
      username: username.source,
      clientId: clientId.source,
      key: key.source,
      loginUrl: loginUrl?.source ?? 'default',
    },
  };
}

/**
 * What a registration takes from the `.sfconnect.json`, if anything: the path of a file that was only found, and what the user should know
 * of it.
 */
export function usedConfigFile(
  input: RegisterInput,
  file: ConfigFile | undefined,
): {
  readonly foundIn?: string;
  readonly warnings: ReadonlyArray<{ readonly kind: 'config-file'; readonly text: string }>;
} {
  if (!file || input.way !== 'jwt' || !Object.values(input.sources).includes('config-file')) return { warnings: [] };
  const warnings = configFileWarnings(file).map((text) => ({ kind: 'config-file' as const, text }));
  return { warnings, ...(file.isNamed ? {} : { foundIn: file.path }) };
}

/** Flags that take any text. The others are read here, and an empty text is nothing that they take. */
const textFlags = [
  'target-org',
  'username',
  'client-id',
  'jwt-key-file',
  'jwt-key-command',
  'jwt-agent',
  'jwt-sign-command',
  'certificate-file',
] as const;

/**
 * Refuses a flag that was given without a text, as a script with an unset variable does: left out it would mean something else.
 *
 * @param field the flag, for the failure
 * @throws InputInvalid
 */
export function requireText(field: string, text: string | undefined): void {
  if (text?.trim() === '')
    throw new JitFailure('InputInvalid', { field, problem: 'it is empty; leave it out instead' });
}

type Found<T> = { readonly value: T; readonly source: CredentialSource } | undefined;
type Given = {
  readonly username: Found<string>;
  readonly clientId: Found<string>;
  readonly key: Found<KeySource>;
  readonly loginUrl: Found<string>;
};

const isIncomplete = ({ username, clientId, key }: Given): boolean => !username || !clientId || !key;

/** What flags and environment say; flags first. */
function givenBy(flags: RegisterFlags, variables: CredentialVariables): Given {
  const { 'instance-url': instanceUrl } = flags;
  refuseKeyText(flags['client-id'], '--client-id', 'the consumer key of the app');
  refuseKeyText(flags.username, '--username', 'a username');
  const either = (flag: string | undefined, variable: string | undefined): Found<string> =>
    found(flag, 'flags') ?? found(variable, 'environment');
  return {
    username: either(flags.username, variables.username),
    clientId: either(flags['client-id'], variables.clientId),
    key: found(keyFromFlags(flags), 'flags') ?? found(keyFromVariables(variables), 'environment'),
    loginUrl:
      instanceUrl === undefined
        ? found(variables.instanceUrl && loginOrigin(variables.instanceUrl, 'SF_INSTANCE_URL'), 'environment')
        : found(loginOrigin(instanceUrl, '--instance-url'), 'flags'),
  };
}

/** Fills in what is missing from the file; a named file also comes before the environment. */
function withConfigFile(given: Given, login: ProductionLogin, isNamed: boolean): Given {
  const from = login.from;
  const fill = <T>(one: Found<T>, value: T): Found<T> =>
    one && !(isNamed && one.source === 'environment') ? one : { value, source: from };
  return {
    username: fill(given.username, login.username),
    clientId: fill(given.clientId, login.clientId),
    key: fill(given.key, login.key),
    loginUrl: fill(given.loginUrl, login.loginUrl),
  };
}

function found<T>(value: T | undefined, source: CredentialSource): Found<T> {
  return value === undefined ? undefined : { value, source };
}
