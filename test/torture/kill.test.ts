import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { filesIn } from '../support/stage.js';
import { useHomes } from './support/home.js';
import { brokenJson, full, killWorkers, Poller, startWorker, type Worker } from './support/workers.js';

const kills = full ? 200 : 25;
const lanes = 5;

/** Seconds after a kill in which the next login has to be done: a lock of core counts as left behind after 10, one of ours after 4. */
const patience = 20;

describe(`${kills} logins that are killed`, () => {
  const on = useHomes({ sandboxes: ['uat', 'dev'] });
  /** Milliseconds of a login that nobody disturbs, from the moment when everything is loaded. */
  let undisturbed = 0;
  const recoveries: number[] = [];
  const outcomes = { killed: 0, done: 0 };

  after(killWorkers);

  const start = (home: string): Worker => startWorker(['uat'], home, on.homes.emulator.info.caFile);

  /** Logs in as if nothing had been. @returns milliseconds */
  const loginAgain = async (worker: Worker): Promise<number> => {
    await worker.ready;
    const began = performance.now();
    worker.go();
    const { outcomes: ended, stderr } = await worker.ended;
    expect(ended, stderr).to.deep.equal([{ sandbox: 'uat', status: 'logged-in' }]);
    return performance.now() - began;
  };

  const expectWholeFiles = async (home: string): Promise<void> => {
    for (const path of await filesIn(home)) {
      if (path.endsWith('.json')) expect(await brokenJson(path), path).to.equal(undefined);
    }
  };

  /** Home folders in which a login is killed side by side: most of the time is spent waiting for a lock that was left behind. */
  const homes: string[] = [];
  before(async () => {
    for (let lane = 0; lane < lanes; lane += 1) {
      await on.homes.next();
      homes.push(on.homes.home);
    }
    undisturbed = Math.max(await loginAgain(start(homes[0]!)), await loginAgain(start(homes[0]!)));
  });

  /** Kills one login, looks at the files, and logs in again at once. */
  const killAndRecover = async (home: string, when: (hasEnded: () => boolean) => Promise<void>): Promise<void> => {
    const [worker, next] = [start(home), start(home)];
    await Promise.all([worker.ready, next.ready]);
    const poller = new Poller(home);
    let ended = false;
    void worker.ended.then(() => {
      ended = true;
    });
    worker.go();
    await when(() => ended);
    worker.kill();
    const { signal } = await worker.ended;
    outcomes[signal === 'SIGKILL' ? 'killed' : 'done'] += 1;
    await on.homes.emulator.control.clearFaults();
    await expectWholeFiles(home);
    recoveries.push(await loginAgain(next));
    await poller.stop();
    expect(poller.broken).to.deep.equal([]);
    await expectWholeFiles(home);
  };

  it('at each request leave every file whole, and the next login works', async () => {
    const requests = [
      { origin: 'production', path: 'sandboxAuth$', nth: 1 },
      { origin: 'login', path: 'token$', nth: 1 },
      { origin: 'production', path: 'sandboxAuth$', nth: 2 },
      { origin: 'sandbox:uat', path: 'token$', nth: 1 },
    ];
    for (const request of requests) {
      await on.homes.emulator.control.clearLog();
      await on.homes.emulator.control.expireSessions('production');
      await killAndRecover(homes[0]!, async (hasEnded) => {
        await on.homes.emulator.control.setFault({ ...request, action: { kind: 'hang' } });
        while (!(await on.homes.emulator.control.log()).some(({ fault }) => fault === 'hang')) {
          expect(hasEnded(), `${request.path} never came`).to.equal(false);
          await setTimeout(5);
        }
      });
    }
    expect(outcomes).to.deep.equal({ killed: requests.length, done: 0 });
  });

  it('at any moment leave every file whole, and the next login works', async () => {
    let count = 0;
    const lane = async (home: string): Promise<void> => {
      while (count < kills) {
        // evenly over the whole login and a little beyond it, so that each part of it is met
        const delay = ((count + Math.random()) / kills) * undisturbed * 1.1;
        count += 1;
        // without a session of production the whole way is gone, and that session is stored as well
        await rm(join(home, '.sfdx', `${on.homes.emulator.info.username}.json`), { force: true });
        await killAndRecover(home, () => setTimeout(delay));
      }
    };
    await Promise.all(homes.map(lane));
    expect(outcomes.killed, 'kills that came in time').to.be.greaterThan(kills / 2);
  });

  it(`never block the next login for more than ${patience} seconds`, () => {
    expect(recoveries).to.have.length(kills + 4);
    const longest = Math.max(...recoveries);
    expect(longest / 1000, 'seconds').to.be.below(patience);
    if (process.env['JIT_TORTURE_REPORT'] === '1') {
      const sorted = [...recoveries].sort((one, other) => one - other);
      const at = (share: number): number => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
      process.stderr.write(
        `${JSON.stringify({ ...outcomes, undisturbed: Math.round(undisturbed), median: at(0.5), p95: at(0.95), longest: at(1) })}\n`,
      );
    }
  });
});
