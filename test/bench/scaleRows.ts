import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Stage } from '../support/stage.js';
import type { Contender, Cost } from './measure.js';
import { inTurns, median, ratio } from './measure.js';
import type { Row } from './rows.js';

const few = 50;
const many = 500;

/** What grows with the number of sandboxes, by five hundred of them at 100 ms a request: time, requests, memory. */
export async function scaleRows(rounds: number): Promise<Row[]> {
  const stages = { few: await openStage(few), many: await openStage(many) };
  try {
    return [
      await row('register --all', 'new', 'jit sandbox register --all --json', stages, rounds),
      await row('list --check', 'registered', 'jit sandbox list --check --json', stages, rounds),
      await row(
        'login --all --concurrency 50',
        'registered',
        'jit sandbox login --all --concurrency 50 --json',
        stages,
        rounds,
      ),
    ];
  } finally {
    await Promise.all(Object.values(stages).map(async (stage) => stage.close()));
  }
}

/** A Salesforce with so many sandboxes, and two homes: `new` knows production, `registered` all of them. */
async function openStage(count: number): Promise<Stage> {
  const stage = await Stage.open({ sandboxes: Array.from({ length: count }, (_, index) => `box${index}`) });
  await stage.registerProduction();
  await cp(stage.home, join(stage.folder, 'new'), { recursive: true });
  await stage.ok('jit sandbox register --all');
  await cp(stage.home, join(stage.folder, 'registered'), { recursive: true });
  await stage.control.setLatency(100);
  return stage;
}

async function row(
  what: string,
  home: 'new' | 'registered',
  line: string,
  stages: Record<'few' | 'many', Stage>,
  rounds: number,
): Promise<Row> {
  const costs = await inTurns(rounds, {
    few: contender(stages.few, home, line),
    many: contender(stages.many, home, line),
  });
  await stages.many.requests();
  const once = contender(stages.many, home, line);
  await once.prepare?.();
  await once.run({});
  const requests = (await stages.many.requests()).length;
  const growth = ratio(costs.many, costs.few);
  const processor = (found: readonly Cost[]): number => median(found.map(({ cpu }) => cpu));
  const each = (processor(costs.many) - processor(costs.few)) / (many - few);
  const seconds = (found: readonly Cost[]): string => `${(median(found.map(({ wall }) => wall)) / 1000).toFixed(1)} s`;
  const memory = median(costs.many.map((cost) => cost.memory)).toFixed(0);
  return {
    what: `\`sandbox ${what}\`, ${many} sandboxes, 100 ms a request, against ${few}`,
    measured: `${growth.toFixed(2)} × (${seconds(costs.many)} and ${seconds(costs.few)}); ${each.toFixed(0)} ms of processor time for each sandbox more; ${requests} requests, ${memory} MiB`,
    bar: `cost per sandbox does not grow: ≤ ${many / few} ×`,
    met: growth <= many / few,
  };
}

function contender(stage: Stage, from: string, line: string): Contender {
  const run = join(stage.folder, 'run');
  return {
    prepare: async () => {
      await rm(run, { recursive: true, force: true });
      await cp(join(stage.folder, from), run, { recursive: true });
    },
    run: async (meter) => stage.sf(line, { home: run, env: { ...meter, NODE_COMPILE_CACHE: undefined } }),
  };
}
