import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Emulator, startEmulator } from '../../src/emulator/index.js';
import { Secrets } from '../real/secrets.js';
import { type ProgramRun, runNode } from '../support/runSf.js';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporaryDirectory.js';
import { ProtocolClient } from './emulator/protocolClient.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('../real/run.ts', import.meta.url));

/** `npm run test:real`, with a second stand-in in the place of the real org. */
describe('the comparison with a real org', () => {
  let real: Emulator;
  let home: TemporaryDirectory;
  let ecaClientId: string;
  let key: string;

  beforeEach(async () => {
    home = await temporaryDirectory('jit-real-test-');
    real = await startEmulator({ sandboxes: ['Uat'] });
    key = await readFile(real.info.keyFile, 'utf8');
    const { username: creator } = await real.control.createUser({ username: 'eve@acme.example' });
    await real.control.createSandbox({ name: 'hers', creator });
    const certificate = await readFile(real.info.certificateFile, 'utf8');
    ecaClientId = (await real.control.createApp({ kind: 'local-eca', certificate })).clientId;
  });
  afterEach(async () => {
    await real.stop();
    await home.remove();
  });

  const variables = (): Record<string, string> => ({
    TESTKIT_HUB_USERNAME: real.info.username,
    TESTKIT_JWT_CLIENT_ID: real.info.clientId,
    // as CI systems keep it
    TESTKIT_JWT_KEY: key.replaceAll('\n', '\\n'),
    TESTKIT_HUB_INSTANCE: real.info.loginUrl,
    TESTKIT_JIT_SANDBOX: 'Uat',
    TESTKIT_JIT_OTHER_SANDBOX: 'hers',
    TESTKIT_JIT_ECA_CLIENT_ID: ecaClientId,
    TESTKIT_JIT_REPORT: join(home.path, 'report.md'),
    TESTKIT_JIT_SKIP_PLUGIN: 'true',
  });

  const run = async (
    env: Record<string, string | undefined>,
    onOutput?: (stdout: string, pid: number) => void,
  ): Promise<ProgramRun> =>
    runNode(['--import', 'tsx', program], {
      home: home.path,
      cwd: root,
      timeoutMs: 110_000,
      env: { NODE_EXTRA_CA_CERTS: real.info.caFile, ...env },
      ...(onOutput ? { onOutput } : {}),
    });

  const report = async (): Promise<string> => readFile(join(home.path, 'report.md'), 'utf8');

  /** The rows of the table of differences: observation, what it tests, aspect, real org, stand-in, facts. */
  const differences = (text: string): string[][] => {
    const [, section = ''] = /^## Differences\n([\s\S]*?)^## /m.exec(text) ?? [];
    const rows = section.split('\n').filter((line) => line.startsWith('| '));
    return rows.slice(1).map((row) => row.slice(2, -2).split(' | '));
  };

  /** Tokens that the real org still takes. */
  const alive = async (): Promise<string[]> => {
    const client = new ProtocolClient(real.info, 'kept');
    const { sandboxes, productionUrl, clientId } = await real.control.info();
    const urls = [productionUrl, ...sandboxes.map(({ url }) => url)];
    const isTaken = async (url: string, secret: string): Promise<boolean> => {
      const refresh = { grant_type: 'refresh_token', refresh_token: secret, client_id: clientId };
      const answers = [client.get(`${url}/services/data/v60.0`, secret), client.token(url, refresh)];
      return (await Promise.all(answers)).some(({ status }) => status === 200);
    };
    try {
      const secrets = await real.control.issuedSecrets();
      const asked = urls.flatMap((url) =>
        secrets.map(async (secret) => ((await isTaken(url, secret)) ? [`a token of ${url}`] : [])),
      );
      return (await Promise.all(asked)).flat();
    } finally {
      client.close();
    }
  };

  const expectNoSecrets = async (...texts: string[]): Promise<void> => {
    const lines = key.split('\n').filter((line) => /^[\w+/=]{20,}$/.test(line));
    const secrets = [...(await real.control.issuedSecrets()), ...lines];
    expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).to.deep.equal([]);
    expect(texts.join('\n')).not.to.match(/eyJ[\w-]+\.|00D\w+!|PRIVATE KEY-/);
  };

  it('says what to set and runs nothing without the variables', async () => {
    for (const env of [{}, { ...variables(), TESTKIT_JIT_SANDBOX: ' ' }]) {
      const { code, stdout, stderr } = await run(env);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.contain('Nothing was run, and nothing counts as passed').and.contain('TESTKIT_JIT_SANDBOX');
      expect(stdout).not.to.contain(key.split('\n')[1]);
    }
    expect(await real.control.log()).to.deep.equal([]);
  });

  it('finds no difference in an org that is as the stand-in, changes nothing, and leaves no session', async () => {
    const before = await real.control.info();
    const { code, stdout, stderr } = await run(variables());
    expect([code, stderr], stdout).to.deep.equal([0, '']);
    const text = await report();
    expect(stdout).to.contain(text);
    expect(differences(text)).to.deep.equal([]);
    expect(text).to.match(/^78 observations: 0 differ, 76 are the same, 2 could not be made\.$/m);
    expect(text).to.contain('login at https://test.salesforce.com: the login URL is none of Salesforce');
    expect(stdout.indexOf('It changes nothing but logins')).to.be.within(0, stdout.indexOf('\n= '));
    const requests = new Set(
      (await real.control.log()).map(({ method, path }) => `${method} ${path.replace(/v\d+\.0/, 'v')}`),
    );
    expect([...requests].sort()).to.deep.equal([
      'GET /services/data',
      'GET /services/data/v/jitNoSuchResource',
      'GET /services/data/v/limits',
      'GET /services/data/v/query',
      'GET /services/data/v/tooling/query',
      'GET /services/data/v/tooling/sandboxAuth',
      'GET /services/oauth2/userinfo',
      'POST /services/data/v/tooling/sandboxAuth',
      'POST /services/oauth2/revoke',
      'POST /services/oauth2/token',
    ]);
    expect(await real.control.info()).to.deep.equal(before);
    await expectNoSecrets(stdout, text);
    expect(text).not.to.match(
      new RegExp(`${real.info.username}|${real.info.clientId}|${real.info.orgId}|\\bUat\\b|eve@`),
    );
    expect(await alive()).to.deep.equal([]);
  }).timeout(120_000);

  it('reports exactly what differs, the open questions first, and no secret that an answer repeats', async () => {
    const [secretLine = ''] = key.split('\n').slice(3);
    const token = `${real.info.orgId.slice(0, 15)}!AQ.not.told.before`;
    const message = `eve made hers, not ${real.info.username} | ${token} ${secretLine}`;
    const body = JSON.stringify([{ errorCode: 'NOT_YOURS', message }]);
    await real.control.setSandbox('hers', { sandboxAuthAnswer: { status: 409, body } });
    await real.control.setFault({
      path: 'revoke$',
      body: 'token=made-up',
      action: { kind: 'answer', status: 200, body: '' },
    });
    await real.control.setFault({ origin: 'login', path: 'limits$', action: { kind: 'reset' } });
    const { code, stdout } = await run(variables());
    expect(code, stdout).to.equal(0);
    const text = await report();
    const rows = differences(text);
    expect(rows.map(([what, , aspect, seen]) => [what, aspect, seen])).to.deep.equal([
      ['sandboxAuth: sandbox that another user made', 'status', '409'],
      ['sandboxAuth: sandbox that another user made', 'errorCode', 'NOT_YOURS'],
      [
        'sandboxAuth: sandbox that another user made',
        'message',
        'eve made &lt;sandbox of another>, not &lt;user> \\| &lt;secret> &lt;secret>',
      ],
      ['sandboxAuth: sandbox that another user made', 'header sforce-limit-info', 'present'],
      ['REST: call to the login host', 'status', 'absent'],
      ['REST: call to the login host', 'content type', 'absent'],
      ['REST: call to the login host', 'field errorCode', 'absent'],
      ['REST: call to the login host', 'field message', 'absent'],
      ['REST: call to the login host', 'errorCode', 'absent'],
      ['REST: call to the login host', 'message', 'absent'],
      ['REST: call to the login host', 'connection', 'ECONNRESET'],
      ['revoke: revoking a made-up token', 'status', '200'],
      ['revoke: revoking a made-up token', 'field error', 'absent'],
      ['revoke: revoking a made-up token', 'field error_description', 'absent'],
      ['revoke: revoking a made-up token', 'error', 'absent'],
      ['revoke: revoking a made-up token', 'error_description', 'absent'],
      ['revoke: revoking a made-up token', 'body', 'empty'],
    ]);
    expect(rows[0]?.[1]).to.contain('open question 2');
    expect(stdout).to.contain('≠ sandboxAuth: sandbox that another user made');
    await expectNoSecrets(stdout, text);
    expect(await alive()).to.deep.equal([]);
  }).timeout(120_000);

  it('reports what contradicts docs/salesforce.md', async () => {
    await real.control.setSandbox('Uat', { status: 'Discarding' });
    await run(variables());
    const text = await report();
    // no sandbox to log in to any more, so most of it cannot be made
    expect(text).to.contain('needs a good answer of sandboxAuth, which was HTTP 400 INVALID_STATUS');
    const statuses = differences(text).filter(([what]) => what === 'REST: values of SandboxProcess.Status');
    expect(statuses.map(([, , ...cells]) => cells)).to.deep.equal([
      ['statuses that docs/salesforce.md does not have', 'Discarding', 'none', ''],
    ]);
    const good = differences(text).filter(([what]) => what === 'sandboxAuth: all as it should be');
    expect(good.map(([, , aspect, seen, , facts]) => [aspect, seen, facts])).to.deep.include(['status', '400', '200']);
    expect(await alive()).to.deep.equal([]);
  }).timeout(120_000);

  it('runs the main path of the plugin, and revokes what its commands got', async () => {
    const { code, stdout } = await run({ ...variables(), TESTKIT_JIT_SKIP_PLUGIN: undefined });
    expect(code, stdout).to.equal(0);
    const [, steps = ''] = /^## The plugin\n\n([\s\S]*?)\n\n^## /m.exec(stdout) ?? [];
    expect(steps.split('\n')).to.deep.equal([
      '- ✓ `sf jit org verify`',
      '- ✓ `sf jit org register`',
      '- ✓ `sf jit sandbox login`: as access-token',
      '- ✓ `sf data query`',
      '- ✓ `sf jit sandbox logout`',
    ]);
    expect(stdout).to.match(/^\d+ tokens were issued, and all of them are revoked\.$/m);
    await expectNoSecrets(stdout, await report());
    expect(await alive()).to.deep.equal([]);
  }).timeout(120_000);

  it('revokes what it has when it is stopped', async function () {
    if (process.platform === 'win32') this.skip();
    let sent = false;
    const { code, stdout } = await run(variables(), (output, pid) => {
      if (sent || !output.includes('code: exchange')) return;
      sent = true;
      process.kill(pid, 'SIGTERM');
    });
    expect(code, stdout).to.equal(1);
    expect(stdout)
      .to.contain('The run could not be finished: stopped by SIGTERM')
      .and.contain('all of them are revoked');
    expect((await real.control.issuedSecrets()).length).to.be.greaterThan(3);
    expect(await alive()).to.deep.equal([]);
  }).timeout(120_000);

  it('ends with 1 and the reason when it cannot log in or use a variable', async () => {
    await real.control.setUser(real.info.username, { preApproved: false });
    const refused = await run(variables());
    expect([refused.code, refused.stdout.includes("invalid_grant user hasn't approved this consumer")]).to.deep.equal([
      1,
      true,
    ]);
    const certificate = await readFile(real.info.certificateFile, 'utf8');
    const unusable: Array<[Record<string, string>, RegExp]> = [
      [{ TESTKIT_HUB_INSTANCE: real.info.http.loginUrl }, /TESTKIT_HUB_INSTANCE is no https/],
      [{ TESTKIT_JIT_SANDBOX: "x' OR Name != '" }, /TESTKIT_JIT_SANDBOX is no name of a sandbox/],
      [{ TESTKIT_JWT_KEY: certificate }, /TESTKIT_JWT_KEY is no private key .*certificate/],
      [{ TESTKIT_HUB_INSTANCE: 'https://localhost:9' }, /localhost:9 gives no answer: ECONNREFUSED/],
    ];
    for (const [env, expected] of unusable) {
      const { code, stdout } = await run({ ...variables(), ...env });
      expect([code, expected.test(stdout)], stdout).to.deep.equal([1, true]);
    }
  }).timeout(120_000);
});

describe('the redactor of the comparison with a real org', () => {
  const secrets = new Secrets();
  secrets.keep('s3cret/with+signs=');
  secrets.keep('short');
  secrets.keep(undefined);

  it('takes out what it was told of, as it is and as it is encoded', () => {
    const text = ['s3cret/with+signs=', encodeURIComponent('s3cret/with+signs='), '{"a":"s3cret/with+signs="}'].join(
      ' ',
    );
    expect(secrets.redact(text)).to.equal('<secret> <secret> {"a":"<secret>"}');
    expect(secrets.redact('short words stay')).to.equal('short words stay');
  });

  it('takes out what looks like a secret of Salesforce', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----';
    const looks = [
      '00D5g00000Abcde!AQ.x_y.z',
      '00D5g00000Abcde%21AQ.x',
      'eyJhbGciOiJS.eyJpc3Mi.c2ln',
      '5Aep861abc.def',
      pem,
    ];
    for (const secret of [...looks, pem.slice(0, 40), 'aPrxabcdefghijkl']) {
      expect(secrets.redact(`<${secret}>`), secret).to.match(/^<<secret>>?$/);
    }
  });
});
