import { expect } from 'chai';
import JitSandboxDisplay from '../../../src/commands/jit/sandbox/display.js';
import JitSandboxList from '../../../src/commands/jit/sandbox/list.js';
import JitSandboxLogin from '../../../src/commands/jit/sandbox/login.js';
import JitSandboxRegister from '../../../src/commands/jit/sandbox/register.js';
import { jit } from '../../../src/wiring/jit.js';
import { useCommandStubs } from '../../support/commandStubs.js';
import { sandboxCheck, sandboxRow } from '../../support/orgRows.js';

const uta = sandboxRow({ alias: 'uta', sandboxName: 'uta', username: 'admin@acme.example.uta' });

describe('sf jit sandbox: the commands', () => {
  const stubs = useCommandStubs();
  const { sandbox } = stubs;

  for (const [command, args, name] of [
    [JitSandboxLogin, ['--alias', 'x'], 'OneSandboxError'],
    [JitSandboxLogin, ['--set-default'], 'OneSandboxError'],
    [JitSandboxRegister, ['--alias', 'x'], 'AliasForOneError'],
  ] as const) {
    it(`${command.name} refuses ${args.join(' ')} for two sandboxes as a usage error`, async () => {
      const error: unknown = await new command(['-n', 'a', '-n', 'b', ...args], stubs.config)
        .run()
        .catch((thrown: unknown) => thrown);
      expect(error).to.include({ name, exitCode: 2 });
    });
  }

  for (const [signedInBy, words] of [
    ['platform-cli', "sf's own app, PlatformCLI (platform-cli)"],
    [null, ''],
  ] as const) {
    it(`display says how the login was signed in to: ${signedInBy ?? 'nothing known'}`, async () => {
      sandbox.stub(jit, 'displaySandbox').resolves({ ...uta, signedInBy });
      expect(await new JitSandboxDisplay(['-n', 'uta'], stubs.config).run()).to.include({ signedInBy });
      const table = String(stubs.ux.log.firstCall.firstArg).split('\n');
      const row = table.find((line) => line.includes('Signed in by'));
      expect(row?.split('│').at(-2)?.trim()).to.equal(words);
    });
  }

  for (const [problem, words] of [
    ['SandboxRenamed', 'renamed to "uat"'],
    ['SandboxNotFound', 'not found; "uat"?'],
  ] as const) {
    it(`list --check says of ${problem}: ${words}`, async () => {
      const check = sandboxCheck(problem, { nearest: 'uat' });
      sandbox.stub(jit, 'listOrgs').resolves([{ ...uta, check }]);
      await new JitSandboxList(['--check'], stubs.config).run();
      // a column may be narrow, and its words stand below each other
      const table = String(stubs.ux.log.firstCall.firstArg);
      const says = table.split('\n').map((line) => line.split('│').at(-2)?.trim() ?? '');
      expect(says.filter(Boolean).join(' ')).to.equal(`Production says ${words}`);
    });
  }
});
