import { randomBytes } from 'node:crypto';
import { type Conversation, madeUp, NotObserved, type Session } from '../conversation.js';
import { answerOf, type Observation, rowsOf, type Seen } from './observation.js';

const invalidSession = { status: '401', errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' };

/** Names of `SandboxProcess.Status` in docs/salesforce.md, Status of a copy; others begin with `Del`. */
const knownStatuses = ['Pending', 'Processing', 'Sampling', 'Activating', 'Pending Activation', 'Completed', 'D', 'E'];

async function statuses(org: Conversation): Promise<Seen> {
  const reply = await org.query(await org.production(), 'SELECT Status FROM SandboxProcess LIMIT 2000', '/tooling');
  const { records } = Object(reply.json) as { records?: Array<{ Status?: unknown }> };
  if (reply.status !== 200 || !Array.isArray(records)) return { shape: org.shape.answer(reply) };
  const seen = [...new Set(records.map(({ Status: status }) => String(status)))].sort();
  const unknown = seen.filter((status) => !knownStatuses.includes(status) && !status.startsWith('Del'));
  return {
    shape: { status: '200', 'statuses that docs/salesforce.md does not have': unknown.join(', ') || 'none' },
    notes: [`statuses that were there: ${seen.join(', ') || 'none'}`],
  };
}

async function sandboxOrganization(org: Conversation): Promise<Seen> {
  const soql = `SELECT SandboxOrganization FROM SandboxProcess WHERE SandboxName = '${org.party.sandboxName}' AND Status = 'Completed' ORDER BY CreatedDate DESC LIMIT 1`;
  const reply = await org.query(await org.production(), soql, '/tooling');
  const { records } = Object(reply.json) as { records?: Array<{ SandboxOrganization?: unknown }> };
  const id = records?.[0]?.SandboxOrganization;
  if (typeof id !== 'string') return { shape: org.shape.rows(reply) };
  return { shape: { status: '200', 'characters of SandboxOrganization': String(id.length) } };
}

async function organization(org: Conversation, session: Session): Promise<Seen> {
  const fields =
    'Id, Name, InstanceName, IsSandbox, TrialExpirationDate, OrganizationType, NamespacePrefix, CreatedDate';
  const reply = await org.query(session, `SELECT ${fields} FROM Organization`);
  const { records } = Object(reply.json) as { records?: Array<{ IsSandbox?: unknown }> };
  return { shape: { ...org.shape.rows(reply), IsSandbox: String(records?.[0]?.IsSandbox) } };
}

const processFields =
  'Id, Status, SandboxName, SandboxInfoId, LicenseType, CreatedDate, CreatedById, CopyProgress, SandboxOrganization, SourceId, Description, EndDate, Features';

function processesNamed(name: (org: Conversation) => string): Observation['ask'] {
  return rowsOf(async (org) => {
    const where = `SandboxName = '${name(org)}' ORDER BY CreatedDate DESC`;
    const soql = `SELECT ${processFields} FROM SandboxProcess WHERE ${where}`;
    return org.query(await org.production(), soql, '/tooling');
  });
}

async function ownLogins(org: Conversation): Promise<Seen> {
  const session = await org.production();
  const users = await org.query(session, `SELECT Id FROM User WHERE Username = '${org.party.username}'`);
  const id = (Object(users.json) as { records?: Array<{ Id?: unknown }> }).records?.[0]?.Id;
  if (typeof id !== 'string')
    throw new NotObserved(`needs the id of the user, and the query was ${org.inShort(users)}`);
  const soql = `SELECT LoginTime, LoginType, Status, Application, SourceIp, LoginUrl FROM LoginHistory WHERE UserId = '${id}' ORDER BY LoginTime DESC LIMIT 1`;
  const reply = await org.query(session, soql);
  const { records } = Object(reply.json) as { records?: Array<{ LoginType?: unknown }> };
  return { shape: { ...org.shape.rows(reply), LoginType: String(records?.[0]?.LoginType) } };
}

/** What an answer says of the id that its request came with. */
async function chosenId(org: Conversation): Promise<Seen> {
  const { token, instanceUrl } = await org.production();
  const sent = randomBytes(16).toString('hex');
  const reply = await org.send(`${instanceUrl}/services/data`, {
    headers: { authorization: `Bearer ${token}`, 'x-sfdc-request-id': sent },
  });
  const answered = reply.headers['x-sfdc-request-id'];
  const words = answered === undefined ? 'absent' : answered === sent ? 'the one that was sent' : 'another';
  return { shape: { status: String(reply.status), 'header x-sfdc-request-id': words } };
}

/** Queries, and refusals of the REST API (Status of a copy, REST errors, Sandbox records). */
export const restAnswers: readonly Observation[] = [
  {
    what: 'Organization of production',
    tests: 'Sandbox records',
    facts: [{ IsSandbox: 'false' }],
    ask: async (org) => organization(org, await org.production()),
  },
  {
    what: 'Organization of the sandbox',
    tests: 'Sandbox records',
    facts: [{ IsSandbox: 'true' }],
    ask: async (org) => organization(org, await org.sandbox()),
  },
  {
    what: 'SandboxProcess of the sandbox',
    tests: 'Status of a copy',
    facts: [{ status: '200', rows: 'some' }],
    ask: processesNamed((org) => org.party.sandboxName),
  },
  {
    what: 'SandboxProcess by the name in lower case',
    tests: 'stand-in',
    ask: processesNamed((org) => org.party.sandboxName.toLowerCase()),
  },
  { what: 'values of SandboxProcess.Status', tests: 'Status of a copy', open: 5, ask: statuses },
  {
    what: 'length of SandboxOrganization',
    tests: 'Status of a copy',
    facts: [{ 'characters of SandboxOrganization': '15' }],
    ask: sandboxOrganization,
  },
  {
    what: 'SandboxInfo of the sandbox',
    tests: 'Status of a copy',
    facts: [{ status: '200', rows: 'some' }],
    ask: rowsOf(async (org) => {
      const soql = `SELECT Id, SandboxName, CreatedById, CreatedDate, LastModifiedById FROM SandboxInfo WHERE SandboxName = '${org.party.sandboxName}'`;
      return org.query(await org.production(), soql, '/tooling');
    }),
  },
  {
    what: 'SandboxInfo in the sandbox',
    tests: 'stand-in',
    ask: rowsOf(async (org) => org.query(await org.sandbox(), 'SELECT Id FROM SandboxInfo LIMIT 1', '/tooling')),
  },
  {
    what: 'Login History of the own user',
    tests: 'Login History',
    facts: [{ status: '200', rows: 'some', LoginType: 'Remote Access 2.0' }],
    ask: ownLogins,
  },
  { what: 'request id that the client chose', tests: 'Logs', open: 7, ask: chosenId },
  {
    what: 'query that is no SOQL',
    tests: 'stand-in',
    ask: async (org) => {
      const { message: _, ...shape } = org.shape.answer(await org.query(await org.production(), 'SELECT'));
      return { shape };
    },
  },
  {
    what: 'query of an object that does not exist',
    tests: 'REST errors',
    facts: [{ errorCode: 'INVALID_TYPE' }],
    ask: async (org) => {
      const reply = await org.query(await org.production(), 'SELECT Id FROM JitNoSuchObject');
      const { message: _, ...shape } = org.shape.answer(reply);
      return { shape };
    },
  },
  {
    what: 'resource that does not exist',
    tests: 'REST errors',
    facts: [{ status: '404', errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
    ask: answerOf(async (org) => org.rest(await org.production(), '/jitNoSuchResource')),
  },
  {
    what: 'made-up session',
    tests: 'REST errors',
    facts: [invalidSession],
    ask: answerOf(async (org) => org.rest({ ...(await org.production()), token: madeUp }, '/limits')),
  },
  {
    what: "production's session at the sandbox",
    tests: 'REST errors',
    facts: [invalidSession],
    ask: answerOf(async (org) => {
      const { token } = await org.production();
      return org.rest({ token, instanceUrl: (await org.sandbox()).instanceUrl }, '/limits');
    }),
  },
  {
    what: 'call to the login host',
    tests: 'REST errors, status unconfirmed',
    ask: answerOf(async (org) => {
      const { token, instanceUrl } = await org.production();
      const { loginUrl } = org.party;
      if (loginUrl === instanceUrl) throw new NotObserved("the login URL is the org's own host");
      return org.rest({ token, instanceUrl: loginUrl }, '/limits');
    }),
  },
  {
    what: 'userinfo',
    tests: 'stand-in',
    facts: [{ status: '200', 'field user_id': 'text', 'field organization_id': 'text' }],
    ask: answerOf(async (org) => {
      const { instanceUrl, token } = await org.production();
      return org.get(`${instanceUrl}/services/oauth2/userinfo`, token);
    }),
  },
  {
    what: 'userinfo with a made-up session',
    tests: 'stand-in',
    ask: answerOf(async (org) => org.get(`${(await org.production()).instanceUrl}/services/oauth2/userinfo`, madeUp)),
  },
];

/** One session that is revoked and then used again. */
export const revocations: readonly Observation[] = revocationsOfOne();

function revocationsOfOne(): Observation[] {
  const opened = new WeakMap<Conversation, Session>();
  const session = (org: Conversation): Session => {
    const open = opened.get(org);
    if (!open) throw new NotObserved('needs the session that the step before revoked');
    return open;
  };
  return [
    {
      what: 'revoking an access token',
      tests: 'stand-in',
      facts: [{ status: '200' }],
      ask: answerOf(async (org) => {
        const open = org.session(await org.jwt(org.party.loginUrl), 'production');
        opened.set(org, open);
        return org.revoke(open.instanceUrl, open.token);
      }),
    },
    {
      what: 'REST call after that',
      tests: 'REST errors',
      facts: [invalidSession],
      ask: answerOf((org) => org.rest(session(org), '/limits')),
    },
    {
      what: 'userinfo after that',
      tests: 'stand-in',
      ask: answerOf((org) => org.get(`${session(org).instanceUrl}/services/oauth2/userinfo`, session(org).token)),
    },
    {
      what: 'revoking it again',
      tests: 'stand-in',
      ask: answerOf((org) => org.revoke(session(org).instanceUrl, session(org).token)),
    },
    {
      what: 'revoking a made-up token',
      tests: 'stand-in; words unconfirmed',
      ask: answerOf(async (org) => org.revoke((await org.production()).instanceUrl, madeUp)),
    },
  ];
}
