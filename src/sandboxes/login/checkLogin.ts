import type { FailureName } from '../../failures/failures.js';
import { JitFailure } from '../../failures/failures.js';
import type { AuthType, LoginRecord, StoredOrg } from '../../sfStore/storedOrg.js';
import { isLoginOfPlugin, sameOrgId } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import type { OrgContext } from '../../salesforce/salesforce.js';

/** A login of the plugin that Salesforce still takes. */
export type GoodLogin = { readonly stored: StoredOrg; readonly record: LoginRecord };

/**
 * What is known of the login that sf has stored under a username.
 *
 * - `none`: there is none that could be used.
 * - `traditional`: the user made it, so it is not ours to replace.
 * - `refused`: Salesforce does not take it any more, or it belongs to an earlier copy of the sandbox.
 * - `undecided`: Salesforce could not be asked.
 */
export type LoginState =
  | ({ readonly kind: 'good' } & GoodLogin)
  | { readonly kind: 'none' | 'traditional' }
  | ({ readonly kind: 'refused' } & RefusedLogin)
  | { readonly kind: 'undecided'; readonly failure: JitFailure };

/** A login of the plugin that is not good any more. */
export type RefusedLogin = {
  readonly stored: StoredOrg;
  /** What Salesforce answered; undefined when it took the login, but for another copy of the sandbox. */
  readonly failure?: JitFailure;
};

/**
 * Failures that tell nothing of the login: the way to Salesforce is disturbed, it takes no requests of anybody for now, or it takes none of
 * this user or app, whichever session they come with.
 */
const tellsNothing: ReadonlySet<FailureName> = new Set<FailureName>([
  'ApiAccessBlocked',
  'ApiLimitReached',
  'ConnectionFailed',
  'ProxyFailed',
  'RedirectRefused',
  'ServerUnavailable',
  'Timeout',
  'TlsUntrusted',
  'UnexpectedAnswer',
]);

/** Whether sf has a login for a user that the plugin did not make, and so leaves alone. Asks Salesforce nothing. */
export async function hasLoginOfUser(username: string, { sfOrgs }: Pick<Ports, 'sfOrgs'>): Promise<boolean> {
  const [stored, record] = await Promise.all([sfOrgs.read(username), sfOrgs.loginRecord(username)]);
  if (stored === undefined || stored === 'unreadable') return false;
  return record === undefined || !isLoginOfPlugin(stored, record);
}

/**
 * Looks at the stored login, and asks Salesforce by one query whether a login of the plugin is still good.
 *
 * @param context whom a failure of the query would be about; its `user` is the username
 */
export async function checkLogin(
  context: OrgContext & { readonly user: string },
  ports: Pick<Ports, 'sfOrgs' | 'salesforce'>,
): Promise<LoginState> {
  const [stored, record] = await Promise.all([ports.sfOrgs.read(context.user), ports.sfOrgs.loginRecord(context.user)]);
  if (stored === undefined || stored === 'unreadable') return { kind: 'none' };
  if (record === undefined || !isLoginOfPlugin(stored, record)) return { kind: 'traditional' };
  const { accessToken, instanceUrl, orgId } = stored;
  if (accessToken === undefined || instanceUrl === undefined || orgId === undefined) return { kind: 'none' };
  try {
    const session = { accessToken, instanceUrl: new URL(instanceUrl).origin, orgId };
    const org = await ports.salesforce.organization(session, context);
    // both: sf may have renewed a JWT login after the refresh by itself, and then knows the new org id with old facts about it
    const isSameCopy = sameOrgId(org.orgId, orgId) && sameOrgId(org.orgId, record.orgId);
    return isSameCopy ? { kind: 'good', stored, record } : { kind: 'refused', stored };
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    return tellsNothing.has(error.name)
      ? { kind: 'undecided', failure: error }
      : { kind: 'refused', stored, failure: error };
  }
}

/**
 * The stored login, if it is the plugin's and still good. Whatever the query fails for, a new login is the answer of a command that
 * was told to log in: it repairs what can be repaired, and explains the rest.
 *
 * @param wanted the kind of login that is asked for, if any; another kind is not good
 * @param refused a login that Salesforce has just refused, and is not asked about again
 */
export async function findGoodLogin(
  context: OrgContext & { readonly user: string },
  wanted: AuthType | undefined,
  ports: Pick<Ports, 'sfOrgs' | 'salesforce'>,
  refused?: StoredOrg,
): Promise<GoodLogin | undefined> {
  const record = await ports.sfOrgs.loginRecord(context.user);
  if (record === undefined || (wanted !== undefined && wanted !== record.authType)) return undefined;
  if (refused !== undefined && (await isStillStored(refused, ports))) return undefined;
  const state = await checkLogin(context, ports);
  return state.kind === 'good' ? state : undefined;
}

/** Whether nobody logged in anew meanwhile. */
async function isStillStored(login: StoredOrg, { sfOrgs }: Pick<Ports, 'sfOrgs'>): Promise<boolean> {
  const stored = await sfOrgs.read(login.username);
  return stored !== undefined && stored !== 'unreadable' && stored.accessToken === login.accessToken;
}
