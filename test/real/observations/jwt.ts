import { generateKeyPairSync } from 'node:crypto';
import { type Conversation, madeUp, NotObserved } from '../conversation.js';
import type { Reply } from '../httpsClient.js';
import { answerOf, oauthRefusal, type Observation, type Seen } from './observation.js';

const good = {
  status: '200',
  'field access_token': 'opaque token',
  'field id': 'identity URL',
  'field instance_url': 'URL',
  'field scope': 'text',
  'field token_type': 'text',
};
const notApproved = oauthRefusal('invalid_grant', "user hasn't approved this consumer");
const invalidAssertion = oauthRefusal('invalid_grant', 'invalid assertion');
const wrongAudience = [
  oauthRefusal('invalid_grant', 'audience is invalid'),
  oauthRefusal('invalid_grant', 'Audience validation failed'),
];
const realLogin = 'https://login.salesforce.com';
const realTest = 'https://test.salesforce.com';

/** A user that no org has. */
const nobody = `${madeUp}@sf-plugin-jit.invalid`;

function otherKey(): ReturnType<typeof generateKeyPairSync>['privateKey'] {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

async function atSandbox(org: Conversation, parts: Parameters<Conversation['jwt']>[1]): Promise<Reply> {
  const { loginUrl, authUserName } = await org.firstVouch();
  return org.jwt(loginUrl, { sub: authUserName, ...parts });
}

/** Whether every login gets a session of its own: revoking one that is shared ends the others too. */
async function twoLogins(org: Conversation): Promise<Seen> {
  const first = org.session(await org.jwt(org.party.loginUrl), 'production');
  const second = org.session(await org.jwt(org.party.loginUrl), 'production');
  return { shape: { 'second access token': first.token === second.token ? 'the same' : 'another' } };
}

/** JWT logins to production (JWT login). */
export const productionLogins: readonly Observation[] = [
  {
    what: 'JWT login',
    tests: 'Token request',
    facts: [good, { ...good, 'field access_token': 'JWT' }],
    ask: answerOf((org) => org.jwt(org.party.loginUrl)),
  },
  { what: 'two JWT logins, one after the other', tests: 'stand-in', ask: twoLogins },
  {
    what: `audience ${realLogin}`,
    tests: 'Assertion',
    facts: [{ status: '200' }],
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { aud: realLogin })),
  },
  {
    what: 'audience of sandboxes',
    tests: 'Refusals by the token endpoint',
    facts: wrongAudience,
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { aud: realTest })),
  },
  {
    what: 'assertion that is good for an hour (help: 3 minutes at most)',
    tests: 'Assertion',
    facts: [{ status: '200' }],
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { expiresIn: 3600 })),
  },
  {
    what: 'expired assertion',
    tests: 'Refusals by the token endpoint',
    facts: [oauthRefusal('invalid_grant', 'expired authorization code')],
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { expiresIn: -600 })),
  },
  {
    what: 'signed with another key',
    tests: 'Refusals by the token endpoint',
    facts: [invalidAssertion],
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { key: otherKey() })),
  },
  {
    what: 'signed by RS512',
    tests: 'Assertion',
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { algorithm: 'RS512' })),
  },
  {
    what: 'no assertion, but some text',
    tests: 'Refusals by the token endpoint',
    facts: [invalidAssertion],
    ask: answerOf((org) =>
      org.token(org.party.loginUrl, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: madeUp,
      }),
    ),
  },
  {
    what: 'unknown consumer key',
    tests: 'Refusals by the token endpoint',
    facts: [oauthRefusal('invalid_client_id', 'client identifier invalid')],
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { iss: madeUp })),
  },
  {
    what: 'unknown user',
    tests: 'Refusals by the token endpoint',
    facts: [notApproved],
    ask: answerOf((org) => org.jwt(org.party.loginUrl, { sub: nobody })),
  },
  {
    what: 'unknown grant type',
    tests: 'Refusals by the token endpoint',
    facts: [oauthRefusal('unsupported_grant_type', 'grant type not supported')],
    ask: answerOf((org) => org.token(org.party.loginUrl, { grant_type: madeUp })),
  },
  {
    what: 'user of the sandbox',
    tests: 'Refusals by the token endpoint',
    facts: [invalidAssertion, notApproved],
    ask: answerOf(async (org) => org.jwt(org.party.loginUrl, { sub: (await org.firstVouch()).authUserName })),
  },
];

/** Whether a JWT login outlives the end of another one of the same user. */
export const sandboxLoginEnds: readonly Observation[] = [
  {
    what: 'JWT login to the sandbox, after another JWT login of the same user was revoked',
    tests: 'stand-in, Ending a session',
    ask: answerOf(async (org) => {
      const first = org.session(await atSandbox(org, {}), 'the sandbox');
      const second = org.session(await atSandbox(org, {}), 'the sandbox');
      await org.revoke(first.instanceUrl, first.token);
      return org.rest(second, '/limits');
    }),
  },
];

/** JWT logins to the sandbox, where production said to log in (Logins by core, Sandbox names and users). */
export const sandboxLogins: readonly Observation[] = [
  {
    what: 'two JWT logins, one after the other',
    tests: 'stand-in, Ending a session',
    ask: async (org) => {
      const first = org.session(await atSandbox(org, {}), 'the sandbox');
      const second = org.session(await atSandbox(org, {}), 'the sandbox');
      return { shape: { 'second access token': first.token === second.token ? 'the same' : 'another' } };
    },
  },
  {
    what: 'JWT login with the app and key of production',
    tests: 'Logins by core',
    open: 3,
    facts: [{ status: '200' }],
    ask: answerOf((org) => atSandbox(org, {})),
  },
  {
    what: `audience ${realTest}`,
    tests: 'Assertion, Login and audience pairs',
    facts: [{ status: '200' }],
    ask: answerOf((org) => atSandbox(org, { aud: realTest })),
  },
  {
    what: 'audience of production',
    tests: 'Refusals by the token endpoint',
    facts: wrongAudience,
    ask: answerOf((org) => atSandbox(org, { aud: realLogin })),
  },
  {
    what: `login at ${realTest}`,
    tests: 'Sandbox names and users',
    ask: answerOf(async (org) => {
      const { testUrl } = org.party;
      if (testUrl === undefined)
        throw new NotObserved('the login URL is none of Salesforce, so its test host is not known');
      return org.jwt(testUrl, { sub: (await org.firstVouch()).authUserName });
    }),
  },
  {
    what: `login at ${realTest} to a sandbox that another user made, by the key alone`,
    tests: 'sandboxAuth: who needs it',
    open: 2,
    facts: [{ status: '200' }],
    ask: answerOf((org) => {
      const { testUrl, otherSandboxName, username } = org.party;
      if (testUrl === undefined || otherSandboxName === undefined)
        throw new NotObserved('TESTKIT_JIT_OTHER_SANDBOX is not set, or the test host is not known');
      return org.jwt(testUrl, { sub: `${username}.${otherSandboxName.toLowerCase()}` });
    }),
  },
  {
    what: 'user of production',
    tests: 'Refusals by the token endpoint',
    facts: [notApproved],
    ask: answerOf((org) => atSandbox(org, { sub: org.party.username })),
  },
  {
    what: 'unknown consumer key',
    tests: 'Refusals by the token endpoint',
    facts: [oauthRefusal('invalid_client_id', 'client identifier invalid')],
    ask: answerOf((org) => atSandbox(org, { iss: madeUp })),
  },
  {
    what: 'signed with another key',
    tests: 'Refusals by the token endpoint',
    facts: [invalidAssertion],
    ask: answerOf((org) => atSandbox(org, { key: otherKey() })),
  },
  {
    what: 'external client app that is not in the sandbox',
    tests: 'Refusals by the token endpoint',
    open: 4,
    facts: [{ error_description: 'External client app is not installed in this org' }],
    ask: answerOf((org) => {
      const { ecaClientId } = org.party;
      if (ecaClientId === undefined) throw new NotObserved('TESTKIT_JIT_ECA_CLIENT_ID is not set');
      return atSandbox(org, { iss: ecaClientId });
    }),
  },
];
