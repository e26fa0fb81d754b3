import type { LoginRecord, StoredOrg } from './storedOrg.js';

/** What to write when a sandbox login succeeded; all of it or nothing. */
export type SandboxLoginChange = {
  readonly org: StoredOrg;
  readonly record: LoginRecord;
  /** None: existing aliases stay as they are. */
  readonly alias?: string;
  /** Org ids of the copies that this login replaces: their sandbox records go. */
  readonly replacedOrgIds?: readonly string[];
};

/** An org of sf's store as far as it can be told without decrypting anything. */
export type ListedOrg = {
  readonly username: string;
  readonly orgId?: string;
  readonly instanceUrl?: string;
  readonly isSandbox: boolean;
  readonly isScratch: boolean;
  readonly aliases: readonly string[];
};

/**
 * A refresh token that lives at Salesforce, that no org of sf's store has, and that the plugin therefore keeps until it can be revoked:
 * with a `login` whose access token alone is stored, with a token that was `shown`, or of a login that was `replaced`.
 */
export type HeldToken = {
  readonly use: 'login' | 'shown' | 'replaced';
  readonly refreshToken: string;
  readonly instanceUrl: string;
  /** The copy of the sandbox that it belongs to. */
  readonly orgId: string;
};

/** sf's own store of orgs, aliases and defaults. */
export interface SfOrgs {
  /** Username for an alias; anything that is not an alias comes back as it is. */
  usernameOf(aliasOrUsername: string): Promise<string>;
  /** The org, decrypted; `undefined` when none is stored, `'unreadable'` when its file or its encryption is damaged. */
  read(username: string): Promise<StoredOrg | 'unreadable' | undefined>;
  /** One stored org, as `list` gives it; reads its file and no other. */
  find(username: string): Promise<ListedOrg | undefined>;
  /** All stored orgs, in one order however the file system lists them. */
  list(): Promise<ListedOrg[]>;
  /** Begins to load what storing an org needs, so that it happens while Salesforce is waited for. Storing works without it, too. */
  prepareToStore(): void;
  /** Stores an org as it is, without sandbox record: production, as `sf org login jwt` would. */
  storeProduction(org: StoredOrg, alias: string | undefined): Promise<void>;
  /** Replaces a sandbox in one step: org, sandbox record, alias and login record. */
  storeSandbox(change: SandboxLoginChange): Promise<void>;
  /** Notes that Salesforce still takes a login that is stored, and sets its alias if it has lost it. */
  keepSandbox(record: LoginRecord, alias: string | undefined): Promise<void>;
  /** Forgets what the plugin remembers of its logins as a user: the login record, and the refresh tokens that it holds. sf's own files stay. */
  forgetLogin(username: string): Promise<void>;
  /** Removes the org with its sandbox record, login record, aliases and defaults. */
  remove(username: string): Promise<void>;
  /**
   * Runs `work` while neither this plugin nor sf renews the session of this org: under the lock that sf takes before it sends a refresh
   * token (core, authInfo `refreshWithTokenRotationLock`), and after proof that the org's file can be written.
   *
   * @throws Locked, FileNotWritable before `work` begins
   */
  holdRenewal<T>(username: string, work: () => Promise<T>): Promise<T>;
  /**
   * Changes a stored org in one step, read anew under sf's locks, so that nothing that was stored meanwhile is lost. Aliases and records
   * stay as they are.
   *
   * @param change gets what `read` would give; undefined leaves the org as it is
   * @throws Locked, FileNotWritable, RegistryDamaged
   */
  update(
    username: string,
    change: (current: StoredOrg | 'unreadable' | undefined) => StoredOrg | undefined,
  ): Promise<void>;
  /** The refresh tokens that are held for a username; none of those that cannot be read any more. */
  heldTokens(username: string): Promise<readonly HeldToken[]>;
  /** Holds these and no other, encrypted as sf encrypts what it stores. */
  holdTokens(username: string, tokens: readonly HeldToken[]): Promise<void>;
  loginRecord(username: string): Promise<LoginRecord | undefined>;
  loginRecords(): Promise<LoginRecord[]>;
}
