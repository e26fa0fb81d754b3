import type { OrgRow, SandboxCheck } from '../../src/sandboxes/list/orgRow.js';

/** The row of a registered sandbox to which nobody is logged in. Its alias and names are those of `uat`. */
export const sandboxRow = (more: Partial<OrgRow> = {}): OrgRow => ({
  kind: 'jit',
  alias: 'uat',
  username: 'admin@acme.example.uat',
  sandboxName: 'uat',
  productionUsername: 'admin@acme.example',
  orgId: null,
  instanceUrl: null,
  state: 'not-logged-in',
  lastLogin: null,
  signedInBy: null,
  layer: 'global',
  ...more,
});

/** What production says of a sandbox, of which nothing is known but what is given. */
export const sandboxCheck = (problem: SandboxCheck['problem'], more: Partial<SandboxCheck> = {}): SandboxCheck => ({
  problem,
  sandboxStatus: null,
  nearest: null,
  refreshed: null,
  copiedAt: null,
  copiedBy: null,
  byKeyAlone: null,
  ...more,
});
