import type { FailureName } from '../../failures/failures.js';
import type { SignInWay } from '../../registry/signInWay.js';

/** An org as `sf jit sandbox list` and `sf jit sandbox display` show it: all kinds side by side. */
export type OrgRow = {
  kind: 'production' | 'jit' | 'traditional';
  alias: string | null;
  username: string;
  /** Of a sandbox that is registered. */
  sandboxName: string | null;
  productionUsername: string | null;
  orgId: string | null;
  instanceUrl: string | null;
  state: OrgState;
  /** ISO 8601: when the plugin last logged in to it. */
  lastLogin: string | null;
  /** How the plugin signed in then; null when it did not, or an earlier version did. */
  signedInBy: SignInWay | null;
  /** Where the registration comes from; null for an org that is not registered. */
  layer: 'project' | 'global' | null;
  /** With `--check`, for a registered sandbox: what production says about it. */
  check?: SandboxCheck;
};

export type SandboxCheck = {
  /** The class of the failure that a login would meet now; null when nothing stands in its way. */
  problem: FailureName | null;
  /** State of the newest copy as Salesforce calls it; null when production could not be asked or does not know the sandbox. */
  sandboxStatus: string | null;
  /** Name that the sandbox has now, when it was renamed, or the name most like it, when there is none of that name. */
  nearest: string | null;
  /** Whether it was refreshed since the plugin last logged in to it; null when that cannot be told. */
  refreshed: boolean | null;
  /** ISO 8601: when the newest copy was asked for; null when that cannot be told. */
  copiedAt: string | null;
  /** Username in production of who asked for the newest copy; null when that cannot be told. */
  copiedBy: string | null;
  /**
   * Of a sandbox for which production vouches to another user only: whether production's key alone let the registered user in to this very copy
   * (`worked`; it is then no problem), or the next login tries it (`untried`). Null for every other sandbox, and where there is no key or no host
   * to try it at.
   */
  byKeyAlone: 'worked' | 'untried' | null;
};

export type OrgState =
  /** Production: a login is stored with sf, or can be made from the key at any time. */
  | 'ready'
  /** Production: the key must be in the environment first. */
  | 'key-needed'
  /** Sandbox: logged in by the plugin. */
  | 'logged-in'
  /** Sandbox: registered; the next login needs nothing but production. */
  | 'not-logged-in'
  /** A login that the user made with another command; also of a registered sandbox, which is then not a JIT sandbox. */
  | 'own-login';
