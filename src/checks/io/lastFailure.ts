import { join } from 'node:path';
import { replaceFiles, readText } from '../../files/io/files.js';
import { jitFolder } from '../../files/io/stateFolders.js';

/** The class of a failure and its time (ISO 8601); nothing of what it was about. */
export type LastFailure = { readonly name: string; readonly at: string };

const path = (): string => join(jitFolder(), 'last-failure.json');

/** The last failure of this plugin, for `sf doctor`. Neither keeping nor reading it may ever fail. */
export const lastFailure = {
  async keep(failure: LastFailure): Promise<void> {
    try {
      await replaceFiles([{ path: path(), content: `${JSON.stringify({ name: failure.name, at: failure.at })}\n` }]);
    } catch {
      // a home folder that cannot be written to is no second failure
    }
  },

  async read(): Promise<LastFailure | undefined> {
    try {
      const { name, at } = JSON.parse((await readText(path())) ?? '') as Partial<Record<keyof LastFailure, unknown>>;
      return typeof name === 'string' && /^\w{1,60}$/.test(name) && typeof at === 'string' && !isNaN(Date.parse(at))
        ? { name, at }
        : undefined;
    } catch {
      // not there, or damaged: nothing is known
      return undefined;
    }
  },
};
