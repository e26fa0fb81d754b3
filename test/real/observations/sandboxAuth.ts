import { type Conversation, madeUp, NotObserved, unknownSandbox, type Vouch } from '../conversation.js';
import type { Reply } from '../httpsClient.js';
import { answerOf, type Observation, type Seen } from './observation.js';

/** sf's own app, with its callback URL. */
const platformCli = { clientId: 'PlatformCLI', callbackUrl: 'http://localhost:1717/OauthRedirect' };

/** Which kind of host, by what the answer itself says. */
function loginHost({ loginUrl, instanceUrl }: Vouch): string {
  const { origin, hostname } = new URL(loginUrl);
  if (['test.salesforce.com', 'login.salesforce.com'].includes(hostname)) return hostname;
  return origin === new URL(instanceUrl).origin ? 'the same as instanceUrl' : 'another host than instanceUrl';
}

function usernameRule(org: Conversation, { authUserName }: Vouch): string {
  const expected = `${org.party.username}.${org.party.sandboxName}`;
  if (authUserName === expected) return '<user>.<sandbox>';
  if (authUserName === expected.toLowerCase()) return '<user>.<sandbox> in lower case';
  return authUserName.toLowerCase() === expected.toLowerCase() ? '<user>.<sandbox> in another case' : 'another name';
}

async function goodAnswer(org: Conversation): Promise<Seen> {
  const production = await org.production();
  const reply = await org.sandboxAuth(production);
  const shape = org.shape.answer(reply);
  if (reply.status !== 200) return { shape };
  const vouch = reply.json as Vouch;
  const hasFull = production.scope.split(' ').includes('full');
  return {
    shape: { ...shape, 'loginUrl is': loginHost(vouch), 'authUserName is': usernameRule(org, vouch) },
    notes: [`the session of production ${hasFull ? 'had' : 'did not have'} the scope \`full\``],
  };
}

async function asked(org: Conversation, body: Parameters<Conversation['sandboxAuth']>[1]): Promise<Reply> {
  return org.sandboxAuth(await org.production(), body);
}

function otherCase(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
}

/** `POST …/tooling/sandboxAuth` and every way it may say no (sandboxAuth). */
export const sandboxAuthAnswers: readonly Observation[] = [
  {
    what: 'all as it should be',
    tests: 'sandboxAuth, Sandbox names and users',
    open: 6,
    facts: [
      {
        status: '200',
        'field authUserName': 'text',
        'field authCode': 'text',
        'field instanceUrl': 'URL',
        'field loginUrl': 'URL',
      },
    ],
    ask: goodAnswer,
  },
  {
    what: 'unknown sandbox',
    tests: 'stand-in; sandboxAuth unconfirmed',
    open: 1,
    ask: answerOf((org) => asked(org, { sandboxName: unknownSandbox })),
  },
  {
    what: 'name of the sandbox in the other letter case',
    tests: 'stand-in',
    open: 1,
    ask: answerOf((org) => asked(org, { sandboxName: otherCase(org.party.sandboxName) })),
  },
  {
    what: 'callback URL that the app does not have',
    tests: 'stand-in; sandboxAuth unconfirmed',
    open: 1,
    ask: answerOf((org) => asked(org, { callbackUrl: 'https://sf-plugin-jit.invalid/callback' })),
  },
  {
    what: 'unknown consumer key',
    tests: 'stand-in; sandboxAuth unconfirmed',
    open: 1,
    ask: answerOf((org) => asked(org, { clientId: madeUp })),
  },
  ...(['sandboxName', 'clientId', 'callbackUrl'] as const).map((field) => ({
    what: `without ${field}`,
    tests: 'stand-in',
    open: 1 as const,
    ask: answerOf((org) => asked(org, { [field]: undefined })),
  })),
  {
    what: 'body that is no JSON',
    tests: 'stand-in',
    open: 1,
    ask: answerOf((org) => asked(org, '{')),
  },
  {
    what: 'sandbox that another user made',
    tests: 'stand-in; sandboxAuth by a vendor only',
    open: 2,
    ask: answerOf((org) => {
      const { otherSandboxName } = org.party;
      if (otherSandboxName === undefined) throw new NotObserved('TESTKIT_JIT_OTHER_SANDBOX is not set');
      return asked(org, { sandboxName: otherSandboxName });
    }),
  },
  {
    what: 'external client app as client id',
    tests: 'stand-in; sandboxAuth unconfirmed',
    open: 2,
    ask: answerOf((org) => {
      const { ecaClientId } = org.party;
      if (ecaClientId === undefined) throw new NotObserved('TESTKIT_JIT_ECA_CLIENT_ID is not set');
      return asked(org, { clientId: ecaClientId });
    }),
  },
  {
    what: 'PlatformCLI as client id, with the callback URL of sf',
    tests: 'sandboxAuth',
    facts: [{ status: '200' }],
    ask: answerOf((org) => asked(org, platformCli)),
  },
  {
    what: 'PlatformCLI as client id, with a session of an external client app',
    tests: 'sandboxAuth unconfirmed',
    open: 2,
    ask: answerOf(async (org) => {
      const { ecaClientId, loginUrl } = org.party;
      if (ecaClientId === undefined) throw new NotObserved('TESTKIT_JIT_ECA_CLIENT_ID is not set');
      return org.sandboxAuth(org.session(await org.jwt(loginUrl, { iss: ecaClientId }), 'production'), platformCli);
    }),
  },
  {
    what: 'with a made-up session',
    tests: 'REST errors',
    facts: [{ status: '401', errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
    ask: answerOf(async (org) => org.sandboxAuth({ ...(await org.production()), token: madeUp })),
  },
  {
    what: 'without a session',
    tests: 'REST errors',
    facts: [{ status: '401', errorCode: 'INVALID_SESSION_ID' }],
    ask: answerOf(async (org) => org.sandboxAuth({ instanceUrl: (await org.production()).instanceUrl })),
  },
  {
    what: 'by GET',
    tests: 'stand-in',
    open: 1,
    ask: answerOf(async (org) => org.sandboxAuth(await org.production(), {}, 'GET')),
  },
  {
    what: 'asked of the sandbox itself',
    tests: 'stand-in',
    open: 1,
    ask: answerOf(async (org) => org.sandboxAuth(await org.sandbox())),
  },
];
