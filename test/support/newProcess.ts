import { Readable } from 'node:stream';
import { ConfigAggregator } from '@salesforce/core/configAggregator';
import { Lifecycle } from '@salesforce/core/lifecycle';
import { SfProject } from '@salesforce/core/project';
import { StateAggregator } from '@salesforce/core/stateAggregator';
import { signalListenersSince } from './commandStubs.js';

/** What a program is started with. */
export type Start = {
  /** Words of the command line, the program first. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text for standard input. */
  readonly input?: string | undefined;
};

/** One at a time: variables, home folder, outputs and exit code are the process's. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Does something as if this process had just been started for it, as far as a command can see: its variables, folder, input and outputs, no
 * terminal, and nothing in memory of what core found in another home folder or before a change of its files.
 *
 * @param output gets what is printed, as it comes
 */
export async function asNewProcess<T>(
  start: Start,
  output: { stdout: string; stderr: string },
  work: () => Promise<T>,
): Promise<T> {
  const run = last.then(async () => {
    const restore = become(start, output);
    try {
      StateAggregator.clearInstance();
      SfProject.clearInstances();
      await ConfigAggregator.clearInstance();
      await forgetKeys();
      return await work();
    } finally {
      restore();
    }
  });
  last = run.catch(() => undefined);
  return run;
}

/** Has core read its key again: it keeps it for each home folder, in a file that it does not export. */
async function forgetKeys(): Promise<void> {
  const file = new URL('../../node_modules/@salesforce/core/lib/util/cache.js', import.meta.url).href;
  const { Cache } = (await import(file)) as { Cache: { instance(): Map<string, unknown> } };
  Cache.instance().clear();
}

/** @returns what makes this process itself again */
function become({ argv, cwd, env, input = '' }: Start, output: { stdout: string; stderr: string }): () => void {
  const before = { env: { ...process.env }, cwd: process.cwd(), argv: process.argv, exitCode: process.exitCode };
  const dropListeners = signalListenersSince();
  const restoreStreams = [
    replace(process, 'stdin', Readable.from([input])),
    ...(['stdout', 'stderr'] as const).flatMap((name) => [
      replace(process[name], 'isTTY', undefined),
      replace(process[name], 'columns', undefined),
      replace(process[name], 'write', (text: string | Uint8Array, ...more: unknown[]) => {
        output[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
        const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
        done?.();
        return true;
      }),
    ]),
  ];
  setEnvironment(env);
  process.chdir(cwd);
  process.argv = [process.execPath, ...argv];
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
function setEnvironment(environment: Start['env']): void {
  for (const name of Object.keys(process.env)) {
    if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
  }
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) process.env[name] = value;
  }
}

/** Puts a value in the place of a property. @returns what puts it back */
export function replace<T extends object>(target: T, name: keyof T, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}
