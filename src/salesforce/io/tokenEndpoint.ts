import { env } from '@salesforce/kit';
import type { RequestContext } from '../answers.js';
import { signAssertion } from '../assertion.js';
import { isSafeFromEavesdroppers } from '../loginUrl.js';
import { askForJson, hostOf } from './jsonAnswers.js';
import type { OrgContext, Grant, Salesforce } from '../salesforce.js';

/** Seconds for which an assertion is valid; Salesforce documents three minutes as the most (docs/salesforce.md, Assertion). */
const assertionLifetime = 180;

/** The requests to `<loginUrl>/services/oauth2/token`: one each, to that one host (docs/salesforce.md, Token request and Authorization code). */
export const tokenEndpoint: Pick<Salesforce, 'jwtLogin' | 'exchangeCode' | 'refresh'> = {
  async jwtLogin({ loginUrl, clientId, username, key }, context) {
    const aud = audience(loginUrl, context);
    const exp = Math.floor(Date.now() / 1000) + assertionLifetime;
    const assertion = await signAssertion({ iss: clientId, sub: username, aud, exp }, key);
    return grant(
      loginUrl,
      { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
      { ...context, operation: 'jwt-login', clientId, host: hostOf(loginUrl) },
    );
  },

  async exchangeCode({ loginUrl, clientId, clientSecret, code, callbackUrl }, context) {
    return grant(
      loginUrl,
      {
        grant_type: 'authorization_code',
        code,
        client_id: clientId,
        redirect_uri: callbackUrl,
        ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      },
      { ...context, operation: 'code-exchange', clientId, callbackUrl, host: hostOf(loginUrl) },
    );
  },

  async refresh({ loginUrl, clientId, clientSecret, refreshToken }, context) {
    return grant(
      loginUrl,
      {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: clientId,
        ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      },
      { ...context, operation: 'refresh-token', clientId, host: hostOf(loginUrl) },
    );
  },
};

/**
 * The host itself, unless the environment says otherwise for production: a sandbox has a login host of its own, which production vouched
 * for, and takes no other audience (docs/salesforce.md, Login and audience pairs).
 */
function audience(loginUrl: string, { side }: OrgContext): string {
  const configured = side === 'production' ? env.getString('SF_AUDIENCE_URL') : undefined;
  return configured || new URL(loginUrl).origin;
}

async function grant(
  loginUrl: string,
  form: Readonly<Record<string, string>>,
  context: RequestContext,
): Promise<Grant> {
  const url = new URL('/services/oauth2/token', loginUrl).href;
  const { value, unexpected } = await askForJson({ url, form }, context);
  const token = value as {
    access_token?: unknown;
    instance_url?: unknown;
    id?: unknown;
    refresh_token?: unknown;
  } | null;
  const ids = typeof token?.id === 'string' ? /\/id\/(00D\w{12,15})\/(005\w{12,15})$/.exec(token.id) : null;
  if (typeof token?.access_token !== 'string' || typeof token.instance_url !== 'string' || !ids?.[1] || !ids[2]) {
    throw unexpected();
  }
  if (!isSafeFromEavesdroppers(token.instance_url)) throw unexpected();
  return {
    accessToken: token.access_token,
    instanceUrl: new URL(token.instance_url).origin,
    orgId: ids[1],
    userId: ids[2],
    ...(typeof token.refresh_token === 'string' ? { refreshToken: token.refresh_token } : {}),
  };
}
