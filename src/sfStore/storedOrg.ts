import { createHash } from 'node:crypto';
import type { RememberedWay, SignInWay } from '../registry/signInWay.js';

/**
 * The fields of an org in sf's own store that this plugin reads or writes, decrypted; names as in core's `AuthFields`
 * (@salesforce/core, org/authInfo). Other fields are kept as they are.
 */
export type StoredOrg = {
  readonly username: string;
  readonly orgId?: string;
  readonly userId?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Path of the key file of an org that is logged in to by JWT. */
  readonly privateKey?: string;
  readonly loginUrl?: string;
  readonly instanceUrl?: string;
  readonly isSandbox?: boolean;
  readonly isScratch?: boolean;
  readonly isDevHub?: boolean;
  readonly tracksSource?: boolean;
  readonly [other: string]: unknown;
};

/**
 * What can be left at rest after a sandbox login:
 *
 * - `jwt`: the key's path and the consumer key: sf renews the session by itself; no sandbox secret is stored but the session
 * - `access-token`: the access token alone
 * - `sfdx-auth-url`: access and refresh token, for `sf org auth show-sfdx-auth-url`
 */
export const authTypes = ['jwt', 'access-token', 'sfdx-auth-url'] as const;

/** What is left at rest after a sandbox login. */
export type AuthType = (typeof authTypes)[number];

/** Whether a text is a kind of login. */
export function isAuthType(value: string): value is AuthType {
  return (authTypes as readonly string[]).includes(value);
}

/**
 * What the plugin remembers of a login that it made, beside sf's own store: enough to tell its own logins from the user's, and a
 * refreshed sandbox from the same one. Holds no secret: `credentialDigest` is a SHA-256 of random tokens or of a file path.
 */
export type LoginRecord = {
  readonly username: string;
  readonly sandboxName: string;
  readonly productionUsername: string;
  readonly orgId: string;
  readonly authType: AuthType;
  /** How the sandbox was signed in to; absent for a login that a stock command made. */
  readonly signedInBy?: SignInWay;
  /** Of a sandbox that nothing registers: the way that the next login starts with, and production's app with which that was found. */
  readonly startWith?: { readonly way: RememberedWay; readonly clientId: string };
  /** Set when the user was asked for (`--user`), and is not the one that production vouches for. */
  readonly isAnotherUser?: true;
  /** Set when no registration named the sandbox: the user did, in an explicit login. */
  readonly isUnregistered?: true;
  /** Set once the user was told that no registration names the sandbox any more. */
  readonly isTold?: true;
  /** ISO 8601. */
  readonly loggedInAt: string;
  /** ISO 8601, newest first: when the plugin logged in to this copy before, the last times. */
  readonly earlierLogins?: readonly string[];
  /** ISO 8601: when Salesforce last accepted the login. */
  readonly checkedAt: string;
  readonly credentialDigest: string;
  /** Of what is left of the login when an app rotates its refresh token; with `authType` `sfdx-auth-url` only. */
  readonly renewalDigest?: string;
  /** Of the plugin's login that this one replaces: a kill between the record and the org leaves that one stored. */
  readonly replaces?: Credential;
};

/** What tells one login of the plugin from all others. */
export type Credential = Pick<LoginRecord, 'authType' | 'credentialDigest' | 'renewalDigest'>;

/** What a sandbox login brought: everything that is needed to store it. */
export type FreshLogin = {
  readonly username: string;
  readonly orgId: string;
  readonly userId?: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly instanceUrl: string;
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly authType: AuthType;
  /** Path of production's key file; with `authType` `jwt` only. */
  readonly keyFile?: string;
};

/** Fields that a sandbox refresh makes untrue although core would keep them (docs/salesforce.md, What a refresh changes), and every kind of credential. */
const neverCarriedOver: ReadonlySet<string> = new Set([
  'accessToken',
  'refreshToken',
  'clientId',
  'clientSecret',
  'privateKey',
  'password',
  'authCode',
  'clientApps',
  'createdOrgInstance',
]);

/**
 * The fields to store for a sandbox that was just logged in to, in the place of `previous`, the org stored under that username.
 * The same org keeps what sf learned about it (name, edition, API version); after a refresh only the user's own setting survives:
 * whether source is tracked.
 *
 * @param refreshed whether what is known of the org belongs to an earlier copy
 */
export function storedSandbox(login: FreshLogin, previous: StoredOrg | undefined, refreshed: boolean): StoredOrg {
  const kept =
    previous && !refreshed
      ? Object.fromEntries(Object.entries(previous).filter(([field]) => !neverCarriedOver.has(field)))
      : previous?.tracksSource === undefined
        ? {}
        : { tracksSource: previous.tracksSource };
  return {
    ...kept,
    username: login.username,
    orgId: login.orgId,
    ...(login.userId === undefined ? {} : { userId: login.userId }),
    accessToken: login.accessToken,
    instanceUrl: login.instanceUrl,
    loginUrl: login.authType === 'sfdx-auth-url' ? markedLoginUrl(login.loginUrl) : login.loginUrl,
    isSandbox: true,
    isScratch: false,
    isDevHub: false,
    ...credentialFields(login),
  };
}

function credentialFields(login: FreshLogin): Partial<StoredOrg> {
  switch (login.authType) {
    case 'jwt':
      return { clientId: login.clientId, privateKey: login.keyFile };
    case 'sfdx-auth-url':
      return {
        clientId: login.clientId,
        refreshToken: login.refreshToken,
        ...(login.clientSecret === undefined ? {} : { clientSecret: login.clientSecret }),
      };
    case 'access-token':
      return {};
  }
}

/**
 * The login URL of a login with a refresh token, in a spelling that no other login has: every URL parser drops a single dot at its end, so
 * requests go where they would go without it. A renewal by core keeps the login URL as it is stored, also when the refresh token changes with
 * it; every login of core writes it anew (docs/salesforce.md, Refresh token).
 */
function markedLoginUrl(loginUrl: string): string {
  return `${plainLoginUrl(loginUrl)}${loginUrlMark}`;
}

const loginUrlMark = '/.';

/** The login URL of a stored org as it is shown. */
export function plainLoginUrl(loginUrl: string): string {
  return loginUrl.endsWith(loginUrlMark) ? loginUrl.slice(0, -loginUrlMark.length) : loginUrl;
}

/**
 * Whether the stored org is still the one that the plugin stored, and not a login that the user made since, which would be a
 * traditional org and not ours to replace. A session renewed by sf itself leaves it ours, with a rotated refresh token as well.
 */
export function isLoginOfPlugin(stored: StoredOrg, record: LoginRecord | undefined): boolean {
  return credentialOf(stored, record) !== undefined;
}

/** Which login of the plugin it is that is stored, as it is now: the last one, or the one before it; undefined for the user's. */
export function credentialOf(stored: StoredOrg, record: LoginRecord | undefined): Credential | undefined {
  const known = [record, record?.replaces].filter((one) => one !== undefined);
  const found =
    known.find(({ authType, credentialDigest: digest }) => digest === credentialDigest(stored, authType)) ??
    known.find(({ renewalDigest: digest }) => digest !== undefined && digest === renewalDigest(stored));
  return found && newCredential(stored, found.authType);
}

/** What is remembered from now on of a stored login that Salesforce has just accepted. */
export function markChecked(stored: StoredOrg, record: LoginRecord, now: Date): LoginRecord {
  const found = credentialOf(stored, record);
  const { renewalDigest: before, ...rest } = record;
  const known = found ?? { renewalDigest: before };
  return { ...rest, ...known, replaces: undefined, checkedAt: now.toISOString() };
}

/** What will tell a login from all others that the plugin has stored, or is about to store. */
export function newCredential(stored: StoredOrg, authType: AuthType): Credential {
  const renewal = authType === 'sfdx-auth-url' ? renewalDigest(stored) : undefined;
  return {
    authType,
    credentialDigest: credentialDigest(stored, authType),
    ...(renewal === undefined ? {} : { renewalDigest: renewal }),
  };
}

/** Fingerprint of the part of a stored login that only a new login changes, and a rotation of its refresh token. */
export function credentialDigest(stored: StoredOrg, authType: AuthType): string {
  const lasting = {
    jwt: [stored.clientId, stored.privateKey, stored.refreshToken],
    'access-token': [stored.accessToken, stored.refreshToken, stored.privateKey],
    'sfdx-auth-url': [stored.clientId, stored.refreshToken, stored.privateKey],
  }[authType];
  return digestOf([authType, ...lasting]);
}

/** Fingerprint of what core keeps of a login when it renews it; none where a login of somebody else would look the same. */
function renewalDigest({ username, orgId, clientId, loginUrl, privateKey }: StoredOrg): string | undefined {
  if (!loginUrl?.endsWith(loginUrlMark)) return undefined;
  return digestOf(['renewal', username, orgId?.slice(0, 15), clientId, loginUrl, privateKey]);
}

function digestOf(values: ReadonlyArray<string | undefined>): string {
  return createHash('sha256')
    .update(JSON.stringify(values.map((value) => value ?? null)))
    .digest('hex');
}

/** Compares org or record ids of 15 and 18 characters; only the first 15, which are case-sensitive, identify. */
export function sameOrgId(one: string, other: string): boolean {
  return one.slice(0, 15) === other.slice(0, 15);
}
