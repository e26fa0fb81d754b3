import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitOrgVerifyResult } from '../../src/commands/jit/org/verify.js';
import type { EmulatorControl } from '../../src/emulator/index.js';
import { inParallel, leavesNoSecret, useStage } from '../support/stage.js';
import { debug, refused, sfconnect, statuses, verified, verify } from '../support/verifications.js';

type Refusal = NonNullable<Parameters<EmulatorControl['setUser']>[1]['refusal']>;

/*
 * Two cases of each table. All of them run in one process (`test/contract/checks/orgVerify*.contract.test.ts`): what the real sf adds is how it
 * ends, and what it logs at debug level.
 */
describe('org verify, when the login is refused', () => {
  const refusals: ReadonlyArray<[Refusal, string]> = [
    ['not-approved', 'UserNotApproved'],
    ['inactive-org', 'OrgGone'],
  ];
  const on = useStage(async ({ control }) => {
    for (const [refusal] of refusals) await control.createUser({ username: `${refusal}@acme.example`, refusal });
  });

  it('names the class, in its own words and in those of Salesforce', async () => {
    const { stage } = on;
    await stage.requests();
    await inParallel(refusals, async ([refusal, name]) => {
      const username = `${refusal}@acme.example`;
      const { message, result } = await refused(stage, name, stage.jwtFlags({ ...stage.info, username }));
      expect(message, refusal).to.contain('Salesforce answered: ');
      expect(result).to.include({ source: 'flags', username });
      expect(statuses(result)).to.include({ credentials: 'pass', key: 'pass', certificate: 'pass' });
    });
    expect(await stage.requests()).to.deep.equal(refusals.map(() => 'login token jwt-bearer'));
  });

  it('names what is wrong on the way there', async () => {
    const { stage } = on;
    const { url } = await stage.control.openUntrustedOrigin();
    const at = (loginUrl: string): string => stage.jwtFlags({ ...stage.info, loginUrl });
    await refused(stage, 'HostNotFound', at('https://no-such-host.invalid'));
    await refused(stage, 'TlsUntrusted', at(url));
  });

  it('names what is wrong on this side, without a request', async () => {
    const { stage } = on;
    await stage.requests();
    const project = await stage.project();
    await sfconnect(stage, project, { clientId: '', username: 'nobody', privateKeyPath: 7 });
    const { message } = await refused(stage, 'ConfigInvalid', '', { cwd: project });
    expect(message).to.match(/clientId: [\s\S]*username: [\s\S]*privateKeyPath: /);
    await mkdir(join(stage.home, '.sf'), { recursive: true });
    await writeFile(join(stage.home, '.sf', 'jit.json'), '{');
    expect((await refused(stage, 'RegistryDamaged', '')).message).to.match(/damaged/);
    // not a failure of the test, but of the command: there is nothing to test
    await stage.newHome();
    await stage.fails(`${verify} --config-file ${stage.home}/none.json`, 'ConfigInvalid');
    expect(await stage.requests()).to.deep.equal([]);
  });

  leavesNoSecret(on);
});

describe('org verify with a key that cannot be used', () => {
  const on = useStage(async () => undefined);

  it('names what it is instead, before any request', async () => {
    const { stage } = on;
    const { info } = stage;
    const encrypted = execFileSync('openssl', ['pkcs8', '-topk8', '-v2', 'aes256', '-passout', 'pass:correct-horse'], {
      input: await stage.key(),
      encoding: 'utf8',
    });
    const login = `--username ${info.username} --client-id ${info.clientId} --instance-url ${info.loginUrl}`;
    const certificate = await readFile(info.certificateFile, 'utf8');
    await stage.requests();
    const input = await refused(stage, 'KeyInvalid', `${login} --jwt-key-file -`, { input: certificate });
    expect(input.message).to.match(/it is a certificate/);
    const env = { K: encrypted, SF_PRIVATE_KEY_PASSPHRASE: stage.secret('wrong-horse'), SF_LOG_LEVEL: 'warn' };
    const { message } = await refused(stage, 'KeyInvalid', `${login} --jwt-key-env K`, { env });
    expect(message).to.contain('does not open it');
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('takes PKCS#1, mangled as CI systems do it', async () => {
    const { stage } = on;
    const pkcs1 = execFileSync('openssl', ['rsa', '-traditional'], {
      input: await stage.key(),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const flags = stage.jwtFlags().replace(/--jwt-key-file \S+/, '--jwt-key-env K');
    const env = { K: `"${pkcs1.replaceAll('\n', '\\n')}"` };
    expect(await verified(stage, flags, { env })).to.include({ authenticated: true, source: 'flags' });
  });

  leavesNoSecret(on);
});

describe('org verify with SF_PRIVATE_KEY at debug level', () => {
  const on = useStage(async () => undefined);

  it('warns; what then is in the log was written by sf at its start, and by nobody else', async () => {
    const { stage } = on;
    const { info } = stage;
    // a key of its own, for this key is found in the log, and the key of the stage must not be
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = await stage.file('logged.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const file = join(stage.folder, 'logged.crt');
    execFileSync('openssl', ['req', '-new', '-x509', '-key', key, '-subj', '/CN=x', '-days', '9', '-out', file]);
    const { clientId } = await stage.control.createApp({ certificate: await readFile(file, 'utf8'), label: 'Logged' });
    const text = await readFile(key, 'utf8');
    const env = {
      SF_USERNAME: info.username,
      SF_CLIENT_ID: clientId,
      SF_INSTANCE_URL: info.loginUrl,
      SF_PRIVATE_KEY: text,
      ...debug,
    };
    const run = await stage.sf(`${verify} --json`, { env });
    const { result } = run.json<{ result: JitOrgVerifyResult }>();
    expect(result).to.include({ authenticated: true, source: 'environment' });
    expect(statuses(result)).to.include({ 'private-key-variable': 'warn' });
    const piece = text.split('\n')[5] ?? '';
    expect(run.stdout + run.stderr).to.not.contain(piece);
    const log = `sf-${new Date().toISOString().slice(0, 10)}.log`;
    const lines = (await readFile(join(stage.home, '.sf', log), 'utf8'))
      .split('\n')
      .filter((line) => line.includes(piece));
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).to.deep.equal(
      lines.map(() => 'sf-startup'),
    );
  });

  leavesNoSecret(on);
});
