import type { FailureName } from '../../failures/failures.js';
import { JitFailure } from '../../failures/failures.js';
import type { AuthType } from '../../sfStore/storedOrg.js';
import type { KeySource } from '../../keys/keySource.js';

/** The two ways of signing in to a sandbox at the login URL that production named. */
export type Way = 'jwt' | 'authorization-code';

/** One attempt to make, and what is stored when it works. */
export type Attempt = {
  readonly way: Way;
  readonly authType: AuthType;
  /** What is stored instead when Salesforce gives no refresh token; without it, that is a failure. */
  readonly withoutRefreshToken?: 'access-token';
};

/**
 * Which ways to try, in order. JWT comes first wherever there is a key: it makes no refresh token, of which Salesforce allows five for a
 * user and app and ends the oldest (docs/salesforce.md, Refresh token). Only a key file lets sf renew the login by itself, so a key from
 * anywhere else leaves the access token alone. Without a key production is one of sf's own logins, and so is then the sandbox: stored with
 * its refresh token, which sf and programs on core renew.
 *
 * @param wanted `--auth-type`, or undefined for the default: `jwt` with a key file, `sfdx-auth-url` without a key, else `access-token`
 * @param anotherUser whether another user is signed in than the one production vouches for: then only JWT can do it
 * @throws InputInvalid when `jwt` is asked for and production has no key file, or another user without a key or with a refresh token
 */
export function attempts(
  wanted: AuthType | undefined,
  key: KeySource,
  anotherUser = false,
): readonly [Attempt, ...Attempt[]] {
  if (anotherUser) return [{ way: 'jwt', authType: authTypeOfAnotherUser(wanted, key) }];
  const code: Attempt = { way: 'authorization-code', authType: 'access-token' };
  switch (wanted ?? defaultAuthType(key)) {
    case 'jwt':
      if (key.source !== 'file') throw notRenewable();
      return [{ way: 'jwt', authType: 'jwt' }, code];
    case 'access-token':
      return key.source === 'sf' ? [code] : [{ way: 'jwt', authType: 'access-token' }, code];
    case 'sfdx-auth-url':
      return [
        {
          way: 'authorization-code',
          authType: 'sfdx-auth-url',
          ...(wanted === undefined ? { withoutRefreshToken: 'access-token' } : {}),
        },
      ];
  }
}

function defaultAuthType(key: KeySource): AuthType {
  switch (key.source) {
    case 'file':
      return 'jwt';
    case 'sf':
      return 'sfdx-auth-url';
    default:
      return 'access-token';
  }
}

function authTypeOfAnotherUser(wanted: AuthType | undefined, key: KeySource): AuthType {
  if (key.source === 'sf') {
    throw new JitFailure('InputInvalid', {
      field: '--user',
      problem:
        'only a key can sign in another user, and the production org is registered without one; register it by JWT',
    });
  }
  if (wanted === 'sfdx-auth-url') {
    throw new JitFailure('InputInvalid', {
      field: '--auth-type sfdx-auth-url',
      problem: 'another user is signed in by JWT, which gives no refresh token',
    });
  }
  if (wanted === 'jwt' && key.source !== 'file') throw notRenewable();
  return wanted ?? (key.source === 'file' ? 'jwt' : 'access-token');
}

function notRenewable(): JitFailure {
  return new JitFailure('InputInvalid', {
    field: 'The kind of login jwt (--auth-type, jit-auth-type)',
    problem:
      'the production org has no key file, so sf could not renew the login; choose another, or register a key file',
  });
}

/** Refusals that concern the way of signing in and not the user or the network, so that the other way may work. */
const curable: Record<Way, ReadonlySet<FailureName>> = {
  jwt: new Set<FailureName>([
    'AppNotInSandbox',
    'UserNotApproved',
    'InvalidClientId',
    'InvalidSignature',
    'CertificateExpired',
    'AudienceInvalid',
    'AssertionExpired',
    'GrantTypeNotSupported',
    'InvalidGrant',
  ]),
  'authorization-code': new Set<FailureName>([
    'AuthorizationCodeExpired',
    'CallbackUrlMismatch',
    'ClientSecretRequired',
    'PkceRequired',
    'InvalidClientId',
    'AppNotInSandbox',
    'InvalidGrant',
  ]),
};

/** Whether the other way of signing in can succeed where this one failed so. */
export function otherWayMayCure(way: Way, failure: unknown): failure is JitFailure {
  return failure instanceof JitFailure && curable[way].has(failure.name);
}
