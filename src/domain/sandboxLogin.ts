import type { AuthType } from './storedOrg.js';

/** One sandbox in the result of `sf jit sandbox login` (spec §4). No secret in it. */
export type SandboxLogin = SuccessfulLogin | FailedLogin;

export type SuccessfulLogin = {
  sandboxName: string;
  /** Null after a login of another user without `--alias`. */
  alias: string | null;
  username: string;
  orgId: string;
  instanceUrl: string;
  loginUrl: string;
  productionUsername: string;
  /** What is stored; not always what was asked for, see `--auth-type`. */
  authType: AuthType;
  status: 'logged-in' | 'already-logged-in';
  /** Whether the sandbox was refreshed since it was last logged in to from this machine. */
  refreshed: boolean;
};

/** What could not be found out before the failure is null. */
export type FailedLogin = {
  [field in Exclude<keyof SuccessfulLogin, 'status' | 'refreshed'>]: SuccessfulLogin[field] | null;
} & {
  status: 'failed';
  refreshed: false;
  error: { name: string; message: string; actions: string[] };
};

/** The entry for a login that failed. */
export function failedLogin(
  sandboxName: string,
  { name, message, actions }: { name: string; message: string; actions?: string[] },
): FailedLogin {
  return {
    sandboxName,
    alias: null,
    username: null,
    orgId: null,
    instanceUrl: null,
    loginUrl: null,
    productionUsername: null,
    authType: null,
    status: 'failed',
    refreshed: false,
    error: { name, message, actions: actions ?? [] },
  };
}
