import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JitFailure } from '../../failures/failures.js';
import { keepOwner, makeFolders } from './ownership.js';

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
 * before are undone. Files get mode 0600 unless they exist with another mode, and keep their owner and group. What a process that was
 * killed left beside these files goes with it.
 *
 * A file that is mounted by itself, as in containers, cannot be replaced: it is written in place then, as sf writes all of its files.
 *
 * @param move puts a file in the place of another one
 * @throws FileNotWritable
 */
export async function replaceFiles(changes: readonly FileChange[], move: Move = renameWhenFree): Promise<void> {
  const staged: Staged[] = [];
  const done: Staged[] = [];
  try {
    for (const change of changes) staged.push(await stage(change));
    for (const change of staged) {
      await put(change, move);
      done.push(change);
    }
  } catch (error) {
    for (const change of done.reverse()) await restore(change, move);
    throw notWritable(changes[staged.length]?.path ?? changes[done.length]?.path ?? changes[0]?.path ?? '', error);
  } finally {
    await Promise.all(staged.map(async ({ temporary }) => temporary && rm(temporary, { force: true })));
  }
  await removeLeftovers(changes.map(({ path }) => path));
}

/** Puts a file in the place of another one, in one step. */
type Move = (from: string, to: string) => Promise<void>;

/** A change whose content lies beside its target, and what was in the target before. */
type Staged = FileChange & { readonly temporary?: string; readonly before?: string };

async function put({ path, temporary, content, before }: Staged, move: Move): Promise<void> {
  if (temporary === undefined) return rm(path, { force: true });
  try {
    await move(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || before === undefined || content === null) throw error;
    await overwrite(path, content, before);
  }
}

/** Writes a file in place. What was in it comes back when it cannot be written to its end. */
async function overwrite(path: string, content: string, before: string): Promise<void> {
  try {
    await writeInPlace(path, content);
  } catch (error) {
    await writeInPlace(path, before);
    throw error;
  }
}

async function writeInPlace(path: string, content: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.writeFile(content);
    await file.truncate(Buffer.byteLength(content));
    await file.sync();
  } finally {
    await file.close();
  }
}

async function stage(change: FileChange): Promise<Staged> {
  const before = await readText(change.path);
  if (change.content === null) return { ...change, before };
  await makeFolders(dirname(change.path), 0o700);
  // a link stays one: what it leads to is replaced
  const path = await targetOf(change.path);
  const temporary = temporaryBeside(path);
  const replaced = await statsOf(path);
  const mode = replaced && replaced.mode & 0o777;
  const file = await open(temporary, 'wx', mode ?? 0o600);
  try {
    await keepOwner(file, path, replaced);
    // the mask of the process applies to new files only
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(change.content);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { ...change, path, temporary, before };
}

/** Where the links lead, if it is one; the path itself for a link that leads nowhere. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return path;
    throw error;
  }
}

/** Proves that a file can be replaced by this content, and leaves it as it is. @throws FileNotWritable */
export async function proveWritable(change: FileChange): Promise<void> {
  try {
    const { temporary } = await stage(change);
    if (temporary !== undefined) await rm(temporary, { force: true });
  } catch (error) {
    throw notWritable(change.path, error);
  }
}

/** A name for what is written first and then put in the place of a file; `removeLeftovers` knows it again. */
export function temporaryBeside(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.tmp`;
}

/** Milliseconds after which a temporary file belongs to nobody: no write takes that long. */
const leftBehindAfter = 3_600_000;

/**
 * Removes what processes that were killed left beside files, from writing them. They are written by now: that an old one cannot be removed
 * is no reason to fail, and the next write tries again. Each folder is listed once, however many of the files are in it.
 */
export async function removeLeftovers(paths: readonly string[]): Promise<void> {
  const written = new Set(paths);
  await Promise.all([...new Set(paths.map(dirname))].map((folder) => removeOld(folder, written)));
}

async function removeOld(folder: string, written: ReadonlySet<string>): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      const [, of = ''] = /^(.+)\.[0-9a-f]{12}\.tmp$/s.exec(name) ?? [];
      if (!written.has(join(folder, of))) continue;
      const file = join(folder, name);
      if (Date.now() - (await stat(file)).mtimeMs > leftBehindAfter) await rm(file);
    }
  } catch {
    // as said above
  }
}

async function restore({ path, before }: Staged, move: Move): Promise<void> {
  const staged = await stage({ path, content: before ?? null });
  await put(staged, move);
  if (staged.temporary !== undefined) await rm(staged.temporary, { force: true });
}

async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Renames. On Windows a virus scanner or an indexer may hold the target for a moment, and the rename is refused until it lets go. */
async function renameWhenFree(from: string, to: string): Promise<void> {
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
  if (error instanceof JitFailure) return error;
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
