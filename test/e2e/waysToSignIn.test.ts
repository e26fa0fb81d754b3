import { expect } from 'chai';
import type { JitSandboxLoginResult } from '../../src/commands/jit/sandbox/login.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** Where production's only app is a local external client app: every other case runs in one process, in test/contract/sandboxes. */
describe('a sandbox that has no app of production', () => {
  const on = useStage(async (stage) => {
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat');
    await stage.control.setApp({ kind: 'local-eca' });
    await stage.control.refreshSandbox('uat', { complete: true });
  });
  const ofSandbox = (requests: string[]): string[] => requests.filter((request) => /sandboxAuth|token/.test(request));

  it("is logged in to with sf's own app, which is said once, in one line and in the result, and is remembered", async () => {
    const { stage } = on;
    const first = await stage.sf('jit sandbox login -n uat');
    expect(first.code, first.stderr).to.equal(0);
    expect(first.stderr.replaceAll(/\s+/g, ' ')).to.contain(
      `Sandbox uat: production's app was refused (AppNotInSandbox), so ${stage.info.username}.uat was signed in with sf's own app, PlatformCLI.`,
    );
    expect((await stage.registry()).sandboxes[0]).to.include({ signedInBy: 'platform-cli' });
    expect(await stage.ok('jit sandbox display -n uat')).to.include({ signedInBy: 'platform-cli' });
    await stage.requests();
    const { result, warnings } = await stage.okJson<JitSandboxLoginResult>('jit sandbox login -n uat');
    expect(result.sandboxes[0]).to.include({ signedInBy: 'platform-cli', authType: 'access-token' });
    expect(result.sandboxes[0]).not.to.have.property('refusedFirst');
    expect(warnings).to.deep.equal([]);
    expect(ofSandbox(await stage.requests())).to.deep.equal([
      'production sandboxAuth',
      'sandbox:uat token authorization_code',
    ]);
  });

  it('serves a command that finds its session ended, and one that runs with a credential of its own', async () => {
    const { stage } = on;
    await stage.control.expireSessions('sandbox:uat');
    const query = `data query --query 'SELECT Id FROM Account' --target-org uat`;
    const env = { SF_JIT_CHECK_MINUTES: '0' };
    const { code, stderr } = await stage.sf(query, { env });
    expect([code, stderr.includes("Signed in by sf's own app, PlatformCLI (platform-cli).")], stderr).to.deep.equal([
      0,
      true,
    ]);
    const run = await stage.sf(`jit sandbox exec -n uat -- ${process.execPath} -p 40+2`);
    expect([run.code, run.stdout], run.stderr).to.deep.equal([0, '42\n']);
    const living = await stage.control.livingTokens(`${stage.info.username}.uat`);
    expect(living.map(({ clientId, refreshTokens }) => [clientId, refreshTokens])).to.deep.equal([['PlatformCLI', 1]]);
  });

  leavesNoSecret(on);
});
