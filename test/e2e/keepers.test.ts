import { createPublicKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { TestAgent, TestHsm, needs } from '../support/keepers.js';
import { leavesNoSecret, useStage } from '../support/stage.js';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporaryDirectory.js';

type Logins = { sandboxes: Array<{ status: string; authType: string; username: string }> };

describe('keys that never leave their keeper', function () {
  let folder: TemporaryDirectory;
  let agent: TestAgent;
  let hsm: TestHsm;
  let fingerprint: string;
  let certificate: string;
  const holder = useStage(async (stage) => {
    folder = await temporaryDirectory('jk-');
    certificate = await stage.file(
      'public.pem',
      String(createPublicKey(await stage.key()).export({ type: 'spki', format: 'pem' })),
    );
    // at debug level sf writes its variables and what it does into its log, which is searched for secrets at the end
  });
  after(async () => {
    agent?.stop();
    await folder?.remove();
  });
  const debug = { SF_LOG_LEVEL: 'debug' };
  const production = (): string =>
    `--username ${holder.stage.info.username} --client-id ${holder.stage.info.clientId} --instance-url ${holder.stage.info.loginUrl}`;

  it('log in from an ssh-agent: production, a sandbox, a command of another plugin, exec and verify', async function () {
    needs(this, 'ssh-agent', 'ssh-add');
    const { stage } = holder;
    agent = await TestAgent.start(folder.path);
    fingerprint = await agent.add(stage.info.keyFile);
    const env = { ...debug, SSH_AUTH_SOCK: agent.socket };
    const { key } = await stage.ok<{ key: unknown }>(
      `jit org register ${production()} --jwt-agent ${fingerprint} --alias prod`,
      { env },
    );
    expect(key).to.deep.equal({ source: 'agent', fingerprint });
    await stage.ok('jit sandbox register --sandbox-name uat --production-org prod', { env });
    const { sandboxes } = await stage.ok<Logins>('jit sandbox login --sandbox-name uat', { env });
    expect(sandboxes[0]).to.include({ status: 'logged-in', authType: 'access-token' });
    const verified = await stage.sf('jit org verify --production-org prod', { env });
    expect(verified.stdout).to.contain(`Key: ${fingerprint} in the ssh-agent (RSA, 2048 bits).`);
    // the hook
    await stage.ok('jit sandbox logout --sandbox-name uat --no-prompt', { env });
    await stage.ok(`data query --query 'SELECT Name FROM Account' --target-org uat`, { env });
    const run = await stage.sf(
      `jit sandbox exec --sandbox-name uat -- node -e 'process.exit(process.env.SF_JIT_USERNAME ? 0 : 1)'`,
      { env },
    );
    expect(run.code, run.stderr).to.equal(0);
  });

  it('cost no request when the agent does not have them', async function () {
    needs(this, 'ssh-agent', 'ssh-add');
    const { stage } = holder;
    await stage.requests();
    await stage.fails('jit sandbox login --sandbox-name uat', 'KeyNotInAgent', {
      env: { ...debug, SSH_AUTH_SOCK: join(folder.path, 'none') },
    });
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('log in from a token of SoftHSM, through the agent and through pkcs11-tool', async function () {
    needs(this, 'ssh-agent', 'ssh-add', 'softhsm2', 'pkcs11-tool');
    const { stage } = holder;
    const place = await temporaryDirectory('jh-');
    hsm = await TestHsm.make(place.path, stage.info.keyFile);
    const ofHsm = await TestAgent.start(place.path, hsm.env);
    try {
      await ofHsm.addModule(hsm.module, hsm.pin, place.path);
      const env = {
        ...debug,
        SSH_AUTH_SOCK: ofHsm.socket,
        SF_USERNAME: stage.info.username,
        SF_CLIENT_ID: stage.info.clientId,
        SF_INSTANCE_URL: stage.info.loginUrl,
      };
      await stage.newHome();
      const [ofToken = ''] = await ofHsm.fingerprints();
      const stateless = await stage.ok<Logins>('jit sandbox login --sandbox-name uat', {
        env: { ...env, SF_JIT_KEY_AGENT: ofToken },
      });
      expect(stateless.sandboxes[0]).to.include({ status: 'logged-in' });
      await stage.newHome();
      const signs = { ...env, ...hsm.env, SF_JIT_SIGN_COMMAND: hsm.signCommand, SF_JIT_CERTIFICATE_FILE: certificate };
      const signed = await stage.ok<Logins>('jit sandbox login --sandbox-name uat', { env: signs });
      expect(signed.sandboxes[0]).to.include({ status: 'logged-in' });
    } finally {
      ofHsm.stop();
      await place.remove();
    }
  });

  it('log in from a program that prints them, and a wrong one says why without a request', async () => {
    const { stage } = holder;
    await stage.newHome();
    const show = await stage.file(
      'show key.mjs',
      `import { readFileSync } from 'node:fs'; process.stdout.write(readFileSync(process.argv[2]));`,
    );
    const flags = (file: string): string =>
      `jit org register ${production()} --alias prod --jwt-key-command`.concat(` 'node "${show}" ${file}'`);
    await stage.ok(flags(stage.info.keyFile), { env: debug });
    const { sandboxes } = await stage.ok<Logins>('jit sandbox login --sandbox-name uat --production-org prod', {
      env: debug,
    });
    expect(sandboxes[0]).to.include({ status: 'logged-in' });
    await stage.requests();
    await stage.fails(flags(certificate), 'KeyInvalid', { env: debug });
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('are never named by a repository or a found file', async () => {
    const { stage } = holder;
    await stage.newHome();
    const cwd = await stage.project();
    const stolen = join(stage.folder, 'stolen');
    const command = ['node', '-e', `require("fs").writeFileSync(${JSON.stringify(stolen)}, "")`];
    const keys = { keyCommand: command.join(' '), signCommand: command.join(' '), key: { source: 'command', command } };
    await writeFile(
      join(cwd, '.sfconnect.json'),
      JSON.stringify({
        instanceUrl: stage.info.loginUrl,
        clientId: stage.info.clientId,
        username: stage.info.username,
        privateKeyPath: './none.key',
        ...keys,
      }),
    );
    const project = JSON.parse(await readFile(join(cwd, 'sfdx-project.json'), 'utf8')) as object;
    await writeFile(
      join(cwd, 'sfdx-project.json'),
      JSON.stringify({
        ...project,
        plugins: { 'sf-plugin-jit': { productionOrgs: [{ username: stage.info.username, ...keys }], ...keys } },
      }),
    );
    for (const line of [
      'jit sandbox login --sandbox-name uat',
      'jit org verify',
      'jit org register',
      'jit sandbox list',
      'data query --query x --target-org uat',
    ]) {
      await stage.sf(`${line} --json`, { cwd, env: debug });
    }
    const ran = await readFile(stolen).then(
      () => true,
      () => false,
    );
    expect(ran, 'the command of the repository ran').to.equal(false);
  });

  leavesNoSecret(holder);
});
