import type { FailureName, JitFailure } from '../failures/failures.js';
import { toFailure } from '../failures/unexpectedError.js';
import type { Ports } from '../ports.js';
import { checkLogin } from '../sandboxes/login/checkLogin.js';
import type { LoginSandboxRequest } from '../sandboxes/login/loginSandbox.js';
import { loginSandbox } from '../sandboxes/login/loginSandbox.js';
import { findLoginTarget } from '../sandboxes/signIn/loginTarget.js';
import type { SandboxLoginOutcome } from '../sandboxes/login/sandboxLogin.js';
import { sandboxContext } from '../sandboxes/signIn/signIn.js';
import type { LoginRecord } from '../sfStore/storedOrg.js';
import { markChecked } from '../sfStore/storedOrg.js';
import type { Session } from '../salesforce/salesforce.js';
import type { SessionLength } from './sessionLength.js';
import { learnFromEnd, learnFromCheck, renewAfter, shortestSession, unusedTimeNeeded } from './sessionLength.js';

/** What a keeper remembers of one sandbox between two looks at it. */
export type Kept = {
  /** The true username, once it was logged in to. */
  readonly username?: string;
  readonly length: SessionLength;
  /** A session that was replaced, and that nobody has used since: how long it lives tells how long others do. */
  readonly unused?: { readonly session: Session; readonly since: number };
};

export const newlyKept: Kept = { length: shortestSession };

/** What a look at a sandbox came to. */
export type CheckResult = {
  readonly kept: Kept;
  /** When the login has to be renewed, in milliseconds since 1970; undefined when there is none of ours. */
  readonly renewAt?: number;
} & (
  | { readonly kind: 'good' | 'left-alone' | 'offline' }
  | ({ readonly kind: 'logged-in' | 'renewed' | 'refreshed' } & SandboxLoginOutcome)
  | { readonly kind: 'failed'; readonly failure: JitFailure }
);

/** Failures of the way to Salesforce: they pass, and say nothing of the sandbox. */
const offline: ReadonlySet<FailureName> = new Set<FailureName>([
  'ConnectionFailed',
  'HostNotFound',
  'ProxyFailed',
  'ServerUnavailable',
  'Timeout',
]);

/**
 * Looks at the stored login of one sandbox once, and renews it when it has ended, will end soon, or belongs to an earlier copy. A login
 * that the user made is left alone.
 *
 * One request while the login is good, and one more each time that the length of sessions can be learned. Throws nothing: what went wrong
 * is the look's `failure`.
 */
export async function keepSandbox(request: LoginSandboxRequest, kept: Kept, ports: Ports): Promise<CheckResult> {
  const now = ports.now().getTime();
  try {
    const target = findLoginTarget(request, await ports.registry.read());
    const username = kept.username ?? target.username;
    const context = sandboxContext(target, username);
    const record = await ports.sfOrgs.loginRecord(username);
    const isDue = record !== undefined && now >= Date.parse(record.loggedInAt) + renewAfter(kept.length);
    const before = record && (await usableSession(record, ports));
    if (isDue && before) return await renew(request, { ...kept, username }, 'renewed', record, before, ports);
    const state = await checkLogin(context, ports);
    switch (state.kind) {
      case 'good': {
        await ports.sfOrgs.keepSandbox(markChecked(state.stored, state.record, ports.now()), undefined);
        const learned = await learn(kept, context, ports);
        return { kind: 'good', ...stateOf({ ...kept, ...learned, username }, state.record) };
      }
      case 'traditional':
        return { kind: 'left-alone', kept };
      case 'undecided':
        return { kind: 'offline', kept };
      case 'none':
      case 'refused':
        return await renew(request, { ...kept, username }, 'logged-in', record, undefined, ports);
    }
  } catch (error) {
    const failure = toFailure(error);
    if (failure.name === 'TraditionalOrgStored') return { kind: 'left-alone', kept };
    return offline.has(failure.name) ? { kind: 'offline', kept } : { kind: 'failed', failure, kept };
  }
}

/** The session that is stored, if it is ours and can be asked with. */
async function usableSession(record: LoginRecord, ports: Ports): Promise<Session | undefined> {
  const stored = await ports.sfOrgs.read(record.username);
  if (stored === undefined || stored === 'unreadable') return undefined;
  const { accessToken, instanceUrl, orgId } = stored;
  return accessToken !== undefined && instanceUrl !== undefined && orgId !== undefined
    ? { accessToken, instanceUrl: new URL(instanceUrl).origin, orgId }
    : undefined;
}

/** Logs in anew. What was good until now stays good, and is remembered unused. */
async function renew(
  request: LoginSandboxRequest,
  kept: Kept,
  kind: 'logged-in' | 'renewed',
  record: LoginRecord | undefined,
  before: Session | undefined,
  ports: Ports,
): Promise<CheckResult> {
  const made = await loginSandbox(request, ports);
  const { login } = made;
  const now = ports.now().getTime();
  const ended = kind === 'logged-in' && record !== undefined && !login.refreshed;
  const length = ended ? learnFromEnd(kept.length, now - Date.parse(record.loggedInAt)) : kept.length;
  // what came of an earlier copy tells nothing of the sessions of this one
  const unused =
    before && record && !login.refreshed ? { session: before, since: Date.parse(record.checkedAt) } : undefined;
  const next: Kept = {
    username: login.username,
    length,
    ...(length.isFinal ? {} : { unused: kept.unused ?? unused }),
  };
  return {
    kind: login.refreshed ? 'refreshed' : kind,
    ...made,
    kept: next,
    renewAt: now + renewAfter(length),
  };
}

function stateOf(kept: Kept, record: LoginRecord): Pick<CheckResult, 'kept' | 'renewAt'> {
  return { kept, renewAt: Date.parse(record.loggedInAt) + renewAfter(kept.length) };
}

/** Asks with the unused session, once it has been left alone for long enough to tell. @returns what is known now that was not before */
async function learn(
  { length, unused }: Kept,
  context: Parameters<typeof checkLogin>[0],
  ports: Ports,
): Promise<Partial<Kept>> {
  if (!unused || ports.now().getTime() - unused.since < unusedTimeNeeded(length)) return {};
  try {
    await ports.salesforce.organization(unused.session, context);
    return { length: learnFromCheck(length, true), unused: undefined };
  } catch (error) {
    const { name } = toFailure(error);
    // nothing was learned of a session when the network was the reason
    return name === 'SessionInvalid' ? { length: learnFromCheck(length, false), unused: undefined } : {};
  }
}
