import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type { CommandEnd, CommandVariables } from '../commandRun.js';
import { variablesForCommand } from '../commandRun.js';
import type { EndingCause } from '../ending.js';
import { timeUntilKill } from '../ending.js';
import { JitFailure } from '../../failures/failures.js';
import type { PrivateSf, SfFolders } from './privateSf.js';
import { makePrivateSf, withUsableFolder } from './privateSf.js';
import { storePrivately } from './privateHome.js';
import { watchForAbandonment, descendants, processesHolding, isRunning, signalAll } from './processTree.js';
import type { StoredOrg } from '../../sfStore/storedOrg.js';
import type { Program } from '../../programs/io/findProgram.js';
import { findProgram } from '../../programs/io/findProgram.js';

/** Milliseconds that a login under way gets to end when a signal comes, so that it can be given back. */
const patience = 1500;

/** How often to look whether anybody still waits for the command. */
const lookEvery = 250;

const windows = process.platform === 'win32';
/** The signals that a command gets instead of this process. */
export const forwardedSignals: readonly NodeJS.Signals[] = windows
  ? ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']
  : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** What a terminal sends, it sends to the command as well; twice would tell many programs to stop without cleaning up. */
export function comesFromTerminal(signal: NodeJS.Signals): boolean {
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && [0, 1, 2].some((descriptor) => isatty(descriptor));
}

/** Programs that get their own private sf, for an sf that keeps its plugins in these folders. @param made told where its private place is */
export const commandsOf = (
  folders: SfFolders,
  made: (place: PrivateSf) => void,
): { prepare: (command: readonly [string, ...string[]]) => Promise<Prepared> } => ({
  async prepare(command) {
    const place = await makePrivateSf(folders);
    made(place);
    try {
      const path = [place.bin, ...(pathVariable() ? [process.env[pathVariable() as string] ?? ''] : [])].join(
        delimiter,
      );
      return new Prepared(command[0], await findProgram(command, path), path, place);
    } catch (error) {
      place.wipe();
      throw error;
    }
  },
});

/** A command that can be started, and the signals that are its own from now on. */
class Prepared {
  private signal: NodeJS.Signals | undefined;
  private state: 'waiting' | 'running' | 'ended' = 'waiting';
  private interrupt: () => void = () => undefined;
  private readonly interrupted = new Promise<void>((resolve) => (this.interrupt = resolve));
  private child: ChildProcess | undefined;
  private readonly causes: EndingCause[] = [];
  /** Whether any signal came. */
  private heard = false;
  /** When what is left of the command is killed, by `performance.now()`; and the processes of it that are known. */
  private end = Infinity;
  private tree: number[] = [];

  public constructor(
    private readonly name: string,
    private readonly program: Program,
    private readonly path: string,
    private readonly place: PrivateSf,
  ) {
    // whatever ends this process without asking: nothing is left behind
    process.once('exit', place.wipe);
    for (const signal of forwardedSignals) {
      // SfCommand's own listeners would end this process with 130 at once
      process.removeAllListeners(signal);
      process.on(signal, () => {
        this.take(signal);
      });
    }
    const isAbandoned = watchForAbandonment();
    const watch = setInterval(() => {
      if (!isAbandoned()) return;
      clearInterval(watch);
      this.abandon();
    }, lookEvery).unref();
  }

  public async know(org: StoredOrg, names: ReadonlyArray<string | undefined>): Promise<void> {
    const given = [...new Set(names)].filter((name) => name !== undefined && name !== org.username);
    await withUsableFolder(() => storePrivately(this.place.home, org, given as string[]));
  }

  public async unlessInterrupted<T>(work: Promise<T>): Promise<T | undefined> {
    const late = this.interrupted.then(() => setTimeout(patience, undefined));
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      if (this.signal === undefined) throw error;
      return undefined;
    }
  }

  public async run(variables: CommandVariables): Promise<CommandEnd> {
    if (this.signal !== undefined) return this.interruption();
    const { file, args, verbatim } = this.program;
    const child = spawn(file, args, {
      stdio: 'inherit',
      env: variablesForCommand(process.env, { ...variables, [pathVariable() ?? 'PATH']: this.path }, process.platform),
      windowsVerbatimArguments: verbatim,
    });
    this.state = 'running';
    this.child = child;
    try {
      const end = await endOfCommand(child, this.name);
      // a signal to the whole group may reach this process after the command has ended by it
      if (end.signal === 'SIGTERM' || end.signal === 'SIGHUP') this.hurry(end.signal);
      await this.restEnded(`SF_ACCESS_TOKEN=${variables['SF_ACCESS_TOKEN'] ?? ''}`);
      return end;
    } finally {
      this.state = 'ended';
    }
  }

  public interruption(): CommandEnd {
    return endOfSignal(this.signal ?? 'SIGTERM');
  }

  public wipe(): Promise<void> {
    this.place.wipe();
    return Promise.resolve();
  }

  private take(signal: NodeJS.Signals): void {
    const isFirst = !this.heard;
    this.heard = true;
    if (this.state === 'waiting' && this.signal === undefined) {
      this.signal = signal;
      this.interrupt();
    } else if (this.state === 'running') {
      // Windows has no signals: its console tells every program by itself, and `kill` would end the command at once
      if (windows || comesFromTerminal(signal)) return;
      this.child?.kill(signal);
      this.hurry(signal as EndingCause);
    } else if (!isFirst) {
      // the command is gone, or never came (by this very signal, if it is the first: a group gets it at once): who asks again does not want to wait for Salesforce
      this.place.wipe();
      endAs(endOfSignal(signal));
      process.exit();
    }
  }

  /** Nobody is there any more who could send a signal: it is sent to all that belongs to the command. */
  private abandon(): void {
    if (this.state === 'waiting') this.take('SIGTERM');
    else if (this.state === 'running' && this.child?.pid !== undefined) {
      this.tree = [...new Set([...this.tree, this.child.pid, ...descendants(this.child.pid)])];
      if (!windows) signalAll(this.tree, 'SIGTERM');
      this.hurry('abandoned');
    }
  }

  /** Has the command killed, after the time that it gets. */
  private hurry(cause: EndingCause): void {
    this.causes.push(cause);
    const time = timeUntilKill(this.causes);
    if (time === undefined || performance.now() + time > this.end) return;
    this.end = performance.now() + time;
    globalThis.setTimeout(() => {
      const { pid } = this.child ?? {};
      if (pid === undefined || this.state !== 'running') return;
      this.tree = [...new Set([...this.tree, ...descendants(pid)])];
      signalAll([pid, ...this.tree], 'SIGKILL');
    }, time);
  }

  /** Of a command that was told to end, what it started gets the same time, and then ends as well. */
  private async restEnded(token: string): Promise<void> {
    if (this.end === Infinity) return;
    this.tree = [...new Set([...this.tree, ...processesHolding(token)])];
    while (this.tree.some(isRunning) && performance.now() < this.end) await setTimeout(20);
    signalAll(this.tree.filter(isRunning), 'SIGKILL');
  }
}

/**
 * Makes this process end as the command did: with its exit code, or by the same signal, so that a shell around it stops as well. By
 * a signal that writes a core dump only in the shell's way of counting: there is a credential in this process's memory.
 */
export function endAs({ exitCode, signal }: CommandEnd): void {
  process.exitCode = exitCode;
  if (windows || (signal !== 'SIGINT' && signal !== 'SIGTERM' && signal !== 'SIGHUP')) return;
  process.removeAllListeners(signal);
  // has no effect on the first process of a container: then the exit code tells
  process.kill(process.pid, signal);
}

/** How a command ended that a signal ended, in the shell's way of counting. */
export function endOfSignal(signal: NodeJS.Signals): CommandEnd {
  return { signal, exitCode: 128 + constants.signals[signal] };
}

/** Waits for the end of a command. @throws CommandNotRunnable */
export function endOfCommand(child: ChildProcess, name: string): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // also emitted for a signal that could not be passed on
      if (child.pid === undefined) reject(notStarted(name, error));
    });
    child.once('exit', (code, signal) => {
      resolve(code === null ? endOfSignal(signal ?? 'SIGKILL') : { exitCode: code });
    });
  });
}

function notStarted(name: string, error: NodeJS.ErrnoException): JitFailure {
  const problems: Record<string, string> = {
    ENOENT: 'the program in its first line does not exist, or neither does the current folder',
    EACCES: 'it is not executable, or the program in its first line is not',
    ENOEXEC: 'it is no program for this machine, and it has no first line that names one',
    E2BIG: 'its arguments are too long',
  };
  const { code = '', message } = error;
  return new JitFailure('CommandNotRunnable', { file: name, problem: problems[code] ?? message }, error);
}

/** The name of PATH in this environment: on Windows it is written in several ways. */
function pathVariable(): string | undefined {
  return Object.keys(process.env).find((name) => (windows ? name.toUpperCase() : name) === 'PATH');
}
