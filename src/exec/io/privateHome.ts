import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredOrg } from '../../sfStore/storedOrg.js';

/**
 * Stores a login in the private home folder, as core stores it: encrypted, under a key of this folder's own. Core could do that for its
 * own home folder only, which it looks up once a process (docs/salesforce.md, Files of core).
 *
 * @param names what the org is called besides its username
 */
export async function storePrivately(home: string, org: StoredOrg, names: readonly string[]): Promise<void> {
  const folder = join(home, '.sfdx');
  // in this form, 32 characters that are taken as they are, core makes its keys
  const key = randomBytes(16).toString('hex');
  const accessToken = org.accessToken === undefined ? undefined : encryptedAsCore(org.accessToken, key);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const write = async (file: string, value: object): Promise<void> =>
    writeFile(join(folder, file), JSON.stringify(value), { mode: 0o600 });
  await write('key.json', { service: 'sfdx', account: 'local', key });
  await write(`${org.username}.json`, { ...org, accessToken });
  await write('alias.json', { orgs: Object.fromEntries(names.map((name) => [name, org.username])) });
}

/** sfdx-core, crypto/crypto `encryptV1`: AES-256-GCM, the initialisation vector as 12 hexadecimal characters before the text. */
function encryptedAsCore(text: string, key: string): string {
  const vector = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', key, vector);
  const body = cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
  return `${vector}${body}:${cipher.getAuthTag().toString('hex')}`;
}
