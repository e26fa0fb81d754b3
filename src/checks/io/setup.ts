import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeychainFacts } from '../setupChecks.js';
import { isMissing, isThere, namesIn } from '../../files/io/files.js';
import { jitFolder, keyFile, loginRecordFolder, registryFile, sfdxFolder } from '../../files/io/stateFolders.js';

/** What `sf doctor` looks at on this machine. Reads names and permissions, never contents. */
export const setup = {
  /** As core chooses (sfdx-core, keyChain `retrieveKeychain`): a Linux without secret-tool uses the file as well. */
  async keychain(): Promise<KeychainFacts> {
    const file = keyFile();
    const facts = { file, mode: await mode(file), hasDesktopSession: Boolean(process.env['DBUS_SESSION_BUS_ADDRESS']) };
    const generic = ['true', '1'].includes(process.env['SF_USE_GENERIC_UNIX_KEYCHAIN']?.toLowerCase() ?? '');
    if (process.platform === 'win32' || generic) return { ...facts, kind: 'file' };
    if (process.platform === 'darwin') return { ...facts, kind: 'system' };
    const tool = process.env['SFDX_SECRET_TOOL_PATH'] ?? '/usr/bin/secret-tool';
    return { ...facts, kind: (await isThere(tool)) ? 'desktop' : 'file' };
  },

  /** Files with logins, registrations and records that others than the user can read. */
  async openFiles(): Promise<string[]> {
    if (process.platform === 'win32') return [];
    const files = [
      registryFile(),
      ...(await jsonFiles(sfdxFolder())).filter((path) => path.includes('@') || path.endsWith('key.json')),
      ...(await jsonFiles(jitFolder())),
      ...(await jsonFiles(loginRecordFolder())),
    ];
    const modes = await Promise.all(files.map(async (path) => ({ path, mode: await mode(path) })));
    return modes.filter((file) => file.mode !== undefined && (file.mode & 0o077) !== 0).map(({ path }) => path);
  },
};

async function jsonFiles(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
}

async function mode(path: string): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
