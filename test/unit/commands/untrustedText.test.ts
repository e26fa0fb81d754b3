import type { Command } from '@oclif/core';
import { stubMethod } from '@salesforce/ts-sinon';
import { expect } from 'chai';
import JitOrgRegister from '../../../src/commands/jit/org/register.js';
import JitOrgUnregister from '../../../src/commands/jit/org/unregister.js';
import JitSandboxLogout from '../../../src/commands/jit/sandbox/logout.js';
import JitSandboxRegister from '../../../src/commands/jit/sandbox/register.js';
import JitSandboxUnregister from '../../../src/commands/jit/sandbox/unregister.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { ProductionOrg, RegisteredSandbox } from '../../../src/registry/registry.js';
import type { LogoutOutcome } from '../../../src/sandboxes/logout/sandboxLogout.js';
import { jit } from '../../../src/wiring/jit.js';
import type { CommandStubs } from '../../support/commandStubs.js';
import { useCommandStubs } from '../../support/commandStubs.js';
import { acme } from '../../support/fakes.js';

const evil = (text: string): string => `${text}\u001b]0;pwned\u0007\u009b2K\r\u202e`;

const org: ProductionOrg = { ...acme().productionOrgs[0]!, username: evil('admin'), alias: evil('prod') };
const registered: RegisteredSandbox = {
  ...acme().sandboxes[0]!,
  sandboxName: evil('uat'),
  alias: evil('acceptance'),
  username: evil('admin.uat'),
  status: 'registered',
  sandboxStatus: evil('Processing'),
  createdByAnotherUser: true,
  hasLoginOfUser: true,
};

/** The commands that show names of files and servers in sentences, each with use cases that give hostile ones. */
const cases: Array<{
  command: new (argv: string[], config: CommandStubs['config']) => Command;
  args: string[];
  given: (sandbox: CommandStubs['sandbox']) => void;
  shows: string[];
}> = [
  {
    command: JitOrgRegister,
    args: [],
    given: (sandbox) => {
      const reason = new JitFailure('UnexpectedAnswer', { org: 'x', host: 'h', answer: evil('an answer') });
      const warnings = [
        { kind: 'cannot-manage-sandboxes', reason },
        { kind: 'key-readable-by-others', file: evil('a file') },
      ] as const;
      sandbox.stub(jit, 'registerProductionOrg').resolves({ org, name: evil('Acme'), warnings });
    },
    shows: ['Acme', 'admin', 'prod', 'an answer', 'a file'],
  },
  {
    command: JitOrgUnregister,
    args: [],
    given: (sandbox) => {
      const found = { org, sandboxes: [registered], environments: [] };
      sandbox.stub(jit, 'findProductionOrgToUnregister').resolves(found);
      sandbox.stub(jit, 'unregisterProductionOrg').resolves(found);
    },
    shows: ['admin'],
  },
  {
    command: JitSandboxRegister,
    args: ['--all'],
    given: (sandbox) => {
      sandbox.stub(jit, 'registerSandboxes').callsFake((_request, skipped) => {
        skipped(evil('old-sandbox'));
        return Promise.resolve([registered]);
      });
    },
    shows: ['uat', 'acceptance', 'Processing', 'old-sandbox'],
  },
  {
    command: JitSandboxLogout,
    args: ['--all'],
    given: (sandbox) => {
      const target = registered;
      const failure = new JitFailure('SessionInvalid', { org: evil('sandbox uat') });
      const outcomes: LogoutOutcome[] = [
        { target, status: 'logged-out', revoked: true },
        { target, status: 'logged-out', revoked: false, failure },
        { target, status: 'not-logged-in', revoked: false },
        { target, status: 'failed', revoked: false, failure },
      ];
      sandbox.stub(jit, 'findLogins').resolves({ targets: [target], unknown: [], named: false });
      sandbox.stub(jit, 'logoutSandboxes').resolves(outcomes);
    },
    shows: ['uat', 'admin.uat'],
  },
  {
    command: JitSandboxUnregister,
    args: ['--all'],
    given: (sandbox) => {
      sandbox.stub(jit, 'findSandboxesToUnregister').resolves([registered]);
      sandbox.stub(jit, 'unregisterSandboxes').resolves([
        { ...registered, loggedOut: false },
        { ...registered, loggedOut: true },
      ]);
    },
    shows: ['uat'],
  },
];

describe('what files and servers call things', () => {
  const stubs = useCommandStubs();

  for (const { command: CommandClass, args, given, shows } of cases) {
    it(`cannot act on the terminal in ${CommandClass.name}`, async () => {
      const { sandbox, ux, config } = stubs;
      given(sandbox);
      sandbox.stub(jit, 'canAsk').returns(true);
      const questions: string[] = [];
      const command = new CommandClass(args, config);
      stubMethod(sandbox, command, 'confirm').callsFake(async ({ message }: { message: string }) => {
        questions.push(message);
        return true;
      });
      await command.run();
      const told = [ux.log, ux.logSuccess, ux.warn, ux.logToStderr].flatMap((stub) => stub.args.flat() as unknown[]);
      const seen = [...told, ...questions].join('');
      for (const text of shows) expect(seen).to.contain(text);
      // the lines of a failure and its actions are ours
      expect(seen.replaceAll('\n', '')).not.to.match(/[\p{Cc}\u202e]/u);
    });
  }
});
