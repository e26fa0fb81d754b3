import type { LoginTarget } from '../sandboxes/login/loginTarget.js';
import type { MintedLogin } from '../sfStore/storedOrg.js';

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
 * Production's key is taken away: a command that is meant for one sandbox has no business with it.
 */
export function commandVariables(minted: MintedLogin, { sandboxName, production }: LoginTarget): CommandVariables {
  return {
    // older names of the same settings, which core still reads
    SFDX_DEFAULTUSERNAME: undefined,
    SFDX_ACCESS_TOKEN: undefined,
    SFDX_INSTANCE_URL: undefined,
    SF_PRIVATE_KEY: undefined,
    SF_PRIVATE_KEY_PASSPHRASE: undefined,
    ...(production.key.source === 'env' ? { [production.key.name]: undefined } : {}),
    // sf's telemetry notes the username of the default org in a file, which is the token here
    SF_DISABLE_TELEMETRY: 'true',
    SF_ACCESS_TOKEN: minted.accessToken,
    SF_ORG_INSTANCE_URL: minted.instanceUrl,
    SF_TARGET_ORG: minted.accessToken,
    SF_JIT_SANDBOX_NAME: sandboxName,
    SF_JIT_USERNAME: minted.username,
    SF_JIT_ORG_ID: minted.orgId,
    [execMark]: sandboxName,
  };
}
