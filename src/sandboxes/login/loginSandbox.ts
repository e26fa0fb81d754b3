import { checkAlias } from '../../registry/alias.js';
import type { AliasTarget } from '../../registry/takenAlias.js';
import { refuseTakenAlias } from '../../registry/takenAlias.js';
import { orgOfSf } from '../../sfStore/orgOfSf.js';
import { JitFailure } from '../../failures/failures.js';
import type { LoginTarget, LoginTargetRequest } from './loginTarget.js';
import { findLoginTarget } from './loginTarget.js';
import type { Registry } from '../../registry/registry.js';
import { withUsername } from '../../registry/registry.js';
import { attempts } from './waysToSignIn.js';
import type { AuthType, LoginRecord, FreshLogin, StoredOrg } from '../../sfStore/storedOrg.js';
import {
  markChecked,
  credentialDigest,
  credentialOf,
  isLoginOfPlugin,
  sameOrgId,
  storedSandbox,
} from '../../sfStore/storedOrg.js';
import type { SandboxLoginOutcome, SuccessfulLogin } from './sandboxLogin.js';
import type { Ports } from '../../ports.js';
import type { GoodLogin } from './checkLogin.js';
import { findGoodLogin } from './checkLogin.js';
import { getFreshLogin } from './freshLogin.js';
import { withOneRefreshToken } from './oneRefreshToken.js';
import { refuseToMoveAlias } from './projectAlias.js';
import { sandboxContext } from './signIn.js';

/** What `sf jit sandbox login` asks for. */
export type LoginSandboxRequest = LoginTargetRequest & {
  /** Whether the alias is what the registry knows the sandbox by, and not one that somebody chose; so it is when none is given. */
  readonly isAliasKnown?: boolean;
  readonly setDefault?: boolean;
  readonly authType?: AuthType;
  /** Replace a login that the user made with another command. */
  readonly replace?: boolean;
  /** Keep a login of the plugin that is still good. */
  readonly ifNeeded?: boolean;
  /** Told the `.sfconnect.json` that production's login is taken from, when it was found rather than named. */
  readonly foundFile?: (path: string) => void;
  /** With `ifNeeded`: a login that Salesforce has just refused. It is not asked about once more, unless somebody logged in meanwhile. */
  readonly refused?: StoredOrg;
};

/**
 * Logs in to one sandbox: production vouches, the sandbox is signed in to, and only then is the stored org replaced. Three
 * requests, two with a cached production session. Any failure leaves every file as it was.
 *
 * @throws the classes of docs/troubleshooting.md
 */
export async function loginSandbox(request: LoginSandboxRequest, ports: Ports): Promise<SandboxLoginOutcome> {
  checkAlias(request.alias ?? undefined);
  const registry = await ports.registry.read();
  const target = findLoginTarget(request, registry);
  if (target.production.foundIn !== undefined) request.foundFile?.(target.production.foundIn);
  const { sandboxName, production, username, user = username } = target;
  const isChosen = typeof request.alias === 'string' && !request.isAliasKnown;
  const aliasTarget = { sandboxName, productionUsername: production.username, username: user };
  await refuseToTakeAlias(target.alias, aliasTarget, registry, ports, isChosen);
  await refuseToMoveAlias(target, request, ports);
  const ways = attempts(request.authType, target.production.key, target.user !== undefined);
  const mayReplace = (username: string): Promise<void> => refuseTraditional(username, target, request, ports);
  return ports.locks.hold(`sandbox ${target.production.username} ${target.sandboxName}`, async () => {
    await mayReplace(target.user ?? target.username);
    // asked under the lock: of many processes that come at once, one logs in and the others find its login
    const context = sandboxContext(target, target.user ?? target.username);
    const good = request.ifNeeded ? await findGoodLogin(context, request.authType, ports, request.refused) : undefined;
    if (good) return { login: await keepGood(good, target, request, ports) };
    ports.sfOrgs.prepareToStore();
    const { freshLogin, refusedFirst } = await getFreshLogin(target, ways, ports, mayReplace);
    return { login: await keep(freshLogin, target, request, ports), refusedFirst };
  });
}

/**
 * Checks, before a login sets an alias, that no other org loses it (`refuseTakenAlias`).
 *
 * @throws AliasTaken
 */
export async function refuseToTakeAlias(
  alias: string | undefined,
  target: AliasTarget,
  registry: Registry,
  { sfOrgs }: Pick<Ports, 'sfOrgs'>,
  isChosen: boolean,
): Promise<void> {
  if (alias === undefined) return;
  refuseTakenAlias(alias, target, registry, { ofSf: await orgOfSf(alias, sfOrgs), isChosen });
}

/** @throws TraditionalOrgStored when the username has a stored login that the user made, unless it is to be replaced */
async function refuseTraditional(
  username: string,
  target: LoginTarget,
  request: LoginSandboxRequest,
  ports: Ports,
): Promise<void> {
  if (request.replace) return;
  const stored = await ports.sfOrgs.read(username);
  if (stored === undefined || stored === 'unreadable') return;
  if (isLoginOfPlugin(stored, await ports.sfOrgs.loginRecord(username))) return;
  throw new JitFailure('TraditionalOrgStored', { sandbox: target.sandboxName, user: username });
}

async function keepGood(
  { stored, record }: GoodLogin,
  target: LoginTarget,
  request: LoginSandboxRequest,
  ports: Ports,
): Promise<SuccessfulLogin> {
  await ports.sfOrgs.keepSandbox(markChecked(stored, record, ports.now()), target.alias);
  if (request.setDefault) await ports.settings.setTargetOrg(target.alias ?? stored.username);
  return {
    sandboxName: target.sandboxName,
    alias: target.alias ?? null,
    username: stored.username,
    orgId: record.orgId,
    instanceUrl: stored.instanceUrl ?? '',
    loginUrl: stored.loginUrl ?? '',
    productionUsername: target.production.username,
    authType: record.authType,
    status: 'already-logged-in',
    refreshed: false,
  };
}

async function keep(
  freshLogin: FreshLogin,
  target: LoginTarget,
  request: LoginSandboxRequest,
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
  const record: LoginRecord = {
    username: freshLogin.username,
    sandboxName: target.sandboxName,
    productionUsername: target.production.username,
    orgId: freshLogin.orgId,
    authType: freshLogin.authType,
    ...(target.user === undefined ? {} : { isAnotherUser: true }),
    loggedInAt: now,
    checkedAt: now,
    credentialDigest: credentialDigest(org, freshLogin.authType),
    replaces: previous && credentialOf(previous, before),
  };
  const replaced = previous && isLoginOfPlugin(previous, before) ? previous : undefined;
  const context = sandboxContext(target, freshLogin.username);
  await withOneRefreshToken(freshLogin, { use: 'login', replaced, context }, ports, () =>
    ports.sfOrgs.storeSandbox({ org, record, alias: target.alias, replacedOrgIds }),
  );
  if (request.setDefault) await ports.settings.setTargetOrg(target.alias ?? freshLogin.username);
  const { registered } = target;
  if (registered && target.user === undefined && registered.username !== freshLogin.username) {
    // the true username is this machine's knowledge, and only that: the alias may be a repository's word
    const { sandboxName, productionUsername } = registered;
    const known = { sandboxName, productionUsername, username: freshLogin.username };
    await ports.registry.update((registry) => withUsername(registry, known));
  }
  return {
    sandboxName: target.sandboxName,
    alias: target.alias ?? null,
    username: freshLogin.username,
    orgId: freshLogin.orgId,
    instanceUrl: freshLogin.instanceUrl,
    loginUrl: freshLogin.loginUrl,
    productionUsername: target.production.username,
    authType: freshLogin.authType,
    status: 'logged-in',
    refreshed,
  };
}
