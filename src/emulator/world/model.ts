import type { TokenRefusal } from '../oauth/oauthErrors.js';

/** What an org is. Production and Developer Edition orgs log in at the login host, the others at the test host. */
export type OrgKind = 'production' | 'sandbox' | 'scratch' | 'developer';

/** How an app is distributed; a local external client app does not travel to sandboxes (docs/salesforce.md, Apps in a copy). */
export type AppKind = 'connected' | 'local-eca' | 'packaged-eca';

/**
 * What an org says to a user of an app: `approved`, `not-approved` (JWT is refused, a code can still be exchanged) or
 * `blocked` (API Access Control: the code is refused as well).
 */
export type Approval = 'approved' | 'not-approved' | 'blocked';

export type User = {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  email: string;
  active: boolean;
  /** Whether a profile or permission set pre-authorizes the user for the apps of the org. */
  preApproved: boolean;
  /** Whether the user may see and manage sandboxes ("Manage Sandboxes"). */
  managesSandboxes: boolean;
  profileName: string;
  createdDate: string;
  /** When set, every login of the user is refused in these words. */
  refusal?: TokenRefusal | undefined;
};

/** An app as one org knows it. A sandbox has a copy of its own, taken when the copy of the org began. */
export type App = {
  clientId: string;
  label: string;
  kind: AppKind;
  /** PEM. Without one there is no JWT login with this app. */
  certificate?: string | undefined;
  callbackUrls: string[];
  scopes: string[];
  /** When set, codes and refresh tokens are only taken together with it. */
  clientSecret?: string | undefined;
  approval: Approval;
  /** JWT logins still answered with "user hasn't approved" before the approval has replicated. */
  approvalLag: number;
  /** Logins work, and every REST call is then refused with 401 (docs/salesforce.md, Policies that stop a working login). */
  apiBlocked: boolean;
  /** A refresh token works once and comes back as a new one. */
  rotatesRefreshTokens: boolean;
  /** When set, every login with the app is refused in these words. */
  refusal?: TokenRefusal | undefined;
};

/** One of the addresses Salesforce answers at: a shared login host or the My Domain of one org. */
export type Host = {
  /** `login`, `test`, `production`, `sandbox:<name>` or `org:<username>`: how log and faults call it. */
  label: string;
  role: 'login' | 'test' | 'my-domain';
  /** The org behind a My Domain; for a sandbox the copy that is live. */
  org?: Org;
  /** Origins without a slash at the end, known once the listeners are open. */
  address: { https: string; http: string };
};

export type Org = {
  /** 18 characters. */
  id: string;
  kind: OrgKind;
  name: string;
  edition: string;
  trialExpirationDate: string | null;
  createdDate: string;
  /** Which copy of a sandbox this is, from 1; 0 for other orgs. Its account names carry it. */
  copy: number;
  /** A copy is `copying` until it is activated; a replaced or deleted org is `gone` with all its tokens. */
  state: 'copying' | 'live' | 'gone';
  isDevHub: boolean;
  /** By username in lower case. */
  users: Map<string, User>;
  /** By client id. */
  apps: Map<string, App>;
  /** Oldest first. A copy begins with none. */
  logins: Login[];
  host: Host;
  tokenLifetimeSeconds: number;
  /** Every REST call answers 403 REQUEST_LIMIT_EXCEEDED. */
  requestLimitReached: boolean;
  requestsToday: number;
  /** Newest REST API version, when it is not the usual one: preview sandboxes are ahead of production. */
  apiVersion?: number | undefined;
};

/** One copy or refresh of a sandbox: a row of `SandboxProcess` and the org that came of it. */
export type SandboxProcess = {
  id: string;
  sandboxName: string;
  status: string;
  copyProgress: number;
  createdDate: string;
  createdBy: User;
  startDate: string;
  endDate: string | null;
  activatedDate: string | null;
  copy: Org;
};

/** A row of the Login History of an org. */
export type Login = {
  id: string;
  user: User;
  time: string;
  /** Label of the app. */
  application: string;
  /** `Success`, or why not. */
  status: string;
  /** Host that was logged in to. */
  loginUrl: string;
};

/** What `sandboxAuth` answers instead: whatever app is named, or only for one. */
export type SandboxAuthOverride = { status: number; body: string; clientId?: string | undefined };

export type Sandbox = {
  /** Id of the `SandboxInfo` row; stays the same over refreshes. */
  infoId: string;
  name: string;
  production: Org;
  createdDate: string;
  createdBy: User;
  deleted: boolean;
  /** `sandboxAuth` answers INVALID_STATUS as long as this is false, even when the process has ended (docs/salesforce.md, sandboxAuth). */
  authReady: boolean;
  /** Overrides what `sandboxAuth` answers for this sandbox; its real error bodies are unconfirmed (docs/salesforce.md, Open questions). */
  sandboxAuthAnswer?: SandboxAuthOverride | undefined;
  host: Host;
  /** Oldest first. */
  processes: SandboxProcess[];
};
