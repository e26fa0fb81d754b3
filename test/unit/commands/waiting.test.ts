import { setTimeout } from 'node:timers/promises';
import { Spinner } from '@salesforce/sf-plugins-core';
import { stubMethod } from '@salesforce/ts-sinon';
import { expect } from 'chai';
import type { SinonStub } from 'sinon';
import JitEnvironmentLogin from '../../../src/commands/jit/environment/login.js';
import JitOrgRegister from '../../../src/commands/jit/org/register.js';
import JitOrgVerify from '../../../src/commands/jit/org/verify.js';
import JitSandboxKeep from '../../../src/commands/jit/sandbox/keep.js';
import JitSandboxList from '../../../src/commands/jit/sandbox/list.js';
import JitSandboxLogin from '../../../src/commands/jit/sandbox/login.js';
import JitSandboxLogout from '../../../src/commands/jit/sandbox/logout.js';
import JitSandboxRegister from '../../../src/commands/jit/sandbox/register.js';
import JitSandboxUnregister from '../../../src/commands/jit/sandbox/unregister.js';
import JitSandboxShowCredentials from '../../../src/commands/jit/sandbox/show-credentials.js';
import type { KeepEvent } from '../../../src/keep/keepSandboxes.js';
import { environments } from '../../../src/wiring/environments.js';
import { jit } from '../../../src/wiring/jit.js';
import { keeper } from '../../../src/wiring/keep.js';
import { verification } from '../../../src/wiring/verify.js';
import { useCommandStubs } from '../../support/commandStubs.js';

const username = 'admin@acme.example.uat';
const environment = {
  name: 'acceptance',
  sandboxName: 'uat',
  productionUsername: 'admin@acme.example',
  branches: ['main'],
  category: 'development',
  layer: 'project' as const,
};

describe('commands that wait for Salesforce', () => {
  const stubs = useCommandStubs();
  const { sandbox } = stubs;
  const wasTerminal = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
  before(() => {
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
  });
  after(() => {
    if (wasTerminal) Object.defineProperty(process.stderr, 'isTTY', wasTerminal);
    else Reflect.deleteProperty(process.stderr, 'isTTY');
  });

  /** A use case that never ends; what it does before is the test's. */
  const endless = (before: (...args: never[]) => unknown = () => undefined) =>
    function (...args: never[]): Promise<never> {
      before(...args);
      return new Promise(() => undefined);
    };
  const started = (_request: never, show: never): void => {
    (show as (progress: object) => void)({ kind: 'started', sandboxes: ['uat'] });
  };

  for (const { command, args, use, words } of [
    {
      command: JitSandboxLogin,
      args: ['-n', 'uat'],
      use: () => stubMethod(sandbox, jit, 'loginSandboxes').callsFake(endless(started)),
      words: 'Logging in to sandbox uat',
    },
    {
      command: JitSandboxLogin,
      args: ['-n', 'uat', '--no-prompt'],
      use: () => stubMethod(sandbox, jit, 'loginSandboxes').callsFake(endless(started)),
      words: 'Logging in to sandbox uat',
    },
    {
      command: JitEnvironmentLogin,
      args: ['--name', 'acceptance'],
      use: () => {
        stubMethod(sandbox, environments, 'findToLogin').resolves({ environment, branch: null, login: {} });
        stubMethod(sandbox, jit, 'loginSandboxes').callsFake(endless(started));
      },
      words: 'Logging in to sandbox uat',
    },
    {
      command: JitSandboxList,
      args: ['--check'],
      use: () => stubMethod(sandbox, jit, 'listOrgs').callsFake(endless()),
      words: 'Asking production about its sandboxes',
    },
    {
      command: JitOrgVerify,
      args: [],
      use: () => stubMethod(sandbox, verification, 'verifyOrg').callsFake(endless()),
      words: 'Testing the login',
    },
    {
      command: JitOrgRegister,
      args: ['-o', 'prod'],
      use: () => stubMethod(sandbox, jit, 'registerProductionOrg').callsFake(endless()),
      words: 'Logging in to the production org',
    },
    {
      command: JitSandboxRegister,
      args: ['--all'],
      use: () => stubMethod(sandbox, jit, 'registerSandboxes').callsFake(endless()),
      words: 'Asking production about its sandboxes',
    },
    {
      command: JitSandboxLogout,
      args: ['-n', 'uat', '--no-prompt'],
      use: () => {
        stubMethod(sandbox, jit, 'findLogins').resolves({ targets: [{ username }], unknown: [], named: true });
        stubMethod(sandbox, jit, 'logoutSandboxes').callsFake(endless());
      },
      words: 'Revoking tokens at Salesforce',
    },
    {
      command: JitSandboxUnregister,
      args: ['-n', 'uat', '--logout', '--no-prompt'],
      use: () => {
        sandbox.stub(jit, 'findSandboxesToUnregister').resolves([{ sandboxName: 'uat' }] as never);
        sandbox.stub(jit, 'unregisterSandboxes').callsFake(endless() as never);
      },
      words: 'Revoking tokens at Salesforce',
    },
    {
      command: JitSandboxRegister,
      args: ['-n', 'uat', '--project', '--no-verify'],
      use: () => sandbox.stub(jit, 'registerSandboxes').callsFake(endless() as never),
      words: 'Asking production about its sandboxes',
    },
    {
      command: JitSandboxShowCredentials,
      args: ['-n', 'uat', '--no-prompt'],
      use: () =>
        stubMethod(sandbox, jit, 'showCredentials').callsFake(
          endless((_request: never, confirm: never) => (confirm as (name: string) => unknown)(username)),
        ),
      words: 'Logging in to sandbox uat',
    },
  ]) {
    it(`say on a terminal at once what they wait for: ${command.name} ${args.join(' ')}`, async () => {
      use();
      void new command(args, stubs.config).run();
      await setTimeout(100);
      const { args: calls } = Spinner.prototype.start as unknown as SinonStub;
      expect(calls).to.deep.equal([[words]]);
    });
  }

  describe('keep, whose error output a program shares that may draw on the terminal', () => {
    const drawn = (write: SinonStub): string => write.args.map(([text]) => String(text)).join('');
    /** Lets the first logins go on until the spinner is drawn, after each thing that happens meanwhile; with `--json` there is none. */
    const run = async (args: string[], ...events: KeepEvent[]): Promise<{ during: string; after: string }> => {
      const write = sandbox.stub(process.stderr, 'write').returns(true);
      const isDrawn = async (times: number): Promise<void> => {
        if (args.includes('--json')) await setTimeout(300);
        else while (drawn(write).split('Logging in').length <= times) await setTimeout(10);
      };
      let during = '';
      try {
        sandbox.stub(keeper, 'endAs');
        sandbox.stub(keeper, 'keep').callsFake(async (_request, tell, begun) => {
          await isDrawn(1);
          for (const event of events) {
            const before = drawn(write).split('Logging in').length;
            tell(event);
            await isDrawn(before);
          }
          during = drawn(write);
          write.resetHistory();
          begun();
          await setTimeout(300);
          return { exitCode: 0 };
        });
        await new JitSandboxKeep(args, stubs.config).run();
        return { during, after: drawn(write) };
      } finally {
        write.restore();
      }
    };

    it('shows what its first logins wait for, and takes it away before the program runs', async () => {
      const { during, after } = await run(['-n', 'uat', '--', 'true']);
      expect(during).to.contain('Logging in to sandbox uat…');
      expect(after).to.equal('\r\u001B[2K');
    });

    it('has what happens meanwhile stand above it, in lines of its own', async () => {
      const { during, after } = await run(['-n', 'uat', '-n', 'dev'], { sandbox: 'uat', kind: 'left-alone' });
      expect(during).to.match(
        /to 2 sandboxes….*\r\u001B\[2KSandbox uat has a login .*\n\r\u001B\[2K. Logging in to 2/s,
      );
      expect(after).to.equal('\r\u001B[2K');
    });

    it('shows nothing of it with --json', async () => {
      const { during, after } = await run(['-n', 'uat', '--json'], { sandbox: 'uat', kind: 'left-alone' });
      expect(during).to.match(/^\{"sandbox":"uat","event":"left-alone",.*\}\n$/);
      expect(after).to.equal('');
    });
  });
});
