import { join } from 'node:path';
import { asRememberedWay, isSignInWay } from '../../registry/signInWay.js';
import type { LoginRecord } from '../storedOrg.js';
import { namesIn, textOrNothing } from '../../files/io/files.js';
import { isRecord, parseJson } from '../../files/json.js';
import { loginRecordFile, loginRecordFolder } from '../../files/io/stateFolders.js';
import { isLoginRecord } from './storedShapes.js';

/** What is remembered of the plugin's last login as a user; `undefined` when there is nothing, or nothing that can be read. */
export async function readLoginRecord(username: string): Promise<LoginRecord | undefined> {
  return readRecord(loginRecordFile(username));
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

/** All that is remembered and can be read. */
export async function readLoginRecords(): Promise<LoginRecord[]> {
  const folder = loginRecordFolder();
  const files = (await namesIn(folder)).filter((file) => file.endsWith('.json'));
  const records = await Promise.all(files.map((file) => readRecord(join(folder, file))));
  return records.filter((record) => record !== undefined);
}

/**
 * A record that cannot be read is no record: the login counts as not ours, which is the safe side. A way of signing in that only another version
 * knows is none.
 */
async function readRecord(path: string): Promise<LoginRecord | undefined> {
  const record = parseJson((await textOrNothing(path)) ?? '');
  if (!isLoginRecord(record)) return undefined;
  const { signedInBy, startWith, earlierLogins, ...rest } = record;
  const { way, clientId }: Partial<NonNullable<typeof startWith>> = isRecord(startWith) ? startWith : {};
  const start = asRememberedWay(way);
  return {
    ...rest,
    ...(isSignInWay(signedInBy) ? { signedInBy } : {}),
    ...(start && typeof clientId === 'string' ? { startWith: { way: start, clientId } } : {}),
    ...(Array.isArray(earlierLogins) ? { earlierLogins: earlierLogins.filter(isTime) } : {}),
  };
}
