import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Config } from '@oclif/core';
import { Lifecycle } from '@salesforce/core/lifecycle';
import { StateAggregator } from '@salesforce/core/stateAggregator';
import { ConfigAggregator } from '@salesforce/core/configAggregator';
import { SfProject } from '@salesforce/core/project';
import { ports } from '../../src/wiring/ports.js';
import { signalListenersSince } from './commandStubs.js';
import type { RunNote } from './explainFailures.js';
import { environmentOf, type ProgramOptions, type ProgramRun, programRun } from './runSf.js';

/** Commands that end this process, or stay: they are run in one of their own. `exec` gives its outputs and its end to the command, unless it refuses. */
const ownProcess = /^jit (sandbox keep|emulator start)\b/;

let config: Promise<Config> | undefined;

/** One at a time: variables, home folder, outputs and exit code are the process's. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of the plugin in this process, from its flags to its JSON and exit code, with the real adapters, the variables and the
 * home folder of a program of its own: a case costs milliseconds, where a start of sf costs a second of a core. What sf adds (the hooks, its
 * log, the packed bundle) is not in it, and the id of its requests is that of this process. `test/contract/commandInProcess.test.ts` compares
 * both ways.
 *
 * @param args words of the command line after `sf`, the command's own words first; of `exec` only what it refuses to begin
 * @param note gets what it prints as it comes, and how it ended
 */
export async function runInProcess(args: string[], options: ProgramOptions, note: RunNote): Promise<ProgramRun> {
  const run = last.then(() => runAlone(args, options, note));
  last = run.catch(() => undefined);
  return run;
}

async function runAlone(args: string[], options: ProgramOptions, note: RunNote): Promise<ProgramRun> {
  const commandLine = args.join(' ');
  if (ownProcess.test(commandLine)) throw new Error(`sf ${commandLine} needs a process of its own.`);
  const [command, argv] = await commandOf(args);
  const restore = become(args, options, note);
  const started = performance.now();
  try {
    // what another command of this process, in another home folder or before a change of its files, has in memory
    ports.sessions.clear();
    StateAggregator.clearInstance();
    SfProject.clearInstances();
    await ConfigAggregator.clearInstance();
    await forgetKeys();
    const failed = await new command(argv, await config!)._run().then(
      () => false,
      () => true,
    );
    // SfCommand has printed what it failed with
    const code = Number(process.exitCode ?? (failed ? 1 : 0));
    note.ended = { code, durationMs: performance.now() - started };
    return programRun({ code, stdout: note.stdout, stderr: note.stderr, durationMs: note.ended.durationMs });
  } finally {
    restore();
  }
}

/** Has core read its key again: it keeps it for each home folder, in a file that it does not export. */
async function forgetKeys(): Promise<void> {
  const file = new URL('../../node_modules/@salesforce/core/lib/util/cache.js', import.meta.url).href;
  const { Cache } = (await import(file)) as { Cache: { instance(): Map<string, unknown> } };
  Cache.instance().clear();
}

type RunnableCommand = { new (argv: string[], config: Config): { _run(): Promise<unknown> }; id: string };

/** The class of a command, and the words after its own. */
async function commandOf(args: readonly string[]): Promise<[RunnableCommand, string[]]> {
  const count = [3, 2].find((words) => existsSync(fileOf(args.slice(0, words))));
  if (count === undefined) throw new Error(`No command of the plugin: ${args.join(' ')}`);
  const words = args.slice(0, count);
  const { default: command } = (await import(fileOf(words).href)) as { default: RunnableCommand };
  command.id = words.join(':');
  config ??= Config.load({ root: import.meta.dirname });
  await config;
  return [command, args.slice(count)];
}

const fileOf = (words: readonly string[]): URL => new URL(`../../src/commands/${words.join('/')}.ts`, import.meta.url);

/** Makes this process look like one that was started for the command. @returns what ends that */
function become(args: string[], options: ProgramOptions, output: { stdout: string; stderr: string }): () => void {
  const environment = { ...environmentOf(options), SF_DISABLE_LOG_FILE: 'true' };
  const before = { env: { ...process.env }, cwd: process.cwd(), argv: process.argv, exitCode: process.exitCode };
  const dropListeners = signalListenersSince();
  const restoreStreams = [
    replace(process, 'stdin', Readable.from([options.input ?? ''])),
    ...(['stdout', 'stderr'] as const).flatMap((name) => [
      replace(process[name], 'isTTY', undefined),
      replace(process[name], 'columns', undefined),
      replace(process[name], 'write', (text: string | Uint8Array, ...more: unknown[]) => {
        output[name] += String(text);
        const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
        done?.();
        return true;
      }),
    ]),
  ];
  setEnvironment(environment);
  process.chdir(options.cwd ?? options.home);
  process.argv = [process.execPath, 'sf', ...args];
  process.exitCode = undefined;
  return () => {
    restoreStreams.forEach((restore) => {
      restore();
    });
    setEnvironment(before.env);
    process.chdir(before.cwd);
    process.argv = before.argv;
    process.exitCode = before.exitCode;
    dropListeners();
    // each command listens for warnings to the end of its process
    Lifecycle.getInstance().removeAllListeners(Lifecycle.warningEventName);
  };
}

/** The variables of this process, in its own object: the home folder is read from there by native code. */
function setEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
  }
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) process.env[name] = value;
  }
}

function replace<T extends object>(target: T, name: keyof T, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}
