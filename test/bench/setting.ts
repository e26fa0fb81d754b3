import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNode } from '../support/runSf.js';
import { Stage } from '../support/stage.js';
import type { Contender } from './measure.js';

/** Homes to start a measured run from, and the commands that are measured. */
export type Setting = {
  readonly stage: Stage;
  /** A command in a home that is a fresh copy of another one. */
  command(
    line: string | readonly string[],
    options?: { from?: string; env?: Record<string, string>; plugin?: boolean },
  ): Contender;
  /** Keeps a copy of the stage's present home, to start from under this name. */
  keep(name: string): Promise<void>;
  /** A home with `count` sandboxes registered, of which `uat` is the last. @returns its name */
  registered(count: number): Promise<string>;
};

export const sandboxNames = Array.from({ length: 100 }, (_, index) => `box${index}`);

/**
 * Opens the stand-in with production, `uat` and {@link sandboxNames}, and makes the homes: `empty`; `stock`, where sf is logged in to
 * production; `cold`, where the plugin has production registered and nobody is logged in; `minted`, where it has logged in to `uat`;
 * `traditional`, where sf is logged in to `uat`.
 */
export async function openSetting(): Promise<Setting> {
  const stage = await Stage.open({ sandboxes: ['uat', ...sandboxNames] });
  const homes = join(stage.folder, 'templates');
  const home = (name: string): string => join(homes, name);
  const keep = async (name: string): Promise<void> => cp(stage.home, home(name), { recursive: true });
  await mkdir(home('empty'), { recursive: true });

  await stage.ok(`org login jwt ${stage.jwtFlags()} --alias prod`);
  await keep('stock');

  await stage.newHome();
  await stage.registerProduction();
  await stage.ok('jit sandbox register --sandbox-name uat');
  await stage.ok('jit sandbox login --sandbox-name uat');
  await keep('minted');
  await stage.ok('org logout --all --no-prompt');
  await rm(join(stage.home, '.sf', 'jit'), { recursive: true, force: true });
  await keep('cold');

  await stage.newHome();
  const uat = await stage.sandbox('uat');
  await stage.ok(`org login jwt ${stage.jwtFlags({ username: uat.username, loginUrl: uat.url })} --alias uat`);
  await keep('traditional');

  const withoutPlugin = join(stage.folder, 'no-plugins');
  await mkdir(withoutPlugin);

  const registered = async (count: number): Promise<string> => {
    const name = `registered-${count}`;
    await cp(home('cold'), home(name), { recursive: true });
    const file = join(home(name), '.sf', 'jit.json');
    const registry = JSON.parse(await readFile(file, 'utf8')) as { sandboxes: Array<Record<string, unknown>> };
    const [only] = registry.sandboxes;
    const others = Array.from({ length: count - 1 }, (_, index) => {
      const sandboxName = `s${index}`;
      return { ...only, sandboxName, alias: sandboxName, username: `${stage.info.username}.${sandboxName}` };
    });
    await writeFile(file, JSON.stringify({ ...registry, sandboxes: [...others, only] }));
    return name;
  };

  return {
    stage,
    keep,
    registered,
    command(line, { from = 'empty', env = {}, plugin = true } = {}) {
      const run = join(stage.folder, 'run');
      return {
        prepare: async () => {
          await rm(run, { recursive: true, force: true });
          await cp(home(from), run, { recursive: true });
        },
        run: async (meter) => {
          // users have no compile cache, which the tests have
          const all = { ...meter, NODE_COMPILE_CACHE: undefined, ...env };
          const options = { home: run, env: plugin ? all : { ...all, SF_DATA_DIR: withoutPlugin } };
          if (typeof line === 'string') return stage.sf(line, options);
          const started = performance.now();
          const runs = await Promise.all(line.map(async (one) => stage.sf(one, options)));
          const [first] = runs;
          if (!first) throw new Error('Nothing to run.');
          return { ...(runs.find(({ code }) => code !== 0) ?? first), durationMs: performance.now() - started };
        },
      };
    },
  };
}

/** The same number of requests to the same server by nothing but Node: what no login can do without. */
export function rawRequests(stage: Stage, count: number): Contender {
  const script = `for (let i = 0; i < ${count}; i += 1) await (await fetch(${JSON.stringify(stage.info.loginUrl)} + '/services/data')).text()`;
  return {
    run: async (meter) =>
      runNode(['--input-type=module', '--eval', script], {
        home: stage.home,
        env: { ...meter, NODE_EXTRA_CA_CERTS: stage.info.caFile },
      }),
  };
}
