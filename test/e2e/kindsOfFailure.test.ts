import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { leavesNoSecret, type Stage, useStage } from '../support/stage.js';

/*
 * One case a kind of failure, in the real sf: how it ends, that it says what to do, and that nothing on disk changed (`stage.fails`). Every
 * single failure is in the tables of `test/contract/sandboxes/loginFailures`, `test/contract/checks/orgVerify` and `test/torture/`.
 */

const login = (name: string): string => `jit sandbox login -n ${name}`;

describe('each kind of failure', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok(login('uat'));
    },
    { sandboxes: ['uat', 'copying', 'noapp'] },
  );
  const register = (stage: Stage): string => `jit org register ${stage.jwtFlags()}`;

  it('a wrong command line: 2, and no request', async () => {
    const { stage } = on;
    const { code, stderr } = await stage.sf('jit sandbox login');
    expect({ code, stderr }).to.have.property('code', 2);
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('what is on this machine: a registry that is damaged, and a key that is none', async () => {
    const { stage } = on;
    const noKey = await stage.file('no.key', 'not a key');
    await stage.fails(register(stage).replace(stage.info.keyFile, noKey), 'KeyInvalid');
    // a home of its own: the suite goes on with the good one
    const home = join(stage.folder, 'damaged');
    await cp(stage.home, home, { recursive: true });
    const registry = join(home, '.sf', 'jit.json');
    await writeFile(registry, (await readFile(registry, 'utf8')).slice(0, -9));
    const { message } = await stage.fails(login('uat'), 'RegistryDamaged', { home });
    expect(message).to.contain('jit.json');
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('production refuses the login: one request, one reason', async () => {
    const { stage } = on;
    await stage.fails(register(stage).replace(stage.info.clientId, '3MVG9unknown'), 'InvalidClientId');
    expect(await stage.requests()).to.deep.equal(['login token jwt-bearer']);
  });

  it('production does not know the sandbox, and offers the nearest', async () => {
    const { stage } = on;
    for (const command of [login('uta'), 'jit sandbox register -n uta']) {
      const { message, actions } = await stage.fails(command, 'SandboxNotFound');
      expect(message, command).to.contain('The nearest name that it has is "uat".');
      expect(actions?.[0], command).to.match(/^If you meant uat: .* --sandbox-name uat /);
    }
  });

  it('the sandbox is not ready: 69', async () => {
    const { stage } = on;
    await stage.control.setSandbox('copying', { authReady: false });
    await stage.fails(login('copying'), 'SandboxNotReady', { exitCode: 69 });
  });

  it('the network: nobody answers, and the old login stays good', async () => {
    const { stage } = on;
    const { url } = await stage.sandbox('uat');
    await stage.control.setListening('sandbox:uat', false);
    const { message } = await stage.fails(login('uat'), 'ConnectionFailed');
    await stage.control.setListening('sandbox:uat', true);
    expect(message).to.contain('sandbox uat').and.to.contain(new URL(url).host).and.to.contain('ECONNREFUSED');
    await stage.ok("data query -o uat -q 'SELECT Id FROM User'");
  });

  it('an answer that makes no sense, as people see it: no stack, no page, but what to try', async () => {
    const { stage } = on;
    const body = '<html><title>Sign in to the Wi-Fi</title></html>';
    const action = { kind: 'answer', status: 200, body, contentType: 'text/html' } as const;
    await stage.control.setFault({ path: 'sandboxAuth$', action });
    const { code, stdout, stderr } = await stage.sf(login('uat'));
    await stage.control.clearFaults();
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.contain('UnexpectedAnswer').and.to.contain('Sign in to the Wi-Fi').and.to.contain('Try this:');
    expect(stderr).to.not.match(/^\s+at |<html|[{}]/m);
  });

  it('one of several: 68, and the other is logged in to', async () => {
    const { stage } = on;
    const run = await stage.sf('jit sandbox login -n uat -n copying --json');
    expect(run.code).to.equal(68);
    const { result } = run.json<{ result: { sandboxes: Array<{ status: string }> } }>();
    expect(result.sandboxes.map(({ status }) => status)).to.deep.equal(['logged-in', 'failed']);
  });

  it('the automatic login fails: the command ends as without the plugin, with one line that says why', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox register -n noapp');
    await stage.control.setListening('production', false);
    const command = "data query -q 'SELECT Id FROM User' -o noapp --json";
    const without = await stage.sf(command, { env: { SF_JIT_AUTO_LOGIN: 'false' } });
    const run = await stage.sf(command);
    await stage.control.setListening('production', true);
    expect({ code: run.code, name: run.json<{ name: string }>().name }).to.deep.equal({
      code: without.code,
      name: without.json<{ name: string }>().name,
    });
    expect(run.stderr).to.match(/^Warning: not logged in to sandbox noapp \(ConnectionFailed\): [^\n]*\n$/);
  });

  leavesNoSecret(on);
});
