import { expect } from 'chai';
import JitSandboxLogin from '../../../src/commands/jit/sandbox/login.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { LoginOutcome } from '../../../src/sandboxes/login/sandboxLogin.js';
import { jit } from '../../../src/wiring/jit.js';
import { useCommandStubs } from '../../support/commandStubs.js';
import { uatLogin as login } from '../../support/fakes.js';

const failure = new JitFailure('SandboxNotFound', { sandbox: 'uta', production: 'admin@acme.example', nearest: 'uat' });
const notReady = new JitFailure('SandboxNotReady', {
  sandbox: 'uat',
  production: 'admin@acme.example',
  status: 'Processing',
});
const ok: LoginOutcome = { sandbox: 'uat', login };

describe('sf jit sandbox login: the command', () => {
  const stubs = useCommandStubs();
  const { sandbox } = stubs;

  /** Runs the command with the use case replaced by one that ends so. */
  const run = async (args: string[], outcomes: LoginOutcome[]) => {
    const loginSandboxes = sandbox.stub(jit, 'loginSandboxes').callsFake((_request, show) => {
      outcomes.forEach((outcome, index) => {
        show({ kind: 'finished', outcome, done: index + 1, of: outcomes.length });
      });
      return Promise.resolve(outcomes);
    });
    const command = new JitSandboxLogin(args, stubs.config);
    const result = await command
      .run()
      .catch((error: unknown) => error as Error & { result?: unknown; exitCode?: number });
    return { result, request: loginSandboxes.firstCall.firstArg as Record<string, unknown>, code: process.exitCode };
  };

  it('asks for what the flags say', async () => {
    const { request } = await run(
      [
        '-n',
        'uat',
        '-p',
        'prod',
        '-a',
        'x',
        '-s',
        '--auth-type',
        'access-token',
        '--if-needed',
        '-w',
        '5',
        '--user',
        'tester',
      ],
      [ok],
    );
    expect(request).to.deep.equal({
      mayUseFoundFile: true,
      sandboxes: ['uat'],
      production: 'prod',
      alias: 'x',
      setDefault: true,
      authType: 'access-token',
      user: 'tester',
      replace: undefined,
      ifNeeded: true,
      wait: 300_000,
      concurrency: 8,
    });
  });

  it('asks for one attempt and all sandboxes, if nothing else is said', async () => {
    const { request } = await run(['--all'], [ok]);
    expect(request).to.include({ sandboxes: 'all', wait: 0, ifNeeded: undefined });
  });

  it('gives the result and tells the alias', async () => {
    const { result, code } = await run(['-n', 'uat'], [ok]);
    expect(result).to.deep.equal({ sandboxes: [login] });
    expect(code).to.equal(0);
    expect(stubs.ux.logSuccess.firstCall.firstArg)
      .to.contain('admin@acme.example.uat')
      .and.to.contain('--target-org uat');
  });

  it('says so when another way of signing in was used', async () => {
    const refusedFirst = new JitFailure('AppNotInSandbox', { org: 'sandbox uat', host: 'uat.example' });
    const { result } = await run(['-n', 'uat'], [{ ...ok, refusedFirst }]);
    expect(result).to.have.nested.property('sandboxes[0].refusedFirst', 'AppNotInSandbox');
    expect(stubs.ux.warn.firstCall.firstArg).to.contain('another one was used');
  });

  it('fails with the class of the failure when there is one sandbox, and keeps the shape of the result', async () => {
    const { result } = await run(['-n', 'uta'], [{ sandbox: 'uta', failure }]);
    expect(result).to.be.instanceOf(Error).and.to.include({ name: 'SandboxNotFound', exitCode: 1 });
    expect(result).to.have.nested.property('result.sandboxes[0].status', 'failed');
    expect(result).to.have.nested.property('result.sandboxes[0].error.name', 'SandboxNotFound');
  });

  it('ends with 69 for a sandbox that is not ready', async () => {
    expect((await run(['-n', 'uat'], [{ sandbox: 'uat', failure: notReady }])).result).to.include({ exitCode: 69 });
  });

  it('ends with 1 when production does not know one of them, and tells which and what to do on standard error', async () => {
    const { code, result } = await run(['-n', 'uat', '-n', 'uta'], [ok, { sandbox: 'uta', failure }]);
    expect(code, 'misspelt').to.equal(1);
    expect(result).to.have.nested.property('sandboxes[1].error.name', 'SandboxNotFound');
    expect(stubs.ux.logToStderr.firstCall.firstArg).to.contain('SandboxNotFound').and.to.contain('"uat"');
  });

  it('ends with 68 when some fail', async () => {
    const outcomes = [ok, { sandbox: 'dev', failure: notReady }];
    expect((await run(['-n', 'uat', '-n', 'dev'], outcomes)).code).to.equal(68);
  });

  it('ends with 1 when all of several fail', async () => {
    const outcomes = ['uta', 'utb'].map((name) => ({ sandbox: name, failure }));
    expect((await run(['-n', 'uta', '-n', 'utb'], outcomes)).code).to.equal(1);
  });

  for (const args of [
    ['-n', 'uat', '--all'],
    [],
    ['-n', 'uat', '-n', 'dev', '--alias', 'x'],
    ['--all', '--alias', 'x'],
    ['-n', 'uat', '--auth-type', 'web'],
    ['-n', 'uat', '--concurrency', '0'],
  ]) {
    it(`refuses the flags ${JSON.stringify(args)} before anything is done`, async () => {
      const loginSandboxes = sandbox.stub(jit, 'loginSandboxes').resolves([]);
      const error = await new JitSandboxLogin(args, stubs.config).run().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(Error);
      expect(loginSandboxes.called).to.equal(false);
    });
  }

  describe('without --sandbox-name', () => {
    const registered = [
      { sandboxName: 'uat', alias: 'uat', username: 'a@b.example.uat', productionUsername: 'a@b.example' },
      { sandboxName: 'qa', alias: 'test', username: 'a@b.example.qa', productionUsername: 'a@b.example' },
    ].map((entry) => ({ ...entry, isJitRegistration: true as const }));

    it('offers the registered sandboxes on a terminal', async () => {
      sandbox.stub(jit, 'canAsk').returns(true);
      sandbox.stub(jit, 'registeredSandboxes').resolves(registered);
      const choose = sandbox.stub(jit, 'choose').resolves('test');
      const { request } = await run([], [ok]);
      expect(request).to.include({ production: undefined });
      expect(request['sandboxes']).to.deep.equal(['test']);
      expect(choose.firstCall.args[1]).to.deep.equal([
        { value: 'uat', name: 'uat', description: 'a@b.example.uat, of a@b.example' },
        { value: 'test', name: 'test (qa)', description: 'a@b.example.qa, of a@b.example' },
      ]);
    });

    const refused = async (args: string[], terminal: boolean): Promise<Error & { exitCode?: number }> => {
      sandbox.stub(jit, 'canAsk').returns(terminal);
      const choose = sandbox.stub(jit, 'choose').rejects(new Error('asked'));
      sandbox.stub(jit, 'registeredSandboxes').resolves([]);
      const error = await new JitSandboxLogin(args, stubs.config).run().catch((failure: unknown) => failure as Error);
      expect(choose.called).to.equal(false);
      return error as Error;
    };

    for (const [args, terminal] of [
      [[], false],
      [['--json'], true],
      [['--no-prompt'], true],
    ] as const) {
      it(`asks nobody ${terminal ? 'with' : 'without'} a terminal and ${JSON.stringify(args)}: a usage error that names the flags`, async () => {
        expect(await refused([...args], terminal)).to.include({ name: 'WhichSandboxError', exitCode: 2 });
      });
    }

    it('says what to do when none is registered', async () => {
      expect(await refused([], true)).to.include({ name: 'NoneRegisteredError' });
    });
  });
});
