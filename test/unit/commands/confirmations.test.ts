import { expect } from 'chai';
import JitEnvironmentDelete from '../../../src/commands/jit/environment/delete.js';
import JitOrgUnregister from '../../../src/commands/jit/org/unregister.js';
import JitSandboxShowCredentials from '../../../src/commands/jit/sandbox/show-credentials.js';
import JitSandboxUnregister from '../../../src/commands/jit/sandbox/unregister.js';
import { environments } from '../../../src/wiring/environments.js';
import { jit } from '../../../src/wiring/jit.js';
import { useCommandStubs } from '../../support/commandStubs.js';
import { acme, productionUsername } from '../../support/fakes.js';

describe('what cannot be undone', () => {
  const stubs = useCommandStubs();
  const { sandbox } = stubs;
  const { productionOrgs, sandboxes } = acme();
  const [org] = productionOrgs;
  const environment = {
    name: 'acceptance',
    sandboxName: 'uat',
    productionUsername,
    branches: ['main'],
    category: 'development',
    layer: 'project' as const,
  };

  for (const { command, args, use, no } of [
    {
      command: JitEnvironmentDelete,
      args: ['--name', 'acceptance'],
      use: () => {
        sandbox.stub(environments, 'find').resolves({ environment, branch: null });
        return sandbox.stub(environments, 'delete').resolves(environment);
      },
      no: { environment: null },
    },
    {
      command: JitSandboxUnregister,
      args: ['-n', 'uat'],
      use: () => {
        sandbox.stub(jit, 'findSandboxesToUnregister').resolves(sandboxes);
        return sandbox.stub(jit, 'unregisterSandboxes').resolves([]);
      },
      no: { sandboxes: [] },
    },
    {
      command: JitOrgUnregister,
      args: [],
      use: () => {
        sandbox.stub(jit, 'findProductionOrgToUnregister').resolves({ org: org!, sandboxes, environments: [] });
        return sandbox.stub(jit, 'unregisterProductionOrg').resolves();
      },
      no: { username: null, sandboxes: [], environments: [] },
    },
  ]) {
    const run = async (flags: string[], { terminal = true, answer = true } = {}) => {
      const work = use();
      sandbox.stub(jit, 'canAsk').returns(terminal);
      const confirm = sandbox.stub(command.prototype, 'confirm').resolves(answer);
      const result: unknown = await new command([...args, ...flags], stubs.config)
        .run()
        .catch((error: unknown) => error);
      return { result, done: work.called, asked: confirm.called };
    };

    it(`is asked for on a terminal by ${command.name}`, async () => {
      expect(await run([])).to.include({ done: true, asked: true });
    });

    it(`is not done by ${command.name} when the answer is no`, async () => {
      expect(await run([], { answer: false })).to.deep.equal({ result: no, done: false, asked: true });
    });

    for (const flag of ['--no-prompt', '--json']) {
      it(`is done by ${command.name} without a question, with ${flag} and no terminal`, async () => {
        expect(await run([flag], { terminal: false })).to.include({ done: true, asked: false });
      });
    }

    it(`is refused by ${command.name} where nobody can be asked: a usage error that names the flag`, async () => {
      const { result, ...rest } = await run([], { terminal: false });
      expect(rest).to.deep.equal({ done: false, asked: false });
      expect(result).to.include({ name: 'NoTerminalError', exitCode: 2 });
      expect((result as { actions: string[] }).actions.join()).to.contain('--no-prompt');
    });
  }
});

describe('a credential that is not to be shown after all', () => {
  const stubs = useCommandStubs();

  it('ends with one line and exit code 1, as stock sf does, and no advice', async () => {
    const { sandbox } = stubs;
    sandbox.stub(jit, 'canAsk').returns(true);
    sandbox
      .stub(jit, 'showCredentials')
      .callsFake((async (_: object, confirm: (name: string) => unknown) => confirm('admin@acme.com.uat')) as never);
    sandbox.stub(JitSandboxShowCredentials.prototype, 'confirm').resolves(false);
    const error = await new JitSandboxShowCredentials(['-n', 'uat'], stubs.config)
      .run()
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({
      name: 'NotConfirmed',
      exitCode: 1,
      actions: undefined,
      message:
        'The credential of admin@acme.com.uat is not shown: the question was answered with no, or not answered in 30 seconds.',
    });
  });
});
