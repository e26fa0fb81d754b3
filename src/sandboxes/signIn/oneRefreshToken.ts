import type { JitFailure } from '../../failures/failures.js';
import { revokeTokens } from './revokeTokens.js';
import type { Ports } from '../../ports.js';
import type { OrgContext } from '../../salesforce/salesforce.js';
import type { HeldToken } from '../../sfStore/sfOrgs.js';
import type { FreshLogin, StoredOrg } from '../../sfStore/storedOrg.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';

type Needed = Pick<Ports, 'sfOrgs' | 'salesforce'>;

/** Which refresh tokens a new login leaves: those that somebody still holds, and those that end with it. */
type TokenChange = { readonly kept: readonly HeldToken[]; readonly ended: readonly HeldToken[] };

/**
 * A login by authorization code brings a refresh token, and Salesforce ends the oldest of more than five (docs/salesforce.md, Refresh
 * token). So there is at most one for each use: the one that came with the login before ends. What belongs to an earlier copy of the
 * sandbox ended with that copy.
 *
 * @param held what is held of this username
 * @param replaced the org that the plugin stored before, if it did
 */
function tokenChange(
  login: Pick<FreshLogin, 'orgId' | 'instanceUrl' | 'refreshToken' | 'authType'>,
  use: 'login' | 'shown',
  held: readonly HeldToken[],
  replaced?: StoredOrg,
): TokenChange {
  const { orgId, instanceUrl, refreshToken } = login;
  const alive = held.filter((token) => sameOrgId(token.orgId, orgId) && token.refreshToken !== refreshToken);
  const kept = alive.filter((token) => token.use !== use && token.use !== 'replaced');
  const ended = alive.filter((token) => !kept.includes(token));
  // with sfdx-auth-url sf's own store holds it, or whoever it was shown to
  if (refreshToken !== undefined && login.authType === 'access-token') {
    kept.push({ use, refreshToken, instanceUrl, orgId });
  }
  const before = replaced?.refreshToken;
  const isOfThisCopy = replaced?.orgId !== undefined && sameOrgId(replaced.orgId, orgId);
  if (before && before !== refreshToken && isOfThisCopy) {
    ended.push({ use: 'replaced', refreshToken: before, instanceUrl: replaced.instanceUrl ?? instanceUrl, orgId });
  }
  return { kept, ended };
}

/**
 * Stores a login, or hands it over, so that no refresh token is left at Salesforce that nobody holds: what came with the login before is
 * revoked once the new one is stored, and the new one is revoked if it cannot be stored. What could not be revoked is held, and tried
 * again with the next login and at logout. Under the lock of the sandbox.
 *
 * @param store throws if the login could not be stored
 */
export async function withOneRefreshToken<T>(
  login: FreshLogin,
  { use, replaced, context: about }: { use: 'login' | 'shown'; replaced?: StoredOrg; context: OrgContext },
  ports: Needed,
  store: () => Promise<T>,
): Promise<T> {
  const { username } = login;
  const held = await ports.sfOrgs.heldTokens(username);
  const { kept, ended } = tokenChange(login, use, held, replaced);
  if (held.length + kept.length + ended.length === 0) return orRevoked(login, about, ports, store);
  const result = await orRevoked(login, about, ports, async () => {
    // first, so that a kill in between leaves both known
    await ports.sfOrgs.holdTokens(username, [...kept, ...ended]);
    try {
      return await store();
    } catch (error) {
      await ports.sfOrgs.holdTokens(username, held);
      throw error;
    }
  });
  const { left } = await endTokens(ended, about, ports);
  await ports.sfOrgs.holdTokens(username, [...kept, ...left]);
  return result;
}

async function orRevoked<T>(login: FreshLogin, context: OrgContext, ports: Needed, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { refreshToken, instanceUrl } = login;
    await revokeTokens({ refreshToken, instanceUrl }, context, ports);
    throw error;
  }
}

/** Revokes every refresh token that is held of a username. @returns why one could not be revoked, if so; it stays held */
export async function endHeldTokens(
  username: string,
  context: OrgContext,
  ports: Needed,
): Promise<JitFailure | undefined> {
  const held = await ports.sfOrgs.heldTokens(username);
  if (held.length === 0) return undefined;
  const { left, failure } = await endTokens(held, context, ports);
  await ports.sfOrgs.holdTokens(username, left);
  return failure;
}

async function endTokens(
  tokens: readonly HeldToken[],
  context: OrgContext,
  ports: Needed,
): Promise<{ left: HeldToken[]; failure?: JitFailure }> {
  const left: HeldToken[] = [];
  let failure: JitFailure | undefined;
  for (const token of tokens) {
    const { instanceUrl, refreshToken } = token;
    const problem = await revokeTokens({ instanceUrl, refreshToken }, context, ports);
    if (problem) left.push(token);
    failure ??= problem;
  }
  return { left, failure };
}
