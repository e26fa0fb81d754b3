import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { noteProcess } from './explainFailures.js';

/** What a program did. */
export type ProgramRun = {
  /** Exit code; `null` when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Milliseconds from start to exit. */
  durationMs: number;
  /** Standard output as JSON. Throws with both outputs when it is none. */
  json<T = unknown>(): T;
};

export type ProgramOptions = {
  /** Home folder of the run: all of sf's files end up there. */
  home: string;
  /** Added to the little that is taken over from the environment of the tests. `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Text for standard input, which is closed after it. */
  input?: string;
  /** The program is killed with everything it started, and the run is rejected, after so many milliseconds. */
  timeoutMs?: number;
  /** Gets all of standard output so far each time there is more, and the process id: for tests that send signals. */
  onOutput?: (stdout: string, pid: number) => void;
};

/** The stock CLI of devDependencies. */
export const sfProgram = fileURLToPath(new URL('../../node_modules/@salesforce/cli/bin/run.js', import.meta.url));

/** The variables of this process as it began: a command that runs in it has its own meanwhile (`commandInProcess.ts`). */
export const ownVariables: NodeJS.ProcessEnv = { ...process.env };

/**
 * The environment of a run. Nothing of the tester's own sf is in it: no SF_ and SFDX_ variables, no home folder, no
 * keychain, no proxy. Auto-update and telemetry would fork processes that outlive the test.
 */
export function environmentOf({ home, env }: ProgramOptions): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, TEMP, TMP, SystemRoot, LANG, NODE_OPTIONS } = ownVariables;
  return {
    ...{ PATH, TMPDIR, TEMP, TMP, SystemRoot, LANG },
    HOME: home,
    USERPROFILE: home,
    SF_DISABLE_AUTOUPDATE: 'true',
    // an old CLI says on standard error that there is a newer one
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_DISABLE_TELEMETRY: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    NO_COLOR: '1',
    // the rough disk of test/support/roughDisk.cjs, for a run of the tests with it
    ...(/roughDisk/.test(NODE_OPTIONS ?? '') && { NODE_OPTIONS }),
    ...env,
  };
}

/** Runs a Node program to its end, without blocking: an emulator in the same process goes on answering. */
export async function runNode(args: string[], options: ProgramOptions): Promise<ProgramRun> {
  const started = performance.now();
  // a process group of its own, so that a kill reaches what the program started
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? options.home,
    env: environmentOf(options),
    detached: process.platform !== 'win32',
  });
  noteProcess(child, typed(args));
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (name === 'stdout' && child.pid !== undefined) options.onOutput?.(output.stdout, child.pid);
    });
  }
  // a program that ends without reading its input is no error of the test
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const timeoutMs = options.timeoutMs ?? 60_000;
  const code = await new Promise<number | null>((resolve, reject) => {
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
      reject(new Error(`Not done after ${timeoutMs} ms: ${args.join(' ')}\n${output.stdout}\n${output.stderr}`));
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve(exitCode);
    });
  });
  return programRun({ code, ...output, durationMs: performance.now() - started });
}

/** What a program did, with its standard output as JSON. */
export function programRun(run: Omit<ProgramRun, 'json'>): ProgramRun {
  return {
    ...run,
    json: <T>(): T => {
      try {
        return JSON.parse(run.stdout) as T;
      } catch (cause) {
        throw new Error(`No JSON on standard output:\n${run.stdout}\n${run.stderr}`, { cause });
      }
    },
  };
}

/** The command line of a Node program as a person would type it. */
export function typed(args: string[]): string {
  const words = args.filter((arg) => arg !== '--no-deprecation').map((arg) => (arg === sfProgram ? 'sf' : arg));
  return [...(words[0] === 'sf' ? [] : ['node']), ...words]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** Runs the stock sf. */
export async function runSf(args: string[], options: ProgramOptions): Promise<ProgramRun> {
  return runNode(['--no-deprecation', sfProgram, ...args], options);
}
