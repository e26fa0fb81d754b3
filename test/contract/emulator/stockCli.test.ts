import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestLogEntry } from '../../../src/emulator/index.js';
import { type ProgramRun, runSf } from '../../support/runSf.js';
import { temporaryDirectory, type TemporaryDirectory } from '../../support/temporaryDirectory.js';
import { useEmulator } from './useEmulator.js';

type Json = { status: number; result: Record<string, unknown>; name?: string; message?: string };

const inShort = ({ origin, method, path, grantType, soql, status }: RequestLogEntry): string =>
  [origin, method, path, grantType ?? soql?.replace(/^SELECT .*? FROM/, 'FROM'), status]
    .filter((part) => part !== undefined)
    .join(' ');

describe('emulator: the stock CLI works against it', function () {
  this.timeout(120_000);
  const emulator = useEmulator({ sandboxes: ['uat'] });
  let home: TemporaryDirectory;
  before(async () => {
    home = await temporaryDirectory();
  });
  after(() => home.remove());
  const sf = (...args: string[]): Promise<ProgramRun> =>
    runSf(args, { home: home.path, env: emulator.info.environment, timeoutMs: 60_000 });
  const requests = async (): Promise<string[]> => {
    const log = await emulator.control.log();
    await emulator.control.clearLog();
    return log.map(inShort);
  };
  /** Not through standard input: for that, sf waits 10 ms of whatever else the machine does. */
  const urlFile = async ({ path }: TemporaryDirectory, url: string): Promise<string> => {
    const file = join(path, 'auth-url.txt');
    await writeFile(file, url, { mode: 0o600 });
    return file;
  };
  const jwtFlags = () => {
    const { username, clientId, keyFile } = emulator.info;
    return ['--username', username, '--client-id', clientId, '--jwt-key-file', keyFile];
  };

  it('sf org login jwt, with 4 requests', async () => {
    const { info } = emulator;
    const run = await sf(
      'org',
      'login',
      'jwt',
      ...jwtFlags(),
      '--instance-url',
      info.loginUrl,
      '--alias',
      'prod',
      '--json',
    );
    expect(run.code, run.stderr + run.stdout).to.equal(0);
    expect(run.json<Json>().result).to.include({ orgId: info.orgId, instanceUrl: info.productionUrl });
    expect(await requests()).to.deep.equal([
      'login POST /services/oauth2/token jwt-bearer 200',
      'production GET /services/data/v51.0/query FROM ScratchOrgInfo limit 1 400',
      'production GET /services/data 200',
      'production GET /services/data/v67.0/query FROM Organization 200',
    ]);
  });

  it('sf org resume sandbox, with 7 requests', async () => {
    const run = await sf('org', 'resume', 'sandbox', '--name', 'uat', '--target-org', 'prod', '--json');
    expect(run.code, run.stderr + run.stdout).to.equal(0);
    expect(run.json<Json>().result).to.include({ SandboxName: 'uat', SandboxUsername: 'admin@acme.example.uat' });
    expect(await requests()).to.deep.equal([
      "production GET /services/data/v67.0/tooling/query FROM SandboxProcess WHERE SandboxName='uat' ORDER BY CreatedDate DESC 200",
      'production POST /services/data/v67.0/tooling/sandboxAuth 200',
      'sandbox:uat POST /services/oauth2/token jwt-bearer 200',
      'sandbox:uat GET /services/data/v51.0/query FROM ScratchOrgInfo limit 1 400',
      'sandbox:uat GET /services/data 200',
      'sandbox:uat GET /services/data/v67.0/query FROM Organization 200',
      'production GET /services/data/v67.0/tooling/query FROM SourceTrackingSettings 200',
    ]);
  });

  it('sf org display', async () => {
    const run = await sf('org', 'display', '--target-org', 'admin@acme.example.uat', '--json');
    expect(run.code, run.stderr).to.equal(0);
    const { orgId, url } = emulator.info.sandboxes[0]!;
    expect(run.json<Json>().result).to.include({ id: orgId, instanceUrl: url, connectedStatus: 'Connected' });
  });

  it('sf org list', async () => {
    const run = await sf('org', 'list', '--json');
    expect(run.code, run.stderr).to.equal(0);
    const { sandboxes } = run.json<{ result: { sandboxes: Array<Record<string, unknown>> } }>().result;
    expect(sandboxes).to.have.length(1);
    expect(sandboxes[0]).to.include({
      username: 'admin@acme.example.uat',
      isSandbox: true,
      connectedStatus: 'Connected',
    });
  });

  it('sf data query, for a table and for JSON', async () => {
    const soql = "SELECT Name FROM Account WHERE Name LIKE 'First%'";
    const flags = ['--query', soql, '--target-org', 'admin@acme.example.uat'];
    const [table, json] = await Promise.all([sf('data', 'query', ...flags), sf('data', 'query', ...flags, '--json')]);
    expect(table.stdout, table.stderr).to.contain('First account of uat copy 1');
    expect(json.json<Json>().result).to.include({ totalSize: 1, done: true });
  });

  it('sf data query, when the session has expired: core logs in again by itself', async () => {
    await emulator.control.expireSessions('sandbox:uat');
    await emulator.control.clearLog();
    const run = await sf(
      'data',
      'query',
      '--query',
      'SELECT Id FROM Account',
      '--target-org',
      'admin@acme.example.uat',
    );
    expect(run.code, run.stderr).to.equal(0);
    expect((await requests())[1]).to.equal('sandbox:uat POST /services/oauth2/token jwt-bearer 200');
  });

  it('sf data query, after a refresh: the stored login of a JWT org finds the new copy', async () => {
    await emulator.control.refreshSandbox('uat', { complete: true });
    const flags = ['--query', 'SELECT Name FROM Account', '--target-org', 'admin@acme.example.uat'];
    const run = await sf('data', 'query', ...flags);
    expect(run.stdout, run.stderr).to.contain('First account of uat copy 2');
  });

  it('sf org login sfdx-url and access-token', async () => {
    const { control, info } = emulator;
    const { sfdxAuthUrl, accessToken } = await control.issueTokens(info.sandboxes[0]!.username);
    const file = await urlFile(home, sfdxAuthUrl);
    const byUrl = await sf('org', 'login', 'sfdx-url', '--json', '--alias', 'byUrl', '--sfdx-url-file', file);
    expect(byUrl.code, byUrl.stdout).to.equal(0);
    const byToken = await runSf(
      ['org', 'login', 'access-token', '--instance-url', info.sandboxes[0]!.url, '--no-prompt', '--json'],
      { home: home.path, env: { ...info.environment, SF_ACCESS_TOKEN: accessToken } },
    );
    expect(byToken.code, byToken.stdout).to.equal(0);
  });

  it('sf org resume sandbox, when the sandbox is not ready: exit code 69 or 68, and no assertion sent', async () => {
    await emulator.control.setSandbox('uat', { status: 'Processing' });
    await emulator.control.clearLog();
    const run = await sf('org', 'resume', 'sandbox', '--name', 'uat', '--target-org', 'prod', '--json');
    expect([68, 69]).to.include(run.code);
    expect((await requests()).some((request) => request.includes('jwt-bearer'))).to.equal(false);
    await emulator.control.setSandbox('uat', { status: 'Completed' });
  });

  it('sf org resume sandbox, from a production org of a web login: core exchanges the code', async () => {
    const { control, info } = emulator;
    const other = await temporaryDirectory();
    const { sfdxAuthUrl } = await control.issueTokens(info.username);
    const run = (...args: string[]): Promise<ProgramRun> =>
      runSf([...args, '--json'], { home: other.path, env: info.environment });
    const file = await urlFile(other, sfdxAuthUrl);
    const login = await run('org', 'login', 'sfdx-url', '--alias', 'web', '--sfdx-url-file', file);
    expect(login.code, login.stdout).to.equal(0);
    await control.clearLog();
    const resume = await run('org', 'resume', 'sandbox', '--name', 'uat', '--target-org', 'web');
    expect(resume.code, resume.stdout).to.equal(0);
    expect(await requests()).to.include('sandbox:uat POST /services/oauth2/token authorization_code 200');
    await other.remove();
  });

  it('sf org logout', async () => {
    const run = await sf('org', 'logout', '--all', '--no-prompt', '--json');
    expect(run.code, run.stderr + run.stdout).to.equal(0);
    expect(readdirSync(`${home.path}/.sfdx`).filter((name) => name.startsWith('admin@'))).to.deep.equal([]);
  });
});
