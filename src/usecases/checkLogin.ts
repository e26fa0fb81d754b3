import { JitFailure } from '../domain/failures.js';
import type { LoginTarget } from '../domain/loginTarget.js';
import type { AuthType, LoginRecord, StoredOrg } from '../domain/storedOrg.js';
import { isMintedByPlugin, sameOrgId } from '../domain/storedOrg.js';
import type { Ports } from '../ports.js';
import { aboutSandbox } from './signIn.js';

/** A login of the plugin that Salesforce still takes. */
export type GoodLogin = { readonly stored: StoredOrg; readonly record: LoginRecord };

/**
 * Whether the stored login is the plugin's and still good, asked by one query. Whatever the query fails for, a new login is the answer:
 * it repairs what can be repaired, and explains the rest.
 *
 * @param wanted the kind of login that is asked for, if any; another kind is not good
 */
export async function findGoodLogin(
  target: LoginTarget,
  wanted: AuthType | undefined,
  ports: Pick<Ports, 'sfOrgs' | 'salesforce'>,
): Promise<GoodLogin | undefined> {
  const username = target.user ?? target.username;
  const [stored, record] = await Promise.all([ports.sfOrgs.read(username), ports.sfOrgs.loginRecord(username)]);
  if (stored === undefined || stored === 'unreadable' || record === undefined) return undefined;
  if (!isMintedByPlugin(stored, record) || (wanted !== undefined && wanted !== record.authType)) return undefined;
  const { accessToken, instanceUrl, orgId } = stored;
  if (accessToken === undefined || instanceUrl === undefined || orgId === undefined) return undefined;
  try {
    const org = await ports.salesforce.organization(
      { accessToken, instanceUrl, orgId },
      aboutSandbox(target, username),
    );
    return sameOrgId(org.orgId, orgId) ? { stored, record } : undefined;
  } catch (error) {
    if (error instanceof JitFailure) return undefined;
    throw error;
  }
}
