import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SinonFakeTimers, SinonSpy } from 'sinon';
import { createSandbox } from 'sinon';
import type { CommandEnd } from '../../../../src/exec/commandRun.js';
import { commandsOf, forwardedSignals } from '../../../../src/exec/io/commands.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporaryDirectory.js';

/** A command that ignores what can be ignored, and says in a file when it does. */
const stubborn = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  require('fs').writeFileSync(process.argv[1], 'deaf');
  setInterval(() => {}, 1000);`;

const realTimeout = globalThis.setTimeout;

const sandbox = createSandbox();
const { argv, execArgv, ppid } = process;
const { TMPDIR } = process.env;
const taken = [...forwardedSignals, 'exit'] as const;
let folder: TemporaryDirectory;
let listeners: NodeJS.SignalsListener[][];
let clock: SinonFakeTimers;

/**
 * A folder for everything temporary, a clock of the test's own, and a process that looks as if a program of that folder had been started: the one that
 * a private sf starts.
 */
async function begin(): Promise<void> {
  folder = await temporaryDirectory('jit-exec-');
  // exec takes the signals of this process over, those that mocha listens to as well
  listeners = taken.map((name) => process.listeners(name as NodeJS.Signals));
  const script = join(folder.path, 'sf.mjs');
  await writeFile(script, '');
  process.argv = [process.execPath, script];
  process.execArgv = [];
  process.env['TMPDIR'] = folder.path;
  clock = sandbox.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval', 'performance'] });
}

async function end(): Promise<void> {
  sandbox.restore();
  Object.assign(process, { argv, execArgv });
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  for (const [index, name] of taken.entries()) {
    process.removeAllListeners(name);
    for (const listener of listeners[index] ?? []) process.on(name as NodeJS.Signals, listener);
  }
  await folder.remove();
}

const prepared = (command: readonly [string, ...string[]]): ReturnType<ReturnType<typeof commandsOf>['prepare']> => {
  const { path } = folder;
  return commandsOf({ dataDir: path, cacheDir: path, configDir: path }, () => undefined).prepare(command);
};

/*
 * How soon `exec` kills a command that does not end by itself. The command is a real process and the clock the test's own, so that it does not
 * count how busy the machine is. GitHub leaves 2.5 s after it ended the shell of a step, GitLab, Jenkins and containers 10 s after SIGTERM.
 */
describe('a command that ignores signals', function () {
  if (process.platform === 'win32') return;
  this.timeout(60_000);
  let kill: SinonSpy;
  let ended: Promise<CommandEnd>;

  /** The signals that were sent to the command so far. */
  const sent = (): unknown[] => kill.getCalls().map(({ args }) => args[1] as unknown);
  const signal = (name: NodeJS.Signals): unknown => process.emit(name, name);

  beforeEach(async () => {
    await begin();
    const file = join(folder.path, 'deaf');
    const command = await prepared([process.execPath, '-e', stubborn, file]);
    kill = sandbox.spy(process, 'kill');
    ended = command.run({ SF_ACCESS_TOKEN: `token of ${file}` });
    while ((await readFile(file, 'utf8').catch(() => '')) === '') await new Promise((then) => realTimeout(then, 20));
    kill.resetHistory();
  });

  afterEach(async () => {
    Object.defineProperty(process, 'ppid', { value: ppid, configurable: true, enumerable: true, writable: true });
    await end();
  });

  /** Expects that it lives for so long, and no longer. */
  async function expectKilledAfter(milliseconds: number): Promise<void> {
    clock.tick(milliseconds - 1);
    expect(sent()).to.not.include('SIGKILL');
    clock.tick(1);
    expect(sent()).to.include('SIGKILL');
    expect(await ended).to.deep.equal({ signal: 'SIGKILL', exitCode: 137 });
  }

  it('is killed 5 s after one SIGTERM', async () => {
    signal('SIGTERM');
    await expectKilledAfter(5000);
  });

  it('is killed 1 s after a SIGTERM that is not the first signal', async () => {
    signal('SIGINT');
    clock.tick(7500);
    expect(sent(), 'an interruption is a question').to.not.include('SIGKILL');
    signal('SIGTERM');
    await expectKilledAfter(1000);
  });

  it('is told to end within 250 ms, and killed 1 s later, when nobody waits for it any more', async () => {
    Object.defineProperty(process, 'ppid', { value: 1, configurable: true, enumerable: true, writable: true });
    clock.tick(250);
    expect(sent()).to.include('SIGTERM');
    await expectKilledAfter(1000);
  });

  it('goes on for as long as it likes after an interruption', async () => {
    signal('SIGINT');
    clock.tick(60_000);
    expect(sent()).to.not.include('SIGKILL');
    signal('SIGTERM');
    clock.tick(1000);
    await ended;
  });
});

describe('the exit code of a command', function () {
  if (process.platform === 'win32') return;
  beforeEach(begin);
  afterEach(end);

  for (const code of [0, 1, 10, 130, 255]) {
    it(`is passed on: ${code}`, async () => {
      const command = await prepared([process.execPath, '-e', `process.exit(${code})`]);
      expect(await command.run({})).to.deep.equal({ exitCode: code });
    });
  }

  it('counts a signal as shells do', async () => {
    const command = await prepared([process.execPath, '-e', "process.kill(process.pid, 'SIGKILL')"]);
    expect(await command.run({})).to.deep.equal({ signal: 'SIGKILL', exitCode: 137 });
  });
});
