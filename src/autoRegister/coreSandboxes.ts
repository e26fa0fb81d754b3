/** What sf noted of a sandbox when it logged in to it (core, `SandboxFields`): the file `<org id>.sandbox.json`. */
export type SandboxNote = {
  readonly sandboxName: string;
  readonly sandboxUsername: string;
  /** Username of the production org through which it was made. */
  readonly prodOrgUsername: string;
  /** ISO 8601: when it was logged in to. */
  readonly timestamp?: string;
};

/** What sf keeps of a sandbox that was ordered, until it is ready (core, `SandboxRequestCache`). */
export type SandboxOrder = {
  readonly prodOrgUsername: string;
  /** What `--alias` said. */
  readonly alias?: string;
};

/** What sf itself remembers of the sandboxes that its commands made. Nothing here is asked of Salesforce. */
export interface CoreSandboxes {
  /** @param orgId of 18 characters, as sf names the file */
  note(orgId: string): Promise<SandboxNote | undefined>;
  /** @param sandboxName in production's letter case, as sf names the entry */
  order(sandboxName: string): Promise<SandboxOrder | undefined>;
}
