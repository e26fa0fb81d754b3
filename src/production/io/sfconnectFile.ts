import { open, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ConfigFile } from '../configFile.js';
import { JitFailure } from '../../failures/failures.js';
import { sfconnectFile as fileName } from '../sfconnect.js';
import { isMissing } from '../../files/io/files.js';

/** Far more than the eight fields need; so that a wrong path, to a device or a log file, is not read whole. */
const maxBytes = 64 * 1024;

/** `.sfconnect.json` files. What is in them is read by `production/configFile.ts`. */
export const sfconnectFile = {
  /** The file that the user named. @throws ConfigInvalid when it cannot be read */
  async named(path: string): Promise<ConfigFile> {
    const file = await read(resolve(path), true);
    if (!file) throw new JitFailure('ConfigInvalid', { file: resolve(path), problems: 'there is no such file' });
    return file;
  },

  /**
   * The file of the current folder, else that of the project which the folder is in. No other folder is looked at: what lies about in
   * `/tmp` or in a home folder must not decide over a project below it.
   *
   * @throws ConfigInvalid when it is there and cannot be read
   */
  async find(): Promise<ConfigFile | undefined> {
    const here = await read(join(process.cwd(), fileName), false);
    if (here) return here;
    const project = await projectFolder();
    return project === undefined ? undefined : read(join(project, fileName), false);
  },
};

async function read(path: string, isNamed: boolean): Promise<ConfigFile | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, null);
      return { path, text: buffer.toString('utf8', 0, bytesRead), isNamed };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    const problems = code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code ?? 'unknown reason'})`;
    throw new JitFailure('ConfigInvalid', { file: path, problems }, error);
  }
}

/** The nearest folder upward with a Salesforce DX project in it (sfdx-core, sfProject). */
async function projectFolder(): Promise<string | undefined> {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (await exists(join(folder, 'sfdx-project.json'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    // a folder that may not be looked into holds no project of this user
    return false;
  }
}
