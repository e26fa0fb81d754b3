import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';
import { lock } from 'proper-lockfile';
import { JitFailure } from '../../failures/failures.js';
import { notWritable } from './files.js';
import { makeFolders } from './ownership.js';
import { timeLimit } from './timeLimit.js';

export type LockOptions = {
  /** Milliseconds after which a lock that its holder stopped refreshing counts as left behind. */
  readonly stale: number;
  /** How long to wait for it, in seconds; less when the time limit of the work that wants it ends sooner. */
  readonly waitSeconds: number;
};

/** As core locks its own files (sfdx-core, util/lockRetryOptions): a shorter `stale` would steal locks that core still holds. */
export const lockOfCore: LockOptions = { stale: 10_000, waitSeconds: 30 };

/** For files that only this plugin locks. */
export const lockOfPlugin: LockOptions = { stale: 4000, waitSeconds: 60 };

/**
 * Runs `work` while holding the lock of a file, which need not exist; the lock is the one that core takes for the same path.
 * Locks of several files must always be taken in alphabetical order.
 *
 * @throws Locked when another process holds it for longer than `waitSeconds`
 */
export async function withFileLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(path) ?? pLimit(1);
  queues.set(path, queue);
  return queue(() => locked(path, options, work));
}

/** Within this process waiting is a queue: many logins at once would otherwise poll each other's lock. */
const queues = new Map<string, LimitFunction>();

async function locked<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const release = await acquire(path, options);
  let lost: Error | undefined;
  try {
    return await work();
  } finally {
    await release();
    if (lost) process.emitWarning(`The lock of ${path} was lost while it was held.`);
  }

  async function acquire(file: string, { stale, waitSeconds }: LockOptions): Promise<() => Promise<void>> {
    const started = performance.now();
    const limit = timeLimit();
    const isOver = (): boolean => limit?.aborted === true || performance.now() > started + waitSeconds * 1000;
    for (;;) {
      await makeFolderOf(file);
      try {
        const unlock = await lock(file, {
          stale,
          realpath: false,
          onCompromised: (error) => {
            lost = error;
          },
        });
        return async () => {
          if (!lost) await unlock();
        };
      } catch (error) {
        // the library would go on trying after any error, a read-only disk included
        if (!isTaken(error)) throw notWritable(file, error);
        if (isOver()) {
          const seconds = Math.round((performance.now() - started) / 1000);
          throw new JitFailure('Locked', { file, seconds: String(seconds) }, error);
        }
      }
      // with jitter, so that fifty waiting processes do not come in step
      await sleep(50 + 50 * Math.random());
    }
  }
}

async function makeFolderOf(file: string): Promise<void> {
  try {
    await makeFolders(dirname(file), 0o700);
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** Whether another process holds the lock, or removed what was left of it at this very moment. */
function isTaken(error: unknown): boolean {
  return ['ELOCKED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
}
