import type { StoredGlance } from './autoLogin.js';

/** For how many minutes at most an org is left alone after the automatic login failed: whoever uses it meanwhile is not held up again. */
export const leftAloneMinutes = 5;

/** What is remembered of an automatic login that failed: a small file an org. Nothing of it is secret. */
export type FailedBefore = {
  /** ISO 8601. */
  readonly at: string;
  /** Of what the login depended on; it changes when a production org or a sandbox is registered, or the environment gives another login. */
  readonly mark: string;
  /** For how long the org is left alone, where that is less than usual. */
  readonly minutes?: number;
  /** What the next command says, when it will fail for want of a login. */
  readonly line?: string;
};

/** What was found in the file of an org, if it is what this plugin wrote there. */
export function failedBeforeFrom(value: unknown): FailedBefore | undefined {
  const { at, mark, minutes, line } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof mark !== 'string') return undefined;
  const isLess = typeof minutes === 'number' && minutes > 0 && minutes < leftAloneMinutes;
  return { at, mark, ...(isLess ? { minutes } : {}), ...(typeof line === 'string' ? { line } : {}) };
}

/**
 * Whether the org is still to be left alone. Not once somebody logged in to it since, nor once something changed on which the login depends.
 *
 * @param mark of what it depends on now
 */
export function isLeftAlone(failed: FailedBefore, { record }: StoredGlance, mark: string, now: Date): boolean {
  const age = now.getTime() - Date.parse(failed.at);
  // a failure in the future comes from a clock that was wrong
  if (age < 0 || now >= triedAgainAt(failed) || failed.mark !== mark) return false;
  return !(Date.parse(record?.checkedAt ?? '') > Date.parse(failed.at));
}

/** When it is tried again. */
export function triedAgainAt({ at, minutes = leftAloneMinutes }: Pick<FailedBefore, 'at' | 'minutes'>): Date {
  return new Date(Date.parse(at) + minutes * 60_000);
}

/**
 * A number of 32 bits that tells other values from these (FNV-1a). So small that it gives nothing of them away, though a private key is
 * among them; `node:crypto` is not loaded for it.
 */
export function markOf(values: readonly string[]): string {
  let mark = 0x811c9dc5;
  for (const character of JSON.stringify(values)) {
    mark = Math.imul(mark ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (mark >>> 0).toString(16);
}
