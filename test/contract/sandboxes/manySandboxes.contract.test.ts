import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitSandboxListResult } from '../../../src/commands/jit/sandbox/list.js';
import type { JitSandboxLoginResult } from '../../../src/commands/jit/sandbox/login.js';
import { sf } from '../../support/packedPlugin.js';
import { leavesNoSecret, useStage } from '../../support/stage.js';

const names = Array.from({ length: 20 }, (_, index) => `box${index}`);

describe('many sandboxes', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register --all');
    },
    { inProcess: true, sandboxes: names },
  );
  const statuses = (result: JitSandboxLoginResult): string[] => result.sandboxes.map(({ status }) => status);

  it('are logged in to with one production login and two requests each: 41 for 20', async () => {
    const { stage } = on;
    await stage.control.expireSessions('production');
    // what sf has cached is thrown away, so that production has to be opened
    await stage.ok(`org logout --target-org prod --no-prompt`);
    await stage.requests();
    const result = await stage.ok<JitSandboxLoginResult>('jit sandbox login --all', { inSf: true });
    expect(statuses(result)).to.deep.equal(names.map(() => 'logged-in'));
    const requests = await stage.requests();
    expect(requests.filter((request) => request === 'login token jwt-bearer')).to.have.lengthOf(1);
    expect(requests.filter((request) => request === 'production sandboxAuth')).to.have.lengthOf(20);
    expect(requests).to.have.lengthOf(41);
    expect(Object.keys(await stage.aliases())).to.include.members(names);
  });

  it('are left alone with --if-needed: one query each', async () => {
    const { stage } = on;
    const result = await stage.ok<JitSandboxLoginResult>('jit sandbox login -n box0 -n box1 --if-needed');
    expect(statuses(result)).to.deep.equal(['already-logged-in', 'already-logged-in']);
    expect((await stage.requests()).sort()).to.deep.equal([
      'sandbox:box0 query Organization',
      'sandbox:box1 query Organization',
    ]);
  });

  it('do not stop each other when one is misspelt, but then all ends with 1, with its reason and what to do', async () => {
    const { stage } = on;
    const run = await stage.sf('jit sandbox login -n box0 -n bx1 --json');
    expect(run.code).to.equal(1);
    const { result } = run.json<{ result: JitSandboxLoginResult }>();
    expect(statuses(result)).to.deep.equal(['logged-in', 'failed']);
    expect(result.sandboxes[1]).to.have.nested.property('error.name', 'SandboxNotFound');
    const text = await stage.sf('jit sandbox login -n box0 -n bx1', { inSf: true });
    expect(text.stdout).to.contain('Logged in to sandbox box0');
    expect(text.stderr).to.contain('SandboxNotFound').and.to.contain('box1');
    expect(text.stderr.trimEnd().split('\n').at(-1)).to.equal('1 of 2 logged in; failed: bx1');
  });

  it('are not tried after what production refuses for all: one reason, in one line', async () => {
    const { stage } = on;
    await stage.control.setOrg('production', { requestLimitReached: true });
    try {
      await stage.requests();
      const run = await stage.sf('jit sandbox login --all --concurrency 1 --json');
      expect(run.code).to.equal(1);
      expect((await stage.requests()).filter((request) => request === 'production sandboxAuth')).to.have.length(1);
      expect(statuses(run.json<{ result: JitSandboxLoginResult }>().result)).to.deep.equal([
        'failed',
        ...names.slice(1).map(() => 'not-tried'),
      ]);
    } finally {
      await stage.control.setOrg('production', { requestLimitReached: false });
    }
  });

  it("outlive the end of production's session in the middle of the command", async () => {
    const { stage } = on;
    await stage.ok(`org logout --target-org ${stage.info.username} --no-prompt`);
    await stage.control.setFault({
      origin: 'production',
      path: 'sandboxAuth',
      nth: 3,
      times: 1,
      action: {
        kind: 'answer',
        status: 401,
        body: JSON.stringify([{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]),
      },
    });
    await stage.requests();
    const result = await stage.ok<JitSandboxLoginResult>(
      'jit sandbox login -n box0 -n box1 -n box2 -n box3 --concurrency 1',
    );
    expect(statuses(result)).to.deep.equal(['logged-in', 'logged-in', 'logged-in', 'logged-in']);
    expect((await stage.requests()).filter((request) => request === 'login token jwt-bearer')).to.have.length(2);
    await stage.control.clearFaults();
  });

  it('end with 1 when all fail', async () => {
    const run = await on.stage.sf('jit sandbox login -n nope1 -n nope2 --json');
    expect(run.code).to.equal(1);
    expect(statuses(run.json<{ result: JitSandboxLoginResult }>().result)).to.deep.equal(['failed', 'failed']);
  });

  leavesNoSecret(on);
});

describe('a sandbox that is not ready', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat -n dev');
    },
    { inProcess: true },
  );

  it('is waited for with --wait, showing the last answer', async () => {
    const { stage } = on;
    await stage.control.setSandbox('uat', { authReady: false });
    const ready = stage.control.setSandbox.bind(stage.control, 'uat', { authReady: true });
    const run = stage.sf('jit sandbox login -n uat --wait 2');
    // as soon as the first attempt was refused, the copy becomes ready
    while (!(await stage.control.log()).some(({ path }) => path.endsWith('sandboxAuth')))
      await new Promise((r) => setTimeout(r, 50));
    await ready();
    const { code, stdout, stderr } = await run;
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain('Logged in to sandbox uat');
    expect(stderr).to.match(/Trying again in \d+ s\. uat: /);
  });

  it('ends with 69 without it, and permanent causes fail at once with it', async () => {
    const { stage } = on;
    await stage.control.setSandbox('uat', { authReady: false });
    await stage.fails('jit sandbox login -n uat', 'SandboxNotReady', { exitCode: 69 });
    await stage.control.deleteSandbox('dev');
    const { durationMs } = await stage.sf('jit sandbox login -n dev --wait 5');
    expect(durationMs).to.be.below(60_000);
  });

  leavesNoSecret(on);
});

describe('another user of a sandbox', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat');
      await stage.control.createUser({ org: 'sandbox:uat', username: 'tester@acme.example.uat' });
    },
    { inProcess: true },
  );

  it('is signed in by JWT with --user, under an alias of its own', async () => {
    const { stage } = on;
    const { sandboxes } = await stage.ok<JitSandboxLoginResult>(
      'jit sandbox login -n uat --user tester@acme.example --alias tester',
    );
    expect(sandboxes[0]).to.include({ username: 'tester@acme.example.uat', alias: 'tester', authType: 'jwt' });
    await stage.ok(`data query --query 'SELECT Id FROM Account' --target-org tester`);
  });

  it("needs no word of production's once the login host is known, also in a sandbox that somebody else refreshed", async () => {
    const { stage } = on;
    await stage.ok('jit sandbox login -n uat');
    await stage.control.createUser({ org: 'production', username: 'second@acme.example' });
    await stage.control.refreshSandbox('uat', { complete: true, by: 'second@acme.example' });
    await stage.requests();
    const { sandboxes } = await stage.ok<JitSandboxLoginResult>('jit sandbox login -n uat --user second@acme.example');
    expect(sandboxes[0]).to.include({ username: 'second@acme.example.uat', status: 'logged-in' });
    expect(await stage.requests()).to.deep.equal(['sandbox:uat token jwt-bearer']);
    const own = await stage.okJson<JitSandboxLoginResult>('jit sandbox login -n uat');
    expect(own.result.sandboxes[0]).to.include({ authType: 'jwt', refusedFirst: 'NotSandboxCreator' });
    await stage.control.refreshSandbox('uat', { complete: true, by: stage.info.username });
    await stage.control.createUser({ org: 'sandbox:uat', username: 'tester@acme.example.uat' });
  });

  it('is refused by name when it does not exist or is not approved, and no code is used for it', async () => {
    const { stage } = on;
    await stage.requests();
    const run = await stage.sf('jit sandbox login -n uat --user nobody@acme.example --json');
    expect(run.code).to.equal(1);
    expect(run.json<{ message: string }>().message).to.contain('nobody@acme.example.uat');
    expect((await stage.requests()).some((request) => request.endsWith('authorization_code'))).to.equal(false);
  });

  leavesNoSecret(on);
});

describe('a runner that has only the repository and the four variables', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
    },
    { inProcess: true },
  );
  const environment = async (): Promise<Record<string, string>> => ({
    SF_USERNAME: on.stage.info.username,
    SF_CLIENT_ID: on.stage.info.clientId,
    SF_INSTANCE_URL: on.stage.info.loginUrl,
    SF_PRIVATE_KEY: await on.stage.key(),
  });

  it('logs in to what the project file registers, under its alias', async () => {
    const { stage } = on;
    const cwd = await stage.project();
    await stage.ok('jit sandbox register -n uat --alias acceptance --project', { cwd });
    const file = join(cwd, 'sfdx-project.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as {
      sourceApiVersion: string;
      plugins: Record<string, unknown>;
    };
    expect(json.sourceApiVersion).to.equal('60.0');
    expect(JSON.stringify(json.plugins)).not.to.contain('http');

    await stage.newHome();
    const env = await environment();
    const { sandboxes } = await stage.ok<JitSandboxLoginResult>('jit sandbox login -n acceptance', { cwd, env });
    expect(sandboxes[0]).to.include({ sandboxName: 'uat', alias: 'acceptance', authType: 'access-token' });
    await stage.ok(`data query --query 'SELECT Id FROM Account' --target-org acceptance`, { cwd });
    const { orgs } = await stage.ok<JitSandboxListResult>('jit sandbox list', { cwd });
    expect(orgs.find(({ kind }) => kind === 'jit')).to.include({ layer: 'project', state: 'logged-in' });
  });

  it('is not led to another login host by the project file', async () => {
    const { stage } = on;
    const cwd = await stage.project();
    const evil = {
      sandboxes: [{ sandboxName: 'uat', productionUsername: stage.info.username, loginUrl: 'https://evil.example' }],
    };
    await writeFile(
      join(cwd, 'sfdx-project.json'),
      JSON.stringify({ packageDirectories: [], plugins: { 'sf-plugin-jit': evil } }),
    );
    const answer = await stage.fails('jit sandbox login -n uat', 'ConfigInvalid', { cwd, env: await environment() });
    expect(answer.message).to.contain('loginUrl');
  });

  leavesNoSecret(on);
});

describe('sandbox list --check', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register --all');
    },
    { inProcess: true, sandboxes: ['ready', 'fresh', 'pending', 'gone', 'other'] },
  );

  it('asks production once, and once who the other users are, and shows what stands in the way of each sandbox', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox login -n fresh');
    await stage.control.refreshSandbox('fresh', { complete: true });
    await stage.control.setSandbox('pending', { status: 'Processing' });
    await stage.control.deleteSandbox('gone');
    await stage.control.createUser({ org: 'production', username: 'second@acme.example' });
    await stage.control.refreshSandbox('other', { complete: true, by: 'second@acme.example' });
    await stage.requests();
    const { orgs } = await stage.ok<JitSandboxListResult>('jit sandbox list --check');
    expect(await stage.requests()).to.deep.equal(['production query SandboxProcess', 'production query User']);
    const checks = Object.fromEntries(
      orgs.flatMap(({ sandboxName, check }) => (sandboxName && check ? [[sandboxName, check]] : [])),
    );
    expect(checks['ready']).to.include({ problem: null });
    expect(checks['fresh']).to.include({ problem: null, refreshed: true });
    expect(checks['pending']).to.include({ problem: 'SandboxNotReady', sandboxStatus: 'Processing' });
    expect(checks['gone']).to.include({ problem: 'SandboxDeleted' });
    expect(checks['other']).to.include({ problem: 'NotSandboxCreator', copiedBy: 'second@acme.example' });
    const text = await stage.sf('jit sandbox list --check');
    expect(text.stdout)
      .to.match(/fresh .*ready, refreshed/)
      .and.to.match(/other .*another user's/);
    expect(text.stdout).to.contain('Deleted (gone): remove the registration: sf jit sandbox unregister');
    expect(text.stdout).to.contain("Another user's (other: second@acme.example): ");
  });

  leavesNoSecret(on);
});

describe('sandbox login --auth-type sfdx-auth-url', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
    },
    { inProcess: true },
  );

  it('stores what the stock command turns into an auth URL', async () => {
    const { stage } = on;
    const { sandboxes } = await stage.ok<JitSandboxLoginResult>('jit sandbox login -n uat --auth-type sfdx-auth-url');
    expect(sandboxes[0]).to.include({ authType: 'sfdx-auth-url' });
    const stored = await stage.storedOrg(sandboxes[0]?.username ?? '');
    expect(stored).to.have.property('refreshToken');
    expect(stored).not.to.have.property('privateKey');
    const env = { NODE_EXTRA_CA_CERTS: stage.info.caFile };
    // prints a secret by design, so it is kept out of what is searched for secrets
    const shown = await sf(['org', 'auth', 'show-sfdx-auth-url', '--target-org', 'uat', '--json'], {
      home: stage.home,
      env,
    });
    expect(shown.json<{ result: { sfdxAuthUrl: string } }>().result.sfdxAuthUrl).to.match(/^force:\/\/3MVG9/);
  });

  it('is the default when the configuration says so', async () => {
    const { stage } = on;
    await stage.ok('config set jit-auth-type=access-token --global');
    const { sandboxes } = await stage.ok<JitSandboxLoginResult>('jit sandbox login -n uat');
    expect(sandboxes[0]).to.include({ authType: 'access-token' });
    const refused = await stage.sf('config set jit-auth-type=web --global --json');
    expect(refused.code).to.equal(1);
  });

  leavesNoSecret(on);
});
