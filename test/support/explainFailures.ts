/*
 * Makes a failed test explain itself: its message is followed by what was run since it began, what the stand-in was asked, and which files
 * changed. mocha loads this file before the tests (`.mocharc.json`), and in every worker of a parallel run.
 */

import type { ChildProcess } from 'node:child_process';

/** A program that was started: how it ended, or what it had printed until now. */
export type RunNote = {
  /** As a person would type it. */
  readonly commandLine: string;
  /** `undefined` as long as it runs. */
  ended?: { readonly code: number | null; readonly durationMs: number };
  stdout: string;
  stderr: string;
};

/** Something that tells what happened since a test began. */
export type Witness = {
  /** A test begins. */
  begin(): Promise<void>;
  /** Paragraphs about what has happened since. */
  tell(): Promise<string[]>;
};

const witnesses = new Set<Witness>();
let runs: RunNote[] = [];

/** Has a witness asked whenever a test fails. @returns what ends that */
export function addWitness(witness: Witness): () => void {
  witnesses.add(witness);
  return () => witnesses.delete(witness);
}

/** Notes a program that was started; the note is changed as it goes on. */
export function noteRun(commandLine: string): RunNote {
  const note: RunNote = { commandLine, stdout: '', stderr: '' };
  runs.push(note);
  return note;
}

/** As {@link noteRun}, of a process that a test started itself: its outputs and its end are noted as they come. */
export function noteProcess<T extends ChildProcess>(child: T, commandLine: string): T {
  const note = noteRun(commandLine);
  const started = performance.now();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (text: string | Buffer) => {
      note[name] += String(text);
    });
  }
  child.once('close', (code) => {
    note.ended = { code, durationMs: performance.now() - started };
  });
  return child;
}

const maxRuns = 12;
const maxText = 4000;

/** The beginning and the end of a text that is too long to be read. */
function shortened(text: string): string {
  if (text.length <= maxText) return text;
  const half = maxText / 2;
  return `${text.slice(0, half)}\n… ${text.length - maxText} characters …\n${text.slice(-half)}`;
}

function indented(title: string, text: string): string[] {
  if (text.trim() === '') return [`  ${title}: empty`];
  const lines = shortened(text.trimEnd()).split('\n');
  return [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}

function describeRun({ commandLine, ended, stdout, stderr }: RunNote): string {
  const end = ended
    ? `${ended.code === null ? 'ended by a signal' : `exit code ${ended.code}`}, after ${Math.round(ended.durationMs)} ms`
    : 'still running';
  return [`$ ${commandLine}`, `  ${end}`, ...indented('stdout', stdout), ...indented('stderr', stderr)].join('\n');
}

/** What happened since the test began, as text; empty when nothing was run and nobody has anything to tell. */
export async function explanation(): Promise<string> {
  const left = runs.length - maxRuns;
  const told = await Promise.all(
    [...witnesses].map((witness) =>
      witness.tell().catch((error: unknown) => [`(a witness could not tell: ${String(error)})`]),
    ),
  );
  return [
    ...(left > 0 ? [`(${left} earlier commands are left out)`] : []),
    ...runs.slice(-maxRuns).map(describeRun),
    ...told.flat(),
  ].join('\n\n');
}

/** Adds to the message of an error what happened since the test began. */
export async function explain(error: unknown): Promise<void> {
  if (!(error instanceof Error)) return;
  const text = await explanation();
  // mocha prints the stack as well, and looks for the message in it
  const { message, stack } = error;
  if (text === '' || message.includes(since)) return;
  // where the message begins like "what it is about: expected", mocha shows that beginning alone, and the difference
  const whole = /^[^:]+: expected/.test(message) ? `Failed: ${message}` : message;
  error.message = `${whole}\n\n${since}\n\n${text}\n`;
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
}

const since = '——— Since this test began ———';

/** Forgets what was, for what begins now. */
export async function beginStep(): Promise<void> {
  runs = runs.filter(({ ended }) => ended === undefined);
  await Promise.all([...witnesses].map((witness) => witness.begin()));
}

export const mochaHooks = {
  async beforeEach(): Promise<void> {
    await beginStep();
  },
  async afterEach(this: Mocha.Context): Promise<void> {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') await explain(currentTest.err);
  },
};
