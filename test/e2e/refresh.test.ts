import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitSandboxLoginResult } from '../../src/commands/jit/sandbox/login.js';
import { leavesNoSecret, type Stage, useStage } from '../support/stage.js';

const query = `data query --query 'SELECT Id FROM User'`;

async function sandboxFiles(stage: Stage): Promise<string[]> {
  return (await readdir(join(stage.home, '.sfdx'))).filter((name) => name.endsWith('.sandbox.json'));
}

async function login(stage: Stage, flags: string): Promise<JitSandboxLoginResult['sandboxes'][0]> {
  return (await stage.ok<JitSandboxLoginResult>(`jit sandbox login ${flags}`)).sandboxes[0]!;
}

describe('a sandbox refresh', () => {
  const on = useStage(async (stage) => {
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat --alias acceptance');
    await stage.ok('jit sandbox login -n uat');
    await stage.ok('config set target-org=acceptance --global');
    await stage.ok('alias set mine=acceptance');
    await stage.ok('org disable tracking -o acceptance');
    await stage.ok(`${query} -o acceptance`);
  });

  it('ends the old session, and one more login makes every command work again', async () => {
    const { stage } = on;
    const before = await stage.sandbox('uat');
    expect(await stage.storedOrg(before.username), 'what sf learned meanwhile').to.include.keys(
      'tracksSource',
      'instanceApiVersion',
    );
    await stage.control.refreshSandbox('uat', { complete: true });
    expect((await stage.sf(`${query} -o acceptance`)).code, 'query with the old session').to.not.equal(0);
    const after = await stage.sandbox('uat');
    expect(after.orgId).to.not.equal(before.orgId);
    expect(await login(stage, '-n uat')).to.include({
      refreshed: true,
      orgId: after.orgId,
      alias: 'acceptance',
      status: 'logged-in',
    });
    await stage.ok(`${query} -o acceptance`);
    await stage.ok(query);
  });

  it('keeps aliases, default org and source-tracking setting, and drops what became untrue', async () => {
    const { stage } = on;
    const { username, orgId, url } = await stage.sandbox('uat');
    expect(await stage.aliases()).to.include({ acceptance: username, mine: username });
    expect(await stage.json('.sf', 'config.json')).to.include({ 'target-org': 'acceptance' });
    expect(await sandboxFiles(stage)).to.deep.equal([`${orgId}.sandbox.json`]);
    await stage.control.refreshSandbox('uat', { complete: true });
    await login(stage, '-n uat');
    const stored = await stage.storedOrg(username);
    expect(stored).to.include({ tracksSource: false, instanceUrl: url, orgId: (await stage.sandbox('uat')).orgId });
    expect(stored).to.not.have.any.keys('instanceApiVersion', 'instanceApiVersionLastRetrieved', 'refreshToken');
  });

  it('keeps the old copy usable while the new one is made, says so to a login, and takes the new one when it is done', async () => {
    const { stage } = on;
    await stage.control.refreshSandbox('uat');
    const { message, data } = await stage.fails('jit sandbox login -n uat', 'SandboxNotReady', { exitCode: 69 });
    expect(message).to.contain('not ready yet');
    expect(data).to.include({ status: 'Pending' });
    await stage.ok(`${query} -o acceptance`);
    await stage.control.setSandbox('uat', { status: 'Completed' });
    expect(await login(stage, '-n uat')).to.include({ refreshed: true });
    expect(await login(stage, '-n uat'), 'the second time').to.include({ refreshed: false });
  });

  it('needs no more for a login that stores the access token alone', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox login -n dev --auth-type access-token');
    await stage.control.refreshSandbox('dev', { complete: true });
    expect(await login(stage, '-n dev --auth-type access-token')).to.include({
      refreshed: true,
      authType: 'access-token',
    });
    await stage.ok(`${query} -o dev`);
    expect(await sandboxFiles(stage)).to.have.lengthOf(2);
  });

  leavesNoSecret(on);
});
