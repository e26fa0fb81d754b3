import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { noteProcess } from '../support/explainFailures.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { environmentOf, sfProgram, typed } from '../support/runSf.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

const core = new URL('../../node_modules/@salesforce/core/lib/index.js', import.meta.url).href;

/** A program as users write them: each line of its input makes it read the org anew from sf's store, and query it. */
const coreScript = `
import { createInterface } from 'node:readline';
const { Connection, AuthInfo, StateAggregator } = (await import('${core}')).default;
for await (const username of createInterface({ input: process.stdin })) {
  if (username === 'end') process.exit(7);
  StateAggregator.clearInstance();
  try {
    const connection = await Connection.create({ authInfo: await AuthInfo.create({ username }) });
    const { records } = await connection.query('SELECT Id FROM Organization');
    console.log('org ' + records[0].Id);
  } catch (error) {
    console.log('error ' + error.name);
  }
}`;

/** A running keeper. */
class Running {
  public stdout = '';
  public stderr = '';
  public readonly exit: Promise<[number | null, NodeJS.Signals | null]>;

  public constructor(public readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exit = once(child, 'exit') as typeof this.exit;
  }

  /** Waits until an output matches. The test's own time limit ends it. */
  public async until(output: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this[output]);
      if (match) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`ended before ${String(pattern)}: ${this.stdout}\n${this.stderr}`);
      }
      await setTimeout(50);
    }
  }

  public kill(): void {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      process.kill(-this.child.pid, 'SIGKILL');
    }
  }
}

describe('sandbox keep', () => {
  const on = useStage(async (stage) => {
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat -n dev --no-verify');
  });
  const running: Running[] = [];

  /** Starts `sf jit sandbox keep` in a process group of its own. */
  async function keep(args: string[], env: Record<string, string> = {}): Promise<Running> {
    const { stage } = on;
    const { dataDirectory } = await packedPlugin();
    const words = ['--no-deprecation', sfProgram, 'jit', 'sandbox', 'keep', ...args];
    const child = spawn(process.execPath, words, {
      cwd: stage.home,
      env: environmentOf({
        home: stage.home,
        env: { SF_DATA_DIR: dataDirectory, NODE_EXTRA_CA_CERTS: stage.info.caFile, ...env },
      }),
      detached: true,
    });
    const one = new Running(noteProcess(child, typed(words)));
    running.push(one);
    return one;
  }

  afterEach(() => {
    running.splice(0).forEach((one) => {
      one.kill();
    });
  });

  const node = (code: string): string[] => ['--', process.execPath, '-e', code];

  it("leaves the program's input and outputs as they are, keeps production's key from it, and ends with its exit code", async () => {
    const code = `
      process.stdout.write('key ' + (process.env.SF_PRIVATE_KEY ?? process.env.PROD_KEY ?? 'none') + ';');
      process.stdin.pipe(process.stdout);
      process.stdin.on('end', () => process.exit(3));`;
    const one = await keep(['-n', 'uat', ...node(code)], { SF_PRIVATE_KEY: on.stage.secret('not the key either') });
    await one.until('stdout', /key none;/);
    expect(await on.stage.storedOrg((await on.stage.sandbox('uat')).username)).to.include.keys('accessToken');
    one.child.stdin?.end('{"jsonrpc":"2.0"}\n');
    expect(await one.exit).to.deep.equal([3, null]);
    expect(one.stdout).to.equal('key none;{"jsonrpc":"2.0"}\n');
    // the first line where it took more than two seconds
    expect(one.stderr).to.match(/^(?:Logging in to sandbox uat\.\.\.\n)?Logged in to sandbox uat as \S+\.\n$/);
  });

  it('passes signals on to the program, which ends as it likes', async () => {
    const code = `
      process.on('SIGTERM', () => process.exit(9));
      setInterval(() => undefined, 1000);
      console.log('ready');`;
    const one = await keep(['-n', 'uat', ...node(code)]);
    await one.until('stdout', /ready/);
    one.child.kill('SIGTERM');
    expect(await one.exit).to.deep.equal([9, null]);
  });

  it('stays in the foreground without a program, and ends by the signal that ends it', async () => {
    const one = await keep(['--all', '--json']);
    await one.until('stderr', /"sandbox":"dev","event":"logged-in"/);
    const [line = ''] = one.stderr.split('\n');
    expect(JSON.parse(line)).to.include.keys('sandbox', 'event', 'at');
    one.child.kill('SIGTERM');
    expect(await one.exit).to.deep.equal([null, 'SIGTERM']);
    expect(one.stdout).to.equal('');
  });

  it('is one for a sandbox: a second one waits, and takes over when the first is killed', async () => {
    const one = await keep(['-n', 'uat']);
    await setTimeout(4000);
    const other = await keep(['-n', 'uat', '--json']);
    await other.until('stderr', /kept-elsewhere/);
    await on.stage.control.refreshSandbox('uat', { complete: true });
    one.kill();
    await other.until('stderr', /"event":"refreshed"/);
  });

  it('lets a script on @salesforce/core live through a refresh and an ended session', async () => {
    const { stage } = on;
    const before = await stage.sandbox('dev');
    const script = await stage.file('script.mjs', coreScript);
    const one = await keep(['-n', 'dev', '--every', '1', '--', process.execPath, script]);
    const answer = async (): Promise<string | undefined> => {
      one.stdout = '';
      one.child.stdin?.write(`${before.username}\n`);
      return (await one.until('stdout', /(?:org|error) (\S+)\n/))[1];
    };
    expect(await answer()).to.equal(before.orgId);
    await stage.control.refreshSandbox('dev', { complete: true });
    await one.until('stderr', /Sandbox dev was refreshed/);
    const after = await stage.sandbox('dev');
    expect(after.orgId).to.not.equal(before.orgId);
    expect(await answer()).to.equal(after.orgId);
    one.child.stdin?.end('end\n');
    expect(await one.exit).to.deep.equal([7, null]);
  });

  it('refuses what it cannot keep before the program is started', async () => {
    const unnamed = await on.stage.sf('jit sandbox keep');
    expect(unnamed.code).to.equal(2);
    expect(unnamed.stderr).to.match(/Missing required flag: --sandbox-name/);
    const run = await on.stage.sf(`jit sandbox keep -n no-such -- ${process.execPath} -e 'console.log(1)'`);
    expect(run.code).to.equal(1);
    expect(run.stdout).to.equal('');
    expect(run.stderr).to.match(/no-such/);
  });

  leavesNoSecret(on);
});
