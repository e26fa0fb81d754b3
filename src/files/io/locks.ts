import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ours, withFileLock } from './fileLock.js';
import { jitFolder } from './stateFolders.js';
import type { Locks } from '../locks.js';

/** Locks between the processes of this machine. Names are hashed: usernames are not always file names. */
export const processLocks: Locks = {
  hold(name, work) {
    const file = createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, 32);
    return withFileLock(join(jitFolder(), 'locks', file), ours, work);
  },
};
