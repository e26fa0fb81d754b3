import { type Conversation, madeUp, NotObserved } from '../conversation.js';
import type { Reply } from '../httpsClient.js';
import { answerOf, oauthRefusal, type Observation } from './observation.js';

/** A field of the one exchange. @throws NotObserved when it did not bring it */
async function tokenOf(org: Conversation, field: 'access_token' | 'refresh_token'): Promise<string> {
  const { reply } = await org.exchanged();
  const token = (Object(reply.json) as Record<string, unknown>)[field];
  if (typeof token !== 'string') throw new NotObserved(`needs a ${field} of a code, which was ${org.inShort(reply)}`);
  return token;
}

async function refresh(org: Conversation, token: string): Promise<Reply> {
  const { loginUrl } = await org.firstVouch();
  return org.token(loginUrl, { grant_type: 'refresh_token', refresh_token: token, ...org.appFields });
}

/** A fresh code, spent with something wrong. */
function spent(fields: Record<string, string>): Observation['ask'] {
  return answerOf(async (org) => {
    const { authCode, loginUrl } = await org.vouch();
    return org.exchange(loginUrl, authCode, fields);
  });
}

/** The last way of signing in: production's word for sf's own app, and the code that comes with it. */
async function loginByPlatformCli(org: Conversation): Promise<Reply> {
  const app = { clientId: 'PlatformCLI', callbackUrl: 'http://localhost:1717/OauthRedirect' };
  const reply = await org.sandboxAuth(await org.production(), app);
  const { authCode, loginUrl } = Object(reply.json) as Record<string, unknown>;
  if (typeof authCode !== 'string' || typeof loginUrl !== 'string') {
    throw new NotObserved(`needs a code for PlatformCLI, but sandboxAuth was ${org.inShort(reply)}`);
  }
  const fields = { code: authCode, client_id: app.clientId, redirect_uri: app.callbackUrl };
  return org.token(loginUrl, { grant_type: 'authorization_code', ...fields });
}

/** The code of `sandboxAuth` and the refresh token that comes of it (Refresh token). Their order matters. */
export const codeExchanges: readonly Observation[] = [
  {
    what: 'exchange',
    tests: 'Refresh token',
    facts: [
      {
        status: '200',
        'field access_token': 'opaque token',
        'field id': 'identity URL',
        'field instance_url': 'URL',
        'field issued_at': 'text',
        'field refresh_token': 'text',
        'field signature': 'text',
      },
    ],
    ask: answerOf(async (org) => (await org.exchanged()).reply),
  },
  {
    what: 'second exchange of the same one',
    tests: 'sandboxAuth unconfirmed',
    open: 1,
    facts: [oauthRefusal('invalid_grant', 'expired authorization code')],
    ask: answerOf(async (org) => {
      const { code, host } = await org.exchanged();
      return org.exchange(host, code);
    }),
  },
  {
    what: 'session of the first exchange, after the second',
    tests: 'stand-in',
    ask: answerOf(async (org) => {
      const token = await tokenOf(org, 'access_token');
      return org.rest({ ...org.session((await org.exchanged()).reply, 'the sandbox'), token }, '/limits');
    }),
  },
  {
    what: 'made-up code',
    tests: 'stand-in; words unconfirmed',
    ask: answerOf(async (org) => org.exchange((await org.firstVouch()).loginUrl, madeUp)),
  },
  {
    what: 'another redirect URI',
    tests: 'Refresh token, body unconfirmed',
    open: 1,
    ask: spent({ redirect_uri: 'https://sf-plugin-jit.invalid/callback' }),
  },
  { what: 'unknown consumer key', tests: 'stand-in', ask: spent({ client_id: madeUp }) },
  { what: 'spent for PlatformCLI', tests: 'stand-in', ask: spent({ client_id: 'PlatformCLI' }) },
  {
    what: 'code for PlatformCLI, spent for it: a login, with a refresh token',
    tests: 'sandboxAuth unconfirmed',
    open: 2,
    facts: [{ status: '200', 'field access_token': 'opaque token', 'field refresh_token': 'text' }],
    ask: answerOf(loginByPlatformCli),
  },
  { what: 'wrong client secret', tests: 'stand-in', ask: spent({ client_secret: madeUp }) },
  {
    what: 'refresh token of the code',
    tests: 'Refresh token',
    facts: [{ status: '200', 'field access_token': 'opaque token' }],
    ask: answerOf(async (org) => refresh(org, await tokenOf(org, 'refresh_token'))),
  },
  {
    what: 'made-up refresh token',
    tests: 'Refusals by the token endpoint',
    facts: [oauthRefusal('invalid_grant', 'expired access/refresh token')],
    ask: answerOf((org) => refresh(org, madeUp)),
  },
];

/** The end of that refresh token. */
export const codeEnds: readonly Observation[] = [
  {
    what: 'revoking the refresh token',
    tests: 'stand-in',
    facts: [{ status: '200' }],
    ask: answerOf(async (org) => {
      const { instanceUrl } = org.session((await org.exchanged()).reply, 'the sandbox');
      return org.revoke(instanceUrl, await tokenOf(org, 'refresh_token'));
    }),
  },
  {
    what: 'access token that came with it, after that',
    tests: 'Refresh token',
    facts: [{ status: '401', errorCode: 'INVALID_SESSION_ID' }],
    ask: answerOf(async (org) => org.rest(org.session((await org.exchanged()).reply, 'the sandbox'), '/limits')),
  },
  {
    what: 'refresh token after it was revoked',
    tests: 'Refusals by the token endpoint',
    facts: [oauthRefusal('invalid_grant', 'expired access/refresh token')],
    ask: answerOf(async (org) => refresh(org, await tokenOf(org, 'refresh_token'))),
  },
];
