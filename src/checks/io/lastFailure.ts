import { join } from 'node:path';
import { replaceFiles, readText } from '../../files/io/files.js';
import type { LastFailure } from '../setupChecks.js';
import { jitFolder } from '../../files/io/stateFolders.js';

const path = (): string => join(jitFolder(), 'last-failure.json');

/** The last failure of this plugin, for `sf doctor`. Neither keeping nor reading it may ever fail. */
export const lastFailure = {
  async keep({ name, at, requestId }: LastFailure): Promise<void> {
    try {
      await replaceFiles([{ path: path(), content: `${JSON.stringify({ name, at, requestId })}\n` }]);
    } catch {
      // a home folder that cannot be written to is no second failure
    }
  },

  async read(): Promise<LastFailure | undefined> {
    try {
      const { name, at, requestId } = JSON.parse((await readText(path())) ?? '') as Partial<
        Record<keyof LastFailure, unknown>
      >;
      if (typeof name !== 'string' || !/^\w{1,60}$/.test(name)) return undefined;
      if (typeof at !== 'string' || isNaN(Date.parse(at))) return undefined;
      const isId = typeof requestId === 'string' && /^\w{1,40}$/.test(requestId);
      return { name, at, ...(isId ? { requestId } : {}) };
    } catch {
      // not there, or damaged: nothing is known
      return undefined;
    }
  },
};
