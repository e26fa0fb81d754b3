import type { AuthType } from './storedOrg.js';

/** sf's configuration: of the project when the command runs in one, else of this machine; variables of the environment come first. */
export interface Settings {
  /** `jit-production-org`, which only the user sets: `--set-default` of a production org is kept in the registry. */
  defaultProductionOrg(): Promise<string | undefined>;
  /** `jit-auth-type`. @throws InputInvalid for anything that is not a kind of login: the environment and an edited file can say anything */
  authType(): Promise<AuthType | undefined>;
  /** Makes it the `target-org`, as `--set-default` of sf's own logins. */
  setTargetOrg(aliasOrUsername: string): Promise<void>;
  /** sf's own callback URL, with the port that the project may set. */
  callbackUrl(): Promise<string>;
}

/** `sf`'s own callback URL with its default port (core, webOAuthServer). */
export const defaultOauthPort = 1717;
