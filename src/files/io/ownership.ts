import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { chown, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JitFailure } from '../../failures/failures.js';

type Owner = Pick<Stats, 'uid' | 'gid'>;

/**
 * Gives a new file the owner and the group of the file that it will replace. Where there is none, what root makes (by sudo, or in
 * a container) belongs to the owner of the folder: in a user's home folder, a file of root's would lock that user out.
 *
 * @param replaced the file that is there; undefined when there is none
 * @throws FileNotWritable when this user may not give files away
 */
export async function keepOwner(file: FileHandle, path: string, replaced: Owner | undefined): Promise<void> {
  const wanted = replaced ?? (isRoot() ? await stat(dirname(path)) : undefined);
  const made = await file.stat();
  if (wanted === undefined || isSame(made, wanted)) return;
  try {
    await file.chown(wanted.uid, wanted.gid);
  } catch (error) {
    const problem = `it belongs to user ${wanted.uid} and group ${wanted.gid}, and would not any more`;
    throw new JitFailure('FileNotWritable', { file: path, problem }, error);
  }
}

/** Makes a folder and those above it, as far as they are missing. What root makes belongs to the owner of the folder that it is made in. */
export async function makeFolders(folder: string, mode?: number): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode });
  if (first === undefined || !isRoot()) return;
  const owner = await stat(dirname(first));
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chown(made, owner.uid, owner.gid);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function isSame(one: Owner, other: Owner): boolean {
  return one.uid === other.uid && one.gid === other.gid;
}
