import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { filesIn, inParallel, leavesNoSecret, useStage } from '../support/stage.js';
import { brokenJson, full, killWorkers, Poller, startWorker, type Worker } from './support/workers.js';

const size = full ? 50 : 12;

const boxes = Array.from({ length: size }, (_, index) => `box${index}`);
const others = Array.from({ length: 4 }, (_, index) => `other${index}`);

describe(`${2 * size} processes at once, and stock sf between them`, function () {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok(`jit sandbox register ${[...boxes, 'one', ...others].map((name) => `-n ${name}`).join(' ')}`);
      await stage.ok(`jit sandbox login ${others.map((name) => `-n ${name}`).join(' ')}`);
    },
    { sandboxes: [...boxes, 'one', ...others] },
  );

  after(killWorkers);

  it('lose nothing, wait for each other, write no half file, and log in once: to production, and to each sandbox', async () => {
    const { stage } = on;
    const { caFile } = stage.info;
    await stage.control.expireSessions('production');
    await stage.control.clearLog();
    const poller = new Poller(stage.home, { opens: [stage.info.username] });
    const workers: string[][] = boxes.flatMap((name) => [[name], ['--if-needed', 'one']]);
    const stock = [
      ...[0, 1, 2].map((index) => `alias set stock${index}=prod`),
      'config set target-org=prod --global',
      ...others.slice(0, 2).map((name) => `org logout -o ${name} --no-prompt`),
    ];
    const ours = ['jit sandbox list', 'jit sandbox login -n one --if-needed', 'jit sandbox login -n one --if-needed'];
    const plugin = [...ours, ...others.slice(2).map((name) => `jit sandbox logout -n ${name} --no-prompt`)];
    const failed: string[] = [];
    const processes = await loaded(workers.map((args) => startWorker(args, stage.home, caFile)));
    const once = async (command: string): Promise<void> => {
      const run = await stage.sf(`${command} --json`);
      if (run.code !== 0) failed.push(`sf ${command}: ${run.stdout}${run.stderr}`);
    };
    // two stock commands at once would meet each other's half-written files (docs/salesforce.md, Files of core)
    const stockInTurn = async (): Promise<void> => {
      for (const command of stock) await once(command);
    };
    const stockRuns = Promise.all([stockInTurn(), inParallel(plugin, once)]);
    // sf takes a second to start: then the logins begin, all of them
    await setTimeout(1000);
    processes.forEach((worker) => {
      worker.go();
    });
    const ended = await Promise.all(processes.map((worker) => worker.ended));
    for (const { outcomes, stderr } of ended) {
      if (outcomes[0]?.status === undefined) failed.push(`${JSON.stringify(outcomes)} ${stderr}`);
    }
    const statuses = ended.map(({ outcomes }) => outcomes[0]?.status);
    await stockRuns;
    await poller.stop();

    expect(failed).to.deep.equal([]);
    expect(poller.broken).to.deep.equal([]);
    expect(poller.rounds, 'rounds of the poller').to.be.greaterThan(10);
    const aliases = await stage.aliases();
    expect(aliases).to.have.all.keys('prod', 'stock0', 'stock1', 'stock2', 'one', ...boxes);
    const { sandboxes } = await stage.registry();
    expect(sandboxes.map(({ sandboxName }) => sandboxName)).to.have.members([...boxes, 'one', ...others]);
    expect(await stage.json('.sf', 'config.json')).to.include({ 'target-org': 'prod' });
    const log = await stage.control.log();
    const freshLogin = (origin: string): number =>
      log.filter((entry) => entry.origin === origin && entry.grantType === 'jwt-bearer' && entry.status === 200).length;
    expect(freshLogin('login'), 'logins to production, whose session had ended').to.equal(1);
    expect(freshLogin('sandbox:one'), 'logins to the sandbox that all asked for').to.equal(1);
    expect(boxes.filter((name) => freshLogin(`sandbox:${name}`) !== 1)).to.deep.equal([]);
    // all but one, or all when it was one of sf's own commands that logged in
    expect(statuses.filter((status) => status === 'already-logged-in').length).to.be.within(size - 1, size);
    for (const name of [...boxes, 'one']) {
      const { username } = await stage.sandbox(name);
      expect(aliases[name]).to.equal(username);
      expect(await stage.storedOrg(username)).to.include({ username, isSandbox: true });
    }
    for (const path of await filesIn(stage.home)) {
      if (path.endsWith('.json')) expect(await brokenJson(path), path).to.equal(undefined);
    }
    const left = await readdir(stage.home, { recursive: true });
    expect(left.filter((name) => /\.(tmp|lock)$/.test(name))).to.deep.equal([]);
  });

  it('and what is stored works in stock sf', async () => {
    const { stage } = on;
    await inParallel([boxes[0]!, boxes.at(-1)!, 'one'], (name) =>
      stage.ok(`data query -o ${name} -q 'SELECT Id FROM User'`),
    );
  });

  leavesNoSecret(on);
});

/** Waits until all of them have loaded what they need, which on a small machine takes longer than the logins themselves. */
async function loaded(workers: readonly Worker[]): Promise<readonly Worker[]> {
  await Promise.all(workers.map((worker) => worker.ready));
  return workers;
}
