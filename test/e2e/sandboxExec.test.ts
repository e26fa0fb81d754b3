import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { ProtocolClient } from '../contract/emulator/protocolClient.js';
import { noteProcess } from '../support/explainFailures.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { sfProgram, typed } from '../support/runSf.js';
import { leavesNoSecret, type Stage, type StageSfOptions, useStage } from '../support/stage.js';

/** Status of a request to the sandbox with this access token. */
async function statusOf(stage: Stage, token: string, sandbox = 'uat'): Promise<number> {
  const { url } = await stage.sandbox(sandbox);
  const query = `/services/data/v60.0/query?q=${encodeURIComponent('SELECT Id FROM User')}`;
  const headers = { authorization: `Bearer ${token}` };
  return (await new ProtocolClient(stage.info).send(url + query, { headers })).status;
}

/** Every access token that a sandbox ever issued, with whether it still works. */
async function liveTokens(stage: Stage, sandbox = 'uat'): Promise<string[]> {
  const { orgId } = await stage.sandbox(sandbox);
  const tokens = (await stage.control.issuedSecrets()).filter((text) => text.startsWith(`${orgId.slice(0, 15)}!`));
  const statuses = await Promise.all(tokens.map((token) => statusOf(stage, token, sandbox)));
  return tokens.filter((_, index) => statuses[index] === 200);
}

/** Sends a signal to a running `exec` when `when` says so. */
type Signalled = {
  signal: NodeJS.Signals;
  when: 'ready' | (() => Promise<boolean>);
  env?: Record<string, string>;
};

describe('sandbox exec', () => {
  /** Where temporary folders go during the tests: nothing may be left in it. */
  let temporary = '';
  const on = useStage(async (stage) => {
    temporary = join(stage.folder, 'tmp');
    await mkdir(temporary);
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat -n dev --no-verify');
  });

  afterEach('leaves no file and no token alive', async () => {
    const { stage } = on;
    // tsx, which runs these tests, may make a folder for its cache
    expect((await readdir(temporary)).filter((name) => !name.startsWith('tsx-'))).to.deep.equal([]);
    expect(await liveTokens(stage)).to.deep.equal([]);
    await stage.requests();
  });

  const exec = (commandLine: string, options: StageSfOptions = {}) =>
    on.stage.sf(`jit sandbox exec ${commandLine}`, { ...options, env: { TMPDIR: temporary, ...options.env } });

  /** Runs a command that is written in JavaScript; single quotes cannot be in it. */
  const node = (code: string, args = ''): string => `-- ${process.execPath} -e '${code}' ${args}`;

  /** As a caller sees it that sends a signal: exit code, signal and output. */
  async function signalled(
    command: string[],
    { signal, when, env }: Signalled,
  ): Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }> {
    const { stage } = on;
    const { dataDirectory, compileCache } = await packedPlugin();
    const args = [sfProgram, 'jit', 'sandbox', 'exec', '-n', 'uat', '--', ...command];
    const child = spawn(process.execPath, args, {
      cwd: stage.home,
      detached: true,
      env: {
        PATH: process.env['PATH'],
        HOME: stage.home,
        TMPDIR: temporary,
        SF_DATA_DIR: dataDirectory,
        NODE_COMPILE_CACHE: compileCache,
        SF_DISABLE_AUTOUPDATE: 'true',
        SF_DISABLE_TELEMETRY: 'true',
        SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
        NODE_EXTRA_CA_CERTS: stage.info.caFile,
        ...env,
      },
    });
    noteProcess(child, typed(args));
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once('close', (code, by) => {
        resolve({ code, signal: by });
      });
    });
    const isTime = when === 'ready' ? () => Promise.resolve(stdout.includes('ready')) : when;
    while (!(await isTime())) {
      if (child.exitCode !== null) throw new Error(`ended too early: ${stdout}${stderr}`);
      await setTimeout(20);
    }
    child.kill(signal);
    return { ...(await ended), stdout, stderr };
  }

  it('gives the command a login of its own in its environment, two requests and one to revoke it, and changes no file', async () => {
    const { stage } = on;
    const uat = await stage.sandbox('uat');
    const before = await stage.snapshot();
    const file = join(stage.folder, 'env.json');
    const run = await exec(
      `-n uat ${node('require("fs").writeFileSync(process.argv[1], JSON.stringify(process.env))', file)}`,
    );
    expect({ ...run, durationMs: 0, json: null }).to.deep.equal({
      code: 0,
      stdout: '',
      stderr: '',
      durationMs: 0,
      json: null,
    });
    const env = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    const token = env['SF_ACCESS_TOKEN']!;
    expect(await stage.control.issuedSecrets()).to.include(token);
    expect(env).to.include({
      SF_ORG_INSTANCE_URL: uat.url,
      SF_TARGET_ORG: token,
      SF_JIT_SANDBOX_NAME: 'uat',
      SF_JIT_USERNAME: uat.username,
      SF_JIT_ORG_ID: uat.orgId,
      SF_JIT_EXEC: 'uat',
      SF_DISABLE_TELEMETRY: 'true',
      HOME: stage.home,
    });
    expect(await stage.requests()).to.deep.equal([
      'production sandboxAuth',
      'sandbox:uat token jwt-bearer',
      'sandbox:uat revoke',
    ]);
    expect(await statusOf(stage, token)).to.equal(401);
    expect(await stage.snapshot()).to.deep.equal(before);
  });

  it('lets stock sf commands work in it, with a home of their own that ends with the command', async () => {
    const { stage } = on;
    const { orgId } = await stage.sandbox('uat');
    await stage.ok('config set org-max-query-limit 4321 --global');
    await stage.ok('config set target-org prod --global');
    const before = await stage.snapshot();
    const script = [
      'sf data query --query "SELECT Id FROM Organization" --json',
      'sf org list --json',
      'cat "$TMPDIR"/sf-jit-exec-*/home/.sf/config.json; echo',
      'sf jit sandbox list --json',
      'ls -A "$TMPDIR"/sf-jit-exec-*/home/.sfdx',
      'echo "$HOME"',
    ].join('; echo @; ');
    const { code, stdout, stderr } = await exec(`-n uat -- sh -c '${script}'`);
    expect(code, stderr).to.equal(0);
    const [query, orgs, config, registered, files, home] = stdout.split('@\n');
    type Json<T> = { result: T };
    expect((JSON.parse(query!) as Json<{ records: Array<{ Id: string }> }>).result.records[0]?.Id).to.equal(orgId);
    const listed = (JSON.parse(orgs!) as Json<Record<string, unknown[]>>).result;
    const known = Object.values(listed).flat() as Array<{ username: string; orgId: string; alias?: string }>;
    expect([...new Set(known.map((org) => org.orgId.slice(0, 15)))]).to.deep.equal([orgId.slice(0, 15)]);
    expect(JSON.parse(config!), 'settings, but no default org').to.deep.equal({ 'org-max-query-limit': '4321' });
    const orgsOfJit = (JSON.parse(registered!) as Json<{ orgs: Array<{ kind?: string; username: string }> }>).result
      .orgs;
    expect(orgsOfJit.map((org) => org.username)).to.deep.equal([`${stage.info.username}.uat`]);
    expect(files!.split('\n')).to.include.members(['alias.json', 'key.json']);
    expect(home!.trim()).to.equal(stage.home);
    expect(await stage.snapshot()).to.deep.equal(before);
  });

  it('knows the sandbox in it by its name, and shows its username where stock sf shows the default org', async () => {
    const { stage } = on;
    const { username, orgId } = await stage.sandbox('uat');
    const script = [
      'sf data query --query "SELECT Id FROM Organization" -o uat --json',
      'sf org display --json | grep -v accessToken',
      'sf config list --json',
      'cat "$TMPDIR"/sf-jit-exec-*/home/.sfdx/*.json',
    ].join('; echo @; ');
    const { code, stdout, stderr } = await exec(`-n uat -- sh -c '${script}'`);
    expect(code, stderr).to.equal(0);
    const [query, display, config, files] = stdout.split('@\n');
    type Json<T> = { result: T };
    expect((JSON.parse(query!) as Json<{ records: Array<{ Id: string }> }>).result.records[0]?.Id).to.equal(orgId);
    expect((JSON.parse(display!) as Json<{ username: string }>).result.username).to.equal(username);
    const settings = (JSON.parse(config!) as Json<Array<{ name: string; value: string }>>).result;
    expect(settings.find(({ name }) => name === 'target-org')?.value).to.equal(username);
    const issued = await stage.control.issuedSecrets();
    expect(issued.filter((secret) => files!.includes(secret))).to.deep.equal([]);
    expect(files).to.contain(username);
  });

  it('does not start a command whose private sf could not be run', async function () {
    const { stage } = on;
    const noexec = join(stage.folder, 'noexec');
    await mkdir(noexec);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', noexec], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
    try {
      await stage.requests();
      const run = await exec('-n uat -- sf alias set uat=someone@else.example', { env: { TMPDIR: noexec } });
      expect(run).to.include({ code: 126, stdout: '' });
      expect(run.stderr).to.contain(noexec).and.contain('TMPDIR=').and.contain('noexec');
      expect(await stage.requests()).to.deep.equal([]);
      expect(await readdir(noexec)).to.deep.equal([]);
    } finally {
      execFileSync('umount', [noexec]);
    }
    const missing = await exec('-n uat -- echo never', { env: { TMPDIR: join(stage.folder, 'no-such-folder') } });
    expect(missing).to.include({ code: 126, stdout: '' });
    expect(missing.stderr).to.contain('there is no such folder');
  });

  it('passes on the arguments as they are, standard input and both outputs byte by byte, and the exit code', async () => {
    const args = '-- -n x --json --help "" -o *';
    const echo =
      'process.stdout.write(JSON.stringify(process.argv.slice(1)));process.stderr.write("e\\u0007");process.exitCode=20';
    const first = await exec(`-n uat ${node(echo, args)} 'a  b' '$HOME'`);
    expect(JSON.parse(first.stdout)).to.deep.equal(['-n', 'x', '--json', '--help', '""', '-o', '*', 'a  b', '$HOME']);
    expect({ code: first.code, stderr: first.stderr }).to.deep.equal({ code: 20, stderr: 'e\u0007' });

    const input = 'line\r\n\u00e4\u0000'.repeat(200_000);
    const cat = await exec('-n uat -- cat', { input });
    expect(cat.stdout === input, 'what came out is what went in').to.equal(true);
    expect((await exec(`-n uat -- sh -c 'exit 255'`)).code).to.equal(255);
  });

  it('passes a signal on, and ends with the exit code of a command that takes it', async () => {
    for (const [signal, code] of [
      ['SIGTERM', 42],
      ['SIGINT', 0],
    ] as const) {
      const trap = `process.on("${signal}", () => { console.log("got ${signal}"); process.exit(${code}) });console.log("ready");setInterval(() => {}, 1000)`;
      const run = await signalled([process.execPath, '-e', trap], { signal, when: 'ready' });
      expect(run).to.deep.equal({ code, signal: null, stdout: `ready\ngot ${signal}\n`, stderr: '' });
    }
  });

  it('ends by the signal that ended the command', async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const run = await signalled(['sh', '-c', 'echo ready; exec sleep 60'], { signal, when: 'ready' });
      expect(run).to.deep.equal({ code: null, signal, stdout: 'ready\n', stderr: '' });
    }
    const killed = await exec(`-n uat -- sh -c 'kill -KILL $$'`);
    expect(killed.code).to.equal(137);
  });

  it('revokes what it got when a signal comes before the command has begun', async () => {
    const { stage } = on;
    await stage.control.setFault({ origin: 'sandbox:uat', path: 'token$', action: { kind: 'slow', delayMs: 700 } });
    const asked = async (): Promise<boolean> =>
      (await stage.control.log()).some(({ origin }) => origin === 'sandbox:uat');
    const run = await signalled(['echo', 'never'], { signal: 'SIGTERM', when: asked });
    await stage.control.clearFaults();
    expect(run).to.deep.equal({ code: null, signal: 'SIGTERM', stdout: '', stderr: '' });
    expect(await stage.requests()).to.include('sandbox:uat revoke');
  });

  it('does not wait for ever for a server that hangs when a signal comes', async () => {
    const { stage } = on;
    await stage.control.setFault({ origin: 'production', path: 'sandboxAuth$', action: { kind: 'hang' } });
    const asked = async (): Promise<boolean> => (await stage.control.log()).length > 0;
    const started = performance.now();
    const run = await signalled(['echo', 'never'], { signal: 'SIGINT', when: asked });
    await stage.control.clearFaults();
    expect(run).to.include({ code: null, signal: 'SIGINT', stdout: '' });
    expect(performance.now() - started).to.be.below(30_000);
  });

  it('refuses what it cannot run before it asks Salesforce for anything, and says what is wrong with a script', async () => {
    const { stage } = on;
    await stage.requests();
    const missing = await exec('-n uat -- no-such-command-here');
    expect(missing).to.include({ code: 127, stdout: '' });
    expect(missing.stderr).to.contain('There is no command');
    expect(await stage.requests()).to.deep.equal([]);
    const broken = await stage.file('broken', '#!/no/such/interpreter\n', 0o755);
    await chmod(broken, 0o755);
    const run = await exec(`-n uat -- ${broken}`);
    expect(run.code).to.equal(126);
    expect(run.stderr).to.contain('first line');
  });

  it('refuses --json, unless a variable asks for it', async () => {
    const run = await exec('-n uat --json -- echo hi');
    expect(run, run.stderr).to.include({ code: 2, stdout: '' });
    expect(run.stderr).to.contain('--json');
    expect((await exec('-n uat -- echo hi', { env: { SF_CONTENT_TYPE: 'JSON' } })).stdout).to.equal('hi\n');
  });

  it('refuses to run inside another exec', async () => {
    const { stage } = on;
    const nested = await exec('-n uat -- sf jit sandbox exec -n dev -- echo never');
    expect(nested).to.include({ code: 1, stdout: '' });
    expect(nested.stderr).to.contain('already runs inside').and.contain('uat').and.contain('SF_JIT_EXEC');
    expect(await stage.requests()).to.not.include('sandbox:dev token jwt-bearer');
  });

  it('says what went wrong with the login, on standard error only, and runs nothing', async () => {
    const { stage } = on;
    await stage.control.createSandbox({ name: 'copying', status: 'Processing' });
    const pending = await exec('-n copying -p prod -- echo never');
    expect(pending).to.include({ code: 69, stdout: '' });
    const unknown = await exec('-n nowhere -p prod -- echo never');
    expect(unknown).to.include({ code: 1, stdout: '' });
    expect(unknown.stderr).to.contain('nowhere');
  });

  it('masks the token under GitHub Actions on standard error, before the command prints anything', async () => {
    const { stage } = on;
    // not through the stage, which looks for secrets in what is printed
    const command = ['sh', '-c', 'echo ready; echo late >&2; exec sleep 60'];
    const env = { GITHUB_ACTIONS: 'true' };
    const run = await signalled(command, { signal: 'SIGTERM', when: 'ready', env });
    const token = /^::add-mask::(.*)\nlate\n$/.exec(run.stderr)?.[1];
    expect(await stage.control.issuedSecrets()).to.include(token);
    expect(run.stdout).to.equal('ready\n');
  });

  it('warns when the tokens cannot be revoked, and keeps the exit code', async () => {
    const { stage } = on;
    await stage.control.setFault({ path: 'revoke$', action: { kind: 'reset' } });
    const run = await exec(`-n uat -- sh -c 'echo done; exit 7'`);
    await stage.control.clearFaults();
    expect(run).to.include({ code: 7, stdout: 'done\n' });
    expect(run.stderr).to.contain('could not be revoked').and.contain('ConnectionFailed');
    await stage.control.expireSessions('sandbox:uat');
  });

  it('needs no registration on a CI runner, and keeps the key of production from the command', async () => {
    const { stage } = on;
    await stage.newHome();
    const file = join(stage.folder, 'ci-env.json');
    const env = {
      SF_INSTANCE_URL: stage.info.loginUrl,
      SF_CLIENT_ID: stage.info.clientId,
      SF_USERNAME: stage.info.username,
      SF_PRIVATE_KEY: await stage.key(),
    };
    const write = 'require("fs").writeFileSync(process.argv[1], JSON.stringify(process.env))';
    const run = await exec(`-n uat ${node(write, file)}`, { env });
    expect(run, run.stderr).to.include({ code: 0, stdout: '', stderr: '' });
    const seen = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    expect(seen).to.include({ SF_JIT_SANDBOX_NAME: 'uat', SF_USERNAME: stage.info.username });
    expect(seen).to.not.have.property('SF_PRIVATE_KEY');
    expect(Object.keys(await stage.snapshot()).filter((name) => name.includes('@'))).to.deep.equal([]);
  });

  it('keeps the exit code when the command damages the store', async () => {
    const { stage } = on;
    const home = await stage.newHome();
    await mkdir(join(home, '.sfdx'));
    const damage = 'require("fs").writeFileSync(process.argv[1], "{"); process.exitCode = 7';
    const run = await exec(`-n uat ${node(damage, join(home, '.sfdx', 'alias.json'))}`, {
      env: {
        SF_INSTANCE_URL: stage.info.loginUrl,
        SF_CLIENT_ID: stage.info.clientId,
        SF_USERNAME: stage.info.username,
        SF_PRIVATE_KEY: await stage.key(),
      },
    });
    expect(run, run.stderr).to.include({ code: 7, stderr: '' });
    // sf's own key, with which the note of the run was encrypted
    expect(Object.keys(await stage.snapshot())).to.deep.equal(
      ['alias.json', 'key.json'].map((name) => join('.sfdx', name)),
    );
  });

  leavesNoSecret(on);
});

describe('sandbox exec beside a stored login', () => {
  const on = useStage(async (stage) => {
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat --no-verify');
  });

  it('leaves that login as it is, and good', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox login -n uat');
    const before = await stage.snapshot();
    const inside = await stage.sf(`jit sandbox exec -n uat -- sf data query --query 'SELECT Id FROM User'`);
    expect(inside.code, inside.stderr).to.equal(0);
    expect(await stage.snapshot()).to.deep.equal(before);
    await stage.requests();
    await stage.ok(`data query --query 'SELECT Id FROM User' -o uat`);
    expect(await stage.requests(), 'without a renewal').to.not.include('sandbox:uat token jwt-bearer');
  });

  leavesNoSecret(on);
});
