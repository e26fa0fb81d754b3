import { readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { ProgramRun } from '../support/runSf.js';

/** What one run of a command took. */
export type Cost = {
  /** From start to exit, milliseconds. */
  readonly wall: number;
  /** Time of all processors in it, milliseconds: steadier than the wall clock when others use the machine. */
  readonly cpu: number;
  /** Most memory it had, MiB. */
  readonly memory: number;
};

/** A way to do something, to be measured. `prepare` is not measured. */
export type Contender = {
  readonly prepare?: () => Promise<void>;
  /** Runs it, with the variables that make it tell what it took. */
  readonly run: (env: Record<string, string>) => Promise<ProgramRun>;
};

/**
 * Measures contenders in turns: once each in every round, so that whatever else the machine does hits all of them alike. The first round
 * warms up and does not count.
 *
 * @returns the costs of each contender, in the order of the rounds
 * @throws when a run ends with another exit code than 0
 */
export async function inTurns<K extends string>(
  rounds: number,
  contenders: Record<K, Contender>,
): Promise<Record<K, Cost[]>> {
  const names = Object.keys(contenders) as K[];
  const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as Record<K, Cost[]>;
  for (let round = 0; round <= rounds; round += 1) {
    // in another order every time
    const order = names.map((_, index) => names[(index + round) % names.length] as K);
    for (const name of order) {
      const cost = await costOf(contenders[name], name);
      if (round > 0) costs[name].push(cost);
    }
  }
  return costs;
}

async function costOf(contender: Contender, name: string): Promise<Cost> {
  const { prepare, run } = contender;
  await prepare?.();
  const file = join(tmpdir(), `jit-bench-${randomUUID()}`);
  const meter = new URL('./meter.mjs', import.meta.url).href;
  const { code, durationMs, stdout, stderr } = await run({ NODE_OPTIONS: `--import=${meter}`, JIT_BENCH_METER: file });
  // many stock commands at once may meet the half of each other's alias file, which stock sf writes in place
  if (code !== 0 && name === 'stock' && /in JSON at position/.test(stdout)) return costOf(contender, name);
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}:\n${stdout}\n${stderr}`);
  const usages = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Omit<Cost, 'wall'>);
  await rm(file);
  return {
    wall: durationMs,
    cpu: usages.reduce((sum, { cpu }) => sum + cpu, 0),
    memory: Math.max(...usages.map(({ memory }) => memory)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Median of what one took in proportion to the other in the same round. */
export function ratio(ours: readonly Cost[], theirs: readonly Cost[], of: keyof Cost = 'wall'): number {
  return median(ours.map((cost, round) => cost[of] / (theirs[round]?.[of] ?? Number.NaN)));
}

/** Median of what one took more than the other in the same round. */
export function difference(ours: readonly Cost[], theirs: readonly Cost[], of: keyof Cost = 'wall'): number {
  return median(ours.map((cost, round) => cost[of] - (theirs[round]?.[of] ?? Number.NaN)));
}

/** The machine, in one line. */
export function machine(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${processor?.model ?? 'unknown processor'}, ${memory} GiB, ${process.platform}, Node ${process.version}`;
}
