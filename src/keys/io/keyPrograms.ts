import { JitFailure } from '../../failures/failures.js';
import type { CommandWords } from '../../programs/commandLine.js';
import type { ProgramEnd } from '../../programs/io/runProgram.js';
import { findTrustedProgram, runProgram } from '../../programs/io/runProgram.js';
import { harmlessText } from '../harmlessText.js';
import { signingTimeLimit } from './signingTime.js';

/** More than any key or signature, with room for what a program says besides. */
const maxBytes = 64 * 1024;

/**
 * What a program prints that has the key or signs with it. It may be the key, so nothing of it is ever shown; of what it prints to standard
 * error, only what cannot be one.
 *
 * @param input for its standard input
 * @throws KeyProgramFailed for a program that is not there, does not end, ends with an error, or prints nothing
 */
export async function outputOf(
  command: CommandWords,
  input: Uint8Array | undefined,
  production: string | undefined,
): Promise<Buffer> {
  const [program] = command;
  const { signal, secondsPassed } = signingTimeLimit();
  const run = await started(command, production, () => runProgram(command, input, { signal, bytes: maxBytes }));
  const printed = run.stdout.toString('utf8');
  const said = harmlessText(run.stderr.toString('utf8'), printed);
  const problem =
    problemOf(run.end, secondsPassed(), run.stderr.toString('utf8')) ??
    (printed.trim() === '' ? 'it printed nothing to standard output' : undefined);
  if (problem !== undefined) throw new JitFailure('KeyProgramFailed', { program, problem, production, said });
  return run.stdout;
}

/** Checks that a program is there, before anything depends on it. @throws KeyProgramFailed */
export async function requireProgram(command: CommandWords, production: string | undefined): Promise<void> {
  await started(command, production, () => findTrustedProgram(command));
}

async function started<T>([program]: CommandWords, production: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new JitFailure('KeyProgramFailed', { program, problem: whyNotStarted(error), production }, error);
  }
}

function whyNotStarted(error: unknown): string {
  if (error instanceof JitFailure) {
    return error.name === 'CommandNotFound' ? 'there is no such program' : (error.facts.problem ?? error.name);
  }
  return `it cannot be started (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
}

/** Words of programs that want an answer, which nobody can give them. */
const asks =
  /\/dev\/tty|not a (tty|terminal|typewriter)|inappropriate ioctl|no (tty|terminal)|(pass(word|phrase)|\bPIN)\b[^\n]{0,40}:\s*$|(enter|type)\b[^\n]{0,60}:\s*$|\[y\/n\]/im;

function problemOf(end: ProgramEnd, seconds: number, error: string): string | undefined {
  const asked = asks.test(error)
    ? ', and it seems to ask something, which nobody can answer: it is run without a terminal'
    : '';
  if (end === 'stopped') return `it did not end within ${seconds} seconds${asked}`;
  if (end === 'flooded') return `it printed more than ${maxBytes / 1024} kB, which is no key and no signature`;
  if ('signal' in end) return `it was ended by ${end.signal}`;
  return end.exitCode === 0 ? undefined : `it ended with exit code ${end.exitCode}${asked}`;
}
