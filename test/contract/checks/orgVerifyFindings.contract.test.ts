import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitOrgVerifyResult } from '../../../src/commands/jit/org/verify.js';
import { certificates } from '../../../src/keys/io/certificates.js';
import { inParallel, leavesNoSecret, type Stage, useStage } from '../../support/stage.js';
import type { StageSfOptions } from '../../support/stage.js';
import { refused, sfconnect, statuses, verified, verify } from '../../support/verifications.js';

const questions = ['production data', 'production query Organization', 'production query SandboxProcess'];

/*
 * What the login test finds where the login works, and what it says of the machine besides. Refusals and bad keys are in `orgVerify.contract.test.ts`.
 */
describe('org verify, by source of the credentials', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  const withoutKey = ({ info }: Stage): string =>
    `--username ${info.username} --client-id ${info.clientId} --instance-url ${info.loginUrl}`;

  /** What every good answer about production says. */
  function expectGood(stage: Stage, result: JitOrgVerifyResult, source: string): void {
    const { checks, requestId: _, ...org } = result;
    expect(org).to.deep.equal({
      authenticated: true,
      source,
      instanceUrl: stage.info.productionUrl,
      apiVersion: source === 'config-file' ? 'v59.0' : 'v67.0',
      username: stage.info.username,
      orgId: stage.info.orgId,
      orgKind: 'production',
    });
    expect(checks.filter(({ status }) => status !== 'pass')).to.deep.equal([]);
    expect(checks.map(({ name }) => name)).to.include.members([
      'credentials',
      'key',
      'org',
      'sandboxes',
      'app',
      'clock',
    ]);
  }

  it('tests flags: a key file, standard input, a variable by name', async () => {
    const { stage } = on;
    const key = await stage.key();
    const ways: Array<[string, StageSfOptions]> = [
      [`--jwt-key-file ${stage.info.keyFile}`, { inSf: true }],
      ['--jwt-key-file -', { input: key }],
      ['--jwt-key-env PROD_KEY', { env: { PROD_KEY: Buffer.from(key).toString('base64') } }],
    ];
    for (const [flags, options] of ways) {
      expectGood(stage, await verified(stage, `${withoutKey(stage)} ${flags}`, options), 'flags');
      expect(await stage.requests()).to.deep.equal(['login token jwt-bearer', ...questions]);
    }
  });

  it('tests a .sfconnect.json: in the folder, in the project above it, and named', async () => {
    const { stage } = on;
    const project = await stage.project();
    const path = await sfconnect(stage, project);
    for (const cwd of [project, join(project, 'force-app')]) {
      expectGood(stage, await verified(stage, '', { cwd }), 'config-file');
    }
    const env = { SF_USERNAME: 'other@acme.example' };
    const result = await verified(stage, `--config-file ${path}`, { env, inSf: true });
    expectGood(stage, result, 'config-file');
    expect(result.checks.find(({ name }) => name === 'config-file')?.message).to.contain(path);
  });

  it('takes flags before the environment, the environment before the file, the file before the registration', async () => {
    const { stage } = on;
    const { info } = stage;
    const project = await stage.project();
    await sfconnect(stage, project, { username: 'file@acme.example' });
    await stage.registerProduction();
    const env = { SF_USERNAME: 'env@acme.example', SF_CLIENT_ID: info.clientId, SF_INSTANCE_URL: info.loginUrl };
    const orders: Array<[args: string, options: StageSfOptions, username: string, source: string]> = [
      [`${withoutKey(stage).replace(info.username, 'flag@acme.example')} --jwt-key-env K`, { env }, 'flag', 'flags'],
      ['', { env: { ...env, SF_PRIVATE_KEY: 'no key at all' } }, 'env', 'environment'],
      ['', { env: { SF_USERNAME: 'env@acme.example' } }, 'file', 'config-file'],
    ];
    await inParallel(orders, async ([args, options, username, source]) => {
      const run = await stage.sf(`${verify} ${args} --json`, { ...options, cwd: project });
      expect(run.json<{ result: object }>().result).to.include({ username: `${username}@acme.example`, source });
    });
    expectGood(stage, await verified(stage, '-p prod', { cwd: project }), 'registration');
    expectGood(stage, await verified(stage, ''), 'registration');
  });

  it('tests the session that sf has stored, for an org that sf logged in to, and renews it once', async () => {
    const { stage } = on;
    await stage.newHome();
    const { sfdxAuthUrl } = await stage.control.issueTokens(stage.info.username);
    // from a file: on a busy machine sf gives up on standard input before it is there
    await stage.ok(`org login sfdx-url --sfdx-url-file ${await stage.file('web.txt', sfdxAuthUrl)} --alias web`);
    await stage.ok('jit org register --target-org web --alias prod');
    await stage.requests();
    const result = await verified(stage, '-p prod');
    expectGood(stage, result, 'registration');
    expect(await stage.requests()).to.deep.equal(questions);
    expect(result.checks.find(({ name }) => name === 'app')?.message).to.contain('PlatformCLI');

    await stage.control.setApp({ clientId: 'PlatformCLI', rotatesRefreshTokens: true });
    await stage.control.expireSessions('production');
    await stage.ok(`${verify} -p prod`);
    const renewal = 'production token refresh_token';
    expect((await stage.requests()).filter((request) => request === renewal)).to.have.lengthOf(1);
    await stage.ok(`data query -q 'SELECT Id FROM User' -o web`);
    expect(await stage.requests(), 'sf uses what the plugin stored').to.not.include(renewal);
    await stage.control.expireSessions('production');
    await stage.ok(`data query -q 'SELECT Id FROM User' -o web`);
    expect(await stage.requests(), 'the rotated refresh token too').to.include(renewal);
    await stage.control.setApp({ clientId: 'PlatformCLI', rotatesRefreshTokens: false });
  });

  it('prints the four lines first, and a line for each check', async () => {
    const { stage } = on;
    const run = await stage.sf(`${verify} ${stage.jwtFlags()}`, { inSf: true });
    expect(run.stderr).to.equal('');
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines.slice(0, 4)).to.deep.equal([
      '✓ Authentication successful!',
      `✓ Instance URL: ${stage.info.productionUrl}`,
      '✓ API Version: v67.0',
      `✓ User: ${stage.info.username}`,
    ]);
    expect(
      lines.slice(4).every((line) => /^[✓⚠✗] \S/.test(line)),
      run.stdout,
    ).to.equal(true);
  });

  it("tests a sandbox's own configuration, and says what kind of org it is", async () => {
    const { stage } = on;
    const { username, url, orgId } = await stage.sandbox('uat');
    const result = await verified(stage, stage.jwtFlags({ username, loginUrl: stage.info.testUrl }));
    expect(result).to.include({ orgKind: 'sandbox', orgId, instanceUrl: url, username });
    expect(statuses(result)).to.include({ org: 'pass' }).and.to.not.have.property('sandboxes');
  });

  it('logs in from a .sfconnect.json, with neither registration nor variables', async () => {
    const { stage } = on;
    const project = await stage.project();
    await sfconnect(stage, project, { algoritm: 'RS256' });
    await stage.newHome();
    const login = await stage.okJson('jit sandbox login -n uat', { cwd: project });
    expect(login.result).to.have.nested.property('sandboxes[0].status', 'logged-in');
    expect(login.warnings.join()).to.contain('"algoritm"').and.to.contain('"algorithm"');
    const registered = await stage.okJson<object>('jit org register --alias prod', { cwd: project });
    expect(registered.result).to.deep.include({ key: { source: 'file', path: stage.info.keyFile } });
    expect(registered.warnings.join()).to.contain('"algoritm"');
    await stage.newHome();
    await stage.ok(`jit org register --config-file ${join(project, '.sfconnect.json')} --alias named`);
    expect((await stage.registry()).productionOrgs.map(({ alias }) => alias)).to.deep.equal(['named']);
  });

  leavesNoSecret(on);
});

describe('org verify, what it finds besides', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  /** An app of its own with a certificate that is valid from so many days before to so many days after now. @returns flags */
  async function appWith(stage: Stage, name: string, from: number, to: number): Promise<string> {
    const now = new Date(Date.now() + from * 86_400_000);
    const pair = await certificates.create({ keySize: 2048, days: to - from, subject: { commonName: name }, now });
    const key = await stage.file(`${name}.key`, pair.key);
    await stage.file(`${name}.crt`, pair.certificate);
    const { clientId } = await stage.control.createApp({ label: name, certificate: pair.certificate });
    return stage.jwtFlags().replace(stage.info.keyFile, key).replace(stage.info.clientId, clientId);
  }

  it('warns of a certificate that ends soon, of one of another key, of an open key file, of a user without sandboxes', async () => {
    const { stage } = on;
    const { control, info } = stage;
    const soonFlags = await appWith(stage, 'soon', -300, 20);
    const open = await stage.file('open.key', await stage.key());
    await chmod(open, 0o644);
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const other = await stage.file('other.key', foreign.export({ type: 'pkcs8', format: 'pem' }).toString());
    execFileSync('openssl', [
      'req',
      '-new',
      '-x509',
      '-key',
      other,
      '-subj',
      '/CN=x',
      '-out',
      join(stage.folder, 'open.crt'),
    ]);
    await control.createUser({ username: 'plain@acme.example', managesSandboxes: false });
    const flags = (key: string, username = info.username): string =>
      stage.jwtFlags({ ...info, username }).replace(info.keyFile, key);
    const [soon, ofOther, plain] = await inParallel(
      [soonFlags, flags(open), flags(info.keyFile, 'plain@acme.example')],
      async (args) => verified(stage, args),
    );
    expect(statuses(soon!)).to.include({ certificate: 'warn', key: 'pass' });
    expect(soon!.checks.find(({ name }) => name === 'certificate')?.message).to.match(/in (19|20) days/);
    expect(statuses(ofOther!)).to.include({ certificate: 'warn', 'key-file-mode': 'warn' });
    expect(statuses(plain!)).to.include({ sandboxes: 'warn', org: 'pass' });
  });

  it('warns of a clock that is off, of variables that sf logs, of TLS that checks nothing, and shows proxies without password', async () => {
    const { stage } = on;
    const { control } = stage;
    await control.setClockSkew(-600);
    const skewed = await verified(stage, stage.jwtFlags());
    await control.setClockSkew(0);
    expect(statuses(skewed)).to.include({ clock: 'warn' });
    const env = {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      SF_PRIVATE_KEY_PASSPHRASE: 'harmless',
      HTTPS_PROXY: `http://me:${stage.secret('pr0xy-password')}@127.0.0.1:9`,
      NO_PROXY: 'localhost,127.0.0.1',
    };
    const checks = (await verified(stage, stage.jwtFlags(), { env, inSf: true })).checks;
    expect(statuses({ checks })).to.include({ ca: 'warn', 'private-key-variable': 'warn', proxy: 'pass' });
    expect(checks.find(({ name }) => name === 'proxy')?.message)
      .to.contain('http://127.0.0.1:9')
      .and.not.contain('me:');
  });

  it('explains a refused login by the certificate beside the key, when that has expired', async () => {
    const { stage } = on;
    const { result } = await refused(stage, 'CertificateExpired', await appWith(stage, 'old', -400, -35));
    expect(statuses(result)).to.include({ certificate: 'fail' });
  });

  it('does not try again when the app is blocked, nor when a new session is refused as expired', async () => {
    const { stage } = on;
    await stage.control.setApp({ apiBlocked: true });
    await stage.requests();
    const { result } = await refused(stage, 'ApiAccessBlocked', stage.jwtFlags());
    expect(statuses(result)).to.include({ key: 'pass', clock: 'pass' });
    await stage.control.setApp({ apiBlocked: false });
    const body = JSON.stringify([{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]);
    const action = { kind: 'answer', status: 401, body, contentType: 'application/json' } as const;
    await stage.control.setFault({ origin: 'production', path: 'query$', action });
    await refused(stage, 'ApiAccessBlocked', stage.jwtFlags());
    await stage.control.clearFaults();
    const once = ['login token jwt-bearer', 'production data', 'production query Organization'];
    expect(await stage.requests()).to.deep.equal([...once, ...once]);
  });

  leavesNoSecret(on);
});
