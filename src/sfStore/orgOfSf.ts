import type { OrgOfSf } from '../registry/takenAlias.js';
import { hostKind } from '../salesforce/loginUrl.js';
import type { ListedOrg, SfOrgs } from './sfOrgs.js';

type Needed = Pick<SfOrgs, 'usernameOf' | 'find'>;

/**
 * The org to which a name leads in sf: by its alias, which may be of an org that is not stored, else as the username of a stored one.
 * Reads that one org only: with many sandboxes this is asked for each of them.
 */
export async function orgOfSf(name: string, sfOrgs: Needed): Promise<OrgOfSf | undefined> {
  const username = await sfOrgs.usernameOf(name);
  const isAlias = username !== name;
  if (!isAlias && !name.includes('@')) return undefined;
  const stored = await sfOrgs.find(username);
  return stored || isAlias ? { username, isProduction: stored !== undefined && isLikeProduction(stored) } : undefined;
}

/** sf does not always know that an org is a sandbox; the address of one says so. */
function isLikeProduction({ isSandbox, isScratch, instanceUrl = '' }: ListedOrg): boolean {
  return !isSandbox && !isScratch && hostKind(instanceUrl) !== 'sandbox';
}
