import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { lockOfPlugin, withFileLock } from './fileLock.js';
import { jitFolder } from './stateFolders.js';
import type { Locks } from '../locks.js';

/** The file that a lock of that name is taken for. Names are hashed: usernames are not always file names. */
export function lockedFile(name: string): string {
  return join(jitFolder(), 'locks', createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, 32));
}

/** Locks between the processes of this machine. */
export const processLocks: Locks = {
  hold: (name, work) => withFileLock(lockedFile(name), lockOfPlugin, work),
};
