import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { CommandWords } from '../commandLine.js';
import { findProgram } from './findProgram.js';

/** How a program ended; `stopped` when it was ended because its time was up, `flooded` because it printed too much. */
export type ProgramEnd = { readonly exitCode: number } | { readonly signal: string } | 'stopped' | 'flooded';

export type ProgramRun = { readonly end: ProgramEnd; readonly stdout: Buffer; readonly stderr: Buffer };

export type ProgramLimits = {
  /** Ends the program, with all that it started. */
  readonly signal: AbortSignal;
  /** Bytes that it may print. */
  readonly bytes: number;
};

const windows = process.platform === 'win32';

/** Milliseconds in which what a program printed last comes through, when something that it started keeps its output open. */
const drainTime = 200;

/**
 * Runs a program that has to do with a key: without a shell, without a terminal, in the home folder, with its output kept from the
 * screen. Programs are never taken from the folder that sf is run in, which may be anybody's: not by a relative `PATH`, and not
 * because Windows looks there first.
 *
 * @param input for its standard input, which is empty without one
 * @throws CommandNotFound, CommandNotRunnable, and the system's error for a program that does not start
 */
export async function runProgram(
  words: CommandWords,
  input: Uint8Array | undefined,
  limits: ProgramLimits,
): Promise<ProgramRun> {
  const { file, args, verbatim } = await findTrustedProgram(words);
  const child = spawn(file, args, {
    cwd: homedir(),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsVerbatimArguments: verbatim,
    windowsHide: true,
    // a session of its own: it has no terminal to ask on, and can be ended with all that it started
    detached: !windows,
  });
  return new Promise<ProgramRun>((resolve, reject) => {
    const printed = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let left = limits.bytes;
    const kill = (): void => {
      killTree(child);
    };
    const done = (end: ProgramEnd): void => {
      process.removeListener('exit', kill);
      limits.signal.removeEventListener('abort', stop);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ end, stdout: Buffer.concat(printed.stdout), stderr: Buffer.concat(printed.stderr) });
    };
    const endNow = (end: ProgramEnd): void => {
      kill();
      done(end);
    };
    const stop = (): void => {
      endNow('stopped');
    };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) endNow('flooded');
        else printed[stream].push(chunk);
      });
    }
    // it may end without reading what it is given
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const end: ProgramEnd = code === null ? { signal: signal ?? 'SIGKILL' } : { exitCode: code };
      const late = setTimeout(done, drainTime, end);
      child.once('close', () => {
        clearTimeout(late);
        done(end);
      });
    });
    process.once('exit', kill);
    if (limits.signal.aborted) stop();
    else limits.signal.addEventListener('abort', stop, { once: true });
  });
}

/** Finds a program in the folders of PATH that are named in full. @throws CommandNotFound, CommandNotRunnable */
export async function findTrustedProgram(words: CommandWords): ReturnType<typeof findProgram> {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = (process.env[name] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return findProgram(words, folders.join(delimiter));
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (windows) {
    const taskkill = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
    spawn(taskkill, ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).once('error', () =>
      child.kill(),
    );
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // it has ended by itself meanwhile
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
