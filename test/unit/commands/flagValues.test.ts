import { expect } from 'chai';
import JitConfigInit from '../../../src/commands/jit/config/init.js';
import JitEnvironmentLogin from '../../../src/commands/jit/environment/login.js';
import JitKeyCreate from '../../../src/commands/jit/key/create.js';
import JitOrgDisplay from '../../../src/commands/jit/org/display.js';
import JitSandboxDisplay from '../../../src/commands/jit/sandbox/display.js';
import JitSandboxLogin from '../../../src/commands/jit/sandbox/login.js';
import JitSandboxRegister from '../../../src/commands/jit/sandbox/register.js';
import { useCommandStubs } from '../../support/commandStubs.js';

type CommandClass = {
  readonly name: string;
  run: (argv: string[], config: ReturnType<typeof useCommandStubs>['config']) => Promise<unknown>;
};

describe('a value that a flag cannot have', () => {
  const stubs = useCommandStubs();
  // core's log is a thread, which would start while another suite has changed the folder
  const { SF_DISABLE_LOG_FILE: logFile } = process.env;
  before(() => {
    process.env['SF_DISABLE_LOG_FILE'] = 'true';
  });
  after(() => {
    if (logFile === undefined) delete process.env['SF_DISABLE_LOG_FILE'];
    else process.env['SF_DISABLE_LOG_FILE'] = logFile;
  });
  const cases: Array<[command: CommandClass, argv: string[], flag: string]> = [
    [JitSandboxLogin, ['-n', ''], '--sandbox-name'],
    [JitSandboxLogin, ['-n', 'uat', '-p', ' '], '--production-org'],
    [JitSandboxLogin, ['-n', 'uat', '--user', ''], '--user'],
    [JitSandboxLogin, ['-n', 'uat', '--wait', '-1'], '--wait'],
    [JitEnvironmentLogin, ['--wait=-1'], '--wait'],
    [JitEnvironmentLogin, ['--name', ''], '--name'],
    [JitSandboxRegister, ['-n', ''], '--sandbox-name'],
    [JitSandboxDisplay, ['-n', ''], '--sandbox-name'],
    [JitOrgDisplay, ['-p', ''], '--production-org'],
    [JitConfigInit, ['--output-dir', ''], '--output-dir'],
    [JitKeyCreate, ['--output-dir', ''], '--output-dir'],
    [JitKeyCreate, ['--days', '99999999'], '--days'],
  ];
  for (const [command, argv, flag] of cases) {
    it(`is refused by its name, and ends with 2: ${command.name} ${JSON.stringify(argv)}`, async () => {
      try {
        await command.run(argv, stubs.config);
      } catch (error) {
        expect((error as Error).message).to.contain(flag);
        expect(process.exitCode).to.equal(2);
        return;
      }
      expect.fail('It was taken.');
    });
  }
});
