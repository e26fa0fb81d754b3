/** The longest time between two looks at the clock, in milliseconds: after the machine slept, nothing is later than this. */
export const longestNap = 15_000;

/** Milliseconds before a sandbox that could not be kept is tried again, for the first time. */
const firstRetry = 30_000;

/** By how much checks come early at most, as a part of their interval, so that keepers do not come in step. */
const jitter = 0.1;

/** When a sandbox is to be looked at again, in milliseconds since 1970. */
export type CheckTimes = {
  /** Now. */
  readonly now: number;
  /** Milliseconds between checks. */
  readonly every: number;
  /** A number from 0 up to 1. */
  readonly random: number;
};

/**
 * The time of the next check of a login that is good: never later than `every` from now, and not after it has to be renewed.
 *
 * @param renewAt when the session has to be renewed; undefined when it is not known to end
 */
export function nextCheck({ now, every, random }: CheckTimes, renewAt: number | undefined): number {
  const check = now + every * (1 - jitter * random);
  return renewAt === undefined ? check : Math.max(now, Math.min(check, renewAt));
}

/**
 * The time of the next attempt after failures: each pause is twice as long as the one before, up to the interval of the checks.
 *
 * @param failures how many came in a row, from 1
 */
export function nextRetry({ now, every, random }: CheckTimes, failures: number): number {
  const pause = Math.min(firstRetry * 2 ** Math.min(failures - 1, 20), every);
  return now + pause * (1 - jitter * random);
}
