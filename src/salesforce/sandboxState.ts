/** One row of production's SandboxProcess: a creation, refresh or deletion of a sandbox (docs/salesforce.md, Sandbox records). */
export type SandboxState = {
  readonly sandboxName: string;
  /** Id of the SandboxInfo, that is of the sandbox itself; it stays when the sandbox is refreshed or renamed. */
  readonly sandboxInfoId: string;
  readonly processId: string;
  /** As Salesforce calls it: `Completed`, `Processing`, `Pending Activation`, `Deleted` … */
  readonly status: string;
  /** Org id of the copy, once there is one; 15 or 18 characters. */
  readonly sandboxOrgId?: string;
  /** Id of the user who started it. */
  readonly createdById?: string;
  /** ISO 8601. */
  readonly createdDate: string;
  /** ISO 8601; set when the copy is done, which can be a little before it can be logged in to. */
  readonly endDate?: string;
  /** Percent. */
  readonly copyProgress?: number;
};

/** The newest row of each sandbox, newest sandbox first: its current state (docs/salesforce.md, Sandbox records). */
export function newestStates(rows: readonly SandboxState[]): SandboxState[] {
  const newest = new Map<string, SandboxState>();
  for (const row of [...rows].sort(newestFirst)) {
    const key = row.sandboxInfoId.slice(0, 15);
    if (!newest.has(key)) newest.set(key, row);
  }
  return [...newest.values()];
}

/** Whether the sandbox is deleted or being deleted. Core drops every status that begins with `Del`; `D` and `E` are old codes. */
export function isDeleted(state: Pick<SandboxState, 'status'>): boolean {
  return /^Del|^[DE]$/.test(state.status);
}

/**
 * Whether a copy is under way, or done and not activated, or stopped. Any status but `Completed` counts, since the full list of
 * them is not documented (docs/salesforce.md, Sandbox records). While a refresh is under way the old copy stays usable.
 */
export function isBeingCopied(state: Pick<SandboxState, 'status'>): boolean {
  return state.status !== 'Completed' && !isDeleted(state);
}

/** A date of Salesforce, which writes `+0000`, as ISO 8601; undefined for what is no date. */
export function isoDate(date: string): string | undefined {
  const milliseconds = Date.parse(date);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

function newestFirst(one: SandboxState, other: SandboxState): number {
  return time(other.createdDate) - time(one.createdDate);
}

/** Salesforce writes `+0000` without a colon, which Node reads too. A date that cannot be read counts as the oldest. */
function time(date: string): number {
  const parsed = Date.parse(date);
  return Number.isNaN(parsed) ? 0 : parsed;
}
