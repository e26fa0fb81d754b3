import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type { CommandEnd, CommandVariables } from '../commandRun.js';
import { commandEnvironment } from '../commandRun.js';
import { JitFailure } from '../../failures/failures.js';
import type { PrivateSf, SfFolders } from './privateSf.js';
import { makePrivateSf } from './privateSf.js';
import type { Program } from '../../programs/io/findProgram.js';
import { findProgram } from '../../programs/io/findProgram.js';

/** Milliseconds that a login under way gets to end when a signal comes, so that it can be given back. */
const patience = 3000;

const windows = process.platform === 'win32';
const caught: readonly NodeJS.Signals[] = windows
  ? ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']
  : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** What a terminal sends, it sends to the command as well; twice would tell many programs to stop without cleaning up. */
function comesFromTerminal(signal: NodeJS.Signals): boolean {
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && [0, 1, 2].some((descriptor) => isatty(descriptor));
}

/** Programs that get their own private sf, for an sf that keeps its plugins in these folders. */
export const commandsOf = (
  folders: SfFolders,
): { prepare: (command: readonly [string, ...string[]]) => Promise<Prepared> } => ({
  async prepare(command) {
    const place = await makePrivateSf(folders);
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
  private pass: (signal: NodeJS.Signals) => void = () => undefined;

  public constructor(
    private readonly name: string,
    private readonly program: Program,
    private readonly path: string,
    private readonly place: PrivateSf,
  ) {
    // whatever ends this process without asking: nothing is left behind
    process.once('exit', place.wipe);
    for (const signal of caught) {
      // SfCommand's own listeners would end this process with 130 at once
      process.removeAllListeners(signal);
      process.on(signal, () => {
        this.take(signal);
      });
    }
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
      env: commandEnvironment(process.env, { ...variables, [pathVariable() ?? 'PATH']: this.path }, process.platform),
      windowsVerbatimArguments: verbatim,
    });
    this.state = 'running';
    this.pass = (signal) => child.kill(signal);
    try {
      return await new Promise<CommandEnd>((resolve, reject) => {
        child.once('error', (error: NodeJS.ErrnoException) => {
          // also emitted for a signal that could not be passed on
          if (child.pid === undefined) reject(notStarted(this.name, error));
        });
        child.once('exit', (code, signal) => {
          resolve(code === null ? endedBy(signal ?? 'SIGKILL') : { exitCode: code });
        });
      });
    } finally {
      this.state = 'ended';
    }
  }

  public interruption(): CommandEnd {
    return endedBy(this.signal ?? 'SIGTERM');
  }

  public wipe(): Promise<void> {
    this.place.wipe();
    return Promise.resolve();
  }

  private take(signal: NodeJS.Signals): void {
    if (this.state === 'waiting' && this.signal === undefined) {
      this.signal = signal;
      this.interrupt();
    } else if (this.state === 'running') {
      // Windows has no signals: its console tells every program by itself, and `kill` would end the command at once
      if (!windows && !comesFromTerminal(signal)) this.pass(signal);
    } else {
      // the command is gone, or never came: who asks again does not want to wait for Salesforce
      this.place.wipe();
      endAs(endedBy(signal));
      process.exit();
    }
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

function endedBy(signal: NodeJS.Signals): CommandEnd {
  return { signal, exitCode: 128 + constants.signals[signal] };
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
