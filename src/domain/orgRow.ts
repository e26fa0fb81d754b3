/** An org as `sf jit sandbox list` shows it (spec §2): all kinds side by side. */
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
  /** Where the registration comes from; null for an org that is not registered. */
  layer: 'project' | 'global' | null;
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
