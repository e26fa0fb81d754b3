/** The session timeouts that an org, a profile or an app can have, in minutes (docs/salesforce.md, Sessions). */
const timeouts = [15, 30, 60, 120, 240, 480, 720, 1440] as const;

const minute = 60_000;

/** The part of a session's life after which it is renewed. */
const usablePart = 0.8;

/** What is known of how long the sessions of a sandbox live: at least this long. Never more than what was seen. */
export type SessionLength = {
  readonly minutes: number;
  /** Whether nothing more is to be learned: it is the longest timeout there is, or a session did not outlive it. */
  readonly isFinal: boolean;
};

/** Before anything was seen: the shortest timeout that Salesforce offers. */
export const shortestSession: SessionLength = { minutes: timeouts[0], isFinal: false };

/** Milliseconds after a login at which it is renewed. */
export function renewAfter({ minutes }: SessionLength): number {
  return minutes * minute * usablePart;
}

/**
 * Milliseconds for which a session must have been left unused before asking with it tells anything: just longer than what is known. A
 * session that is used may live longer than its timeout, so only an unused one is proof.
 */
export function unusedTimeNeeded({ minutes }: SessionLength): number {
  return (minutes + 1) * minute;
}

/** What is known after Salesforce was asked with a session that nobody had used for `unusedTimeNeeded`. */
export function learnFromCheck(known: SessionLength, stillGood: boolean): SessionLength {
  if (!stillGood) return { ...known, isFinal: true };
  const minutes = timeouts.find((timeout) => timeout > known.minutes) ?? known.minutes;
  return { minutes, isFinal: minutes === timeouts.at(-1) };
}

/**
 * What is known after a stored session of this copy had ended before its time: somebody ended it, or the timeout was made shorter. What was
 * known no longer counts when it should have lived.
 *
 * @param age milliseconds since that login
 */
export function learnFromEnd(known: SessionLength, age: number): SessionLength {
  return age < known.minutes * minute && known.minutes > shortestSession.minutes ? shortestSession : known;
}
