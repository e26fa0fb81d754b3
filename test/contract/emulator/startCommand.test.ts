import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EmulatorInfo } from '../../../src/emulator/index.js';
import { type ProgramRun, runNode } from '../../support/runSf.js';
import { temporaryDirectory, type TemporaryDirectory } from '../../support/temporaryDirectory.js';
import { ProtocolClient } from './protocolClient.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = new URL('../../../src/commands/jit/emulator/start.ts', import.meta.url).href;

describe('jit emulator start', function () {
  this.timeout(60_000);
  let home: TemporaryDirectory;
  beforeEach(async () => {
    home = await temporaryDirectory();
  });
  afterEach(() => home.remove());

  /** Runs the command from its source and sends the signal as soon as `done` accepts its output. */
  const start = (
    flags: string[],
    signal: NodeJS.Signals,
    done: (stdout: string) => Promise<boolean> | boolean,
  ): Promise<ProgramRun> => {
    const script = join(home.path, 'start.mjs');
    writeFileSync(
      script,
      `import Command from ${JSON.stringify(command)}; await Command.run(${JSON.stringify(flags)}, ${JSON.stringify(root)});`,
    );
    let sent = false;
    return runNode(['--import', 'tsx', script], {
      home: home.path,
      cwd: root,
      onOutput: (stdout, pid) => {
        void Promise.resolve(done(stdout)).then((isDone) => {
          if (isDone && !sent) process.kill(pid, signal);
          sent ||= isDone;
        });
      },
    });
  };

  it('prints what a shell needs, and cleans up when it is interrupted', async () => {
    const run = await start(['--sandbox', 'qa'], 'SIGINT', (stdout) => stdout.includes('sf jit sandbox login'));
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.match(/^sandbox qa|sandbox qa .*https:\/\/localhost:\d+ .*admin@acme\.example\.qa/m);
    expect(run.stdout).not.to.contain('sandbox uat');
    // none of the user's own aliases is taken
    const aliases = [...run.stdout.matchAll(/--alias (\S+)/g)].map(([, alias]) => alias);
    expect(aliases).to.deep.equal(['emulator', 'emulator-qa']);
    const exported = [...run.stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name]) => name);
    expect(exported).to.include.members(['NODE_EXTRA_CA_CERTS', 'JIT_EMULATOR_LOGIN_URL', 'JIT_EMULATOR_KEY_FILE']);
    const [, caFile] = /^export NODE_EXTRA_CA_CERTS='(.*)'$/m.exec(run.stdout) ?? [];
    expect(existsSync(caFile ?? '/')).to.equal(false);
  });

  it('prints the standard envelope once it is ready, and ends with 0 on SIGTERM', async () => {
    let status = 0;
    const run = await start(['--json', '--latency', '5'], 'SIGTERM', async (stdout) => {
      if (!stdout.endsWith('}\n')) return false;
      const { result } = JSON.parse(stdout) as { result: EmulatorInfo };
      ({ status } = await new ProtocolClient(result).jwt(result.loginUrl));
      return true;
    });
    expect(run.code, run.stderr).to.equal(0);
    expect(status).to.equal(200);
    const { result } = run.json<{ status: number; result: EmulatorInfo }>();
    expect(result.sandboxes.map(({ name }) => name)).to.deep.equal(['uat', 'dev']);
    expect(existsSync(result.directory)).to.equal(false);
  });

  it('refuses a port that is none', async () => {
    const run = await start(['--port', '70000'], 'SIGTERM', () => false);
    expect(run.code).not.to.equal(0);
  });
});
