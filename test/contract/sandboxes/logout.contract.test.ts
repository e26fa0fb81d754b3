import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitSandboxLogoutResult } from '../../../src/commands/jit/sandbox/logout.js';
import { ProtocolClient } from '../emulator/protocolClient.js';
import { leavesNoSecret, type Stage, type StageSfOptions, useStage } from '../../support/stage.js';

type Entry = JitSandboxLogoutResult['sandboxes'][0];

async function logout(stage: Stage, flags: string, options?: StageSfOptions): Promise<Entry[]> {
  return (await stage.ok<JitSandboxLogoutResult>(`jit sandbox logout ${flags}`, options)).sandboxes;
}

/** How a sandbox answers a request with each of these access tokens. */
async function answers(stage: Stage, sandbox: string, tokens: readonly string[]): Promise<number[]> {
  const { url } = await stage.sandbox(sandbox);
  const client = new ProtocolClient(stage.info);
  const path = `/services/data/v60.0/query?q=${encodeURIComponent('SELECT Id FROM User')}`;
  const replies = tokens.map((token) => client.send(url + path, { headers: { authorization: `Bearer ${token}` } }));
  const statuses = (await Promise.all(replies)).map(({ status }) => status);
  await stage.requests();
  return statuses;
}

/** The access tokens that were issued while `work` was done, of a sandbox. */
async function issued(stage: Stage, sandbox: string, work: () => Promise<unknown>): Promise<string[]> {
  const before = new Set(await stage.control.issuedSecrets());
  await work();
  const { orgId } = await stage.sandbox(sandbox);
  return (await stage.control.issuedSecrets()).filter(
    (secret) => !before.has(secret) && secret.startsWith(`${orgId.slice(0, 15)}!`),
  );
}

const loggedIn = (stage: Stage, flags: string) => (): Promise<unknown> => stage.ok(`jit sandbox login ${flags}`);

describe('sandbox logout', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat -n dev --no-verify');
    },
    { inProcess: true },
  );

  it('revokes the token, and leaves nothing of the login but the registration', async () => {
    const { stage } = on;
    const uat = await stage.sandbox('uat');
    const project = await stage.project();
    const files = await stage.snapshot();
    const tokens = await issued(stage, 'uat', loggedIn(stage, '-n uat --set-default'));
    await stage.ok('config set target-org uat', { cwd: project });
    await stage.ok(`alias set acceptance=${uat.username}`);
    expect(await answers(stage, 'uat', tokens)).to.deep.equal([200]);

    expect(await logout(stage, '-n uat', { cwd: project, inSf: true })).to.deep.equal([
      {
        sandboxName: 'uat',
        alias: 'uat',
        username: uat.username,
        productionUsername: stage.info.username,
        status: 'logged-out',
        revoked: true,
      },
    ]);
    expect(await stage.requests()).to.deep.equal(['sandbox:uat revoke']);
    expect(await answers(stage, 'uat', tokens)).to.deep.equal([401]);
    expect(await stage.aliases()).to.deep.equal({ prod: stage.info.username });
    expect(await stage.json('.sf', 'config.json')).to.not.have.property('target-org');
    expect(JSON.parse(await readFile(join(project, '.sf', 'config.json'), 'utf8'))).to.not.have.property('target-org');
    const left = Object.keys(await stage.snapshot()).filter((name) => !(name in files));
    expect(left.filter((name) => !/config\.json$/.test(name))).to.deep.equal([]);
    expect((await stage.registry()).sandboxes.map(({ alias }) => alias)).to.deep.equal(['uat', 'dev']);
    expect(await stage.ok('jit sandbox display -n uat')).to.include({ state: 'not-logged-in' });
  });

  it('says that there is nothing to do when it is done again, and login brings the org back', async () => {
    const { stage } = on;
    await stage.requests();
    expect((await logout(stage, '-n uat'))[0]).to.include({ status: 'not-logged-in', revoked: false });
    expect(await stage.requests()).to.deep.equal([]);
    await stage.ok('jit sandbox login -n uat');
    await stage.ok(`data query --query 'SELECT Id FROM User' -o uat`);
    const { code, stdout, stderr } = await stage.sf('jit sandbox logout --sandbox-name UAT');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.contain('Logged out of sandbox uat').and.contain('revoked');
  });

  it('revokes the refresh token too', async () => {
    const { stage } = on;
    const before = new Set(await stage.control.issuedSecrets());
    const tokens = await issued(stage, 'dev', loggedIn(stage, '-n dev --auth-type sfdx-auth-url'));
    const refreshTokens = (await stage.control.issuedSecrets()).filter((s) => !before.has(s) && s.startsWith('5Aep'));
    expect(refreshTokens).to.have.lengthOf(1);
    await stage.requests();
    expect((await logout(stage, '-n dev'))[0]).to.include({ status: 'logged-out', revoked: true });
    expect(await stage.requests()).to.deep.equal(['sandbox:dev revoke', 'sandbox:dev revoke']);
    expect(await answers(stage, 'dev', tokens)).to.deep.equal([401]);
    const { url } = await stage.sandbox('dev');
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: stage.info.clientId,
      refresh_token: refreshTokens[0]!,
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const renewal = await new ProtocolClient(stage.info).send(`${url}/services/oauth2/token`, {
      method: 'POST',
      headers,
      body,
    });
    expect(renewal.status).to.equal(400);
  });

  it('takes a token that is dead already for revoked, whatever it died of', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox login -n dev');
    await stage.control.expireSessions('sandbox:dev');
    expect((await logout(stage, '-n dev'))[0]).to.include({ status: 'logged-out', revoked: true });
    await stage.ok('jit sandbox login -n dev');
    await stage.control.refreshSandbox('dev', { complete: true });
    expect((await logout(stage, '-n dev'))[0]).to.include({ status: 'logged-out', revoked: true });
    for (const error of ['invalid_token', 'unsupported_token_type']) {
      await stage.ok('jit sandbox login -n dev');
      await stage.control.setFault({
        path: 'revoke$',
        action: { kind: 'answer', status: 400, body: JSON.stringify({ error }), contentType: 'application/json' },
      });
      expect((await logout(stage, '-n dev'))[0]).to.include({ status: 'logged-out', revoked: true });
      await stage.control.clearFaults();
    }
  });

  it('removes the org from this machine when Salesforce cannot be reached, and says that the token lives on', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('dev');
    const page = '<html><body>Down for maintenance</body></html>';
    const faults = {
      ConnectionFailed: { kind: 'reset' },
      ServerUnavailable: { kind: 'answer', status: 503, body: page, contentType: 'text/html' },
    } as const;
    for (const [name, action] of Object.entries(faults)) {
      const tokens = await issued(stage, 'dev', loggedIn(stage, '-n dev'));
      await stage.control.setFault({ path: 'revoke$', action });
      const { result, warnings } = await stage.okJson<JitSandboxLogoutResult>('jit sandbox logout -n dev');
      const [entry] = result.sandboxes;
      expect(entry).to.include({ status: 'logged-out', revoked: false, username });
      expect(entry?.error?.name).to.equal(name);
      expect(entry?.error?.actions).to.not.be.empty;
      expect(warnings.join()).to.contain('could not be revoked').and.contain(name);
      expect(await readdir(join(stage.home, '.sfdx'))).to.not.include(`${username}.json`);
      expect(await answers(stage, 'dev', tokens)).to.deep.equal([200]);
      await stage.control.clearFaults();
    }
    await stage.ok('jit sandbox login -n dev');
    await stage.control.setListening('sandbox:dev', false);
    const { code, stdout, stderr } = await stage.sf('jit sandbox logout -n dev');
    await stage.control.setListening('sandbox:dev', true);
    expect(code).to.equal(0);
    expect(stdout).to.contain('on this machine').and.not.contain('revoked');
    expect(stderr).to.contain('could not be revoked').and.contain('ConnectionFailed');
  });

  it('leaves a login alone that the user made', async () => {
    const { stage } = on;
    const { username, url } = await stage.sandbox('uat');
    await stage.ok(
      `org login jwt --username ${username} --client-id ${stage.info.clientId} --jwt-key-file ${stage.info.keyFile} -r ${url}`,
    );
    await stage.requests();
    const { message } = await stage.fails('jit sandbox logout -n uat', 'TraditionalOrgStored');
    expect(message).to.contain(username);
    const before = await stage.snapshot();
    const entries = await logout(stage, '--all');
    expect(entries.map(({ sandboxName, status }) => [sandboxName, status])).to.deep.equal([
      ['uat', 'not-logged-in'],
      ['dev', 'not-logged-in'],
    ]);
    expect(await stage.snapshot()).to.deep.equal(before);
    expect(await stage.requests()).to.deep.equal([]);
    await stage.ok(`org logout -o ${username} --no-prompt`);
  });

  it('leaves a login alone that cannot be read, and says so', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('uat');
    await stage.ok('jit sandbox login -n uat');
    await writeFile(join(stage.home, '.sfdx', `${username}.json`), '{"usern');
    const { message } = await stage.fails('jit sandbox logout -n uat', 'LoginUnreadable');
    expect(message).to.contain(username);
    await stage.ok('jit sandbox login -n uat');
    expect((await logout(stage, '-n uat'))[0]).to.include({ status: 'logged-out', revoked: true });
  });

  it('ends with 68 when some names fail, with 1 when all do, and does the others all the same', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox login -n uat -n dev');
    const some = await stage.sf('jit sandbox logout -n nope -n uat -n dev --json', { inSf: true });
    expect(some.code).to.equal(68);
    const { result, status } = some.json<{ status: number; result: JitSandboxLogoutResult }>();
    expect(status).to.equal(68);
    expect(
      result.sandboxes.map(({ sandboxName, status: what, username }) => [sandboxName, what, username !== null]),
    ).to.deep.equal([
      ['uat', 'logged-out', true],
      ['dev', 'logged-out', true],
      ['nope', 'failed', false],
    ]);
    expect(result.sandboxes[2]?.error?.name).to.equal('SandboxNotRegistered');

    const none = await stage.sf('jit sandbox logout -n nope -n neither');
    expect(none.code).to.equal(1);
    expect(none.stderr).to.contain('nope').and.contain('neither').and.contain('SandboxNotRegistered');
    await stage.fails('jit sandbox logout -n nope', 'SandboxNotRegistered');
  });

  it('means every login to the sandbox by its name, other users included, and one login by a username', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('uat');
    const tester = 'tester@acme.example.uat';
    await stage.control.createUser({ username: tester, org: 'sandbox:uat', preApproved: true });
    const both = async (): Promise<void> => {
      await stage.ok('jit sandbox login -n uat');
      await stage.ok(`jit sandbox login -n uat --user ${tester} --alias tester`);
    };
    await both();
    const [only, ...none] = await logout(stage, `-n ${tester}`);
    expect(only).to.include({ username: tester, sandboxName: 'uat', alias: null, status: 'logged-out', revoked: true });
    expect(none).to.deep.equal([]);
    await stage.ok(`jit sandbox login -n uat --user ${tester} --alias tester`);
    const tokens = await issued(stage, 'uat', both);
    const ended = await logout(stage, '-n uat');
    expect(ended.map(({ username: name, status }) => [name, status])).to.have.deep.members([
      [username, 'logged-out'],
      [tester, 'logged-out'],
    ]);
    expect(await answers(stage, 'uat', tokens)).to.deep.equal([401, 401]);
    expect(await stage.aliases()).to.deep.equal({ prod: stage.info.username });
  });

  it('knows a login to a sandbox that was never registered, by name and alias; --all ends every login', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox unregister --all --no-prompt');
    await stage.ok('jit sandbox login -n uat --alias job -p prod');
    await stage.ok('jit sandbox login -n dev -p prod');
    expect((await logout(stage, '-n job'))[0]).to.include({ sandboxName: 'uat', alias: null, status: 'logged-out' });
    await stage.ok('jit sandbox login -n uat -p prod');
    const ended = await logout(stage, '--all --production-org prod');
    expect(ended.map(({ sandboxName, status }) => [sandboxName, status])).to.have.deep.members([
      ['uat', 'logged-out'],
      ['dev', 'logged-out'],
    ]);
    expect(await logout(stage, '--all')).to.deep.equal([]);
    expect((await stage.sf('jit sandbox logout --all')).stdout).to.contain('No sandbox is registered or logged in to.');
  });

  it('refuses a command line that does not say which, or says both', async () => {
    const { stage } = on;
    for (const flags of ['', '-n uat --all', '--all extra']) {
      expect((await stage.sf(`jit sandbox logout ${flags}`)).code, flags).to.equal(2);
    }
    await stage.fails('jit sandbox logout --all -p nobody', 'ProductionOrgNotRegistered');
  });

  leavesNoSecret(on);
});
