import { Spinner } from '@salesforce/sf-plugins-core';
import { stubMethod } from '@salesforce/ts-sinon';
import { expect } from 'chai';
import type { SinonStub } from 'sinon';
import JitEnvironmentLogin from '../../../src/commands/jit/environment/login.js';
import JitOrgRegister from '../../../src/commands/jit/org/register.js';
import JitOrgVerify from '../../../src/commands/jit/org/verify.js';
import JitSandboxList from '../../../src/commands/jit/sandbox/list.js';
import JitSandboxLogin from '../../../src/commands/jit/sandbox/login.js';
import JitSandboxLogout from '../../../src/commands/jit/sandbox/logout.js';
import JitSandboxRegister from '../../../src/commands/jit/sandbox/register.js';
import JitSandboxUnregister from '../../../src/commands/jit/sandbox/unregister.js';
import JitSandboxShowCredentials from '../../../src/commands/jit/sandbox/show-credentials.js';
import { environments } from '../../../src/wiring/environments.js';
import { jit } from '../../../src/wiring/jit.js';
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
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { args: calls } = Spinner.prototype.start as unknown as SinonStub;
      expect(calls).to.deep.equal([[words]]);
    });
  }
});
