import type { FailureName, Facts } from '../../failures/failures.js';
import { JitFailure } from '../../failures/failures.js';
import { joinNames, sameName } from '../../registry/registry.js';
import type { SandboxState } from '../../salesforce/sandboxState.js';
import { isBeingCopied, isDeleted, newestStates } from '../../salesforce/sandboxState.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';
import { nearestName } from '../../failures/nearestName.js';

/** Which sandbox was asked for, and by whom. */
export type SandboxRequest = {
  readonly sandbox: string;
  readonly production: string;
  /** Id of the production user who asked; without it nobody can be told to be another user. */
  readonly userId?: string;
  /** Username of that user. */
  readonly user: string;
  /** Who made the sandbox, in words, when its user id could be turned into any. */
  readonly creator?: string;
  /** Alias under which the sandbox is registered, when it is. */
  readonly registration?: string;
};

/** Failures of `sandboxAuth` that leave open what is wrong with the sandbox, or may be wrong about it. All others already say what to do. */
const unexplained: ReadonlySet<FailureName> = new Set<FailureName>([
  'NotSandboxCreator',
  'SandboxAuthFailed',
  'SandboxNotFound',
  'SandboxNotReady',
  'SandboxPermissionMissing',
  'UnexpectedAnswer',
  'ServerUnavailable',
]);

/** Whether production's records can tell more about a refused `sandboxAuth` than its answer does. */
export function canBeExplainedByProduction(failure: JitFailure): boolean {
  return unexplained.has(failure.name);
}

/**
 * Replaces the failure of a `sandboxAuth` request by what production says about the sandbox: the wording of that endpoint's errors is
 * unknown (docs/salesforce.md, sandboxAuth and Open questions), so it is not relied on.
 *
 * @param survey every SandboxProcess of production, in any order
 * @returns SandboxNotFound, SandboxRenamed, SandboxDeleted, SandboxNotReady, NotSandboxCreator, or the original failure when
 * production's list explains nothing
 */
export function explainSandboxAuthFailure(
  failure: JitFailure,
  survey: readonly SandboxState[],
  context: SandboxRequest,
): JitFailure {
  if (!canBeExplainedByProduction(failure)) return failure;
  const { host, org, side, clientId, answer, requestId } = failure.facts;
  const known = { host, org, side, clientId, answer, requestId };
  const verdict = verdictOf(survey, context, known, failure.cause);
  const isAboutCopy = verdict !== undefined && verdict.name !== 'NotSandboxCreator';
  if (failure.name === 'SandboxNotReady' && !isAboutCopy) {
    const status = currentState(newestStates(survey), context.sandbox)?.status ?? '';
    return new JitFailure('SandboxNotReady', { ...factsOf(context), ...known, status }, failure.cause);
  }
  return failure.name === 'ServerUnavailable' && !isAboutCopy ? failure : (verdict ?? failure);
}

/**
 * What production's records say is wrong with a sandbox.
 *
 * @param survey every SandboxProcess of production, in any order
 * @param known facts of the request that made somebody ask, for the failure
 * @returns SandboxNotFound, SandboxRenamed, SandboxDeleted, SandboxNotReady, NotSandboxCreator; undefined when nothing is wrong
 */
export function verdictOf(
  survey: readonly SandboxState[],
  context: SandboxRequest,
  known: Facts = {},
  cause?: unknown,
): JitFailure | undefined {
  const { sandbox } = context;
  const common = { ...factsOf(context), ...known };
  const states = newestStates(survey);
  const current = currentState(states, sandbox);

  if (!current) {
    const living = states.filter((state) => !isDeleted(state));
    const renamed = renamedTo(survey, living, sandbox);
    if (renamed !== undefined) return new JitFailure('SandboxRenamed', { ...common, nearest: renamed }, cause);
    const names = living.map(({ sandboxName }) => sandboxName);
    const nearest = nearestName(sandbox, names);
    const near = { nearest, toLogin: nearest, names: sandboxNames(names) };
    return new JitFailure('SandboxNotFound', { ...common, ...near }, cause);
  }
  const { status, createdById } = current;
  if (isDeleted(current)) return new JitFailure('SandboxDeleted', { ...common, status }, cause);
  if (isBeingCopied(current)) {
    const progress = current.copyProgress?.toString();
    return new JitFailure('SandboxNotReady', { ...common, status, progress }, cause);
  }
  if (createdById !== undefined && context.userId !== undefined && !sameOrgId(createdById, context.userId)) {
    return new JitFailure('NotSandboxCreator', { ...common, creator: context.creator ?? createdById }, cause);
  }
  return undefined;
}

function factsOf({ sandbox, production, user, registration }: SandboxRequest): Facts & Record<AskedFact, string> {
  return { sandbox, production, user, registration };
}
type AskedFact = 'sandbox' | 'production' | 'user';

/** The user id of whoever made the copy of the sandbox that is there now, if there is one. */
export function creatorOf(survey: readonly SandboxState[], sandbox: string): string | undefined {
  return currentState(newestStates(survey), sandbox)?.createdById;
}

/** A name can be used again after a deletion, so a living sandbox of that name comes before a deleted one. */
function currentState(states: readonly SandboxState[], sandbox: string): SandboxState | undefined {
  const named = states.filter((state) => sameName(state.sandboxName, sandbox));
  return named.find((state) => !isDeleted(state)) ?? named[0];
}

/** The present name of the sandbox that an older row calls `sandbox`. */
function renamedTo(
  survey: readonly SandboxState[],
  living: readonly SandboxState[],
  sandbox: string,
): string | undefined {
  const former = survey.filter((state) => sameName(state.sandboxName, sandbox));
  return living.find((state) => former.some((old) => sameOrgId(old.sandboxInfoId, state.sandboxInfoId)))?.sandboxName;
}

/** What production has, for somebody who looks for one of them; at most ten, and nothing when there is none. */
export function sandboxNames(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : joinNames([...names].sort((one, other) => one.localeCompare(other, 'en')));
}
