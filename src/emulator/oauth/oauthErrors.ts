/**
 * Every way the token endpoint says no: HTTP status, `error` and `error_description`, in the words that
 * docs/salesforce.md, Refusals by the token endpoint found. Rows marked "unconfirmed" there are marked here too.
 */
export const tokenRefusals = {
  'invalid-assertion': [400, 'invalid_grant', 'invalid assertion'],
  'not-approved': [400, 'invalid_grant', "user hasn't approved this consumer"],
  'audience-invalid': [400, 'invalid_grant', 'audience is invalid'],
  'audience-validation-failed': [400, 'invalid_grant', 'Audience validation failed'],
  'expired-code': [400, 'invalid_grant', 'expired authorization code'],
  /** Unconfirmed words: a code that was never issued, or for another client. */
  'invalid-code': [400, 'invalid_grant', 'invalid authorization code'],
  /** Unconfirmed words: the exchange shows another verifier than the login began with. */
  'wrong-verifier': [400, 'invalid_grant', 'invalid code verifier'],
  'expired-token': [400, 'invalid_grant', 'expired access/refresh token'],
  'authentication-failure': [400, 'invalid_grant', 'authentication failure'],
  'inactive-user': [400, 'invalid_grant', 'inactive user'],
  'activation-secret': [400, 'invalid_grant', 'activation secret invalid'],
  'user-locked': [400, 'invalid_grant', 'user is locked'],
  /** Unconfirmed code and status; the words are confirmed. */
  'ip-restricted': [400, 'invalid_grant', 'ip restricted'],
  /** Unconfirmed code and status. */
  'rate-exceeded': [400, 'invalid_grant', 'login rate exceeded'],
  'unknown-client': [400, 'invalid_client_id', 'client identifier invalid'],
  /** Unconfirmed code and status; the words are confirmed. */
  'app-not-installed': [400, 'invalid_client', 'External client app is not installed in this org'],
  'app-uninstalled': [400, 'invalid_client', 'app must be installed into org'],
  'app-blocked': [400, 'invalid_app_access', 'user is not admin approved to access this app'],
  'wrong-secret': [400, 'invalid_client', 'invalid client credentials'],
  /** Unconfirmed words. */
  'redirect-mismatch': [400, 'redirect_uri_mismatch', 'redirect_uri must match configuration'],
  'unsupported-grant': [400, 'unsupported_grant_type', 'grant type not supported'],
  'invalid-scope': [400, 'invalid_scope', 'the requested scope is not allowed'],
  /** Unconfirmed words: the org behind the host is deleted. */
  'inactive-org': [400, 'inactive_org', 'organization is inactive'],
} as const satisfies Record<string, readonly [number, string, string]>;

/** Name of a row of {@link tokenRefusals}. */
export type TokenRefusal = keyof typeof tokenRefusals;

/** Thrown by the OAuth handlers; the token endpoint turns it into its answer. */
export class OAuthRefusal extends Error {
  public constructor(public readonly refusal: TokenRefusal) {
    super(tokenRefusals[refusal][2]);
  }
}
