import { keyVariables, sameVariable } from '../keys/secretVariables.js';
import type { Registry } from '../registry/registry.js';
import type { LoginTarget } from '../sandboxes/signIn/loginTarget.js';
import type { FreshLogin } from '../sfStore/storedOrg.js';

/** How a command ended. `exitCode` is what its caller should see, in the shell's way of counting: 128 and the number of a signal. */
export type CommandEnd = { readonly exitCode: number; readonly signal?: string };

/** Variables to set for a command; `undefined` takes one away. */
export type CommandVariables = Readonly<Record<string, string | undefined>>;

/** Set for every command that runs with a sandbox's credential, to the name of the sandbox. */
export const execMark = 'SF_JIT_EXEC';

/**
 * What a command gets to know of a fresh login. `SF_TARGET_ORG` is the access token itself: with the instance URL, sf needs no stored
 * org (docs/salesforce.md, Access token as target org).
 *
 * The keys of all registered production orgs are taken away: a command that is meant for one sandbox has no business with them.
 */
export function commandVariables(
  freshLogin: FreshLogin,
  { sandboxName, production }: LoginTarget,
  { productionOrgs }: Pick<Registry, 'productionOrgs'>,
): CommandVariables {
  const keys = [production, ...productionOrgs].flatMap(({ key }) => (key.source === 'env' ? [key.name] : []));
  return {
    // older names of the same settings, which core still reads
    SFDX_DEFAULTUSERNAME: undefined,
    SFDX_ACCESS_TOKEN: undefined,
    SFDX_INSTANCE_URL: undefined,
    ...Object.fromEntries(keys.map((name) => [name, undefined])),
    // sf's telemetry notes the username of the default org in a file, which is the token here
    SF_DISABLE_TELEMETRY: 'true',
    SF_ACCESS_TOKEN: freshLogin.accessToken,
    SF_ORG_INSTANCE_URL: freshLogin.instanceUrl,
    SF_TARGET_ORG: freshLogin.accessToken,
    SF_JIT_SANDBOX_NAME: sandboxName,
    SF_JIT_USERNAME: freshLogin.username,
    SF_JIT_ORG_ID: freshLogin.orgId,
    [execMark]: sandboxName,
  };
}

/**
 * The environment of a command: this process's own with `variables` set or taken away, and without any key of production, whatever
 * the name that it is under. On Windows a name means the same in any letter case.
 */
export function variablesForCommand(
  env: Readonly<Record<string, string | undefined>>,
  variables: CommandVariables,
  platform: NodeJS.Platform,
): Record<string, string | undefined> {
  const gone = [...Object.keys(variables), ...keyVariables(env, [], platform)];
  const kept = Object.entries(env).filter(([name]) => !gone.some((one) => sameVariable(one, name, platform)));
  const set = Object.entries(variables).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...kept, ...set]);
}
