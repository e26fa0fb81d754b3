import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { KeepEvent } from '../../src/keep/keepSandboxes.js';
import { keepSandboxes } from '../../src/keep/keepSandboxes.js';
import { nap, takeLease } from '../../src/keep/io/lease.js';
import { checkLogin } from '../../src/sandboxes/login/checkLogin.js';
import { asOwnRun } from '../../src/salesforce/io/requestId.js';
import { full } from './support/workers.js';
import { callbackUrl, variables, login, realPorts, useHomes } from './support/home.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Hundreds of checks: a thousand with JIT_TORTURE=full. */
const hundreds = full ? 10 : 2;

/** Bytes in use after everything that can go is gone. */
function bytesInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** A keeper of `uat` that checks every tenth of a second, with real files, locks and requests. */
function startKeeper(every = 100) {
  const events: KeepEvent[] = [];
  const end = new AbortController();
  const work = keepSandboxes(
    { sandboxes: ['uat'], every, variables, callbackUrl },
    { ...realPorts(), takeLease, nap, asOwnRun },
    (event) => events.push(event),
    () => undefined,
    end.signal,
  );
  return {
    events,
    kinds: () => events.map(({ kind }) => kind),
    stop: async () => {
      end.abort();
      await work;
    },
  };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(25);
}

describe('a keeper, with its world taken away in turn', () => {
  const on = useHomes({ sandboxes: ['uat', 'dev'] });
  const keepers: Array<ReturnType<typeof startKeeper>> = [];

  beforeEach(async () => {
    await on.homes.next();
    // the copy of now, whatever the test before did to it
    await login(['uat']);
    await on.homes.emulator.control.clearLog();
  });
  afterEach(async () => {
    await on.homes.emulator.control.setListening('sandbox:uat', true);
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
  });

  const start = (every?: number) => {
    const keeper = startKeeper(every);
    keepers.push(keeper);
    return keeper;
  };

  const username = async (): Promise<string> =>
    (await on.homes.emulator.control.info()).sandboxes.find(({ name }) => name === 'uat')!.username;

  const isGood = async (): Promise<boolean> =>
    (await checkLogin({ org: 'sandbox uat', side: 'sandbox', user: await username() }, realPorts())).kind === 'good';

  it('lives through three refreshes and two ended sessions', async () => {
    const { control } = on.homes.emulator;
    const keeper = start();
    for (const disturbance of ['refresh', 'end', 'refresh', 'end', 'refresh']) {
      await until(isGood);
      const told = keeper.events.length;
      if (disturbance === 'refresh') await control.refreshSandbox('uat', { complete: true });
      else await control.expireSessions('sandbox:uat');
      await until(() => keeper.events.length > told);
      expect(keeper.kinds().at(-1)).to.equal(disturbance === 'refresh' ? 'refreshed' : 'logged-in');
    }
    await until(isGood);
  });

  it('says nothing while no server answers, and goes on', async () => {
    const { control } = on.homes.emulator;
    const keeper = start();
    await until(isGood);
    await control.setListening('sandbox:uat', false);
    await wait(1000);
    expect(keeper.kinds()).to.deep.equal([]);
    await control.setListening('sandbox:uat', true);
    await control.refreshSandbox('uat', { complete: true });
    await until(() => keeper.events.length > 0);
    expect(keeper.kinds()).to.deep.equal(['refreshed']);
  });

  it(`asks once a check, and uses no more memory after ${hundreds}00 checks`, async () => {
    const { control } = on.homes.emulator;
    const keeper = start(5);
    const checked = async (): Promise<number> => (await control.log()).length;
    await until(async () => (await checked()) >= 150);
    await control.clearLog();
    const before = bytesInUse();
    for (let hundred = 0; hundred < hundreds; hundred += 1) {
      await until(async () => (await checked()) >= 100);
      const log = await control.log();
      expect(new Set(log.map(({ origin, soql }) => `${origin} ${soql ?? ''}`)).size, 'one kind of request').to.equal(1);
      await control.clearLog();
    }
    expect(keeper.kinds()).to.deep.equal([]);
    expect((bytesInUse() - before) / 1_000_000, 'megabytes more').to.be.lessThan(5);
  });
});
