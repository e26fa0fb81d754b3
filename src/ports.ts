import type { KeyObject } from 'node:crypto';
import type { Circumstances } from './domain/answers.js';
import type { KeyOrigin } from './domain/privateKey.js';
import type { ProjectLayer } from './domain/projectLayer.js';
import type { KeySource, Registry } from './domain/registry.js';
import type { SandboxState } from './domain/sandboxState.js';
import type { AuthType, LoginRecord, StoredOrg } from './domain/storedOrg.js';

/** A session of an org: what a request to its API needs, and whose it is. */
export type Session = {
  readonly accessToken: string;
  readonly instanceUrl: string;
  readonly orgId: string;
  /** Id of the user; unknown for some logins that sf stored. */
  readonly userId?: string;
};

/** A session of production, and whether it was issued just now rather than taken from sf's store. */
export type OpenSession = { readonly session: Session; readonly fresh: boolean };

/** What the token endpoint gave. */
export type Grant = Session & { readonly refreshToken?: string };

/** Whom a request is for, in the words that a failure uses. */
export type About = Pick<Circumstances, 'org' | 'side' | 'user' | 'sandbox' | 'production'>;

export type JwtLoginRequest = {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly username: string;
  readonly key: KeyObject;
};

export type CodeExchangeRequest = {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly code: string;
  /** The callback URL that was sent to `sandboxAuth`. */
  readonly callbackUrl: string;
};

export type RefreshRequest = {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly refreshToken: string;
};

export type RevokeRequest = {
  readonly instanceUrl: string;
  /** An access token, or a refresh token, with which its access tokens end too. */
  readonly token: string;
};

export type SandboxAuthRequest = {
  readonly sandboxName: string;
  readonly clientId: string;
  readonly callbackUrl: string;
};

/** Core's `SandboxUserAuthResponse` (salesforce-facts §2.1). */
export type SandboxAuthAnswer = {
  readonly authUserName: string;
  readonly authCode: string;
  readonly instanceUrl: string;
  readonly loginUrl: string;
};

/** The facts of an org's Organization record that tell which kind of org it is. */
export type Organization = { readonly orgId: string; readonly name: string; readonly kind: OrgKind };
export type OrgKind = 'production' | 'sandbox' | 'scratch';

/** Salesforce itself. Every method throws a `JitFailure` for whatever goes wrong; POSTs are never repeated and never follow a redirect. */
export interface Salesforce {
  /** One request: JWT bearer login at `<loginUrl>/services/oauth2/token`. */
  jwtLogin(request: JwtLoginRequest, about: About): Promise<Grant>;
  /** One request: exchanges an authorization code at `<loginUrl>/services/oauth2/token`. */
  exchangeCode(request: CodeExchangeRequest, about: About): Promise<Grant>;
  /**
   * One request: gets a new access token at `<loginUrl>/services/oauth2/token` for a refresh token. When the grant holds a refresh token,
   * the one that was sent may be dead (rotation, salesforce-facts §3).
   */
  refresh(request: RefreshRequest, about: About): Promise<Grant>;
  /** One request: asks production for a sandbox user. */
  sandboxAuth(session: Session, request: SandboxAuthRequest, about: About): Promise<SandboxAuthAnswer>;
  /** One query: what kind of org this is. */
  organization(session: Session, about: About): Promise<Organization>;
  /** One query, more when production has over 2,000 copies on record: every SandboxProcess, newest first. */
  sandboxStates(session: Session, about: About): Promise<SandboxState[]>;
  /** One request: ends a token at `<instanceUrl>/services/oauth2/revoke`. @throws SessionInvalid when it had ended already */
  revoke(request: RevokeRequest, about: About): Promise<void>;
  /** No request: whether the host of an org is known to DNS, which lags behind a new copy. @throws HostNotFound */
  checkHost(instanceUrl: string, about: About): Promise<void>;
}

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

/** sf's own store of orgs, aliases and defaults. */
export interface SfOrgs {
  /** Username for an alias; anything that is not an alias comes back as it is. */
  usernameOf(aliasOrUsername: string): Promise<string>;
  /** The org, decrypted; `undefined` when none is stored, `'unreadable'` when its file or its encryption is damaged. */
  read(username: string): Promise<StoredOrg | 'unreadable' | undefined>;
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
  loginRecord(username: string): Promise<LoginRecord | undefined>;
  loginRecords(): Promise<LoginRecord[]>;
}

/** What is registered, on this machine and in the project that the command runs in. */
export interface RegistryStore {
  /** Both layers as one, project over global. @throws RegistryDamaged, ConfigInvalid; a file that is not there is an empty layer */
  read(): Promise<Registry>;
  /** The global layer alone. @throws RegistryDamaged */
  readGlobal(): Promise<Registry>;
  /** The project layer alone; undefined outside a project. @throws RegistryDamaged, ConfigInvalid */
  readProject(): Promise<ProjectLayer | undefined>;
  /** Changes the global layer under a lock, whole or not at all. @throws RegistryDamaged, Locked, FileNotWritable */
  update(change: (registry: Registry) => Registry): Promise<Registry>;
  /** Changes the project layer, and nothing else in the project file. @throws as `readProject`, InputInvalid outside a project */
  updateProject(change: (layer: ProjectLayer) => ProjectLayer): Promise<void>;
}

/** Where private keys come from. */
export interface Keys {
  /** Reads, checks and parses the key. @throws KeyInvalid, KeyMissing */
  read(source: KeySource, production: string): Promise<KeyObject>;
  /** Checks and parses the text of a key. @throws KeyInvalid */
  parse(text: string, origin: KeyOrigin): KeyObject;
  /** Whether other users of this machine can read the key file. */
  isReadableByOthers(path: string): Promise<boolean>;
}

/** sf's configuration: of the project when the command runs in one, else of this machine; variables of the environment come first. */
export interface Settings {
  /** `jit-production-org`. */
  defaultProductionOrg(): Promise<string | undefined>;
  setDefaultProductionOrg(aliasOrUsername: string): Promise<void>;
  /** `jit-auth-type`. @throws InputInvalid for what no kind of login is: the environment and an edited file can say anything */
  authType(): Promise<AuthType | undefined>;
  /** Makes it the `target-org`, as `--set-default` of sf's own logins. */
  setTargetOrg(aliasOrUsername: string): Promise<void>;
  /** sf's own callback URL, with the port that the project may set. */
  callbackUrl(): Promise<string>;
}

/** Mutual exclusion between processes of this machine. */
export interface Locks {
  /** Runs `work` while no other process holds the lock of that name. @throws Locked after a minute of waiting */
  hold<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Glob patterns of branches, read as the usual glob libraries read them. */
export interface BranchPatterns {
  /** What is wrong with a pattern, in words that follow it in a sentence; undefined for a good one. */
  readonly problem: (pattern: string) => string | undefined;
  /** Whether the pattern fits the branch. @throws InputInvalid for a pattern that is wrong, or that takes more than a second */
  readonly matches: (pattern: string, branch: string) => boolean;
}

/** The branch that is being built or worked on. */
export interface CurrentBranch {
  /** @throws BranchUnknown when neither the CI system nor git names one */
  name(): Promise<string>;
}

/** Everything that the use cases need from outside. */
export type Ports = {
  readonly salesforce: Salesforce;
  readonly sfOrgs: SfOrgs;
  readonly registry: RegistryStore;
  readonly keys: Keys;
  readonly locks: Locks;
  readonly settings: Settings;
  readonly now: () => Date;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Sessions of production that this process opened, by username: several logins share one. */
  readonly sessions: Map<string, Promise<OpenSession>>;
};
