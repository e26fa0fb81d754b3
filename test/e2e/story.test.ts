import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { leavesNoSecret, type Stage, useStage } from '../support/stage.js';

/*
 * The product in the real sf, once through: every command at least once, in the order in which a team meets them. What each can do besides is
 * in the suite of its own; `test/unit/structure.test.ts` looks that no command is missing here.
 */

const query = "data query --query 'SELECT Name FROM Account'";
const questions = ['production data', 'production query Organization', 'production query SandboxProcess'];
const username = 'admin@acme.example.uat';

type Logins = { sandboxes: Array<{ status: string; orgId: string; refreshed: boolean }> };

async function loggedIn(stage: Stage, command: string, cwd: string): Promise<Logins['sandboxes'][number]> {
  const { sandboxes } = await stage.ok<Logins>(command, { cwd });
  expect(sandboxes).to.have.lengthOf(1);
  return sandboxes[0]!;
}

describe('the whole story', () => {
  let cwd: string;
  const on = useStage(
    async (stage) => {
      cwd = await stage.project();
      execFileSync('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd });
    },
    { sandboxes: ['uat', 'dev'] },
  );

  it('key create, config init and org verify: production can be logged in to, and nothing is stored', async () => {
    const { stage } = on;
    const { info } = stage;
    await stage.ok(`jit key create --output-dir ${join(stage.folder, 'certs')}`);
    await stage.ok(
      `jit config init --instance-url ${info.loginUrl} --username ${info.username} --client-id ${info.clientId} --jwt-key-file ${info.keyFile} --no-prompt`,
      { cwd },
    );
    const home = await stage.snapshot();
    expect(await stage.ok('jit org verify', { cwd })).to.include({
      authenticated: true,
      source: 'config-file',
      orgId: info.orgId,
      orgKind: 'production',
    });
    expect(await stage.requests()).to.deep.equal(['login token jwt-bearer', ...questions]);
    expect(await stage.snapshot()).to.deep.equal(home);
  });

  it('key certificate: a certificate for a key with which a program signs', async () => {
    const { stage } = on;
    const spki = createPublicKey(await stage.key()).export({ type: 'spki', format: 'pem' });
    const publicKey = await stage.file('public.pem', String(spki));
    const signs = `process.stdout.write(require('crypto').sign('sha256', require('fs').readFileSync(0), require('fs').readFileSync(process.argv[2])))`;
    const program = await stage.file('sign.cjs', signs);
    const made = await stage.ok<{ certificateFile: string }>(
      `jit key certificate --output-dir ${join(stage.folder, 'kept')} --public-key-file ${publicKey} --jwt-sign-command '${process.execPath} ${program} ${stage.info.keyFile}'`,
    );
    const certificate = new X509Certificate(await readFile(made.certificateFile));
    expect(certificate.checkPrivateKey(createPrivateKey(await stage.key()))).to.equal(true);
  });

  it('org register, list and display: one login, and production is a normal sf org', async () => {
    const { stage } = on;
    await stage.registerProduction();
    expect((await stage.requests()).filter((request) => request.includes('token'))).to.have.lengthOf(1);
    const shown = await stage.ok<{ username: string }>('jit org display -p prod');
    expect(shown).to.include({ username: stage.info.username, alias: 'prod' });
    const orgs = await stage.ok<Array<{ username: string }>>('jit org list');
    expect(orgs.map((org) => org.username)).to.deep.equal([stage.info.username]);
    expect(await stage.storedOrg(stage.info.username)).to.include({ orgId: stage.info.orgId });
  });

  it('sandbox register, list and display: no credential is stored', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox register -n uat -n dev', { cwd });
    const { sandboxes } = await stage.registry();
    expect(sandboxes.map(({ sandboxName }) => sandboxName)).to.deep.equal(['uat', 'dev']);
    expect(await stage.ok('jit sandbox display -n uat')).to.include({ state: 'not-logged-in' });
    const table = await stage.sf('jit sandbox list');
    expect(table.stdout).to.match(/uat.*not logged in/);
  });

  it('sandbox login: two requests, and sf can use and renew it', async () => {
    const { stage } = on;
    await stage.requests();
    const { status, orgId } = await loggedIn(stage, 'jit sandbox login -n uat', cwd);
    expect({ status, orgId }).to.deep.equal({ status: 'logged-in', orgId: (await stage.sandbox('uat')).orgId });
    expect(await stage.requests()).to.deep.equal(['production sandboxAuth', 'sandbox:uat token jwt-bearer']);
    await stage.control.expireSessions('sandbox:uat');
    expect(await stage.ok(`${query} -o uat`)).to.include({ totalSize: 3 });
    expect((await stage.aliases())['uat']).to.equal(username);
  });

  it('org logins: the rows that Salesforce has, that of this machine marked, and nothing stored', async () => {
    const { stage } = on;
    const home = await stage.snapshot();
    const { logins, thisMachine } = await stage.ok<{
      logins: Array<{ side: string; byThisMachine: boolean }>;
      thisMachine: object[];
    }>('jit org logins -n uat');
    expect(logins.map(({ side }) => side)).to.include.members(['production', 'sandbox']);
    // the later ones are sf's own, which renewed the login
    const [first] = logins.filter(({ side }) => side === 'sandbox').reverse();
    expect(logins.filter(({ byThisMachine }) => byThisMachine)).to.deep.equal([first]);
    expect(thisMachine[0]).to.include({ did: 'login', username, isShown: true });
    expect((await stage.sf('jit org logins -n uat')).stdout).to.match(/Acme CI.*yes/);
    expect(await stage.snapshot()).to.deep.equal(home);
  });

  it('any sf command on a sandbox that nobody logged in to: the login comes by itself', async () => {
    const { stage } = on;
    const run = await stage.sf(`${query} -o dev`);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stderr).to.contain('Logged in to sandbox dev as admin@acme.example.dev.\n');
    expect(run.stdout).to.contain('First account of dev');
  });

  it('after a refresh the same command works on the new copy', async () => {
    const { stage } = on;
    const { orgId } = await stage.sandbox('uat');
    await stage.control.refreshSandbox('uat', { complete: true });
    const run = await stage.sf(`${query} -o uat`, { env: { SF_JIT_CHECK_MINUTES: '0' } });
    expect(run.stderr).to.match(
      /^Sandbox uat was refreshed on .* UTC by admin@acme\.example: .*Source tracking starts anew\.$/m,
    );
    expect(run.stdout).to.match(/First account of uat copy [2-9]/);
    expect((await stage.storedOrg(username))['orgId'])
      .to.equal((await stage.sandbox('uat')).orgId)
      .and.not.equal(orgId);
  });

  it('sandbox exec: a login for one command, which is revoked and changes no file', async () => {
    const { stage } = on;
    const home = await stage.snapshot();
    const token = join(stage.folder, 'token');
    await stage.requests();
    const program = `require("fs").writeFileSync(process.argv[1],process.env.SF_ACCESS_TOKEN);process.exit(7)`;
    const run = await stage.sf(`jit sandbox exec -n uat -- ${process.execPath} -e '${program}' ${token}`);
    expect({ code: run.code, stdout: run.stdout, stderr: run.stderr }).to.deep.equal({
      code: 7,
      stdout: '',
      stderr: '',
    });
    expect(await stage.control.issuedSecrets()).to.include(await readFile(token, 'utf8'));
    expect(await stage.requests()).to.include('sandbox:uat revoke');
    expect(await stage.snapshot()).to.deep.equal(home);
  });

  it('sandbox keep: a program runs as long as it likes with a login that is good', async () => {
    const { stage } = on;
    const program = `process.stdout.write(process.argv[1]);process.exit(5)`;
    const run = await stage.sf(`jit sandbox keep -n uat -- ${process.execPath} -e '${program}' untouched`);
    expect({ code: run.code, stdout: run.stdout }).to.deep.equal({ code: 5, stdout: 'untouched' });
    expect(await stage.ok(`${query} -o uat`)).to.include({ totalSize: 3 });
  });

  it('sandbox show-credentials: the token is printed, because it was asked for, and nothing is stored', async () => {
    const { stage } = on;
    const home = await stage.snapshot();
    // not through the stage, which looks for secrets in what was printed
    const run = await stage.unrecorded('jit sandbox show-credentials -n uat --json');
    const { accessToken } = run.json<{ result: { accessToken: string } }>().result;
    expect(await stage.control.issuedSecrets()).to.include(accessToken);
    expect(await stage.snapshot()).to.deep.equal(home);
  });

  it('environment create, list, display, update, login and delete: the branch says which sandbox', async () => {
    const { stage } = on;
    await stage.ok('jit environment create --name acceptance -n uat --branch main', { cwd });
    await stage.ok("jit environment update --name acceptance --branch main --branch 'release/*'", { cwd });
    const shown = await stage.ok<{ branches: string[] }>('jit environment display --name acceptance', { cwd });
    expect(shown.branches).to.deep.equal(['main', 'release/*']);
    expect((await stage.sf('jit environment list', { cwd })).stdout).to.match(/acceptance.*uat/);
    expect(await loggedIn(stage, 'jit environment login', cwd)).to.include({ status: 'logged-in', refreshed: false });
    expect((await stage.aliases())['acceptance']).to.equal(username);
    await stage.ok('jit environment delete --name acceptance --no-prompt', { cwd });
    const { environments } = await stage.ok<{ environments: unknown[] }>('jit environment list', { cwd });
    expect(environments).to.deep.equal([]);
  });

  it('sandbox logout and unregister: tokens are revoked, and nothing of the login is left', async () => {
    const { stage } = on;
    await stage.requests();
    const { sandboxes } = await stage.ok<Logins>('jit sandbox logout -n uat --no-prompt');
    expect(sandboxes[0]).to.include({ status: 'logged-out', revoked: true });
    expect(await stage.requests()).to.deep.equal(['sandbox:uat revoke']);
    expect(await stage.aliases()).to.have.all.keys('prod', 'dev');
    await stage.ok('jit sandbox unregister -n dev --logout --no-prompt', { cwd });
    expect(await stage.aliases()).to.have.all.keys('prod');
    const { sandboxes: left } = await stage.registry();
    expect(left.map(({ sandboxName }) => sandboxName)).to.deep.equal(['uat']);
  });

  it('org unregister: the registry is empty, and production stays an org of sf', async () => {
    const { stage } = on;
    await stage.ok('jit org unregister -p prod --cascade --no-prompt', { cwd });
    expect(await stage.registry()).to.deep.equal({ version: 1, productionOrgs: [], sandboxes: [] });
    expect(await stage.storedOrg(stage.info.username)).to.include({ orgId: stage.info.orgId });
  });

  it('emulator start: a stand-in until it is interrupted', async () => {
    const { stage } = on;
    let asked = false;
    const run = await stage.sf('jit emulator start --json', {
      onOutput: (stdout, pid) => {
        if (!asked && stdout.endsWith('}\n')) process.kill(pid, 'SIGTERM');
        asked ||= stdout.endsWith('}\n');
      },
    });
    expect(run.code, run.stderr).to.equal(0);
    expect(run.json<{ result: { loginUrl: string } }>().result.loginUrl).to.match(/^https:\/\/localhost:\d+$/);
  });

  leavesNoSecret(on);
});
