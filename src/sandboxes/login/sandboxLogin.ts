import type { FailureName, JitFailure } from '../../failures/failures.js';
import type { SignInWay } from '../../registry/signInWay.js';
import type { AuthType, LoginRecord } from '../../sfStore/storedOrg.js';

/** One sandbox in the result of `sf jit sandbox login`. No secret in it. */
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
  /** ISO 8601: when the copy was done; absent when it was not refreshed, or production does not tell. */
  refreshedAt?: string;
  /** Username in production of who had it refreshed; absent likewise. */
  refreshedBy?: string;
  /** How the sandbox was signed in to; absent for a login that was kept. */
  signedInBy?: SignInWay;
  /** Class of the failure of the way of signing in that was tried first, when another one had to be used. */
  refusedFirst?: string;
};

/** What could not be found out before the failure is null. */
export type FailedLogin = {
  [
    field in Exclude<
      keyof SuccessfulLogin,
      'status' | 'refreshed' | 'refreshedAt' | 'refreshedBy' | 'signedInBy' | 'refusedFirst'
    >
  ]: SuccessfulLogin[field] | null;
} & {
  /** `not-tried`: production refused another one for a reason that is good for all, or with `--all` the user made the login. */
  status: 'failed' | 'not-tried';
  refreshed: false;
  error: { name: string; message: string; actions: string[] };
};

/** The entry for a login that failed, or was not tried. */
export function toFailedLogin(
  sandboxName: string,
  status: FailedLogin['status'],
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
    status,
    refreshed: false,
    error: { name, message, actions: actions ?? [] },
  };
}

/** A login, and what the user should hear about it: a way of signing in that was refused before another one worked. */
export type SandboxLoginOutcome = { readonly login: SuccessfulLogin; readonly refusedFirst?: JitFailure };

/** What became of one sandbox. */
export type LoginOutcome = { readonly sandbox: string } & (
  | SandboxLoginOutcome
  | { readonly failure: JitFailure }
  /** Why it was not tried: what production refused for all, or TraditionalOrgStored when it was passed over. */
  | { readonly notTried: JitFailure }
);

/** With `--all`: the user made the login to this sandbox, so that nothing was to be done. */
export function isPassedOver(outcome: LoginOutcome): boolean {
  return 'notTried' in outcome && outcome.notTried.name === 'TraditionalOrgStored';
}

/** Names that production does not know, or that cannot be one: a typing error, whatever became of the others. */
const unknownName: ReadonlySet<FailureName> = new Set<FailureName>([
  'SandboxNotFound',
  'SandboxNotRegistered',
  'SandboxRenamed',
]);

/** What is going on, for whoever shows it. */
export type LoginProgress =
  | { readonly kind: 'started'; readonly sandboxes: readonly string[] }
  | { readonly kind: 'finished'; readonly outcome: LoginOutcome; readonly done: number; readonly of: number }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'takes-alias'; readonly alias: string; readonly other: LoginRecord }
  | { readonly kind: 'waiting'; readonly sandbox: string; readonly seconds: number; readonly failure: JitFailure };

/**
 * The exit code for all of them together: 0 when every login worked, 68 when some failed; when all failed, 69 if every one of
 * them is only not ready yet, else 1. A name that production does not know ends in 1 always: whoever goes on at 68 must hear of it.
 */
export function loginExitCode(outcomes: readonly LoginOutcome[]): 0 | 1 | 68 | 69 {
  const meant = outcomes.filter((outcome) => !isPassedOver(outcome));
  const failures = meant.flatMap((outcome) =>
    'failure' in outcome ? [outcome.failure] : 'notTried' in outcome ? [outcome.notTried] : [],
  );
  if (failures.length === 0) return 0;
  if (failures.some(({ name }) => unknownName.has(name))) return 1;
  if (failures.length < meant.length) return 68;
  return failures.every(({ exitCode }) => exitCode === 69) ? 69 : 1;
}
