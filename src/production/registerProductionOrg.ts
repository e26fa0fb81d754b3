import { aliasProblem, checkAlias } from '../registry/alias.js';
import { orgWithAlias, refuseTakenAlias } from '../registry/takenAlias.js';
import { orgOfSf } from '../sfStore/orgOfSf.js';
import { JitFailure } from '../failures/failures.js';
import type { ProductionLogin } from './productionCredentials.js';
import { defaultLoginUrl, platformCli } from './productionCredentials.js';
import type { JwtInput, StoredOrgInput } from './registerInput.js';
import { requireText } from './registerInput.js';
import type { ProductionOrg, Registry } from '../registry/registry.js';
import { readableOrg } from './renewal.js';
import { forgetWays } from '../registry/knownSandbox.js';
import { sameName, withProductionOrg } from '../registry/registry.js';
import type { Ports } from '../ports.js';
import { productionContext, keepProduction, withProduction } from './openProduction.js';
import { statesOrRefusal } from './sandboxPermission.js';
import { loginOrigin } from '../salesforce/loginUrl.js';
import type { Organization, Session } from '../salesforce/salesforce.js';

/** What `sf jit org register` asks for. */
export type RegisterProductionOrgRequest = {
  readonly alias?: string;
  readonly callbackUrl?: string;
  readonly setDefault?: boolean;
} & (StoredOrgInput | (JwtInput & WithKeyText));

/** The key itself, when it was piped in. */
type WithKeyText = {
  readonly keyText?: string;
  /** The `.sfconnect.json` that was found rather than named, when a part of the login is from it. */
  readonly foundIn?: string;
};

/** What the user should know although the registration worked. */
export type RegistrationWarning =
  | { readonly kind: 'cannot-manage-sandboxes'; readonly reason: JitFailure }
  | { readonly kind: 'key-readable-by-others'; readonly file: string }
  | { readonly kind: 'key-not-kept' }
  | { readonly kind: 'login-cannot-be-renewed' }
  | { readonly kind: 'config-file'; readonly text: string };

export type RegisteredProductionOrg = {
  readonly org: ProductionOrg;
  readonly name: string;
  readonly warnings: readonly RegistrationWarning[];
};

/**
 * Logs in to production, proves that it is a production org and may manage sandboxes, and registers it.
 *
 * @throws InputInvalid for an alias or a callback URL that cannot be one, AliasTaken for one that another org has, NotAProductionOrg,
 * ScratchOrgNotSupported, OrgNotStored, ConfigInvalid for a found file that would replace a registration, and what logging in throws;
 * nothing is written then
 */
export async function registerProductionOrg(
  request: RegisterProductionOrgRequest,
  ports: Ports,
): Promise<RegisteredProductionOrg> {
  checkAlias(request.alias);
  requireText('--callback-url', request.callbackUrl);
  // a damaged registry is reported before anything is asked or written
  const { productionOrgs } = await ports.registry.read();
  const refuseTaken = await aliasGuard(request, ports);
  // of this machine alone: what a project asks for must not keep production from having its alias
  refuseTaken(await ports.registry.readGlobal());
  if (request.way === 'jwt') refuseFoundFile(request, productionOrgs);
  const warnings: RegistrationWarning[] = [];
  const { login, opened } =
    request.way === 'jwt'
      ? await jwtProduction(request, ports, warnings)
      : await storedProduction(request, ports, warnings);
  const { session, organization } = await opened;
  refuseOtherKinds(organization, login.username, session);
  const reason = await statesOrRefusal(session, productionContext(login), ports);
  if (reason instanceof JitFailure) warnings.push({ kind: 'cannot-manage-sandboxes', reason });
  const known = productionOrgs.find(({ username }) => sameName(username, login.username));
  const org: ProductionOrg = {
    username: login.username,
    alias: request.alias ?? known?.alias ?? (await sfsOwnAlias(request, login.username, ports)),
    orgId: session.orgId,
    instanceUrl: session.instanceUrl,
    loginUrl: login.loginUrl,
    clientId: login.clientId,
    callbackUrl: request.callbackUrl ?? known?.callbackUrl,
    key: login.key,
  };
  await keepProduction(login, session, ports, request.alias);
  await ports.registry.update((registry) => {
    refuseTaken(registry);
    const changed = withProductionOrg(forgetWays(registry, org), org);
    return request.setDefault ? { ...changed, defaultProductionOrg: org.username } : changed;
  });
  return { org, name: organization.name, warnings };
}

/** The alias by which sf's org was named: what the user calls it. None where another org of this machine is registered under it. */
async function sfsOwnAlias(
  request: RegisterProductionOrgRequest,
  productionUsername: string,
  { registry }: Ports,
): Promise<string | undefined> {
  if (request.way !== 'stored-org' || request.aliasOrUsername === productionUsername) return undefined;
  const { aliasOrUsername: alias } = request;
  if (aliasProblem(alias) !== undefined) return undefined;
  const holder = orgWithAlias(alias, { productionUsername }, await registry.readGlobal(), { isChosen: true });
  return holder === undefined ? alias : undefined;
}

/** Refuses the alias that was asked for where another org of a registry has it, or another production org of sf's. */
async function aliasGuard(
  request: RegisterProductionOrgRequest,
  { sfOrgs }: Ports,
): Promise<(registry: Registry) => void> {
  const { alias } = request;
  if (alias === undefined) return () => undefined;
  const productionUsername =
    request.way === 'jwt' ? request.username : await sfOrgs.usernameOf(request.aliasOrUsername);
  const ofSf = await orgOfSf(alias, sfOrgs);
  return (registry) => {
    refuseTakenAlias(alias, { productionUsername }, registry, { ofSf });
  };
}

/**
 * What a folder says never replaces host, app or key of an org that is registered.
 *
 * @throws ConfigInvalid
 */
function refuseFoundFile(
  { foundIn: file, username, clientId, loginUrl, key }: JwtInput & WithKeyText,
  productionOrgs: readonly ProductionOrg[],
): void {
  const known = productionOrgs.find((org) => sameName(org.username, username));
  if (file === undefined || !known) return;
  const isSameKey = JSON.stringify(known.key) === JSON.stringify(key);
  if (isSameKey && known.clientId === clientId && known.loginUrl === loginUrl) return;
  throw new JitFailure('ConfigInvalid', {
    file,
    problems:
      `username: ${known.username} is registered on this machine with another login URL, app or key, which a file that was found ` +
      'rather than named may not replace; if you trust it, name it with --config-file',
  });
}

type Opening = { login: ProductionLogin; opened: Promise<{ session: Session; organization: Organization }> };

async function jwtProduction(
  request: Extract<RegisterProductionOrgRequest, { way: 'jwt' }>,
  ports: Ports,
  warnings: RegistrationWarning[],
): Promise<Opening> {
  const { username, clientId, loginUrl, key, callbackUrl } = request;
  const login: ProductionLogin = { username, clientId, loginUrl, key, callbackUrl, from: 'flags' };
  const parsed =
    request.keyText === undefined
      ? await ports.keys.read(key, username)
      : ports.keys.parse(request.keyText, { production: username });
  if (key.source === 'file' && (await ports.keys.isReadableByOthers(key.path))) {
    warnings.push({ kind: 'key-readable-by-others', file: key.path });
  }
  if (key.source === 'stdin') warnings.push({ kind: 'key-not-kept' });
  const context = productionContext(login);
  const open = async (): Promise<{ session: Session; organization: Organization }> => {
    const granted = await ports.salesforce.jwtLogin({ username, clientId, loginUrl, key: parsed }, context);
    const session = { ...granted, ...(request.apiVersion && { apiVersion: request.apiVersion }) };
    return { session, organization: await ports.salesforce.organization(session, context) };
  };
  return { login, opened: open() };
}

async function storedProduction(
  request: Extract<RegisterProductionOrgRequest, { way: 'stored-org' }>,
  ports: Ports,
  warnings: RegistrationWarning[],
): Promise<Opening> {
  const username = await ports.sfOrgs.usernameOf(request.aliasOrUsername);
  const stored = readableOrg(await ports.sfOrgs.read(username), request.aliasOrUsername);
  const { privateKey, refreshToken, loginUrl = defaultLoginUrl, clientId } = stored;
  const login: ProductionLogin = {
    username,
    clientId: clientId ?? platformCli,
    // sf stores it as it was typed, with a slash at the end for example
    loginUrl: loginOrigin(loginUrl, 'loginUrl of the stored org'),
    key: privateKey && !refreshToken ? { source: 'file', path: privateKey } : { source: 'sf' },
    callbackUrl: request.callbackUrl,
    from: 'flags',
  };
  if (login.key.source === 'sf' && refreshToken === undefined) warnings.push({ kind: 'login-cannot-be-renewed' });
  const opened = withProduction(login, ports, async (session) => ({
    session,
    organization: await ports.salesforce.organization(session, productionContext(login)),
  }));
  return { login, opened };
}

function refuseOtherKinds({ kind }: Organization, user: string, { instanceUrl }: Session): void {
  if (kind === 'scratch') throw new JitFailure('ScratchOrgNotSupported', { user });
  if (kind === 'sandbox') throw new JitFailure('NotAProductionOrg', { user, host: new URL(instanceUrl).host });
}
