import { existsSync } from 'node:fs';
import { Config } from '@oclif/core';
import { ports } from '../../src/wiring/ports.js';
import type { RunNote } from './explainFailures.js';
import { asNewProcess } from './newProcess.js';
import { environmentOf, type ProgramOptions, type ProgramRun, programRun } from './runSf.js';

/** Commands that end this process, or stay: they are run in one of their own. `exec` gives its outputs and its end to the command, unless it refuses. */
const ownProcess = /^jit (sandbox keep|emulator start)\b/;

let config: Promise<Config> | undefined;

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
  const commandLine = args.join(' ');
  if (ownProcess.test(commandLine)) throw new Error(`sf ${commandLine} needs a process of its own.`);
  const [command, argv] = await commandOf(args);
  const env = { ...environmentOf(options), SF_DISABLE_LOG_FILE: 'true' };
  const start = { argv: ['sf', ...args], cwd: options.cwd ?? options.home, env, input: options.input };
  return asNewProcess(start, note, async () => {
    const started = performance.now();
    ports.sessions.clear();
    const failed = await new command(argv, await config!)._run().then(
      () => false,
      () => true,
    );
    // SfCommand has printed what it failed with
    const code = Number(process.exitCode ?? (failed ? 1 : 0));
    note.ended = { code, durationMs: performance.now() - started };
    return programRun({ code, stdout: note.stdout, stderr: note.stderr, durationMs: note.ended.durationMs });
  });
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
