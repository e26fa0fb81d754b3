import { withKnownSandbox } from '../../registry/knownSandbox.js';
import type { RememberedWay } from '../../registry/signInWay.js';
import type { FreshLogin, LoginRecord } from '../../sfStore/storedOrg.js';
import {
  credentialOf,
  isLoginOfPlugin,
  markChecked,
  newCredential,
  plainLoginUrl,
  sameOrgId,
  storedSandbox,
} from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import type { GoodLogin } from './checkLogin.js';
import type { LoginTarget } from '../signIn/loginTarget.js';
import { withOneRefreshToken } from '../signIn/oneRefreshToken.js';
import type { SuccessfulLogin } from './sandboxLogin.js';
import { sandboxContext } from '../signIn/signIn.js';
import type { SignedIn } from '../signIn/tryWays.js';
import { rememberedWay, wayInRecord, wayToRemember } from '../signIn/waysToSignIn.js';

type Request = { readonly setDefault?: boolean };

/** Leaves a login that is still good as it is: only the time of this check is noted, and the alias set. */
export async function keepGoodLogin(
  { stored, record }: GoodLogin,
  target: LoginTarget,
  request: Request,
  ports: Ports,
): Promise<SuccessfulLogin> {
  const checked = markChecked(stored, record, ports.now());
  await ports.sfOrgs.keepSandbox(target.registered ? checked : { ...checked, isUnregistered: true }, target.alias);
  if (request.setDefault) await ports.settings.setTargetOrg(target.alias ?? stored.username);
  const { username, instanceUrl = '', loginUrl = '' } = stored;
  const { orgId, authType } = record;
  return {
    ...resultOf({ username, orgId, instanceUrl, loginUrl: plainLoginUrl(loginUrl), authType }, target),
    status: 'already-logged-in',
    refreshed: false,
  };
}

/**
 * Stores a fresh login, with alias, sandbox record and login record in one step, and revokes the refresh token that it replaces. What sf knew of an
 * earlier copy of the sandbox is dropped. The registration then knows the true username, and the way of signing in to start with.
 *
 * @throws what writing throws; then every file is as it was, and the fresh refresh token is revoked
 */
export async function storeLogin(
  { freshLogin, ...signedIn }: SignedIn,
  target: LoginTarget,
  request: Request,
  ports: Ports,
): Promise<SuccessfulLogin> {
  const stored = await ports.sfOrgs.read(freshLogin.username);
  const previous = stored === 'unreadable' ? undefined : stored;
  const before = await ports.sfOrgs.loginRecord(freshLogin.username);
  // both: sf may have renewed a JWT login after the refresh by itself, and then knows the new org id with old facts about it
  const replacedOrgIds = [previous?.orgId, before?.orgId].filter(
    (orgId): orgId is string => orgId !== undefined && !sameOrgId(orgId, freshLogin.orgId),
  );
  const refreshed = replacedOrgIds.length > 0;
  const org = storedSandbox(freshLogin, previous, refreshed);
  const now = ports.now().toISOString();
  const wayToStartWith = wayToRemember(signedIn, rememberedWay(target, before), refreshed);
  const record: LoginRecord = {
    username: freshLogin.username,
    sandboxName: target.sandboxName,
    productionUsername: target.production.username,
    orgId: freshLogin.orgId,
    ...newCredential(org, freshLogin.authType),
    signedInBy: signedIn.signedInBy,
    ...wayInRecord(target, wayToStartWith),
    ...(target.user === undefined ? {} : { isAnotherUser: true }),
    ...(target.registered ? {} : { isUnregistered: true }),
    loggedInAt: now,
    ...earlierLogins(refreshed ? undefined : before),
    checkedAt: now,
    replaces: previous && credentialOf(previous, before),
  };
  const replaced = previous && isLoginOfPlugin(previous, before) ? previous : undefined;
  const context = sandboxContext(target, freshLogin.username);
  await withOneRefreshToken(freshLogin, { use: 'login', replaced, context }, ports, () =>
    ports.sfOrgs.storeSandbox({ org, record, alias: target.alias, replacedOrgIds }),
  );
  if (request.setDefault) await ports.settings.setTargetOrg(target.alias ?? freshLogin.username);
  await remember(freshLogin.username, wayToStartWith, target, ports);
  const { signedInBy } = signedIn;
  return { ...resultOf(freshLogin, target), signedInBy, status: 'logged-in', refreshed };
}

/** How many logins before the last one are remembered, for whoever looks for them in the Login History. */
const mostEarlierLogins = 50;

function earlierLogins(before: LoginRecord | undefined): Pick<LoginRecord, 'earlierLogins'> {
  if (!before) return {};
  return { earlierLogins: [before.loggedInAt, ...(before.earlierLogins ?? [])].slice(0, mostEarlierLogins) };
}

/** Both are this machine's knowledge, and only that: the alias may be a repository's word. */
async function remember(
  username: string,
  signedInBy: RememberedWay | undefined,
  { registered, user }: LoginTarget,
  { registry }: Pick<Ports, 'registry'>,
): Promise<void> {
  if (!registered || user !== undefined) return;
  if (registered.username === username && registered.signedInBy === signedInBy) return;
  const { sandboxName, productionUsername } = registered;
  const known = { sandboxName, productionUsername, username, signedInBy };
  await registry.update((before) => withKnownSandbox(before, known));
}

type ResultFields = 'username' | 'orgId' | 'instanceUrl' | 'loginUrl' | 'authType';

function resultOf(
  { username, orgId, instanceUrl, loginUrl, authType }: Pick<FreshLogin, ResultFields>,
  { sandboxName, alias, production }: LoginTarget,
): Omit<SuccessfulLogin, 'status' | 'refreshed'> {
  return {
    sandboxName,
    alias: alias ?? null,
    username,
    orgId,
    instanceUrl,
    loginUrl,
    productionUsername: production.username,
    authType,
  };
}
