import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';
import { lock } from 'proper-lockfile';
import { JitFailure } from '../domain/failures.js';

/** One file to replace, or to remove with `content` null. */
export type FileChange = {
  readonly path: string;
  readonly content: string | null;
};

/** The text of a file, `undefined` when there is none. Any other problem is thrown as Node reports it. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** As `readText`, and an empty text for what is there and cannot be read: a folder, or a file of another user. It tells no more than damage. */
export async function textOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch {
    return '';
  }
}

/** The names in a folder, in one order whatever the file system's is; none when there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/**
 * Replaces several files as one step: everything is written beside its target and flushed to disk first, then renamed into place,
 * so that a reader, or a kill at any moment, finds each file either old or new and never half. If a rename is refused, those done
 * before are undone. Files get mode 0600 unless they exist with another mode. What a process that was killed left beside these files
 * goes with it.
 *
 * @throws FileNotWritable
 */
export async function replaceFiles(changes: readonly FileChange[]): Promise<void> {
  const staged: Array<FileChange & { temporary?: string; before?: string }> = [];
  const done: typeof staged = [];
  try {
    for (const change of changes) staged.push(await stage(change));
    for (const change of staged) {
      if (change.temporary === undefined) await rm(change.path, { force: true });
      else await renamed(change.temporary, change.path);
      done.push(change);
    }
  } catch (error) {
    for (const change of done.reverse()) await restore(change);
    throw notWritable(changes[staged.length]?.path ?? changes[done.length]?.path ?? changes[0]?.path ?? '', error);
  } finally {
    await Promise.all(staged.map(async ({ temporary }) => temporary && rm(temporary, { force: true })));
  }
  await Promise.all(changes.map(({ path }) => removeLeftovers(path)));
}

async function stage(change: FileChange): Promise<FileChange & { temporary?: string; before?: string }> {
  const before = await readText(change.path);
  if (change.content === null) return { ...change, before };
  await mkdir(dirname(change.path), { recursive: true, mode: 0o700 });
  const temporary = `${change.path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', await modeOf(change.path));
  try {
    await file.writeFile(change.content);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { ...change, temporary, before };
}

/** Milliseconds after which a temporary file belongs to nobody: no write takes so long. */
const leftBehindAfter = 3_600_000;

/** The files are written by now: that an old one cannot be removed is no reason to fail, and the next write tries again. */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  try {
    for (const name of await readdir(folder)) {
      if (!name.startsWith(prefix) || !/^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length))) continue;
      const file = join(folder, name);
      if (Date.now() - (await stat(file)).mtimeMs > leftBehindAfter) await rm(file);
    }
  } catch {
    // as said above
  }
}

async function restore({ path, before }: { path: string; before?: string }): Promise<void> {
  const { temporary } = await stage({ path, content: before ?? null });
  if (temporary === undefined) await rm(path, { force: true });
  else await renamed(temporary, path);
}

async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return 0o600;
    throw error;
  }
}

export type LockOptions = {
  /** Milliseconds after which a lock that its holder stopped refreshing counts as left behind. */
  readonly stale: number;
  /** How long to wait for it, in seconds. */
  readonly waitSeconds: number;
};

/** As core locks its own files (sfdx-core, util/lockRetryOptions): a shorter `stale` would steal locks that core still holds. */
export const sharedWithCore: LockOptions = { stale: 10_000, waitSeconds: 30 };

/** For files that only this plugin locks. */
export const ours: LockOptions = { stale: 4000, waitSeconds: 60 };

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
    const end = performance.now() + waitSeconds * 1000;
    for (;;) {
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
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
        if (performance.now() > end) throw new JitFailure('Locked', { file, seconds: String(waitSeconds) }, error);
      }
      // with jitter, so that fifty waiting processes do not come in step
      await sleep(50 + 50 * Math.random());
    }
  }
}

/** Whether another process holds the lock, or removed what was left of it at this very moment. */
function isTaken(error: unknown): boolean {
  return ['ELOCKED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Renames. On Windows a virus scanner or an indexer may hold the target for a moment, and the rename is refused until it lets go. */
async function renamed(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const isHeld = process.platform === 'win32' && ['EPERM', 'EBUSY', 'EACCES'].includes(code);
      if (!isHeld || attempt === 10) throw error;
      await sleep(attempt * 20);
    }
  }
}

/** Whether this user can reach a file or folder. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The failure for a file that could not be written, in the words of the system's reason. */
export function notWritable(file: string, error: unknown): JitFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  return new JitFailure('FileNotWritable', { file, problem: problems[code ?? ''] ?? code ?? message }, error);
}

const problems: Record<string, string> = {
  EACCES: 'no permission (EACCES)',
  EPERM: 'no permission (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EISDIR: 'it is a folder (EISDIR)',
  ENOTDIR: 'a part of its path is not a folder (ENOTDIR)',
  EEXIST: 'it is not a folder (EEXIST)',
};
