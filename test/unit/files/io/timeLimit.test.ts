import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { lockOfPlugin, withFileLock } from '../../../../src/files/io/fileLock.js';
import {
  abortAfter,
  orAborted,
  timeLimit,
  withTimeLimit,
  withTimeToFinish,
} from '../../../../src/files/io/timeLimit.js';
import { rejection } from '../../../support/rejection.js';
import { ownTime } from '../../../support/ownTime.js';

const secondsOf = async (work: Promise<unknown>): Promise<number> => {
  const milliseconds = ownTime();
  await work;
  return milliseconds() / 1000;
};
const never = new Promise<never>(() => undefined);
/** A test that waits for what never comes must keep the process alive, as a socket or a lookup would. */
const keptAlive = async <T>(work: Promise<T>): Promise<T> => {
  const timer = setInterval(() => undefined, 1000);
  return work.finally(() => {
    clearInterval(timer);
  });
};

describe('the time limit of a piece of work', () => {
  it('is known to whatever the work calls, and to nothing else', async () => {
    const { signal } = new AbortController();
    await withTimeLimit(signal, async () => {
      await sleep(1);
      expect(timeLimit()).to.equal(signal);
    });
    expect(timeLimit()).to.equal(undefined);
  });

  it('ends a wait that has a longer limit of its own, and leaves one with a shorter limit to that', async () => {
    const wait = async (own: number): Promise<unknown> =>
      orAborted(never, abortAfter(own)).catch((error: unknown) => error);
    const within = (limit: number, own: number): Promise<number> =>
      keptAlive(secondsOf(withTimeLimit(AbortSignal.timeout(limit), () => wait(own))));
    expect(await within(50, 60_000)).to.be.below(2);
    expect(await within(60_000, 50)).to.be.below(2);
    expect(await keptAlive(secondsOf(wait(50))), 'without any').to.be.below(2);
  });

  it('gives up at once when it has passed already, and what comes in time is given', async () => {
    const late = await orAborted(never, AbortSignal.abort('late')).catch((reason: unknown) => reason);
    expect(late).to.equal('late');
    expect(await orAborted(Promise.resolve('there'), abortAfter(60_000))).to.equal('there');
  });

  describe('and work that must have some time whatever the limit', () => {
    const isOver = (milliseconds: number): Promise<boolean> =>
      withTimeToFinish(milliseconds, async () => {
        await sleep(20);
        return timeLimit()?.aborted === true;
      });

    it('goes on when the limit has passed, or passes meanwhile, and no longer than it needs', async () => {
      expect(await withTimeLimit(AbortSignal.abort(), () => isOver(60_000))).to.equal(false);
      const limit = new AbortController();
      const work = withTimeLimit(limit.signal, () => isOver(60_000));
      limit.abort();
      expect(await work).to.equal(false);
    });

    it('ends when both the limit and its own time have passed', async () => {
      expect(await withTimeLimit(AbortSignal.abort(), () => isOver(0))).to.equal(true);
      const late = new AbortController();
      await withTimeLimit(late.signal, () =>
        withTimeToFinish(0, async () => {
          await sleep(20);
          expect(timeLimit()?.aborted).to.equal(false);
          late.abort('over');
          expect(timeLimit()).to.include({ aborted: true, reason: 'over' });
        }),
      );
    });

    it('has no limit where there is none', async () => {
      expect(await withTimeToFinish(0, async () => timeLimit())).to.equal(undefined);
    });
  });

  describe('and locks', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'jit-limit-'));
    });
    afterEach(async () => rm(folder, { recursive: true, force: true }));

    it('ends the wait for a lock that another process holds, and the failure names the time that passed', async () => {
      const file = join(folder, 'sandbox');
      const { lock } = await import('proper-lockfile');
      const release = await lock(file, { realpath: false });
      const failure = await rejection(
        withTimeLimit(AbortSignal.timeout(1200), () => withFileLock(file, lockOfPlugin, async () => 'never')),
      );
      await release();
      expect(failure).to.include({ name: 'Locked' });
      expect(Number((failure as { facts?: { seconds?: string } }).facts?.seconds)).to.be.within(1, 5);
    });

    it('still takes a lock that is free, so that what was begun can be put away', async () => {
      const late = AbortSignal.abort();
      const done = await withTimeLimit(late, () =>
        withFileLock(join(folder, 'free'), lockOfPlugin, async () => 'done'),
      );
      expect(done).to.equal('done');
    });
  });
});
