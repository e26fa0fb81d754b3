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
    await stage.ok('jit sandbox login -n dev --auth-type access-token');
    await stage.ok('config set target-org=acceptance --global');
    await stage.ok(`alias set mine=${(await stage.sandbox('uat')).username}`);
    await stage.ok('org disable tracking -o acceptance');
    await stage.ok(`${query} -o acceptance`);
  });

  it('ends the old session, and one more login makes every command work again', async () => {
    const { stage } = on;
    const before = await stage.sandbox('dev');
    await stage.ok(`${query} -o dev`);
    await stage.control.refreshSandbox('dev', { complete: true });
    expect((await stage.sf(`${query} -o dev`)).code, 'query with the old session').to.not.equal(0);
    const { orgId } = await stage.sandbox('dev');
    expect(orgId).to.not.equal(before.orgId);
    expect(await login(stage, '-n dev --auth-type access-token')).to.include({
      refreshed: true,
      orgId,
      alias: 'dev',
      authType: 'access-token',
    });
    await stage.ok(`${query} -o dev`);
  });

  it('keeps aliases, default org and source-tracking setting, and drops what became untrue', async () => {
    const { stage } = on;
    const { username, url, orgId } = await stage.sandbox('uat');
    const learned = await stage.storedOrg(username);
    expect(learned, 'what sf learned meanwhile').to.include.keys('tracksSource', 'instanceApiVersion');
    await stage.control.refreshSandbox('uat', { complete: true });
    const refreshed = await stage.sandbox('uat');
    expect(await login(stage, '-n uat')).to.include({ refreshed: true, orgId: refreshed.orgId, alias: 'acceptance' });
    expect(await stage.aliases()).to.include({ acceptance: username, mine: username });
    expect(await stage.json('.sf', 'config.json')).to.include({ 'target-org': 'acceptance' });
    const stored = await stage.storedOrg(username);
    expect(stored).to.include({ tracksSource: false, instanceUrl: url, orgId: refreshed.orgId });
    expect(stored).to.not.have.any.keys('instanceApiVersion', 'instanceApiVersionLastRetrieved', 'refreshToken');
    expect(await sandboxFiles(stage))
      .to.include(`${refreshed.orgId}.sandbox.json`)
      .and.not.include(`${orgId}.sandbox.json`);
    await stage.ok(query);
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

  it('is noticed also when stock sf has renewed the session by JWT in the meantime', async () => {
    const { stage } = on;
    await stage.control.refreshSandbox('uat', { complete: true });
    await stage.ok(`${query} -o acceptance`);
    const { orgId } = await stage.sandbox('uat');
    expect(await login(stage, '-n uat')).to.include({ refreshed: true, orgId });
    const { orgId: ofDev } = await stage.sandbox('dev');
    expect(await sandboxFiles(stage)).to.have.members([`${orgId}.sandbox.json`, `${ofDev}.sandbox.json`]);
  });

  leavesNoSecret(on);
});
