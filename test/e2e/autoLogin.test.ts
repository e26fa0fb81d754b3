import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runMany } from '../support/manyCommands.js';
import { packedPlugin, type SfJson } from '../support/packedPlugin.js';
import type { Stage, StageSfOptions } from '../support/stage.js';
import { inParallel, leavesNoSecret, useStage, words } from '../support/stage.js';

const query = "data query --query 'SELECT Name FROM Account'";
const username = 'admin@acme.example.uat';
const loggedIn = `Logged in to sandbox uat as ${username}.\n`;
const minting = ['production sandboxAuth', 'sandbox:uat token jwt-bearer'];

/** A project whose file registers the sandbox, as a repository would have it. */
async function projectWith(stage: Stage, sandboxes: object[]): Promise<string> {
  const folder = await stage.project();
  const file = join(folder, 'sfdx-project.json');
  const json = JSON.parse(await readFile(file, 'utf8')) as object;
  // else stock sf would take the address of the stand-in, which it finds in SF_INSTANCE_URL, for a wrong one
  const sfdcLoginUrl = 'https://login.salesforce.com';
  await writeFile(file, JSON.stringify({ ...json, sfdcLoginUrl, plugins: { 'sf-plugin-jit': { sandboxes } } }));
  const classes = join(folder, 'force-app', 'main', 'default', 'classes');
  await mkdir(classes, { recursive: true });
  await writeFile(join(classes, 'Nothing.cls'), 'public class Nothing {}');
  await writeFile(
    join(classes, 'Nothing.cls-meta.xml'),
    '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>60.0</apiVersion></ApexClass>',
  );
  return folder;
}

describe('any sf command on a registered sandbox', () => {
  let runner: StageSfOptions & { env: Record<string, string>; cwd: string };
  const holder = useStage(async (stage) => {
    const registration = { sandboxName: 'uat', productionUsername: stage.info.username, isJitRegistration: true };
    runner = {
      cwd: await projectWith(stage, [{ ...registration, alias: 'uat' }]),
      env: {
        SF_USERNAME: stage.info.username,
        SF_CLIENT_ID: stage.info.clientId,
        SF_INSTANCE_URL: stage.info.loginUrl,
        SF_PRIVATE_KEY: await stage.key(),
      },
    };
  });

  beforeEach(async () => {
    await holder.stage.newHome();
    await holder.stage.control.clearLog();
  });

  it('needs no login step: data query on a fresh runner', async () => {
    const { stage } = holder;
    const run = await stage.sf(`${query} -o uat --json`, runner);
    expect(run.json<SfJson<{ totalSize: number }>>().result.totalSize).to.equal(3);
    expect({ code: run.code, stderr: run.stderr }, 'for a program that parses both outputs').to.deep.equal({
      code: 0,
      stderr: '',
    });
    expect(await stage.requests()).to.include.members(['login token jwt-bearer', ...minting]);
    expect(await stage.aliases()).to.deep.equal({ uat: username });

    // the registry does not care for letter case, and sf does
    const again = await stage.sf(`${query} -o UAT --json`, runner);
    expect(again.json<SfJson<{ totalSize: number }>>().result.totalSize).to.equal(3);
    await stage.newHome();
    const fresh = await stage.sf(`${query} --target-org=Uat --json`, runner);
    expect(fresh.json<SfJson<{ totalSize: number }>>().result.totalSize).to.equal(3);
    expect(await stage.aliases()).to.deep.equal({ uat: username });
  });

  it('needs no login step: project deploy start, and no request of ours right after it', async () => {
    const { stage } = holder;
    const run = await stage.sf('project deploy start -o uat --source-dir force-app', runner);
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    expect(run.stderr).to.contain(loggedIn);
    await stage.requests();
    expect((await stage.sf(`${query} -o uat --json`, runner)).code).to.equal(0);
    expect(await stage.requests()).to.deep.equal(['sandbox:uat query Account', 'sandbox:uat query Account']);
  });

  it('needs no login step: org display with target-org in the configuration or the environment', async () => {
    const { stage } = holder;
    // stock sf refuses to set an org that it does not know yet
    await mkdir(join(runner.cwd, '.sf'), { recursive: true });
    await writeFile(join(runner.cwd, '.sf', 'config.json'), '{"target-org":"uat"}');
    const configured = await stage.sf('org display --json', runner);
    expect(configured.json<SfJson<{ username: string }>>().result.username, configured.stderr).to.equal(username);
    await writeFile(join(runner.cwd, '.sf', 'config.json'), '{}');
    await stage.newHome();
    const env = { ...runner.env, SF_TARGET_ORG: username };
    const fromVariable = await stage.sf('org display --json', { ...runner, env });
    expect(fromVariable.json<SfJson<{ username: string }>>().result.username).to.equal(username);
  });

  it('finds the org in a flags folder', async () => {
    const { stage } = holder;
    const folder = join(runner.cwd, 'flags');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'target-org'), 'uat\n');
    const run = await stage.sf(`${query} --flags-dir flags`, runner);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stderr).to.contain(loggedIn);
  });

  it('leaves out the file of a flag that stands on the command line, as the CLI does', async () => {
    const { stage } = holder;
    const folder = join(runner.cwd, 'flags-left-out');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'target-org'), 'uat\n');
    const run = await stage.sf('org display --flags-dir flags-left-out -o nobody --json', runner);
    expect(run.code).not.to.equal(0);
    expect(run.stderr).not.to.match(/logged in to/i);
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('logs in for commands that show what is stored of a login', async () => {
    const { stage } = holder;
    const run = await stage.sf('org auth show-user-password -o uat', runner);
    expect(run.stderr).to.contain(loggedIn);
    expect(await stage.requests()).to.include.members(minting);
  });

  it('goes on working after a refresh of the sandbox', async () => {
    const { stage } = holder;
    const always = { ...runner, env: { ...runner.env, SF_JIT_CHECK_MINUTES: '0' } };
    expect((await stage.sf(`${query} -o uat --json`, always)).code).to.equal(0);
    await stage.control.refreshSandbox('uat', { complete: true });
    const told = await stage.sf(`${query} -o uat`, always);
    expect(told.stderr).to.contain(`: logged in to the new copy as ${username}. Source tracking starts anew.\n`);
    const run = await stage.sf(`${query} -o uat --json`, always);
    const [first] = run.json<SfJson<{ records: Array<{ Name: string }> }>>().result.records;
    expect(first?.Name).to.match(/^First account of uat copy [2-9]/);
  });

  it('asks once whether a login is still good, and not again until the check is old', async () => {
    const { stage } = holder;
    await stage.sf(`${query} -o uat`, runner);
    await stage.requests();
    const env = { ...runner.env, SF_JIT_CHECK_MINUTES: '0' };
    expect((await stage.sf(`${query} -o uat`, { ...runner, env })).stderr).not.to.contain('sandbox');
    const asked = ['sandbox:uat query Organization', 'sandbox:uat query Account', 'sandbox:uat query Account'];
    expect(await stage.requests()).to.deep.equal(asked);
  });

  it('mints once for two commands at the same time: the second waits for the first, and says nothing', async () => {
    const { stage } = holder;
    // long enough for both to be at it
    await stage.control.setLatency(300);
    const runs = await inParallel([1, 2], async () => stage.sf(`${query} -o uat`, runner));
    await stage.control.setLatency(0);
    expect(runs.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(runs.map(({ stderr }) => stderr).filter((text) => text.includes('ogged in'))).to.have.lengthOf(1);
    const requests = await stage.requests();
    expect(requests.filter((request) => minting.includes(request))).to.deep.equal(minting);
  });

  it('fails as it would have when the login fails, and says why in one line', async () => {
    const { stage } = holder;
    const options = { ...runner, env: { ...runner.env, SF_CLIENT_ID: 'wrong' } };
    const without = await stage.sf(`${query} -o uat --json`, {
      ...options,
      env: { ...options.env, SF_JIT_AUTO_LOGIN: 'false' },
    });
    const run = await stage.sf(`${query} -o uat --json`, options);
    const { stack: _, ...answer } = run.json<SfJson<unknown> & { stack: string }>();
    const { stack: __, ...expected } = without.json<SfJson<unknown> & { stack: string }>();
    expect({ code: run.code, answer }).to.deep.equal({ code: without.code, answer: expected });
    expect(without.stderr).to.equal('');
    expect(run.stderr).to.match(
      /^Warning: not logged in to sandbox uat \(InvalidClientId\): [^\n]*consumer key[^\n]* What to do: sf jit sandbox login --sandbox-name uat\n$/,
    );
    await stage.requests();
    const again = await stage.sf(`${query} -o uat --json`, options);
    expect(await stage.requests(), 'what was refused is not asked again at once').to.deep.equal([]);
    expect(again.stderr).to.match(
      /^Warning: not logged in to sandbox uat\. That failed at [\d:]+ \(InvalidClientId\)[^\n]*\n$/,
    );
    const silenced = { ...options, env: { ...options.env, SF_JIT_AUTO_LOGIN_OUTPUT: 'none' } };
    expect((await stage.sf(`${query} -o uat --json`, silenced)).stderr).to.equal('');
    const mended = await stage.sf(`${query} -o uat --json`, runner);
    expect({ code: mended.code, stderr: mended.stderr }, 'another app').to.deep.equal({ code: 0, stderr: '' });
  });

  it('says nothing when it worked and both outputs are parsed, and nothing at all when it is told so', async () => {
    const { stage } = holder;
    const env = { ...runner.env, SF_CONTENT_TYPE: 'JSON' };
    const run = await stage.sf(`${query} -o uat`, { ...runner, env });
    expect({ code: run.code, stderr: run.stderr }).to.deep.equal({ code: 0, stderr: '' });
    await stage.newHome();
    await stage.ok('config set jit-auto-login-output=none --global');
    const silent = await stage.sf('org display -o uat', runner);
    expect(silent.code, silent.stderr).to.equal(0);
    expect(silent.stderr).not.to.contain('ogged in');
  });

  it('logs in to the org that sf config set makes the default', async () => {
    const { stage } = holder;
    const set = await stage.sf('config set target-org=uat --json', runner);
    expect(set.code, set.stdout).to.equal(0);
    expect(await stage.requests()).to.include.members(minting);
    await stage.ok('config unset target-org', runner);
  });

  it('logs in to the default org of commands whose manifest says nothing of a default', async () => {
    const { stage } = holder;
    const env = { ...runner.env, SF_TARGET_ORG: 'uat' };
    await stage.sf('community list template --json', { ...runner, env });
    expect(await stage.requests()).to.include.members(minting);
  });

  it('survives a cut network: a stored login is left alone', async () => {
    const { stage } = holder;
    await stage.sf(`${query} -o uat`, runner);
    const before = await stage.snapshot();
    await stage.control.setListening('sandbox:uat', false);
    const run = await stage.sf(`${query} -o uat --json`, {
      ...runner,
      env: { ...runner.env, SF_JIT_CHECK_MINUTES: '0' },
    });
    await stage.control.setListening('sandbox:uat', true);
    expect(run.code).not.to.equal(0);
    expect(run.stderr).not.to.contain('Warning: not logged in');
    expect(await stage.snapshot()).to.deep.equal(before);
  });

  const untouched: Array<[what: string, args: string, env: Record<string, string>]> = [
    ['commands that make logins, their words in another order', 'logout org -o uat --no-prompt', {}],
    ['a user who switched it off', 'org display -o uat', { SF_JIT_AUTO_LOGIN: 'false' }],
  ];
  for (const [what, args, env] of untouched) {
    it(`does nothing for ${what}`, async () => {
      const { stage } = holder;
      const run = await stage.sf(args, { ...runner, env: { ...runner.env, ...env } });
      expect(await stage.requests()).to.deep.equal([]);
      expect(run.stderr).not.to.match(/logged in to/i);
    });
  }

  it('does nothing for names that are not registered, help, its own commands and those that make logins, whatever the default org', async () => {
    const { stage } = holder;
    const { dataDirectory } = await packedPlugin();
    const env = { ...runner.env, NODE_EXTRA_CA_CERTS: stage.info.caFile, SF_TARGET_ORG: 'uat' };
    const lines = [
      'org display -o nobody',
      'org display -o uat --help',
      'jit sandbox list',
      'org logout -o uat --no-prompt',
      'force:auth:logout -u uat --no-prompt',
      'logout org -o uat --no-prompt',
      // what the hook does something for, to see that it runs at all
      'org display',
    ];
    const seen = await runMany(lines.map(words), { home: stage.home, cwd: runner.cwd, dataDirectory, env });
    expect(seen.filter(({ stderr }) => /logged in to/i.test(stderr)).map(({ argv }) => argv)).to.deep.equal([
      lines.at(-1),
    ]);
    expect((await stage.requests()).filter((request) => minting.includes(request))).to.deep.equal(minting);
  });

  it('is switched off by sf config, which knows its variables and checks their values', async () => {
    const { stage } = holder;
    await stage.ok('config set jit-auto-login=false jit-check-minutes=5 --global');
    expect((await stage.sf('org display -o uat --json', runner)).code).not.to.equal(0);
    expect(await stage.requests()).to.deep.equal([]);
    const set = await stage.ok<Array<{ name: string; value: string }>>('config get jit-auto-login jit-check-minutes');
    expect(set.map(({ name, value }) => [name, value])).to.deep.equal([
      ['jit-auto-login', 'false'],
      ['jit-check-minutes', '5'],
    ]);
    const wrongs = ['auto-login=maybe', 'check-minutes=-1', 'auth-type=password', 'auto-login-seconds=0'];
    const lines = [...wrongs, 'auto-login-output=loud'].map((one) => words(`config set jit-${one} --global --json`));
    const { dataDirectory } = await packedPlugin();
    const refused = await runMany(lines, { home: stage.home, dataDirectory });
    expect(refused.map(({ exitCode }) => exitCode)).to.deep.equal(lines.map(() => 1));
    await stage.ok('config unset jit-auto-login --global');
    expect((await stage.sf('org display -o uat --json', runner)).code).to.equal(0);
  });

  it('never touches a traditional org, though it is registered too', async () => {
    const { stage } = holder;
    await stage.registerProduction();
    const sandbox = await stage.sandbox('uat');
    await stage.ok(`org login jwt ${stage.jwtFlags({ username, loginUrl: sandbox.url })} --alias uat`);
    await stage.requests();
    const before = await stage.storedOrg(username);
    const run = await stage.sf(`${query} -o uat --json`, {
      ...runner,
      env: { ...runner.env, SF_JIT_CHECK_MINUTES: '0' },
    });
    expect({ code: run.code, stderr: run.stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(await stage.requests()).not.to.include('sandbox:uat query Organization');
    expect((await stage.storedOrg(username))['privateKey']).to.equal(before['privateKey']);
  });

  leavesNoSecret(holder);
});

describe('the aliases of the user', () => {
  const dev = 'admin@acme.example.dev';
  let always: StageSfOptions;
  const holder = useStage(async (stage) => {
    // a key that sf itself cannot renew a login with, so that nothing but the plugin does
    always = { env: { PRODUCTION_KEY: await stage.key(), SF_JIT_CHECK_MINUTES: '0' } };
    const { username: production, clientId, loginUrl } = stage.info;
    const flags = `--username ${production} --client-id ${clientId} --instance-url ${loginUrl} --alias prod`;
    await stage.ok(`jit org register ${flags} --jwt-key-env PRODUCTION_KEY`, always);
    await stage.ok('jit sandbox register -n uat -n dev', always);
  });

  it('lead where they did, also when the registry has another sandbox of that name, and after a refresh', async () => {
    const { stage } = holder;
    await stage.ok('jit sandbox login -n dev', always);
    await stage.ok(`alias set uat=${dev}`, always);
    const display = await stage.ok<{ username: string }>('org display -o uat', always);
    expect(display.username).to.equal(dev);
    await stage.control.refreshSandbox('dev', { complete: true });
    const told = await stage.sf(`${query} -o uat`, always);
    expect(told.stderr).to.contain(`: logged in to the new copy as ${dev}. Source tracking starts anew.\n`);
    const run = await stage.sf(`${query} -o uat --json`, always);
    const [first] = run.json<SfJson<{ records: Array<{ Name: string }> }>>().result.records;
    expect(first?.Name).to.match(/^First account of dev copy [2-9]/);
    expect(await stage.aliases()).to.deep.equal({ dev, uat: dev });
  });

  it('are not taken from another org by a command that names a sandbox by its username', async () => {
    const { stage } = holder;
    await stage.ok(`org login jwt ${stage.jwtFlags()} --alias uat`);
    for (const time of ['first', 'second']) {
      const { code, stdout } = await stage.sf(`${query} -o ${username} --json`, always);
      expect(code, `${time}: ${stdout}`).to.equal(0);
      expect(await stage.aliases()).to.deep.equal({ dev, uat: stage.info.username });
    }
  });

  leavesNoSecret(holder);
});
