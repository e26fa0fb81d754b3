import type { SigningKey } from '../keys/signingKey.js';
import type { RequestContext } from './answers.js';
import type { LoginEntry } from './loginEntries.js';
import type { SandboxState } from './sandboxState.js';

/** A session of an org: what a request to its API needs, and whose it is. */
export type Session = {
  readonly accessToken: string;
  readonly instanceUrl: string;
  readonly orgId: string;
  /** Id of the user; unknown for some logins that sf stored. */
  readonly userId?: string;
  /** Version of the requests to this org, such as `v59.0`, where its configuration says one. */
  readonly apiVersion?: string;
};

/** What the token endpoint gave. */
export type Grant = Session & {
  /** To a renewal: a new one, when the app rotates them; the one that was sent is dead then (docs/salesforce.md, Refresh token). */
  readonly refreshToken?: string;
};

/** Whom a request is for, in the words that a failure uses. */
export type OrgContext = Pick<RequestContext, 'org' | 'side' | 'user' | 'sandbox' | 'production'>;

export type JwtLoginRequest = {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly username: string;
  readonly key: SigningKey;
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

/** Core's `SandboxUserAuthResponse` (docs/salesforce.md, sandboxAuth). */
export type SandboxAuthAnswer = {
  readonly authUserName: string;
  readonly authCode: string;
  readonly instanceUrl: string;
  readonly loginUrl: string;
};

/** A user of an org. */
export type User = { readonly id: string; readonly username: string; readonly name: string };

/** Whom to look for: either fits. */
export type UserQuestion = { readonly username?: string; readonly ids?: readonly string[] };

/** The facts of an org's Organization record that tell which kind of org it is. */
export type Organization = { readonly orgId: string; readonly name: string; readonly kind: OrgKind };

export type OrgKind = 'production' | 'sandbox' | 'scratch';

/** Salesforce itself. Every method throws a `JitFailure` for whatever goes wrong; POSTs are never repeated and never follow a redirect. */
export interface Salesforce {
  /** One request: JWT bearer login at `<loginUrl>/services/oauth2/token`. */
  jwtLogin(request: JwtLoginRequest, context: OrgContext): Promise<Grant>;
  /** One request: exchanges an authorization code at `<loginUrl>/services/oauth2/token`. */
  exchangeCode(request: CodeExchangeRequest, context: OrgContext): Promise<Grant>;
  /**
   * One request: gets a new access token at `<loginUrl>/services/oauth2/token` for a refresh token. When the grant holds a refresh token,
   * the one that was sent may be dead (docs/salesforce.md, Refresh token).
   */
  refresh(request: RefreshRequest, context: OrgContext): Promise<Grant>;
  /** One request: asks production for a sandbox user. */
  sandboxAuth(session: Session, request: SandboxAuthRequest, context: OrgContext): Promise<SandboxAuthAnswer>;
  /** One query: what kind of org this is. */
  organization(session: Session, context: OrgContext): Promise<Organization>;
  /** One query: the users of an org with this username or one of these ids. */
  users(session: Session, which: UserQuestion, context: OrgContext): Promise<User[]>;
  /** One query, more when production has over 2,000 copies on record: every SandboxProcess, newest first. */
  sandboxStates(session: Session, context: OrgContext): Promise<SandboxState[]>;
  /** One query: the newest logins of one user to an org, newest first, as far as the session's user may see them. */
  logins(
    session: Session,
    of: { readonly userId: string; readonly limit: number },
    context: OrgContext,
  ): Promise<LoginEntry[]>;
  /** One request: ends a token at `<instanceUrl>/services/oauth2/revoke`. @throws SessionInvalid when it had ended already */
  revoke(request: RevokeRequest, context: OrgContext): Promise<void>;
  /** No request: whether the host of an org is known to DNS, which lags behind a new copy. @throws HostNotFound */
  checkHost(instanceUrl: string, context: OrgContext): Promise<void>;
}

/** What a server says about itself. */
export type ServerFacts = {
  /** API versions that it offers, oldest first, such as `60.0`. */
  readonly apiVersions: readonly string[];
  /** Seconds by which this machine is ahead of it; undefined when it did not say what time it is. */
  readonly clockSkew?: number;
};
