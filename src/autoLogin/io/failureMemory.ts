import { rm } from 'node:fs/promises';
import { replaceFiles } from '../../files/io/files.js';
import { autoLoginFailureFile } from '../../files/io/stateFolders.js';
import type { FailedBefore } from '../failedBefore.js';

/** The memory of automatic logins that failed, a small file an org. Read by `glance.ts`, without this file. Neither may ever fail. */
export const failureMemory = {
  async keep(org: string, failed: FailedBefore): Promise<void> {
    try {
      await replaceFiles([{ path: autoLoginFailureFile(org), content: `${JSON.stringify(failed)}\n` }]);
    } catch {
      // then the next command tries again
    }
  },

  async forget(org: string): Promise<void> {
    try {
      await rm(autoLoginFailureFile(org), { force: true });
    } catch {
      // a login that is newer than the failure makes it void, too
    }
  },
};
