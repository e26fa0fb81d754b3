import type { Fault } from '../server/faults.js';
import type { App, AppKind, Approval, OrgKind, SandboxAuthOverride } from '../world/model.js';
import type { TokenRefusal } from '../oauth/oauthErrors.js';
import type { RequestLogEntry } from '../server/requestLog.js';
import type { ProcessPatch } from '../world/sandboxes.js';

/** What one needs to know to use a running emulator. */
export type EmulatorInfo = {
  /** Plays `https://login.salesforce.com`. All URLs are origins, without a slash at the end. */
  loginUrl: string;
  /** Plays `https://test.salesforce.com`. */
  testUrl: string;
  /** My Domain of the production org. */
  productionUrl: string;
  controlUrl: string;
  /** Bearer token of the control API. */
  controlToken: string;
  /** PEM file with the emulator's own certificate authority, and those that `NODE_EXTRA_CA_CERTS` named before. */
  caFile: string;
  /** Temporary directory of the emulator, gone when it stops. */
  directory: string;
  /** Admin of the production org, who made the sandboxes. */
  username: string;
  /** Consumer key of the connected app for JWT logins. */
  clientId: string;
  /** PEM file with the app's private key. */
  keyFile: string;
  /** PEM file with the app's certificate. */
  certificateFile: string;
  /** 18-character id of the production org. */
  orgId: string;
  /** `orgId` is that of the live copy, empty before the first one is activated; `username` is the admin's there. */
  sandboxes: Array<{ name: string; username: string; orgId: string; url: string }>;
  /** The same origins over HTTP. */
  http: { loginUrl: string; testUrl: string; productionUrl: string };
  /** The variables that make sf use the emulator. */
  environment: Record<string, string>;
};

/** Selects an org: `production`, `sandbox:<name>`, a username in it, or its id. */
export type OrgSelector = string;

export type NewSandbox = {
  name: string;
  /** Username in production; the admin, if left out. */
  creator?: string;
  /** `Completed`, if left out. */
  status?: string;
  /** The production org that owns it, if not the first. */
  production?: OrgSelector;
};

export type SandboxPatch = ProcessPatch & {
  /** Overrides the answers of `sandboxAuth` for this sandbox; `null` ends that. */
  sandboxAuthAnswer?: SandboxAuthOverride | null;
};

/** Fields left out of a patch stay as they are. */
export type UserPatch = {
  active?: boolean;
  /** Whether a profile or permission set pre-authorizes the user for the apps. */
  preApproved?: boolean;
  /** Whether the user may see sandboxes and have `sandboxAuth` called. */
  managesSandboxes?: boolean;
  /** `System Administrator`, who also sees the logins of others, or any other. */
  profileName?: string;
  /** Refuse every login of the user in these words; `null` ends that. */
  refusal?: TokenRefusal | null;
};

/** `org`: production, if left out. A user of production is in a sandbox from its next refresh on. */
export type NewUser = UserPatch & { username: string; org?: OrgSelector };

export type AppPatch = {
  /** Consumer key; the default app, if left out. */
  clientId?: string;
  /** The org in which it is changed; production, if left out. A sandbox takes it over at its next refresh. */
  org?: OrgSelector;
  /** `false` takes the app out of the org, `true` puts production's app back in. */
  installed?: boolean;
  kind?: AppKind;
  approval?: Approval;
  /** This many of the next JWT logins are answered "user hasn't approved": the approval replicates late. */
  approveAfterAttempts?: number;
  /** PEM of another certificate. */
  certificate?: string;
  /** Gives the app a certificate whose key nobody has. */
  newCertificate?: boolean;
  callbackUrls?: string[];
  scopes?: string[];
  /** Demand this secret with codes and refresh tokens; `null`: demand none. */
  clientSecret?: string | null;
  /** Logins work, REST calls answer 401 "This session is not valid for use with the REST API". */
  apiBlocked?: boolean;
  rotatesRefreshTokens?: boolean;
  /** Refuse every login with the app in these words; `null` ends that. */
  refusal?: TokenRefusal | null;
};

export type NewApp = Partial<Pick<App, 'clientId' | 'label' | 'kind' | 'certificate' | 'callbackUrls' | 'scopes'>> & {
  org?: OrgSelector;
};

export type OrgPatch = {
  isDevHub?: boolean;
  /** Lifetime in seconds of the access tokens issued from now on. */
  tokenLifetimeSeconds?: number;
  /** Every REST call answers 403 REQUEST_LIMIT_EXCEEDED. */
  requestLimitReached?: boolean;
  /** Newest REST API version, `67` unless set. A new copy of a sandbox has the usual one again. */
  apiVersion?: number;
};

/** What {@link ControlOperations.createOrg} made. */
export type CreatedOrg = { loginUrl: string; username: string; url: string; orgId: string };

/** Tokens as a web login gives them. `sfdxAuthUrl` is empty when the app gives no refresh token. */
export type IssuedTokens = { accessToken: string; refreshToken: string; sfdxAuthUrl: string; instanceUrl: string };

/** What of the tokens of a user still works, by the app that they were issued to. */
export type LivingTokens = { clientId: string; refreshTokens: number; accessTokens: number };

/** Every operation of the control API: what it takes and what it gives. `POST <control URL>/<name>`, JSON both ways. */
export type ControlOperations = {
  info: (input: object) => EmulatorInfo;
  log: (input: object) => RequestLogEntry[];
  clearLog: (input: object) => void;
  issuedSecrets: (input: object) => string[];
  createSandbox: (input: NewSandbox) => EmulatorInfo['sandboxes'][number];
  refreshSandbox: (input: { name: string; complete?: boolean; by?: string }) => { orgId: string };
  setSandbox: (input: { name: string; patch: SandboxPatch }) => void;
  deleteSandbox: (input: { name: string }) => void;
  holdCopies: (input: { held: boolean }) => void;
  renameSandbox: (input: { name: string; newName: string }) => EmulatorInfo['sandboxes'][number];
  createUser: (input: NewUser) => { username: string; userId: string };
  setUser: (input: { username: string; patch: UserPatch }) => void;
  createOrg: (input: { kind: OrgKind; username: string }) => CreatedOrg;
  setOrg: (input: { org: OrgSelector; patch: OrgPatch }) => void;
  createApp: (input: NewApp) => { clientId: string };
  setApp: (input: AppPatch) => void;
  issueTokens: (input: { username: string; clientId?: string }) => IssuedTokens;
  livingTokens: (input: { username: string }) => LivingTokens[];
  expireSessions: (input: { org: OrgSelector }) => void;
  setCodeLifetime: (input: { seconds: number }) => void;
  setClockSkew: (input: { seconds: number }) => void;
  setLatency: (input: { ms: number }) => void;
  setFault: (input: Fault) => { id: string };
  removeFault: (input: { id: string }) => void;
  clearFaults: (input: object) => void;
  setListening: (input: { origin: string; listening: boolean }) => void;
  openUntrustedOrigin: (input: object) => { url: string };
};
