import { JitFailure } from '../failures/failures.js';
import { loginOrigin } from '../salesforce/loginUrl.js';
import { defaultLoginUrl, platformCli } from './productionCredentials.js';
import type { StoredOrg } from '../sfStore/storedOrg.js';
import type { Grant, RefreshRequest } from '../salesforce/salesforce.js';
import { productionPhrase } from '../failures/orgPhrases.js';

/** How the session of an org that sf logged in to can be renewed, and the one origin that is asked for it. */
export type Renewal =
  | (RefreshRequest & { readonly way: 'refresh-token' })
  | {
      readonly way: 'jwt';
      readonly loginUrl: string;
      readonly clientId: string;
      /** Path of the key file. */
      readonly keyFile: string;
    };

/**
 * The org as it was read from sf's store, if it was. In fixed words: what core says about its key or a file can hold a piece of them.
 *
 * @param user how the org was named
 * @throws OrgNotStored
 */
export function readableOrg(stored: StoredOrg | 'unreadable' | undefined, user: string): StoredOrg {
  if (stored === undefined) throw new JitFailure('OrgNotStored', { user });
  if (stored !== 'unreadable') return stored;
  throw new JitFailure('OrgNotStored', {
    user,
    problem: 'its file is damaged, or the key that sf encrypts it with cannot be read or is another one now',
  });
}

/**
 * How to renew the session of a stored org. A refresh token comes before a key, as in core (authInfo `isJwt`): both are there when an
 * org was logged in to by JWT first and on the web later.
 *
 * @throws OrgNotStored for a login with nothing in it; SessionInvalid for one that holds nothing but a session; InputInvalid for an address that no
 * credential may be sent to
 */
export function renewalOf(stored: StoredOrg): Renewal {
  const { username, refreshToken, privateKey, clientId, clientSecret, instanceUrl } = stored;
  if (refreshToken) {
    return {
      way: 'refresh-token',
      loginUrl: loginOrigin(stored.loginUrl ?? instanceUrl ?? defaultLoginUrl, 'The stored login URL'),
      // orgs that old versions of sf stored have no client id; core takes its own app for them (authInfo `buildRefreshTokenConfig`)
      clientId: clientId ?? platformCli,
      ...(clientId && clientSecret ? { clientSecret } : {}),
      refreshToken,
    };
  }
  if (privateKey && clientId) {
    const loginUrl = loginOrigin(stored.loginUrl ?? defaultLoginUrl, 'The stored login URL');
    return { way: 'jwt', loginUrl, clientId, keyFile: privateKey };
  }
  if (stored.accessToken === undefined) {
    throw new JitFailure('OrgNotStored', {
      user: username,
      problem: 'what is stored holds no session, refresh token or key',
    });
  }
  throw new JitFailure('SessionInvalid', {
    org: productionPhrase(username),
    side: 'production',
    user: username,
    production: username,
    host: URL.parse(instanceUrl ?? '')?.host,
    problem: 'it cannot be renewed, because sf has neither a refresh token nor a key for this org',
  });
}

/**
 * The org to store after a renewal: the new session, and all else as it is now. Undefined when it is not to be stored, because the user
 * logged out or logged in anew meanwhile.
 *
 * @param sent the org as it was when its credential was sent
 * @param current the org as it is stored now
 */
export function renewedOrg(
  sent: StoredOrg,
  current: StoredOrg | 'unreadable' | undefined,
  session: Grant,
): StoredOrg | undefined {
  if (current === undefined) return undefined;
  // damaged within these seconds: a rotated refresh token is nowhere else, so the login is put back whole
  const base = current === 'unreadable' ? sent : current;
  if (credentials.some((field) => base[field] !== sent[field])) return undefined;
  const { accessToken, instanceUrl, orgId, userId = base.userId, refreshToken } = session;
  return {
    ...base,
    accessToken,
    instanceUrl,
    orgId,
    ...(userId === undefined ? {} : { userId }),
    ...(refreshToken ? { refreshToken } : {}),
  };
}

/** What a new login of the user changes, and a renewal by anybody else. */
const credentials = ['refreshToken', 'privateKey', 'clientId'] as const satisfies ReadonlyArray<keyof StoredOrg>;
