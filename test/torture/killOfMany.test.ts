import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { registerSandboxes } from '../../src/sandboxes/register/registerSandboxes.js';
import { filesIn } from '../support/stage.js';
import { realPorts, useHomes, variables } from './support/home.js';
import { brokenJson, full, killWorkers, Poller, startWorker, type Worker } from './support/workers.js';

const kills = full ? 60 : 6;
const lanes = 3;
const names = Array.from({ length: 10 }, (_, index) => `box${index}`);

describe(`${kills} processes that are killed while they store ten logins together`, () => {
  const on = useHomes({ sandboxes: ['uat', 'dev', ...names] });
  after(killWorkers);

  const start = (home: string): Worker => startWorker(['--if-needed', ...names], home, on.homes.emulator.info.caFile);
  const usernameOf = (name: string): string => `${on.homes.emulator.info.username}.${name}`;

  /** The sandboxes whose login, alias and login record are on disk. */
  const stored = async (home: string): Promise<string[]> => {
    const aliasFile = JSON.parse(await readFile(join(home, '.sfdx', 'alias.json'), 'utf8')) as {
      orgs: Record<string, string>;
    };
    expect(aliasFile.orgs).to.include({ prod: on.homes.emulator.info.username });
    const files = (await filesIn(home)).map((path) => decodeURIComponent(path));
    const has = (folder: string, name: string): boolean =>
      files.some((path) => path.endsWith(join(folder, `${usernameOf(name)}.json`)));
    return names.filter(
      (name) => aliasFile.orgs[name] === usernameOf(name) && has('.sfdx', name) && has('logins', name),
    );
  };

  /** @returns how many logins were on disk when it was killed */
  const killAndRecover = async (home: string): Promise<number> => {
    const [worker, next] = [start(home), start(home)];
    await Promise.all([worker.ready, next.ready]);
    const poller = new Poller(home);
    worker.go();
    let ended = false;
    void worker.ended.then(() => (ended = true));
    // files of logins are written beside their place first
    while (!ended && !(await readdir(join(home, '.sfdx'))).some((name) => /box.*\.tmp$/.test(name))) {
      await setTimeout(1);
    }
    await setTimeout(Math.random() * 60);
    worker.kill();
    const { outcomes } = await worker.ended;
    const before = await stored(home);
    expect(before).to.include.members(outcomes.map(({ sandbox }) => sandbox));
    next.go();
    const again = await next.ended;
    expect(again.outcomes.map(({ sandbox }) => sandbox).sort(), again.stderr).to.deep.equal(names);
    const statuses = new Map(again.outcomes.map(({ sandbox, status }) => [sandbox, status]));
    for (const name of before) expect(statuses.get(name), name).to.equal('already-logged-in');
    expect([...statuses.values()].filter((status) => !/logged-in$/.test(status ?? ''))).to.deep.equal([]);
    await poller.stop();
    expect(poller.broken).to.deep.equal([]);
    expect(await stored(home)).to.deep.equal(names);
    for (const path of await filesIn(home)) {
      if (path.endsWith('.json')) expect(await brokenJson(path), path).to.equal(undefined);
    }
    return before.length;
  };

  it('leave every file whole, keep what they said was done, and keep nothing from being logged in to', async () => {
    const homes: string[] = [];
    for (let count = 0; count < kills; count += 1) {
      await on.homes.next();
      await registerSandboxes({ sandboxes: names, variables, verify: false, project: false }, realPorts());
      homes.push(on.homes.home);
    }
    const counts: number[] = [];
    const lane = async (): Promise<void> => {
      for (let home = homes.pop(); home !== undefined; home = homes.pop()) counts.push(await killAndRecover(home));
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(counts).to.have.length(kills);
    expect(Math.min(...counts), 'kills that came in time').to.be.lessThan(names.length);
  });
});
