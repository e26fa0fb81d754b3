import type { StateAggregator } from '@salesforce/core/stateAggregator';
import { JitFailure } from '../../failures/failures.js';
import type { StoredOrg } from '../storedOrg.js';
import { aliasGroups } from './aliasFile.js';
import { isThere, notWritable } from '../../files/io/files.js';
import { parseJson } from '../../files/json.js';
import { keyFile } from '../../files/io/stateFolders.js';
import { isOrg } from './storedShapes.js';

/*
 * What sf stores of an org, encrypted and decrypted by core's own code: which fields those are, and where the key is, is core's business.
 */

/**
 * Core's store. It reads the alias file when it is made, or writes an empty one: to be called under the lock of that file.
 *
 * @throws RegistryDamaged for an alias file that core could not read either
 */
export async function stateAggregator(): Promise<StateAggregator> {
  await aliasGroups();
  const core = await import('@salesforce/core/stateAggregator');
  return core.StateAggregator.getInstance();
}

/**
 * The org as core would write it; undefined fields are left out. Under the alias file's lock, see `stateAggregator`.
 *
 * @throws FileNotWritable, EncryptionKeyUnusable when core cannot encrypt
 */
export async function encrypt(org: StoredOrg): Promise<string> {
  const { orgs } = await stateAggregator();
  try {
    // encrypt under a name that has no file, so that a damaged file of the real one is not in the way
    const scratchName = `sf-plugin-jit-${process.pid}@new.invalid`;
    await orgs.read(scratchName, false, false);
    const fields = Object.fromEntries(Object.entries(org).filter(([, value]) => value !== undefined));
    orgs.set(scratchName, fields);
    return JSON.stringify(orgs.get(scratchName, false), null, 2);
  } catch (error) {
    throw await cannotEncrypt(error);
  }
}

/** Core's words are not passed on: they can hold a piece of its key. */
async function cannotEncrypt(error: unknown): Promise<JitFailure> {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const { syscall, path } = inner as NodeJS.ErrnoException;
    if (syscall !== undefined) return notWritable(path ?? keyFile(), inner);
  }
  const { code, name } = error as NodeJS.ErrnoException;
  const file = (await isThere(keyFile())) ? keyFile() : undefined;
  return new JitFailure('EncryptionKeyUnusable', { file, problem: `sf cannot encrypt with it (${code ?? name})` });
}

/** The org in the text of its file, decrypted. For a caller that holds the lock of that file, on which core itself would wait. */
export async function decrypt(text: string | undefined): Promise<StoredOrg | 'unreadable' | undefined> {
  if (text === undefined) return undefined;
  const org = parseJson(text);
  if (!isOrg(org)) return 'unreadable';
  const { orgs } = await stateAggregator();
  try {
    // under a name that has no file; core takes values that are encrypted already as they are
    const scratchName = `sf-plugin-jit-${process.pid}@old.invalid`;
    await orgs.read(scratchName, false, false);
    orgs.set(scratchName, { ...org });
    const fields = orgs.get(scratchName, true);
    return isOrg(fields) ? fields : 'unreadable';
  } catch {
    return 'unreadable';
  }
}
