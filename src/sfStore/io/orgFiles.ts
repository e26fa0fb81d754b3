import { join } from 'node:path';
import { JitFailure } from '../../failures/failures.js';
import type { LoginRecord, StoredOrg } from '../storedOrg.js';
import { aliases } from './aliasFile.js';
import { lockOfCore, withFileLock } from '../../files/io/fileLock.js';
import { namesIn, proveWritable, replaceFiles, textOrNothing } from '../../files/io/files.js';
import { parseJson } from '../../files/json.js';
import { readHeldTokens, writeHeldTokens } from './heldTokens.js';
import { readLoginRecord, readLoginRecords } from './loginRecords.js';
import { encrypt, decrypt, stateAggregator } from './orgEncryption.js';
import { isOrg } from './storedShapes.js';
import { storeTogether } from './storeTogether.js';
import { aliasFile, heldTokensFile, loginRecordFile, orgFile, sfdxFolder } from '../../files/io/stateFolders.js';
import type { ListedOrg, SfOrgs } from '../sfOrgs.js';

/*
 * sf's store as core keeps it (sfdx-core, stateAggregator): `<username>.json` with encrypted tokens, `<org id>.sandbox.json`,
 * `alias.json`. Core's own code encrypts and decrypts; the files are then replaced in one step under core's locks, because core itself
 * writes them in place, where a kill or an unlocked reader meets half of them (docs/salesforce.md, Files of core).
 */

const sandboxFile = (orgId: string): string => join(sfdxFolder(), `${orgId}.sandbox.json`);

/** The names that core takes for org files (sfdx-core, orgAccessor). */
const orgFilePattern = /^[^.][^@]*@[^.]+(\.[^.\s]+)+\.json$/;

export const sfOrgs: SfOrgs = {
  async usernameOf(aliasOrUsername) {
    return (await aliases()).get(aliasOrUsername) ?? aliasOrUsername;
  },

  async read(username) {
    const org = await readOrg(username);
    if (org !== 'unreadable') return org;
    // stock sf writes in place, for example what it learns of an org: a reader without its lock may meet half of it
    await writerDone(orgFile(username));
    return readOrg(username);
  },

  async find(username) {
    return listedOrg(username, await aliases());
  },

  async list() {
    const [names, usernames] = await Promise.all([aliases(), storedUsernames()]);
    const orgs = await Promise.all(usernames.map(async (username) => listedOrg(username, names)));
    return orgs.filter((org) => org !== undefined);
  },

  prepareToStore() {
    // whatever is wrong with it, storing will tell
    import('@salesforce/core/stateAggregator').catch(() => undefined);
  },

  async storeProduction(org, alias) {
    const { username } = org;
    await storeTogether({
      username,
      alias,
      files: async () => [{ path: orgFile(username), content: await encrypt(org) }],
    });
  },

  async storeSandbox({ org, record, alias, replacedOrgIds = [] }) {
    const { username, orgId } = org;
    if (orgId === undefined) throw new Error('A sandbox login without org id cannot be stored.');
    await storeTogether({
      username,
      alias,
      files: async () => [
        { path: sandboxFile(orgId), content: json(sandboxRecord(org, record)) },
        { path: loginRecordFile(username), content: json(record) },
        { path: orgFile(username), content: await encrypt(org) },
        ...replacedOrgIds.map((replaced) => ({ path: sandboxFile(replaced), content: null })),
      ],
    });
  },

  async keepSandbox(record, alias) {
    const { username } = record;
    const isLost = alias !== undefined && (await aliases()).get(alias) !== username;
    await storeTogether({
      username,
      alias: isLost ? alias : undefined,
      files: () => Promise.resolve([{ path: loginRecordFile(username), content: json(record) }]),
    });
  },

  async remove(username) {
    const { AuthRemover, StateAggregator } = await import('@salesforce/core');
    // core keeps aliases in memory, where those that this process set itself are missing
    await StateAggregator.clearInstanceAsync();
    await withFileLock(aliasFile(), lockOfCore, stateAggregator);
    const org = await listedOrg(username, new Map());
    const remover = await AuthRemover.create();
    await remover.removeAuth(username);
    await replaceFiles([
      { path: loginRecordFile(username), content: null },
      ...(org?.isSandbox && org.orgId !== undefined ? [{ path: sandboxFile(org.orgId), content: null }] : []),
    ]);
  },

  async forgetLogin(username) {
    await replaceFiles([
      { path: loginRecordFile(username), content: null },
      { path: heldTokensFile(username), content: null },
    ]);
  },

  async holdRenewal(username, work) {
    const file = orgFile(username);
    return withFileLock(`${file}.token-rotation`, lockOfCore, async () => {
      // a rotated refresh token that cannot be written is lost: there must be room for it before Salesforce is asked
      await proveWritable({ path: file, content: (await textOrNothing(file)) ?? '' });
      return work();
    });
  },

  async update(username, change) {
    await storeTogether({
      username,
      alias: undefined,
      files: async () => {
        const changed = change(await decrypt(await orgText(username)));
        return changed ? [{ path: orgFile(username), content: await encrypt(changed) }] : [];
      },
    });
  },

  heldTokens: readHeldTokens,
  holdTokens: writeHeldTokens,
  loginRecord: readLoginRecord,
  loginRecords: readLoginRecords,
};

/** What core writes beside a sandbox, so that `sf org list` shows it as one (sfdx-core, org.ts `writeSandboxAuthFile`). */
function sandboxRecord(org: StoredOrg, record: LoginRecord): Record<string, string | undefined> {
  return {
    sandboxUsername: org.username,
    sandboxOrgId: org.orgId,
    prodOrgUsername: record.productionUsername,
    sandboxName: record.sandboxName,
    timestamp: record.loggedInAt,
  };
}

async function readOrg(username: string): Promise<StoredOrg | 'unreadable' | undefined> {
  const text = await orgText(username);
  if (text === undefined) return undefined;
  // core would read a damaged file as an org without fields (docs/salesforce.md, Files of core)
  return isOrg(parseJson(text)) ? readFields(username) : 'unreadable';
}

/** Waits for whoever writes the file now. Where no lock can be had, nobody writes either. */
async function writerDone(file: string): Promise<void> {
  try {
    await withFileLock(file, lockOfCore, () => Promise.resolve());
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
  }
}

async function readFields(username: string): Promise<StoredOrg | 'unreadable' | undefined> {
  const { orgs } = await withFileLock(aliasFile(), lockOfCore, stateAggregator);
  try {
    const fields = await orgs.read(username, true, true);
    // read anew by core: another process may have damaged or removed it in between
    if (fields) return isOrg(fields) ? { ...fields, username } : 'unreadable';
    // core gives nothing for what it cannot decrypt, too
    return (await orgText(username)) === undefined ? undefined : 'unreadable';
  } catch {
    // a damaged file or a lost encryption key: the login in it is as good as gone (docs/salesforce.md, Files of core)
    return 'unreadable';
  }
}

/** The text of an org's file; an empty one for a file that is there and cannot be read, which is as good as a damaged one. */
async function orgText(username: string): Promise<string | undefined> {
  return username.includes('/') ? undefined : textOrNothing(orgFile(username));
}

async function storedUsernames(): Promise<string[]> {
  return (await namesIn(sfdxFolder()))
    .filter((file) => orgFilePattern.test(file))
    .map((file) => file.slice(0, -'.json'.length));
}

async function listedOrg(username: string, names: ReadonlyMap<string, string>): Promise<ListedOrg | undefined> {
  const text = await orgText(username);
  if (text === undefined) return undefined;
  const org = parseJson(text);
  const { orgId, instanceUrl, isSandbox, isScratch }: Partial<StoredOrg> = isOrg(org) ? org : {};
  return {
    username,
    orgId,
    instanceUrl,
    isSandbox: isSandbox === true,
    isScratch: isScratch === true,
    aliases: [...names].filter(([, value]) => value === username).map(([alias]) => alias),
  };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
