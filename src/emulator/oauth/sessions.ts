import { randomText, shortId } from '../world/identifiers.js';
import type { App, Org, User } from '../world/model.js';

/** Whom a credential speaks for. */
export type Grantee = { org: Org; user: User; clientId: string };

/** An access token. */
export type Session = Grantee & {
  token: string;
  expiresAt: number;
  revoked: boolean;
  family?: RefreshGrant | undefined;
};

/** A refresh token; the access tokens that came of it die with it. */
export type RefreshGrant = Grantee & { token: string; revoked: boolean };

/** An authorization code, good for one exchange. */
export type AuthorizationCode = Grantee & {
  redirectUri: string;
  /** SHA-256 of the verifier that the exchange must show, in base64url; a code from `sandboxAuth` has none. */
  challenge?: string | undefined;
  expiresAt: number;
  used: boolean;
};

/** How many refresh tokens a user and an app may have (docs/salesforce.md, Refresh token). */
const refreshTokensAtMost = 5;

/** What `sandboxAuth` codes and others live, in seconds. Salesforce's help says 15 minutes (docs/salesforce.md, sandboxAuth). */
const defaultCodeLifetime = 900;

/** Every credential this emulator ever gave out, and what has become of it. */
export class Sessions {
  public codeLifetimeSeconds = defaultCodeLifetime;
  private readonly accessTokens = new Map<string, Session>();
  private readonly refreshTokens = new Map<string, RefreshGrant>();
  /** Every authorization that gave a refresh token, oldest first; rotation changes the token, not the authorization. */
  private readonly grants = new Set<RefreshGrant>();
  private readonly codes = new Map<string, AuthorizationCode>();
  /** Refresh tokens that were replaced by rotation. */
  private readonly retired = new Set<string>();

  public constructor(private readonly now: () => number) {}

  public issueAccessToken(grantee: Grantee, family?: RefreshGrant): Session {
    // core finds the org id with /(00D\w{12,15})![.\w]*/, so nothing but word characters and dots may follow
    const token = `${shortId(grantee.org.id)}!AQ.${randomText(80)}`;
    const expiresAt = this.now() + grantee.org.tokenLifetimeSeconds * 1000;
    const session = { ...grantee, token, expiresAt, revoked: false, family };
    this.accessTokens.set(token, session);
    return session;
  }

  /** A user may approve an app only this many times; each refresh token counts as one, and the next ends the oldest. */
  public issueRefreshToken(grantee: Grantee): RefreshGrant {
    const alive = this.livingRefreshTokens(grantee);
    for (const oldest of alive.slice(0, Math.max(0, alive.length + 1 - refreshTokensAtMost))) oldest.revoked = true;
    const grant = { ...grantee, token: `5Aep861${randomText(60)}`, revoked: false };
    this.refreshTokens.set(grant.token, grant);
    this.grants.add(grant);
    return grant;
  }

  public issueCode(grantee: Grantee, redirectUri: string, challenge?: string): string {
    const code = `aPrx${randomText(50)}`;
    const expiresAt = this.now() + this.codeLifetimeSeconds * 1000;
    this.codes.set(code, { ...grantee, redirectUri, challenge, expiresAt, used: false });
    return code;
  }

  public findCode(code: string): AuthorizationCode | undefined {
    return this.codes.get(code);
  }

  public isCodeGood(code: AuthorizationCode): boolean {
    return !code.used && code.org.state === 'live' && code.expiresAt > this.now();
  }

  public findRefreshToken(token: string): RefreshGrant | undefined {
    return this.refreshTokens.get(token);
  }

  /** The session of a token that still works in a live org. */
  public findSession(token: string): Session | undefined {
    const session = this.accessTokens.get(token);
    if (!session || session.revoked || session.family?.revoked) return undefined;
    return session.org.state === 'live' && session.user.active && session.expiresAt > this.now() ? session : undefined;
  }

  /** Replaces a refresh token. Its access tokens stay good: the family is the same authorization. */
  public rotate(grant: RefreshGrant): RefreshGrant {
    this.refreshTokens.delete(grant.token);
    this.retired.add(grant.token);
    grant.token = `5Aep861${randomText(60)}`;
    this.refreshTokens.set(grant.token, grant);
    return grant;
  }

  /** How many tokens of a user and an app still work. */
  public living(grantee: Grantee): { refreshTokens: number; accessTokens: number } {
    const { org, user, clientId } = grantee;
    const accessTokens = [...this.accessTokens.values()].filter(
      (session) =>
        session.org === org &&
        session.user === user &&
        session.clientId === clientId &&
        this.findSession(session.token) !== undefined,
    );
    return { refreshTokens: this.livingRefreshTokens(grantee).length, accessTokens: accessTokens.length };
  }

  /** Oldest first. */
  private livingRefreshTokens({ org, user, clientId }: Grantee): RefreshGrant[] {
    return [...this.grants].filter(
      (grant) => grant.org === org && grant.user === user && grant.clientId === clientId && !grant.revoked,
    );
  }

  /** @returns false when nothing of that name was ever issued */
  public revoke(token: string): boolean {
    const found = this.accessTokens.get(token) ?? this.refreshTokens.get(token);
    if (found) found.revoked = true;
    return found !== undefined;
  }

  /** Ends every access token of an org, as a session timeout does; refresh tokens live on. */
  public expireAll(org: Org): void {
    for (const session of this.accessTokens.values()) if (session.org === org) session.expiresAt = this.now();
  }

  /** Every token and code ever issued, for tests that look for leaks. */
  public issued(): string[] {
    return [...this.accessTokens.keys(), ...this.refreshTokens.keys(), ...this.retired, ...this.codes.keys()];
  }
}

/** Whether logging in with this app by a code also gives a refresh token. */
export function givesRefreshToken(app: App): boolean {
  return app.scopes.some((scope) => scope === 'refresh_token' || scope === 'offline_access');
}
