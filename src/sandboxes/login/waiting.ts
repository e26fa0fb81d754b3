import type { FailureName, JitFailure } from '../../failures/failures.js';

/** Milliseconds before the second attempt; every further pause is half as long again. */
const firstPause = 5000;
const growth = 1.5;
const longestPause = 60_000;

/** How far a pause may be off in either direction, so that parallel jobs do not come back in step. */
const jitter = 0.2;

/** Answers that a new copy gives while it is still being made ready (docs/salesforce.md, Approval after a copy and sandboxAuth). */
const passing: ReadonlySet<FailureName> = new Set<FailureName>([
  'SandboxNotReady',
  'UserNotApproved',
  'HostNotFound',
  'ServerUnavailable',
]);

/** Whether the sandbox may take the login in a while. What production itself refuses does not pass by waiting. */
export function isWorthWaitingFor(failure: JitFailure): boolean {
  if (!passing.has(failure.name)) return false;
  return failure.name === 'SandboxNotReady' || failure.facts.side === 'sandbox';
}

/**
 * How long to wait before the next attempt.
 *
 * @param attempt how many attempts were made, from 1
 * @param remaining milliseconds that are left of what the user wants to wait
 * @param random a number from 0 up to 1
 * @returns milliseconds, never more than `remaining`; undefined when there is no time left
 */
export function pauseBefore(attempt: number, remaining: number, random: number): number | undefined {
  if (remaining <= 0) return undefined;
  const pause = Math.min(firstPause * growth ** (attempt - 1), longestPause);
  return Math.min(pause * (1 + jitter * (2 * random - 1)), remaining);
}
