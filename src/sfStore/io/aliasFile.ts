import { JitFailure } from '../../failures/failures.js';
import type { FileChange } from '../../files/io/files.js';
import { lockOfCore, withFileLock } from '../../files/io/fileLock.js';
import { readText } from '../../files/io/files.js';
import { isRecord, parseJson } from '../../files/json.js';
import { aliasFile } from '../../files/io/stateFolders.js';

/** The alias file: `orgs` is the group that sf uses, others are kept as they are. */
type AliasGroups = { readonly orgs?: Readonly<Record<string, string>> };

/** What the alias file holds; nothing when there is none. @throws RegistryDamaged */
export async function aliasGroups(): Promise<AliasGroups> {
  const file = aliasFile();
  const damaged = (problem: string, cause?: unknown): JitFailure =>
    new JitFailure('RegistryDamaged', { file, problem, damaged: file }, cause);
  let text: string | undefined;
  try {
    text = await readText(file);
  } catch (error) {
    throw damaged(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`, error);
  }
  if (text === undefined) return {};
  const groups = parseJson(text);
  if (!isRecord(groups)) throw damaged('it is not a JSON object');
  const { orgs = {} } = groups;
  if (!isRecord(orgs) || Object.values(orgs).some((username) => typeof username !== 'string')) {
    throw damaged('"orgs" does not hold a username for each alias');
  }
  return groups;
}

/** Usernames by alias. Without a lock, so a stock command's half-written file may be met: then read again under the lock. */
export async function aliases(): Promise<ReadonlyMap<string, string>> {
  const read = async (): Promise<ReadonlyMap<string, string>> =>
    new Map(Object.entries((await aliasGroups()).orgs ?? {}));
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    return withFileLock(aliasFile(), lockOfCore, read);
  }
}

/** The change that sets aliases, if there are any to set. Under the lock of the alias file. @throws RegistryDamaged */
export async function aliasChange(usernames: Readonly<Record<string, string>>): Promise<FileChange[]> {
  if (Object.keys(usernames).length === 0) return [];
  const groups = await aliasGroups();
  return [{ path: aliasFile(), content: JSON.stringify({ ...groups, orgs: { ...groups.orgs, ...usernames } }) }];
}
