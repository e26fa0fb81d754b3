import { join } from 'node:path';
import { hookAlone } from './hookAlone.js';
import type { Cost } from './measure.js';
import { difference, inTurns, median, ratio } from './measure.js';
import type { Setting } from './setting.js';
import { rawRequests, sandboxNames } from './setting.js';

/** A line of the report. */
export type Row = {
  readonly what: string;
  /** What was found, in words: ratios, or milliseconds more than the same command without the plugin. */
  readonly measured: string;
  /** The bar, if there is one. */
  readonly bar?: string;
  readonly met?: boolean;
  /** What cannot be done without: a bare sf command, and the same number of requests by Node alone. */
  readonly floor?: string;
};

const login = 'jit sandbox login --sandbox-name uat --json';

const times = (value: number): string => `${value.toFixed(2)} ×`;
export const milliseconds = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(0)} ms`;
const wall = (costs: readonly Cost[]): number => median(costs.map((cost) => cost.wall));

/** The stock logins that a sandbox login is measured against. */
async function stockLogins({
  stage,
  command,
}: Setting): Promise<{ jwt: string; resume: ReturnType<Setting['command']> }> {
  const uat = await stage.sandbox('uat');
  return {
    jwt: `org login jwt ${stage.jwtFlags({ username: uat.username, loginUrl: uat.url })} --alias uat --json`,
    resume: command('org resume sandbox --name uat --target-org prod --json', { from: 'stock' }),
  };
}

export async function loginRows(setting: Setting, rounds: number): Promise<Row[]> {
  const { stage, command } = setting;
  const { jwt, resume } = await stockLogins(setting);
  const rows: Row[] = [];
  for (const latency of [100, 0]) {
    await stage.control.setLatency(latency);
    const costs = await inTurns(rounds, {
      ours: command(login, { from: 'cold' }),
      jwt: command(jwt),
      resume,
      bare: command('version'),
      requests: rawRequests(stage, 3),
    });
    const floor = `${times(ratio(costs.ours, costs.bare))} a bare sf command; 3 requests by Node alone: ${times(
      wall(costs.requests) / wall(costs.bare),
    )}`;
    const byWall = { jwt: ratio(costs.ours, costs.jwt), resume: ratio(costs.ours, costs.resume) };
    const byCpu = { jwt: ratio(costs.ours, costs.jwt, 'cpu'), resume: ratio(costs.ours, costs.resume, 'cpu') };
    const row = (against: 'jwt' | 'resume', bar?: number): Row => ({
      what: `\`sandbox login\`, cold, ${latency} ms a request, against \`sf org ${against === 'jwt' ? 'login jwt' : 'resume sandbox'}\``,
      measured: `${times(byWall[against])} (processor time ${times(byCpu[against])})`,
      ...(bar === undefined ? {} : { bar: `≤ ${bar} ×`, met: byWall[against] <= bar }),
      floor,
    });
    rows.push(row('resume', latency === 100 ? 0.6 : undefined), row('jwt', latency === 100 ? 0.8 : 0.9));
    if (latency === 0) {
      const memory = ratio(costs.ours, costs.jwt, 'memory');
      rows.push({
        what: 'memory of a login, against `sf org login jwt`',
        measured: `${times(memory)} (${median(costs.ours.map((cost) => cost.memory)).toFixed(0)} MiB)`,
        bar: '< 1 ×',
        met: memory < 1,
        floor: `a bare sf command: ${median(costs.bare.map((cost) => cost.memory)).toFixed(0)} MiB`,
      });
    }
  }
  await stage.control.setLatency(0);
  return rows;
}

/** The same without sf's log file, whose thread costs stock commands up to a second at their end. */
export async function quietLoginRow(setting: Setting, rounds: number): Promise<Row> {
  const { jwt } = await stockLogins(setting);
  const env = { SF_DISABLE_LOG_FILE: 'true' };
  const costs = await inTurns(rounds, {
    ours: setting.command(login, { from: 'cold', env }),
    jwt: setting.command(jwt, { env }),
  });
  return {
    what: 'the same at 0 ms with `SF_DISABLE_LOG_FILE=true`, against `sf org login jwt`',
    measured: `${times(ratio(costs.ours, costs.jwt))} (processor time ${times(ratio(costs.ours, costs.jwt, 'cpu'))})`,
  };
}

export async function manyRows({ stage, command }: Setting, rounds: number): Promise<Row[]> {
  await stage.control.setLatency(100);
  const twenty = sandboxNames.slice(0, 20);
  const { sandboxes } = await stage.control.info();
  const stock = sandboxes
    .filter(({ name }) => twenty.includes(name))
    .map(
      ({ username, url, name }) =>
        `org login jwt ${stage.jwtFlags({ username, loginUrl: url })} --alias ${name} --json`,
    );
  const many = (names: readonly string[]): string =>
    `jit sandbox login --production-org prod ${names.map((name) => `--sandbox-name ${name}`).join(' ')} --json`;
  const costs = await inTurns(rounds, {
    ours: command(many(twenty), { from: 'cold' }),
    stock: command(stock),
  });
  const value = ratio(costs.ours, costs.stock);
  const grown = await inTurns(rounds, {
    one: command(many(sandboxNames.slice(0, 1)), { from: 'cold' }),
    twenty: command(many(twenty), { from: 'cold' }),
    hundred: command(many(sandboxNames), { from: 'cold' }),
  });
  await stage.control.setLatency(0);
  return [
    {
      what: '20 sandboxes at once, 100 ms a request, against 20 parallel `sf org login jwt`',
      measured: times(value),
      bar: '≤ 0.15 ×',
      met: value <= 0.15,
    },
    {
      what: 'login to 20 and to 100 sandboxes, against 1 (100 ms a request)',
      measured: `${times(ratio(grown.twenty, grown.one))} and ${times(ratio(grown.hundred, grown.one))}`,
      bar: 'no faster than the work: ≤ 20 and ≤ 100 ×',
      met: ratio(grown.twenty, grown.one) <= 20 && ratio(grown.hundred, grown.one) <= 100,
    },
  ];
}

export async function hookRows(setting: Setting, rounds: number): Promise<Row[]> {
  const { stage, command, registered } = setting;
  const rows: Row[] = [];
  const home = join(stage.folder, 'run');
  for (const count of [10, 1000, 10_000]) {
    const from = await registered(count);
    const isBar = count === 10_000;
    const costs = await inTurns(isBar ? rounds : Math.ceil(rounds / 4), {
      with: command('version', { from }),
      without: command('version', { from, plugin: false }),
    });
    const more = difference(costs.with, costs.without);
    const alone = await hookAlone(home, [], 15);
    rows.push({
      what: `both hooks, command not concerned, ${count.toLocaleString('en')} registrations`,
      measured: `${milliseconds(more)} (processor time ${milliseconds(difference(costs.with, costs.without, 'cpu'))}); the hooks alone ${alone.toFixed(1)} ms`,
      ...(isBar ? { bar: '≤ 15 ms', met: more <= 15 } : {}),
    });
  }
  const traditional = await inTurns(Math.ceil(rounds / 2), {
    with: command('org display --target-org uat --json', { from: 'traditional' }),
    without: command('org display --target-org uat --json', { from: 'traditional', plugin: false }),
  });
  rows.push({
    what: 'hook, `org display` of a traditional org',
    measured: `${milliseconds(difference(traditional.with, traditional.without))} (processor time ${milliseconds(difference(traditional.with, traditional.without, 'cpu'))}); the hooks alone ${(await hookAlone(home, ['--target-org', 'uat'], 15)).toFixed(1)} ms`,
  });
  rows.push(await checkedRow(setting, rounds));
  return rows;
}

async function checkedRow({ stage, command }: Setting, rounds: number): Promise<Row> {
  const env = { SF_JIT_CHECK_MINUTES: '1440' };
  const line = 'org display --target-org uat --json';
  const costs = await inTurns(rounds, {
    with: command(line, { from: 'minted', env }),
    without: command(line, { from: 'minted', plugin: false }),
  });
  await stage.requests();
  await command(line, { from: 'minted', env }).run({});
  const ours = await stage.requests();
  await command(line, { from: 'minted', plugin: false }).run({});
  const theirs = await stage.requests();
  const more = difference(costs.with, costs.without);
  return {
    what: 'hook, JIT sandbox checked recently',
    measured: `${milliseconds(more)} (processor time ${milliseconds(difference(costs.with, costs.without, 'cpu'))}), ${ours.length - theirs.length} requests more`,
    bar: '≤ 60 ms, no request',
    met: more <= 60 && ours.length === theirs.length,
  };
}

export async function listRows({ command, registered }: Setting, rounds: number): Promise<Row[]> {
  const homes = [await registered(10), await registered(1000), await registered(10_000)];
  const [ten, thousand, all] = homes.map((from) => command('jit sandbox list --json', { from }));
  if (!ten || !thousand || !all) throw new Error('three homes');
  const lists = await inTurns(rounds, { ten, thousand, all });
  const value = ratio(lists.all, lists.ten);
  const [few, some, most] = homes.map((from) => command(login, { from }));
  if (!few || !some || !most) throw new Error('three homes');
  const logins = await inTurns(rounds, { few, some, most });
  return [
    {
      what: '`sandbox list`, 10,000 registrations, against 10',
      measured: `${times(value)} (1,000: ${times(ratio(lists.thousand, lists.ten))})`,
      bar: '≤ 2 ×',
      met: value <= 2,
    },
    {
      what: '`sandbox login`, 1,000 and 10,000 registrations, against 10',
      measured: `${times(ratio(logins.some, logins.few))} and ${times(ratio(logins.most, logins.few))}`,
    },
  ];
}
