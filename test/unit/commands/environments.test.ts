import { expect } from 'chai';
import JitEnvironmentCreate from '../../../src/commands/jit/environment/create.js';
import JitEnvironmentDelete from '../../../src/commands/jit/environment/delete.js';
import JitEnvironmentLogin from '../../../src/commands/jit/environment/login.js';
import JitEnvironmentUpdate from '../../../src/commands/jit/environment/update.js';
import type { LayeredEnvironment } from '../../../src/environments/environments.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { LoginOutcome } from '../../../src/sandboxes/login/sandboxLogin.js';
import { environments } from '../../../src/wiring/environments.js';
import { jit } from '../../../src/wiring/jit.js';
import { useCommandStubs } from '../../support/commandStubs.js';
import { productionUsername, uatLogin } from '../../support/fakes.js';

const environment: LayeredEnvironment = {
  name: 'acceptance',
  sandboxName: 'uat',
  productionUsername,
  branches: ['main'],
  category: 'development',
  layer: 'project',
};
const shown = { ...environment, description: null, repository: null };

describe('sf jit environment: the commands', () => {
  const stubs = useCommandStubs();
  const { sandbox } = stubs;

  describe('login', () => {
    const login = { sandboxes: ['uat'], production: productionUsername, alias: 'acceptance', isAliasOfProject: false };
    const run = async (args: string[], outcome: LoginOutcome, branch: string | null = null) => {
      const find = sandbox.stub(environments, 'findToLogin').resolves({ environment, branch, login });
      const loginSandboxes = sandbox.stub(jit, 'loginSandboxes').resolves([outcome]);
      const result = await new JitEnvironmentLogin(args, stubs.config).run().catch((error: unknown) => error as Error);
      return {
        result,
        asked: find.firstCall.firstArg as unknown,
        request: loginSandboxes.firstCall.firstArg as unknown,
      };
    };

    it('asks for what the flags say, under the name of the environment', async () => {
      const args = ['--name', 'x', '-s', '--auth-type', 'access-token', '--if-needed', '-w', '5', '--replace'];
      const { asked, request } = await run(args, { sandbox: 'uat', login: uatLogin });
      expect(asked).to.equal('x');
      expect(request).to.deep.equal({
        ...login,
        setDefault: true,
        authType: 'access-token',
        replace: true,
        ifNeeded: true,
        wait: 300_000,
        concurrency: 1,
      });
    });

    it('without --name tells which environment the branch belongs to', async () => {
      const { asked, result } = await run([], { sandbox: 'uat', login: uatLogin }, 'main');
      expect(asked).to.equal(undefined);
      expect(stubs.ux.log.firstCall.firstArg).to.equal('Environment acceptance is the one of branch main.');
      expect(result).to.deep.equal({ environment: 'acceptance', branch: 'main', sandboxes: [uatLogin] });
    });

    for (const [failure, exitCode] of [
      [new JitFailure('SandboxNotReady', { sandbox: 'uat', production: 'p', status: 'Processing' }), 69],
      [new JitFailure('SandboxNotFound', { sandbox: 'uat', production: 'p' }), 1],
    ] as const) {
      it(`ends with ${exitCode} for ${failure.name}, and keeps the shape of the result`, async () => {
        const { result } = await run([], { sandbox: 'uat', failure });
        expect(result).to.include({ name: failure.name, exitCode });
        expect(result).to.have.nested.property('result.environment', 'acceptance');
        expect(result).to.have.nested.property('result.sandboxes[0].error.name', failure.name);
      });
    }
  });

  it('create warns when the project hides what was created', async () => {
    sandbox.stub(environments, 'create').resolves({ ...environment, layer: 'global', hidden: true });
    const args = ['--name', 'acceptance', '-n', 'uat', '--branch', 'main', '--branch', 'release/*', '--global'];
    expect(await new JitEnvironmentCreate(args, stubs.config).run()).to.deep.equal({ ...shown, layer: 'global' });
    expect(stubs.ux.warn.firstCall.firstArg).to.contain('acceptance');
  });

  it('delete asks first, and deletes nothing when the answer is no', async () => {
    sandbox.stub(environments, 'find').resolves({ environment, branch: null });
    sandbox.stub(jit, 'canAsk').returns(true);
    const remove = sandbox.stub(environments, 'delete').resolves(environment);
    const confirm = sandbox.stub(JitEnvironmentDelete.prototype, 'confirm').resolves(false);
    expect(await new JitEnvironmentDelete(['--name', 'x'], stubs.config).run()).to.deep.equal({ environment: null });
    expect(remove.called).to.equal(false);
    const deleted = await new JitEnvironmentDelete(['--name', 'x', '--no-prompt'], stubs.config).run();
    expect(deleted).to.deep.equal({ environment: shown });
    expect(confirm.callCount).to.equal(1);
  });

  for (const [command, args] of [
    [JitEnvironmentUpdate, ['--name', 'x']],
    [JitEnvironmentUpdate, ['--branch', 'main']],
    [JitEnvironmentCreate, ['--name', 'x']],
    [JitEnvironmentCreate, ['-n', 'uat']],
    [JitEnvironmentDelete, []],
    [JitEnvironmentLogin, ['--auth-type', 'web']],
    [JitEnvironmentLogin, ['--name', 'x', '--alias', 'y']],
  ] as const) {
    it(`${command.name} refuses the flags ${JSON.stringify(args)} as a usage error, before anything is done`, async () => {
      const error: unknown = await new command([...args], stubs.config).run().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(Error).and.to.have.nested.property('oclif.exit', 2);
    });
  }

  it('update takes an empty text for what is to be removed', async () => {
    const update = sandbox.stub(environments, 'update').resolves(environment);
    await new JitEnvironmentUpdate(['--name', 'x', '--description', ''], stubs.config).run();
    expect(update.firstCall.firstArg).to.include({ name: 'x', description: '' });
  });
});
