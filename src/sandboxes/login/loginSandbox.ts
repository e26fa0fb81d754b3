import { checkAlias } from '../../registry/alias.js';
import { JitFailure } from '../../failures/failures.js';
import type { Registry } from '../../registry/registry.js';
import { sandboxKey } from '../../registry/registry.js';
import type { AuthType, LoginRecord, StoredOrg } from '../../sfStore/storedOrg.js';
import { isLoginOfPlugin } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import { findGoodLogin } from './checkLogin.js';
import { getFreshLogin } from '../signIn/freshLogin.js';
import { lastRefresh } from './lastRefresh.js';
import { refuseToMoveAlias, refuseToTakeAlias } from './loginAlias.js';
import type { LoginTarget, LoginTargetRequest } from '../signIn/loginTarget.js';
import { findLoginTarget } from '../signIn/loginTarget.js';
import type { SandboxLoginOutcome } from './sandboxLogin.js';
import { sandboxContext } from '../signIn/signIn.js';
import { keepGoodLogin, storeLogin } from './storeLogin.js';
import { unregisteredLogin } from './unregisteredLogin.js';
import { attempts } from '../signIn/waysToSignIn.js';

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
  /** Told the login of another sandbox, which nothing registers, when this one takes its alias. */
  readonly takesAliasOf?: (alias: string, other: LoginRecord) => void;
  /** With `ifNeeded`: a login that Salesforce has just refused. It is not asked about once more, unless somebody logged in meanwhile. */
  readonly refused?: StoredOrg;
};

/**
 * Logs in to one sandbox: production vouches, the sandbox is signed in to, and only then is the stored org replaced. Three
 * requests, two with a cached production session; one or two more when it was refreshed, to tell when and by whom. Any failure leaves every
 * file as it was.
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
  await refuseToMoveAlias(target, request, registry, ports);
  await tellOfMovedAlias(target, registry, request, ports);
  const record = await ports.sfOrgs.loginRecord(target.username);
  const ways = attempts(target, request.authType, record);
  const mayReplace = (username: string): Promise<void> => refuseTraditional(username, target, request, ports);
  const outcome = await ports.locks.hold(`sandbox ${production.username} ${sandboxName}`, async () => {
    await mayReplace(target.user ?? target.username);
    // asked under the lock: of many processes that come at once, one logs in and the others find its login
    const context = sandboxContext(target, target.user ?? target.username);
    const good = request.ifNeeded ? await findGoodLogin(context, request.authType, ports, request.refused) : undefined;
    if (good) return { login: await keepGoodLogin(good, target, request, ports) };
    ports.sfOrgs.prepareToStore();
    const signedIn = await getFreshLogin(target, ways, ports, mayReplace);
    return { login: await storeLogin(signedIn, target, request, ports), refusedFirst: signedIn.refusals[0]?.failure };
  });
  const { login } = outcome;
  // asked when the login is stored and others need not wait for it
  return login.refreshed
    ? { ...outcome, login: { ...login, ...(await lastRefresh(target, login.orgId, ports)) } }
    : outcome;
}

/** Tells when an alias leaves a sandbox that nothing registers: nothing else would say that it ever meant another one. */
async function tellOfMovedAlias(
  target: LoginTarget,
  registry: Registry,
  { takesAliasOf }: LoginSandboxRequest,
  ports: Ports,
): Promise<void> {
  const { alias, sandboxName, production } = target;
  if (alias === undefined || takesAliasOf === undefined) return;
  const other = await unregisteredLogin(alias, registry, ports);
  const key = sandboxKey({ sandboxName, productionUsername: production.username });
  if (other && sandboxKey(other) !== key) takesAliasOf(alias, other);
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
