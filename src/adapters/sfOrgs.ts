import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { JitFailure } from '../domain/failures.js';
import type { StateAggregator } from '@salesforce/core/stateAggregator';
import type { LoginRecord, StoredOrg } from '../domain/storedOrg.js';
import type { ListedOrg, SfOrgs } from '../ports.js';
import type { FileChange } from './files.js';
import { isMissing, readText, replaceFiles, sharedWithCore, withFileLock } from './files.js';
import { jitFolder, sfdxFolder } from './stateFolders.js';

/*
 * sf's store as core keeps it (sfdx-core, stateAggregator): `<username>.json` with encrypted tokens, `<org id>.sandbox.json`,
 * `alias.json`. Core's own code encrypts and decrypts; the files are then replaced in one step under core's locks, because core itself
 * writes them in place, where a kill or an unlocked reader meets half of them (model-codebases traps 18 and 23).
 */

const aliasFile = (): string => join(sfdxFolder(), 'alias.json');
const orgFile = (username: string): string => join(sfdxFolder(), `${username}.json`);
const sandboxFile = (orgId: string): string => join(sfdxFolder(), `${orgId}.sandbox.json`);
const recordFolder = (): string => join(jitFolder(), 'logins');
const recordFile = (username: string): string =>
  join(recordFolder(), `${encodeURIComponent(username.toLowerCase())}.json`);

/** The names that core takes for org files (sfdx-core, orgAccessor). */
const orgFilePattern = /^[^.][^@]*@[^.]+(\.[^.\s]+)+\.json$/;

export const sfOrgs: SfOrgs = {
  async usernameOf(aliasOrUsername) {
    return (await aliases())[aliasOrUsername] ?? aliasOrUsername;
  },

  async read(username) {
    const text = await orgText(username);
    if (text === undefined) return undefined;
    // core would read a damaged file as an org without fields (model-codebases trap 8)
    return parsed<Partial<StoredOrg>>(text)?.username === undefined ? 'unreadable' : decrypted(username);
  },

  async list() {
    const [names, usernames] = await Promise.all([aliases(), storedUsernames()]);
    const orgs = await Promise.all(usernames.map(async (username) => listedOrg(username, names)));
    return orgs.filter((org) => org !== undefined);
  },

  async storeProduction(org, alias) {
    await store(org.username, async () => [
      { path: orgFile(org.username), content: await encrypted(org) },
      ...(alias === undefined ? [] : [await aliasChange({ set: [alias, org.username] })]),
    ]);
  },

  async storeSandbox({ org, record, alias, replacedOrgIds = [] }) {
    const { username, orgId } = org;
    if (orgId === undefined) throw new Error('A sandbox login without org id cannot be stored.');
    await store(username, async () => [
      { path: sandboxFile(orgId), content: json(sandboxRecord(org, record)) },
      { path: recordFile(username), content: json(record) },
      { path: orgFile(username), content: await encrypted(org) },
      ...(alias === undefined ? [] : [await aliasChange({ set: [alias, username] })]),
      ...replacedOrgIds.map((replaced) => ({ path: sandboxFile(replaced), content: null })),
    ]);
  },

  async keepSandbox(record, alias) {
    const lost = alias !== undefined && (await aliases())[alias] !== record.username;
    await store(record.username, async () => [
      { path: recordFile(record.username), content: json(record) },
      ...(lost ? [await aliasChange({ set: [alias, record.username] })] : []),
    ]);
  },

  async remove(username) {
    const { AuthRemover, StateAggregator } = await import('@salesforce/core');
    // core keeps aliases in memory, where those that this process set itself are missing
    await StateAggregator.clearInstanceAsync();
    const org = await listedOrg(username, {});
    const remover = await AuthRemover.create();
    await remover.removeAuth(username);
    await replaceFiles([
      { path: recordFile(username), content: null },
      ...(org?.isSandbox && org.orgId !== undefined ? [{ path: sandboxFile(org.orgId), content: null }] : []),
    ]);
  },

  async renew(username) {
    const { AuthInfo, Connection } = await import('@salesforce/core');
    const authInfo = await AuthInfo.create({ username });
    const connection = await Connection.create({ authInfo });
    await connection.refreshAuth();
    const { orgId, instanceUrl, userId } = authInfo.getFields();
    const { accessToken } = authInfo.getFields(true);
    if (accessToken === undefined || orgId === undefined || instanceUrl === undefined) {
      throw new JitFailure('OrgNotStored', { user: username });
    }
    return { accessToken, orgId, instanceUrl: new URL(instanceUrl).origin, userId };
  },

  async loginRecord(username) {
    return parseRecord(await readText(recordFile(username)));
  },

  async loginRecords() {
    const files = await entries(recordFolder());
    const records = await Promise.all(
      files
        .filter((file) => file.endsWith('.json'))
        .map(async (file) => parseRecord(await readText(join(recordFolder(), file)))),
    );
    return records.filter((record) => record !== undefined);
  },
};

/** Makes the changes under the locks of the alias file and of the org's file, in that (alphabetical) order everywhere. */
async function store(username: string, changes: () => Promise<FileChange[]>): Promise<void> {
  await withFileLock(aliasFile(), sharedWithCore, () =>
    withFileLock(orgFile(username), sharedWithCore, async () => {
      await replaceFiles(await changes());
    }),
  );
}

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

/** The org as core would write it; undefined fields are left out. Under the alias file's lock, see `stateAggregator`. */
async function encrypted(org: StoredOrg): Promise<string> {
  const { orgs } = await stateAggregator();
  // encrypt under a name that has no file, so that a damaged file of the real one is not in the way
  const scratchName = `sf-plugin-jit-${process.pid}@new.invalid`;
  await orgs.read(scratchName, false, false);
  const fields = Object.fromEntries(Object.entries(org).filter(([, value]) => value !== undefined));
  orgs.set(scratchName, fields);
  return json(orgs.get(scratchName, false));
}

async function decrypted(username: string): Promise<StoredOrg | 'unreadable' | undefined> {
  const { orgs } = await withFileLock(aliasFile(), sharedWithCore, stateAggregator);
  try {
    const fields = await orgs.read(username, true, true);
    return fields ? { ...fields, username } : undefined;
  } catch {
    // a damaged file or a lost encryption key: the login in it is as good as gone (spec §4, user-needs row 19)
    return 'unreadable';
  }
}

/** Core's store. It reads the alias file when it is made, or writes an empty one: to be called under the lock of that file. */
async function stateAggregator(): Promise<StateAggregator> {
  const core = await import('@salesforce/core/stateAggregator');
  return core.StateAggregator.getInstance();
}

async function aliasChange({ set: [alias, username] }: { set: [string, string] }): Promise<FileChange> {
  const text = await readText(aliasFile());
  const groups = text === undefined ? {} : (JSON.parse(text) as Record<string, Record<string, string> | undefined>);
  return { path: aliasFile(), content: JSON.stringify({ ...groups, orgs: { ...groups['orgs'], [alias]: username } }) };
}

/** Aliases by name. Without a lock, so a stock command's half-written file may be met: then read again under the lock. */
async function aliases(): Promise<Record<string, string>> {
  const parse = (text: string | undefined): Record<string, string> =>
    text === undefined ? {} : ((JSON.parse(text) as { orgs?: Record<string, string> }).orgs ?? {});
  try {
    return parse(await readText(aliasFile()));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return withFileLock(aliasFile(), sharedWithCore, async () => parse(await readText(aliasFile())));
  }
}

async function orgText(username: string): Promise<string | undefined> {
  return username.includes('/') ? undefined : readText(orgFile(username));
}

async function storedUsernames(): Promise<string[]> {
  return (await entries(sfdxFolder()))
    .filter((file) => orgFilePattern.test(file))
    .map((file) => file.slice(0, -'.json'.length));
}

async function listedOrg(username: string, names: Record<string, string>): Promise<ListedOrg | undefined> {
  const text = await orgText(username);
  if (text === undefined) return undefined;
  const org = parsed<Partial<StoredOrg>>(text) ?? {};
  return {
    username,
    orgId: org.orgId,
    instanceUrl: org.instanceUrl,
    isSandbox: org.isSandbox === true,
    isScratch: org.isScratch === true,
    aliases: Object.keys(names).filter((alias) => names[alias] === username),
  };
}

/** A record that cannot be read is no record: the login counts as not ours, which is the safe side. */
function parseRecord(text: string | undefined): LoginRecord | undefined {
  const record = text === undefined ? undefined : parsed<LoginRecord>(text);
  return typeof record?.username === 'string' && typeof record.credentialDigest === 'string' ? record : undefined;
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
