import pLimit from 'p-limit';
import { aliasChange } from './aliasFile.js';
import type { LockOptions } from '../../files/io/fileLock.js';
import { lockOfCore, withFileLock } from '../../files/io/fileLock.js';
import type { FileChange } from '../../files/io/files.js';
import { replaceFiles } from '../../files/io/files.js';
import { aliasFile, orgFile } from '../../files/io/stateFolders.js';

/** What is to be written of one org. */
type OrgChange = {
  readonly username: string;
  /** The alias that the org gets; undefined when aliases stay as they are. */
  readonly alias: string | undefined;
  /** Makes the changes of files that belong to this org alone, under the locks of the alias file and of the org's file. */
  readonly files: () => Promise<readonly FileChange[]>;
};

type Waiting = OrgChange & { readonly resolve: () => void; readonly reject: (reason: unknown) => void };

/** What is to be written, with the files made that belong to the org alone. */
type Made = { readonly change: Waiting; readonly files: readonly FileChange[] };

/** Why something could not be written, by what it was. */
type Failures = Map<Waiting, unknown>;

const waiting = new Set<Waiting>();
const queue = pLimit(1);

/**
 * Writes what is to be written of an org, in one step with all that this process wants written by the time the alias file is free: each
 * login has sf's aliases read and written as a whole, which would take the square of their number for as many logins one by one.
 *
 * Done is what is on disk. What cannot be written fails by itself, and keeps nothing else from being written.
 *
 * @throws FileNotWritable, RegistryDamaged, Locked, and what `files` throws
 */
export async function storeTogether(change: OrgChange): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const own: Waiting = { ...change, resolve, reject };
    waiting.add(own);
    // never rejects: whatever happens is handed to those whom it concerns
    void queue(async () => {
      if (waiting.has(own)) await storeWaiting(own, tryOnce);
      // somebody else is writing this org, for which nothing else had to wait
      if (waiting.has(own)) await storeWaiting(own, lockOfCore);
    });
  });
}

const tryOnce = { ...lockOfCore, waitSeconds: 0 };

/**
 * Writes all that is waiting, each org once: what else is wanted of the same org builds on that. The waiting for the alias file is `own`'s
 * alone, and so is that for an org's file: with `tryOnce`, those that somebody else is writing go on waiting.
 */
async function storeWaiting(own: Waiting, lockOfOrg: LockOptions): Promise<void> {
  const failures: Failures = new Map();
  let written: readonly Waiting[] = [own];
  try {
    await withFileLock(aliasFile(), lockOfCore, () =>
      withOrgs(lockOfOrg === tryOnce ? oneOfEachOrg() : [own], lockOfOrg, async (locked) => {
        written = locked;
        for (const change of locked) waiting.delete(change);
        await write(locked, failures);
      }),
    );
    // whoever else uses this copy of core in this process must not go on with what it read before
    const core = await import('@salesforce/core/stateAggregator');
    await core.StateAggregator.clearInstanceAsync();
  } catch (error) {
    for (const change of written) failures.set(change, error);
  }
  for (const change of written) {
    waiting.delete(change);
    if (failures.has(change)) change.reject(failures.get(change));
    else change.resolve();
  }
}

/** The first that is waiting of each org, in the order in which their files are locked. */
function oneOfEachOrg(): Waiting[] {
  const first = new Map<string, Waiting>();
  for (const change of waiting) if (!first.has(change.username)) first.set(change.username, change);
  return [...first.values()].sort((one, other) => (one.username < other.username ? -1 : 1));
}

/** Runs `work` for those whose org's file can be locked, under these locks. @throws what locking throws, unless it was to be tried once */
async function withOrgs(
  changes: readonly Waiting[],
  options: LockOptions,
  work: (locked: readonly Waiting[]) => Promise<void>,
  locked: readonly Waiting[] = [],
): Promise<void> {
  const [next, ...rest] = changes;
  if (!next) return work(locked);
  let isLocked = false;
  try {
    await withFileLock(orgFile(next.username), options, () => {
      isLocked = true;
      return withOrgs(rest, options, work, [...locked, next]);
    });
  } catch (error) {
    if (isLocked || options !== tryOnce) throw error;
    await withOrgs(rest, options, work, locked);
  }
}

async function write(changes: readonly Waiting[], failures: Failures): Promise<void> {
  const made: Made[] = [];
  for (const change of changes) {
    try {
      made.push({ change, files: await change.files() });
    } catch (error) {
      failures.set(change, error);
    }
  }
  await replaceAll(made, failures);
}

/** All in one step, or, when that is refused, each in a step of its own: what it was refused for may concern only one. */
async function replaceAll(made: readonly Made[], failures: Failures): Promise<void> {
  const files = made.flatMap((one) => one.files);
  try {
    const aliases = made.flatMap(({ change: { alias, username } }) => (alias === undefined ? [] : [[alias, username]]));
    await replaceFiles([
      ...files.filter(({ content }) => content !== null),
      ...(await aliasChange(Object.fromEntries(aliases) as Record<string, string>)),
      // what was there before goes when all else is in its place
      ...files.filter(({ content }) => content === null),
    ]);
  } catch (error) {
    const [only, ...others] = made;
    if (only && others.length === 0) failures.set(only.change, error);
    else for (const one of made) await replaceAll([one], failures);
  }
}
