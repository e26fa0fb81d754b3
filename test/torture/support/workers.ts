import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { noteProcess } from '../../support/explainFailures.js';
import { environmentOf, typed } from '../../support/runSf.js';
import { filesIn } from '../../support/stage.js';

/** How large the tests are: `JIT_TORTURE=full` for what the documentation promises, a shorter form otherwise. */
export const full = process.env['JIT_TORTURE'] === 'full';

const program = fileURLToPath(new URL('./loginWorker.ts', import.meta.url));
const cache = fileURLToPath(new URL('../../../node_modules/.cache/sf-plugin-jit/', import.meta.url));
let built: string | undefined;

/** The program as one file, made once for all workers of this process: they load it in a quarter of the time that the files of `src/` take. */
function builtProgram(): string {
  if (built !== undefined) return built;
  const outfile = join(cache, `loginWorker-${process.pid}.mjs`);
  buildSync({ entryPoints: [program], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  process.once('exit', () => {
    rmSync(outfile, { force: true });
  });
  built = outfile;
  return outfile;
}

/** What a worker printed of one sandbox. */
export type WorkerOutcome = {
  sandbox: string;
  status?: string;
  failure?: string;
  facts?: Record<string, string>;
  /** Before another command: what it said, and how many seconds it took. */
  said?: string[];
  took?: number;
};

export type Worker = {
  /** Resolves when everything is loaded. */
  readonly ready: Promise<void>;
  /** Lets the login begin. */
  go(): void;
  /** What it printed until it ended or was killed. */
  readonly ended: Promise<{ outcomes: WorkerOutcome[]; signal: NodeJS.Signals | null; stderr: string; at: number }>;
  kill(): void;
};

const running = new Set<ChildProcess>();

/** Ends what a failed test left waiting. To be called after every suite with workers. */
export function killWorkers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts a process that logs in. @param args as `loginWorker.ts` takes them */
export function startWorker(args: readonly string[], home: string, caFile: string, cwd = home): Worker {
  const env = environmentOf({ home, env: { NODE_EXTRA_CA_CERTS: caFile, SF_DISABLE_LOG_FILE: 'true' } });
  const words = ['--no-deprecation', builtProgram(), ...args];
  const child = noteProcess(spawn(process.execPath, words, { cwd, env }), typed([program, ...args]));
  running.add(child);
  let stdout = '';
  let stderr = '';
  let isReady: () => void;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.startsWith('ready\n')) isReady();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Awaited<Worker['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      running.delete(child);
      isReady();
      const lines = stdout.split('\n').slice(1, -1);
      const outcomes = lines.map((line) => JSON.parse(line) as WorkerOutcome);
      resolve({ outcomes, signal, stderr, at: performance.now() });
    });
  });
  // one that was killed takes no input
  child.stdin.on('error', () => undefined);
  return { ready, ended, go: () => void child.stdin.write('go\n'), kill: () => void child.kill('SIGKILL') };
}

/** Files that stock sf itself writes in place, where a reader without its lock may meet them half-written or empty. */
const inPlace = /\.sfdx.alias\.json$|\.sf.config\.json$|\.sf.sf\.json$|\.sfdx.sfdx-config\.json$|\.sfdx.key\.json$/;

/** Reads all JSON files of a home folder over and over, as any reader would, and keeps what it found broken. */
export class Poller {
  public readonly broken: string[] = [];
  public rounds = 0;
  private stopped = false;
  private readonly done: Promise<void>;

  /** @param stock whether stock sf writes meanwhile, in place; and the orgs that it opens, where it keeps what it learns of them */
  public constructor(home: string, stock?: { readonly opens: readonly string[] }) {
    const orgs = stock?.opens.map((username) => join('.sfdx', `${username}.json`)) ?? [];
    this.done = this.poll(home, (path) => {
      return stock !== undefined && (inPlace.test(path) || orgs.some((org) => path.endsWith(org)));
    });
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async poll(home: string, isWrittenInPlace: (path: string) => boolean): Promise<void> {
    while (!this.stopped) {
      this.rounds += 1;
      for (const path of await filesIn(home).catch(() => [])) {
        if (!path.endsWith('.json') || isWrittenInPlace(path)) continue;
        const problem = await brokenJson(path);
        if (problem !== undefined) this.broken.push(`${path}: ${problem}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** What is wrong with a JSON file, if anything; a file that is gone is not wrong. */
export async function brokenJson(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return `not JSON: ${JSON.stringify(text.slice(0, 40))}… (${text.length} characters)`;
  }
}
