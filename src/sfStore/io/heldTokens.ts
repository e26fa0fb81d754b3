import type { HeldToken } from '../sfOrgs.js';
import { lockOfCore, withFileLock } from '../../files/io/fileLock.js';
import { replaceFiles, textOrNothing } from '../../files/io/files.js';
import { aliasFile, heldTokensFile } from '../../files/io/stateFolders.js';
import { isRecord, parseJson } from '../../files/json.js';
import { encrypt, decrypt } from './orgEncryption.js';

/*
 * Refresh tokens that are kept only to be revoked, encrypted by core as those of sf's own store: each stands in the fields of an org, since
 * core encrypts nothing else.
 */

/** What is held of a username. A token that cannot be read any more counts as none: nobody can revoke it from here. */
export async function readHeldTokens(username: string): Promise<HeldToken[]> {
  const file = parseJson((await textOrNothing(heldTokensFile(username))) ?? '');
  if (!isRecord(file) || !Array.isArray(file['tokens'])) return [];
  const entries = file['tokens'].filter(isEntry);
  if (entries.length === 0) return [];
  return withFileLock(aliasFile(), lockOfCore, async () => {
    const tokens: HeldToken[] = [];
    for (const { use, orgId, instanceUrl, refreshToken } of entries) {
      const org = await decrypt(JSON.stringify({ username, orgId, instanceUrl, refreshToken }));
      if (org === undefined || org === 'unreadable' || !org.refreshToken) continue;
      tokens.push({ use, orgId, instanceUrl, refreshToken: org.refreshToken });
    }
    return tokens;
  });
}

/** Replaces what is held of a username; with nothing to hold, the file goes. */
export async function writeHeldTokens(username: string, tokens: readonly HeldToken[]): Promise<void> {
  const path = heldTokensFile(username);
  if (tokens.length === 0) return replaceFiles([{ path, content: null }]);
  await withFileLock(aliasFile(), lockOfCore, async () => {
    const entries: HeldToken[] = [];
    for (const { use, orgId, instanceUrl, refreshToken } of tokens) {
      const org = parseJson(await encrypt({ username, orgId, instanceUrl, refreshToken })) as { refreshToken: string };
      entries.push({ use, orgId, instanceUrl, refreshToken: org.refreshToken });
    }
    await replaceFiles([{ path, content: JSON.stringify({ username, tokens: entries }, null, 2) }]);
  });
}

function isEntry(value: unknown): value is HeldToken {
  return (
    isRecord(value) &&
    ['login', 'shown', 'replaced'].includes(value['use'] as string) &&
    ['refreshToken', 'orgId', 'instanceUrl'].every((field) => typeof value[field] === 'string') &&
    URL.canParse(value['instanceUrl'] as string)
  );
}
