import { expect } from 'chai';
import type { JitSandboxLoginResult } from '../../src/commands/jit/sandbox/login.js';
import type { ProgramRun } from '../support/runSf.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

const query = `data query --query 'SELECT Id FROM User'`;

/** What stock sf itself writes there, a warning of its own or a progress line, is not the plugin's. */
function ours({ stderr }: ProgramRun): string[] {
  return stderr.split('\n').filter((line) => /registered|registration|refreshed|not logged in/i.test(line));
}

/*
 * One story, because each start of sf takes seconds: a sandbox that stock commands make, refresh and delete, of a production org that is registered.
 */
describe('a sandbox of stock commands', () => {
  const on = useStage(async (stage) => {
    await stage.registerProduction();
  });

  it('is registered when it is created, without a word among the JSON', async () => {
    const { stage } = on;
    const run = await stage.sf('org create sandbox --name qa --alias quality --target-org prod --no-prompt --json');
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    expect(ours(run)).to.deep.equal([]);
    const { username } = await stage.sandbox('qa');
    expect((await stage.registry()).sandboxes).to.deep.equal([
      {
        sandboxName: 'qa',
        username,
        alias: 'quality',
        productionUsername: stage.info.username,
        isJitRegistration: true,
      },
    ]);
    expect(await stage.aliases()).to.include({ quality: username });
  });

  it('goes on working after somebody refreshed it, which is told with the date and the user', async () => {
    const { stage } = on;
    await stage.control.refreshSandbox('qa', { complete: true });
    // core would renew this very login by itself: what the plugin must do is to notice
    const run = await stage.sf(`${query} -o quality`, { env: { SF_JIT_CHECK_MINUTES: '0' } });
    expect(run.code, run.stderr).to.equal(0);
    expect(ours(run)).to.have.lengthOf(1);
    const today = new Date().toISOString().slice(0, 10);
    expect(ours(run)[0]).to.match(
      new RegExp(
        `^Sandbox qa was refreshed on ${today} .* by ${stage.info.username}: .*Source tracking starts anew\\.$`,
      ),
    );
  });

  it("stays registered, and its login the plugin's, when a stock command refreshes it", async () => {
    const { stage } = on;
    const run = await stage.sf('org refresh sandbox --name qa --target-org prod --no-prompt');
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    expect(ours(run)).to.deep.equal([]);
    const { username, orgId } = await stage.sandbox('qa');
    const record = await stage.json('.sf', 'jit', 'logins', `${encodeURIComponent(username)}.json`);
    expect(record).to.include({ orgId, sandboxName: 'qa', authType: 'jwt' });
  });

  it('loses its registration when it is deleted', async () => {
    const { stage } = on;
    const run = await stage.sf('org delete sandbox --target-org quality --no-prompt');
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    expect(ours(run)).to.deep.equal(['Sandbox qa is deleted, and so is its registration (alias quality).']);
    expect((await stage.registry()).sandboxes).to.deep.equal([]);
  });

  it('is registered by the command that waits for it, and tells how far it is to the first command that uses it', async () => {
    const { stage } = on;
    await stage.control.holdCopies(true);
    const ordered = await stage.sf('org create sandbox --name perf --target-org prod --no-prompt --async');
    expect(ordered.code, ordered.stdout + ordered.stderr).to.equal(68);
    expect(ours(ordered)).to.deep.equal([]);
    expect((await stage.registry()).sandboxes).to.deep.equal([]);
    await stage.control.setSandbox('perf', { status: 'Processing', copyProgress: 45 });
    const resumed = await stage.sf('org resume sandbox --name perf --target-org prod');
    expect(resumed.code, resumed.stdout + resumed.stderr).to.equal(68);
    expect(ours(resumed)).to.have.lengthOf(1);
    expect(ours(resumed)[0]).to.match(/^Registered sandbox perf under the alias perf\. .*\(Processing, 45 %\)/);
    const used = await stage.sf(`${query} -o perf`);
    expect(used.code, 'as without the plugin: sf knows no such org').to.equal(2);
    expect(ours(used)[0]).to.match(/^Warning: not logged in to sandbox perf \(SandboxNotReady\): .*45 %.* --wait 60$/);
    await stage.control.setSandbox('perf', { status: 'Completed' });
    const ready = await stage.ok<JitSandboxLoginResult>('jit sandbox login --sandbox-name perf --wait 60');
    expect(ready.sandboxes[0]).to.include({ status: 'logged-in', refreshed: false });
  });

  leavesNoSecret(on);
});
