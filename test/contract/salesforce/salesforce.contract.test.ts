import { createPrivateKey } from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { signingKey } from '../../../src/keys/signingKey.js';
import type { JitFailure } from '../../../src/failures/failures.js';
import { withTimeLimit } from '../../../src/files/io/timeLimit.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import type { Emulator } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import type { FaultAction } from '../../../src/emulator/index.js';
import { rejection } from '../../support/rejection.js';
import type { OrgContext, JwtLoginRequest, RefreshRequest, Session } from '../../../src/salesforce/salesforce.js';
import { ownTime } from '../../support/ownTime.js';

const callbackUrl = 'http://localhost:1717/OauthRedirect';

/** The adapter against the stand-in, over its HTTP twins: this process cannot be made to trust a certificate after its start. */
describe('Salesforce: the adapter against the stand-in', () => {
  let emulator: Emulator;
  let login: JwtLoginRequest;
  let context: OrgContext;
  before(async () => {
    emulator = await startEmulator({ sandboxes: ['uat', 'dev'] });
    const { username, clientId, keyFile, http } = emulator.info;
    const key = signingKey(createPrivateKey(await readFile(keyFile, 'utf8')));
    login = { loginUrl: http.loginUrl, clientId, username, key };
    context = { org: `production org ${username}`, side: 'production', user: username, production: username };
  });
  after(() => emulator.stop());
  beforeEach(async () => {
    await emulator.control.clearFaults();
    await emulator.control.clearLog();
  });

  const openProduction = async (): Promise<Session> => ({
    ...(await salesforce.jwtLogin(login, context)),
    instanceUrl: emulator.info.http.productionUrl,
  });
  const paths = async (): Promise<string[]> =>
    (await emulator.control.log()).map(({ method, path }) => `${method} ${path.split('?')[0]}`);

  it('logs in by JWT with one request', async () => {
    const grant = await salesforce.jwtLogin(login, context);
    expect(grant).to.include({ orgId: emulator.info.orgId });
    expect(grant.userId).to.match(/^005/);
    expect(await paths()).to.deep.equal(['POST /services/oauth2/token']);
  });

  it('keeps the first refusal with its cause, and asks no other host', async () => {
    const failure = await rejection(salesforce.jwtLogin({ ...login, username: 'nobody@acme.example' }, context));
    expect(failure.facts).to.include({ org: context.org, host: new URL(login.loginUrl).host });
    expect(failure.facts.answer).to.contain('invalid_grant');
    expect(await paths()).to.have.length(1);
  });

  it('finds users by name or by id, whatever signs the name has', async () => {
    const session = await openProduction();
    const odd = "o'neil\\x@acme.example";
    const { userId } = await emulator.control.createUser({ username: odd });
    const [found, ...others] = await salesforce.users(session, { username: odd }, context);
    expect([found, others]).to.deep.equal([{ id: userId, username: odd, name: found?.name }, []]);
    const both = await salesforce.users(
      session,
      { username: login.username, ids: [userId, '0055g00000nobodyAAA'] },
      context,
    );
    expect(both.map(({ username }) => username).sort()).to.deep.equal([login.username, odd].sort());
  });

  describe('renewing by a refresh token', () => {
    const app = { clientId: 'PlatformCLI' };
    const renewal = async (): Promise<RefreshRequest> => {
      const { refreshToken } = await emulator.control.issueTokens(login.username);
      await emulator.control.clearLog();
      return { ...app, loginUrl: emulator.info.http.productionUrl, refreshToken };
    };
    afterEach(async () => {
      await emulator.control.setApp({ ...app, rotatesRefreshTokens: false, clientSecret: null });
    });

    it('gets a session by one request, and no other refresh token', async () => {
      const grant = await salesforce.refresh(await renewal(), context);
      expect(grant).to.include({ orgId: emulator.info.orgId }).and.to.not.have.property('refreshToken');
      const session = { ...grant, instanceUrl: emulator.info.http.productionUrl };
      expect(await salesforce.organization(session, context)).to.include({ kind: 'production' });
      expect((await paths())[0]).to.equal('POST /services/oauth2/token');
      expect(await paths()).to.have.length(2);
    });

    it('gets the refresh token that takes the place of the one that was sent', async () => {
      await emulator.control.setApp({ ...app, rotatesRefreshTokens: true });
      const sent = await renewal();
      const { refreshToken = '' } = await salesforce.refresh(sent, context);
      expect(refreshToken).to.not.be.oneOf(['', sent.refreshToken]);
      expect((await rejection(salesforce.refresh(sent, context))).name).to.equal('RefreshTokenInvalid');
      expect(await salesforce.refresh({ ...sent, refreshToken }, context)).to.have.property('accessToken');
    });

    it('sends the secret of the app', async () => {
      await emulator.control.setApp({ ...app, clientSecret: 'hush' });
      const sent = await renewal();
      expect((await rejection(salesforce.refresh(sent, context))).name).to.equal('ClientSecretRequired');
      expect(await salesforce.refresh({ ...sent, clientSecret: 'hush' }, context)).to.have.property('accessToken');
    });

    it('shows neither the refresh token nor a control character of an answer that repeats them', async () => {
      const sent = await renewal();
      const body = `Service \u001b]0;pwned\u0007 refresh_token=${sent.refreshToken} and ${sent.refreshToken}`;
      await emulator.control.setFault({
        path: 'token$',
        action: { kind: 'answer', status: 503, contentType: 'text/plain', body },
      });
      const failure = await rejection(salesforce.refresh(sent, context));
      expect(failure.name).to.equal('ServerUnavailable');
      expect(failure.facts.answer).to.match(/^Service \]0;pwned refresh_token=\[hidden\]/);
      expect(JSON.stringify([failure.facts, failure.cause, failure.stack])).to.not.contain(sent.refreshToken);
    });
  });

  it('tells a production org by its Organization record', async () => {
    const session = await openProduction();
    expect(await salesforce.organization(session, context)).to.include({
      kind: 'production',
      orgId: emulator.info.orgId,
    });
  });

  it('refuses a server whose certificate it does not trust', async () => {
    const failure = await rejection(salesforce.jwtLogin({ ...login, loginUrl: emulator.info.loginUrl }, context));
    expect(failure.name).to.equal('TlsUntrusted');
    expect(await paths()).to.deep.equal([]);
  });

  it('tells when the host of a new copy is not in DNS yet, without a request', async () => {
    const failure = await rejection(
      salesforce.checkHost('https://no-such-host.invalid', { ...context, org: 'sandbox uat' }),
    );
    expect(failure.name).to.equal('HostNotFound');
    expect(failure.facts).to.include({ org: 'sandbox uat', host: 'no-such-host.invalid' });
    await salesforce.checkHost(emulator.info.productionUrl, context);
    expect(await paths()).to.deep.equal([]);
  });

  it('asks for a sandbox with one request', async () => {
    const session = await openProduction();
    const request = { sandboxName: 'uat', clientId: login.clientId, callbackUrl };
    const vouched = await salesforce.sandboxAuth(session, request, context);
    expect(vouched.authUserName).to.equal(`${login.username}.uat`);
    expect(await paths()).to.deep.equal([
      'POST /services/oauth2/token',
      'POST /services/data/v60.0/tooling/sandboxAuth',
    ]);
  });

  it('lists every copy, newest first, page by page', async () => {
    const states = await salesforce.sandboxStates(await openProduction(), context);
    expect(states.map(({ sandboxName }) => sandboxName)).to.have.members(['uat', 'dev']);
    expect(states[0]).to.include({ status: 'Completed' });
    expect(states[0]?.sandboxOrgId).to.match(/^00D/);
    expect(states[0]?.createdById).to.match(/^005/);
  });

  const faults: Array<[string, FaultAction, string]> = [
    [
      'an HTML page instead of JSON',
      { kind: 'answer', status: 200, contentType: 'text/html', body: '<html><b>Hi</b></html>' },
      'UnexpectedAnswer',
    ],
    [
      'JSON of another shape',
      { kind: 'answer', status: 200, contentType: 'application/json', body: '{"a":1}' },
      'SandboxAuthFailed',
    ],
    ['JSON null', { kind: 'answer', status: 200, contentType: 'application/json', body: 'null' }, 'UnexpectedAnswer'],
    [
      'maintenance',
      { kind: 'answer', status: 503, contentType: 'text/html', body: '<h1>Down for maintenance</h1>' },
      'ServerUnavailable',
    ],
    ['a redirect to another host', { kind: 'redirect', location: 'https://evil.example/' }, 'RedirectRefused'],
    ['a reset connection', { kind: 'reset' }, 'ConnectionFailed'],
    ['a body that is cut off', { kind: 'truncate' }, 'ConnectionFailed'],
  ];
  for (const [title, action, name] of faults) {
    it(`ends in ${name} for ${title}, after one request`, async () => {
      const session = await openProduction();
      await emulator.control.clearLog();
      await emulator.control.setFault({ path: 'sandboxAuth', action });
      const request = { sandboxName: 'uat', clientId: login.clientId, callbackUrl };
      const failure = await rejection(salesforce.sandboxAuth(session, request, context));
      expect(failure.name).to.equal(name);
      expect(await paths()).to.have.length(1);
    });
  }

  const json = (body: unknown): FaultAction => ({
    kind: 'answer',
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(body),
  });

  it('takes no row that is not what was asked for', async () => {
    const session = await openProduction();
    const copy = { Id: '0GR1', SandboxName: 'uat', Status: 'Completed', CreatedDate: '2026-11-01T00:00:00.000+0000' };
    for (const row of [null, 7, {}, { ...copy, SandboxName: {} }, { ...copy, Status: null }]) {
      await emulator.control.setFault({ path: 'query', action: json({ records: [row] }) });
      expect((await rejection(salesforce.sandboxStates(session, context))).name).to.equal('UnexpectedAnswer');
      expect((await rejection(salesforce.organization(session, context))).name).to.equal('UnexpectedAnswer');
      await emulator.control.clearFaults();
    }
    await emulator.control.setFault({ path: 'query', action: json({ records: [copy] }) });
    expect(await salesforce.sandboxStates(session, context)).to.have.length(1);
  });

  it('takes no list that never ends', async () => {
    const session = await openProduction();
    const nextRecordsUrl = '/services/data/v60.0/tooling/query/0r8-2000';
    await emulator.control.setFault({ path: 'query', action: json({ records: [], nextRecordsUrl }) });
    expect((await rejection(salesforce.sandboxStates(session, context))).name).to.equal('UnexpectedAnswer');
    expect(await paths()).to.have.length(101);
  });

  it('takes no username that could be a path or forge output', async () => {
    const session = await openProduction();
    const vouched = { authCode: 'c0de', instanceUrl: 'https://uat.example', loginUrl: 'https://uat.example' };
    const request = { sandboxName: 'uat', clientId: login.clientId, callbackUrl };
    const names = [
      '../../admin@acme.example',
      'admin',
      'a\u001b[31m@acme.example',
      'a\u202e@acme.example',
      '\ud800@acme.example',
    ];
    for (const authUserName of [...names, `${'a'.repeat(300)}@acme.example`]) {
      await emulator.control.setFault({ path: 'sandboxAuth', action: json({ ...vouched, authUserName }) });
      expect((await rejection(salesforce.sandboxAuth(session, request, context))).name).to.equal('SandboxAuthFailed');
      await emulator.control.clearFaults();
    }
  });

  it('sends nothing to an address at which others could listen', async () => {
    const session = await openProduction();
    const there = 'http://uat.example';
    const request = { sandboxName: 'uat', clientId: login.clientId, callbackUrl };
    const vouched = { authUserName: 'admin@acme.example.uat', authCode: 'c0de', instanceUrl: there, loginUrl: there };
    await emulator.control.setFault({ path: 'sandboxAuth', action: json(vouched) });
    expect((await rejection(salesforce.sandboxAuth(session, request, context))).name).to.equal('SandboxAuthFailed');
    await emulator.control.clearFaults();
    const id = 'https://login.example/id/00D5g0000000001EAA/0055g0000000001AAA';
    await emulator.control.setFault({
      path: 'token$',
      action: json({ access_token: 't0ken', instance_url: there, id }),
    });
    expect((await rejection(openProduction())).name).to.equal('UnexpectedAnswer');
    await emulator.control.clearFaults();
  });

  for (const limit of ['1001', '16100.5', '3000000000']) {
    it(`takes any HTTP_TIMEOUT for milliseconds: ${limit}`, async () => {
      const session = await openProduction();
      process.env['HTTP_TIMEOUT'] = limit;
      try {
        expect(await salesforce.organization(session, context)).to.include({ kind: 'production' });
      } finally {
        delete process.env['HTTP_TIMEOUT'];
      }
    });
  }

  describe('gives up', () => {
    const session: Session = { accessToken: 't', instanceUrl: 'https://acme.example', orgId: '00D5g0000000001EAA' };
    const { lookup } = dns;
    afterEach(() => {
      delete process.env['HTTP_TIMEOUT'];
      dns.lookup = lookup;
    });

    /** What a request ends with, the seconds that it took, and the milliseconds of this process's own time. */
    const ending = async (
      request: Promise<unknown>,
    ): Promise<{ failure: JitFailure; seconds: number; own: number }> => {
      const started = performance.now();
      const own = ownTime();
      const failure = await rejection(request);
      return { failure, seconds: (performance.now() - started) / 1000, own: own() };
    };
    /** A name server that never answers. */
    const namesHang = (): void => {
      const hanging = (): void => undefined;
      dns.lookup = hanging as unknown as typeof dns.lookup;
    };

    it('when no answer comes within HTTP_TIMEOUT, and names the time that passed', async () => {
      const open = await openProduction();
      await emulator.control.setFault({ path: 'query', action: { kind: 'hang' } });
      process.env['HTTP_TIMEOUT'] = '1200';
      const { failure, seconds } = await ending(salesforce.organization(open, context));
      expect(failure.name).to.equal('Timeout');
      expect(Number(failure.facts.seconds)).to.be.within(1.1, seconds + 0.1);
    });

    it('when the end of an answer does not come', async () => {
      const open = await openProduction();
      const server = createServer((_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      process.env['HTTP_TIMEOUT'] = '300';
      const instanceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { failure, own } = await ending(salesforce.organization({ ...open, instanceUrl }, context));
      server.close().closeAllConnections();
      expect({ name: failure.name, soon: own < 5000 }).to.deep.equal({ name: 'Timeout', soon: true });
    });

    it('when the name of a host is not resolved within HTTP_TIMEOUT', async () => {
      namesHang();
      process.env['HTTP_TIMEOUT'] = '300';
      const { failure, own } = await ending(salesforce.organization(session, context));
      expect({ name: failure.name, soon: own < 5000 }).to.deep.equal({ name: 'Timeout', soon: true });
    });

    it('when no connection is made, sooner than it gives up an answer; the time named is that one', async () => {
      namesHang();
      const { failure, seconds, own } = await ending(salesforce.organization(session, context));
      expect(failure.name).to.equal('Timeout');
      expect(Number(failure.facts.seconds)).to.be.within(9.5, seconds + 0.1);
      expect(own).to.be.below(13_000);
    });

    it('of a connection only after HTTP_TIMEOUT, also when that is longer than fetch itself would wait', async () => {
      namesHang();
      process.env['HTTP_TIMEOUT'] = '13500';
      const { failure, seconds, own } = await ending(salesforce.organization(session, context));
      expect(failure.name).to.equal('Timeout');
      expect(seconds).to.be.at.least(13);
      expect(own).to.be.below(20_000);
    });

    it('with the time limit of the work that it is done for', async () => {
      const open = await openProduction();
      await emulator.control.setFault({ path: 'query', action: { kind: 'hang' } });
      const request = withTimeLimit(AbortSignal.timeout(300), () => salesforce.organization(open, context));
      const { failure, own } = await ending(request);
      expect({ name: failure.name, soon: own < 5000 }).to.deep.equal({ name: 'Timeout', soon: true });
    });
  });
});
