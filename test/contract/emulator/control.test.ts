import { expect } from 'chai';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmulatorControl, startEmulator } from '../../../src/emulator/index.js';
import { temporaryDirectory } from '../../support/temporaryDirectory.js';
import { ProtocolClient } from './protocolClient.js';
import { useEmulator } from './useEmulator.js';
import { ownTime } from '../../support/ownTime.js';

const failure = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'no failure', String);

describe('emulator: control API and request log', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });

  it('is closed to whoever has not the token', async () => {
    const { client, info } = emulator;
    expect((await client.send(`${info.controlUrl}/info`, { method: 'POST' })).status).to.equal(401);
    expect(
      (await client.send(`${info.controlUrl}/log`, { method: 'POST', headers: { Authorization: 'Bearer x' } })).text,
    ).not.to.contain('login');
    expect(await failure(new EmulatorControl(info.controlUrl, 'wrong').info())).to.contain('token');
  });

  it('can be driven from elsewhere', async () => {
    const { info } = emulator;
    const control = new EmulatorControl(info.controlUrl, info.controlToken);
    expect(await control.info()).to.deep.equal(info);
    expect(await failure(control.setSandbox('nowhere', {}))).to.contain('no sandbox nowhere');
    expect(await failure(control.setUser('nobody', {}))).to.contain('no user nobody');
    expect(await failure(control.setApp({ clientId: 'nothing' }))).to.contain('no app nothing');
    expect(await failure(control.expireSessions('nowhere'))).to.contain('no live org nowhere');
  });

  it('tells of every request what tests count by, and no secret', async () => {
    const { client, control, info } = emulator;
    await control.clearLog();
    const token = await client.login();
    await client.query(info.productionUrl, token, 'SELECT Id FROM Account');
    await client.jwt(info.http.testUrl, { sub: 'nobody' });
    const log = await control.log();
    expect(
      log.map(({ origin, scheme, method, path, status, authorized }) => [
        origin,
        scheme,
        method,
        path,
        status,
        authorized,
      ]),
    ).to.deep.equal([
      ['login', 'https', 'POST', '/services/oauth2/token', 200, false],
      ['production', 'https', 'GET', '/services/data/v67.0/query', 200, true],
      ['test', 'http', 'POST', '/services/oauth2/token', 400, false],
    ]);
    expect(log[0]).to.include({ grantType: 'jwt-bearer', orgId: info.orgId, username: info.username });
    expect(log[1]).to.include({ soql: 'SELECT Id FROM Account', username: info.username });
    expect(log[2]).not.to.have.property('username');
    expect(log[2]).not.to.have.property('orgId');
    const secrets = await control.issuedSecrets();
    expect(secrets).to.include(token);
    for (const secret of secrets) expect(JSON.stringify(log)).not.to.contain(secret);
  });

  it('logs requests that got no answer with status 0', async () => {
    const { client, control } = emulator;
    await control.clearLog();
    await control.setFault({ times: 1, action: { kind: 'reset' } });
    await failure(client.login());
    expect((await control.log()).map(({ status, fault }) => [status, fault])).to.deep.equal([[0, 'reset']]);
  });
});

describe('emulator: start and stop', () => {
  it('keeps its files to its owner and takes them away', async () => {
    const { info, stop } = await startEmulator({ sandboxes: [] });
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect(info.sandboxes).to.deep.equal([]);
    if (process.platform !== 'win32') {
      expect([info.directory, info.keyFile, info.caFile, info.certificateFile].map(mode)).to.deep.equal([
        0o700, 0o600, 0o600, 0o600,
      ]);
    }
    await stop();
    expect(existsSync(info.directory)).to.equal(false);
  });

  it('runs many times side by side', async () => {
    const emulators = await Promise.all([startEmulator(), startEmulator(), startEmulator()]);
    const ports = emulators.flatMap(({ info }) => [info.loginUrl, info.testUrl, info.productionUrl, info.controlUrl]);
    expect(new Set(ports).size).to.equal(12);
    const [first, second] = emulators;
    await first.control.refreshSandbox('uat', { complete: true });
    expect((await second.control.info()).sandboxes).to.deep.equal(second.info.sandboxes);
    expect(await failure(new ProtocolClient(first.info).jwt(second.info.loginUrl))).to.contain('Error');
    await Promise.all(emulators.map((emulator) => emulator.stop()));
  });

  it('stops at once in the middle of requests', async () => {
    const { info, control, stop } = await startEmulator({ latencyMs: 60_000 });
    const client = new ProtocolClient(info);
    const waiting = failure(client.login());
    while ((await control.log()).length === 0);
    const milliseconds = ownTime();
    await stop();
    expect(await waiting).to.match(/socket hang up|ECONNRESET/);
    expect(milliseconds()).to.be.lessThan(1000);
  });

  it('takes the port it is given, and fails when it cannot', async () => {
    const first = await startEmulator();
    const port = Number(new URL(first.info.loginUrl).port);
    expect(await failure(startEmulator({ port }))).to.contain('EADDRINUSE');
    await first.stop();
    const second = await startEmulator({ port });
    expect(second.info.loginUrl).to.equal(first.info.loginUrl);
    await second.stop();
  });

  it('passes on the authorities that were trusted before, and switches a proxy off', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'company.pem');
    writeFileSync(file, 'the company authority\n');
    const { NODE_EXTRA_CA_CERTS, HTTPS_PROXY } = process.env;
    process.env['NODE_EXTRA_CA_CERTS'] = file;
    process.env['HTTPS_PROXY'] = 'http://proxy.example';
    try {
      const { info, stop } = await startEmulator();
      const bundle = readFileSync(info.caFile, 'utf8');
      await stop();
      expect(bundle).to.match(/^-----BEGIN CERTIFICATE-----[^]*the company authority\n$/);
      expect(info.environment).to.include({ NODE_EXTRA_CA_CERTS: info.caFile, https_proxy: '' });
    } finally {
      for (const [name, value] of Object.entries({ NODE_EXTRA_CA_CERTS, HTTPS_PROXY })) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      await directory.remove();
    }
  });
});
