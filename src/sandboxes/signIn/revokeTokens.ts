import { JitFailure } from '../../failures/failures.js';
import type { Ports } from '../../ports.js';
import type { OrgContext } from '../../salesforce/salesforce.js';

/** The tokens of a login, and where they are revoked. */
export type RevocableLogin = {
  readonly instanceUrl: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
};

/**
 * Revokes a login's tokens at Salesforce, each by a request of its own. That a token had ended already is as good as revoked.
 *
 * @returns why a token could not be revoked, if so
 */
export async function revokeTokens(
  { instanceUrl, accessToken, refreshToken }: RevocableLogin,
  context: OrgContext,
  ports: Pick<Ports, 'salesforce'>,
): Promise<JitFailure | undefined> {
  let failure: JitFailure | undefined;
  // the refresh token first: with it gone, nobody gets another access token
  for (const token of [refreshToken, accessToken]) {
    if (token === undefined) continue;
    try {
      await ports.salesforce.revoke({ instanceUrl, token }, context);
    } catch (error) {
      if (!(error instanceof JitFailure)) throw error;
      if (error.name !== 'SessionInvalid') failure ??= error;
    }
  }
  return failure;
}
