import type { KeyObject } from 'node:crypto';
import { JitFailure } from '../../src/failures/failures.js';
import { parsePrivateKey } from '../../src/keys/privateKey.js';

/** Which real org is asked, and with what. */
export type Settings = {
  /** Origin of the login host, without a slash at the end. */
  loginUrl: string;
  username: string;
  clientId: string;
  key: KeyObject;
  sandboxName: string;
  callbackUrl: string;
  clientSecret?: string | undefined;
  /** A sandbox that another user of production made. */
  otherSandboxName?: string | undefined;
  /** Consumer key of an external client app of production that has the same certificate. */
  ecaClientId?: string | undefined;
  /** Where the report is written besides. */
  reportFile?: string | undefined;
  /** Whether the commands of the plugin run as well. */
  runsPlugin: boolean;
};

type Variable = { name: string; needed: boolean; what: string };

/** The name of the variable with the private key: the plugin reads it by this name as well. */
export const keyVariable = 'TESTKIT_JWT_KEY';

/** The first four are those of `@salesforce/cli-plugins-testkit`, so an environment made for it works here. */
const variables: readonly Variable[] = [
  { name: 'TESTKIT_HUB_USERNAME', needed: true, what: 'user of production who made the sandbox' },
  { name: 'TESTKIT_JWT_CLIENT_ID', needed: true, what: 'consumer key of the app with the certificate' },
  { name: keyVariable, needed: true, what: 'private key that belongs to the certificate (the key itself, not a path)' },
  { name: 'TESTKIT_HUB_INSTANCE', needed: false, what: 'login URL of production; https://login.salesforce.com' },
  { name: 'TESTKIT_JIT_SANDBOX', needed: true, what: 'name of a sandbox in production' },
  {
    name: 'TESTKIT_JIT_CALLBACK_URL',
    needed: false,
    what: 'callback URL of the app; http://localhost:1717/OauthRedirect',
  },
  { name: 'TESTKIT_JIT_CLIENT_SECRET', needed: false, what: 'consumer secret, if the app demands it with codes' },
  { name: 'TESTKIT_JIT_OTHER_SANDBOX', needed: false, what: 'a sandbox that another user made' },
  {
    name: 'TESTKIT_JIT_ECA_CLIENT_ID',
    needed: false,
    what: 'consumer key of an external client app, same certificate',
  },
  { name: 'TESTKIT_JIT_REPORT', needed: false, what: 'file to write the report to' },
  { name: 'TESTKIT_JIT_SKIP_PLUGIN', needed: false, what: 'true: ask the org only, do not run the plugin' },
];

/** What to set, a line a variable. */
export function variableHelp(): string {
  return variables
    .map(({ name, needed, what }) => `  ${name.padEnd(26)} ${needed ? 'needed   ' : 'optional '} ${what}`)
    .join('\n');
}

/** A variable that is set and cannot be used. */
export class UnusableSetting extends Error {}

/** @returns the names of the variables that are missing, if any */
export function missingVariables(env: NodeJS.ProcessEnv): string[] {
  return variables.filter(({ name, needed }) => needed && !env[name]?.trim()).map(({ name }) => name);
}

/**
 * Reads the variables, none of which may be missing.
 *
 * @throws UnusableSetting, which names the variable and shows nothing of a key
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  const sandbox = (name: string): string | undefined => {
    const value = text(name);
    if (value === undefined || /^[a-z0-9]{1,10}$/i.test(value)) return value;
    throw new UnusableSetting(`${name} is no name of a sandbox: letters and digits, at most 10.`);
  };
  return {
    loginUrl: origin('TESTKIT_HUB_INSTANCE', text('TESTKIT_HUB_INSTANCE') ?? 'https://login.salesforce.com'),
    username: text('TESTKIT_HUB_USERNAME') ?? '',
    clientId: text('TESTKIT_JWT_CLIENT_ID') ?? '',
    key: privateKey(env[keyVariable] ?? '', text('TESTKIT_HUB_USERNAME') ?? ''),
    sandboxName: sandbox('TESTKIT_JIT_SANDBOX') ?? '',
    callbackUrl: text('TESTKIT_JIT_CALLBACK_URL') ?? 'http://localhost:1717/OauthRedirect',
    clientSecret: text('TESTKIT_JIT_CLIENT_SECRET'),
    otherSandboxName: sandbox('TESTKIT_JIT_OTHER_SANDBOX'),
    ecaClientId: text('TESTKIT_JIT_ECA_CLIENT_ID'),
    reportFile: text('TESTKIT_JIT_REPORT'),
    runsPlugin: text('TESTKIT_JIT_SKIP_PLUGIN') !== 'true',
  };
}

function origin(name: string, value: string): string {
  // an assertion must not travel in the clear, and its signature is only good for the host it names
  if (!URL.canParse(value) || new URL(value).protocol !== 'https:') {
    throw new UnusableSetting(`${name} is no https:// URL.`);
  }
  return new URL(value).origin;
}

function privateKey(text: string, production: string): KeyObject {
  try {
    return parsePrivateKey(text, { origin: { variable: keyVariable, production } });
  } catch (error) {
    const problem = error instanceof JitFailure ? error.facts.problem : undefined;
    throw new UnusableSetting(`${keyVariable} is no private key that can be used: ${problem ?? 'it cannot be read'}.`);
  }
}
