import type { FailureName, JitFailure } from '../../failures/failures.js';

/** What production says of one sandbox, or of this request alone. */
const ofOneSandbox: ReadonlySet<FailureName> = new Set<FailureName>([
  'NotSandboxCreator',
  'SandboxAuthFailed',
  'SandboxDeleted',
  'SandboxNotFound',
  'SandboxNotReady',
  'SandboxRenamed',
  'UnexpectedAnswer',
]);

/** What keeps production from being asked at all, before any request. */
const beforeProduction: ReadonlySet<FailureName> = new Set<FailureName>([
  'KeyInvalid',
  'KeyMissing',
  'NotAProductionOrg',
  'OrgNotStored',
  'SandboxPermissionMissing',
  'ScratchOrgNotSupported',
]);

/**
 * Whether a failure concerns production itself: its login, limits, permissions, or the way to it. Every other sandbox of it would end in the
 * same, and asking five hundred times makes a limit worse.
 */
export function endsAll({ name, facts }: JitFailure): boolean {
  return beforeProduction.has(name) || (facts.side === 'production' && !ofOneSandbox.has(name));
}
