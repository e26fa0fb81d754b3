import type { FailureName } from '../failures/failures.js';
import { JitFailure } from '../failures/failures.js';
import { withLoginFacts } from './loginFacts.js';
import type { ProductionLogin } from './productionCredentials.js';
import { readableOrg, renewalOf, renewedOrg } from './renewal.js';
import type { StoredOrg } from '../sfStore/storedOrg.js';
import { sameOrgId } from '../sfStore/storedOrg.js';
import type { OpenSession, Ports } from '../ports.js';
import type { OrgContext, Grant, Session } from '../salesforce/salesforce.js';
import { productionPhrase } from '../failures/orgPhrases.js';

type Needed = Pick<Ports, 'salesforce' | 'sfOrgs' | 'keys' | 'locks' | 'sessions'>;

/** Words for failures that happen at production. */
export function productionContext(login: Pick<ProductionLogin, 'username'>): OrgContext {
  return {
    org: productionPhrase(login.username),
    side: 'production',
    user: login.username,
    production: login.username,
  };
}

/**
 * Runs `work` with a session of production: the one that sf has cached, or a new one when there is none or Salesforce refuses it. The work
 * is repeated once at most, and only if the session was the reason. A session can end at any moment of a long command: it is opened again
 * once for all that wait for it.
 *
 * A session is only cached where sf keeps one anyway, that is for a key file or an org that sf itself logged in to. A key from the
 * environment leaves nothing on disk, and neither does a login for a command that stores nothing.
 *
 * @throws what logging in and the work throw
 */
export async function withProduction<T>(
  login: ProductionLogin,
  ports: Needed,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withLoginFacts(login, async () => {
    const open = await sharedSession(login, ports, undefined);
    try {
      return await used(open, work);
    } catch (error) {
      if (!(error instanceof JitFailure && error.name === 'SessionInvalid')) throw error;
      // what was issued just now and is refused all the same would be refused again (docs/salesforce.md, Token request and Policies that stop a working login)
      if (open.fresh && !open.hasWorked) throw error;
      return used(await sharedSession(login, ports, open.session.accessToken), work);
    }
  });
}

/** Failures that leave open whether production took the session. */
const saysNothingOfSession: ReadonlySet<FailureName> = new Set<FailureName>([
  'ConnectionFailed',
  'HostNotFound',
  'Locked',
  'ProxyFailed',
  'RedirectRefused',
  'ServerUnavailable',
  'SessionInvalid',
  'Timeout',
  'TlsUntrusted',
  'UnexpectedAnswer',
]);

async function used<T>(open: OpenSession, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    const result = await work(open.session);
    open.hasWorked = true;
    return result;
  } catch (error) {
    if (error instanceof JitFailure && !saysNothingOfSession.has(error.name)) open.hasWorked = true;
    throw error;
  }
}

/**
 * The session that all logins of this process share.
 *
 * @param refused the access token that Salesforce no longer takes
 */
async function sharedSession(login: ProductionLogin, ports: Needed, refused: string | undefined): Promise<OpenSession> {
  const name = sessionName(login);
  const known = ports.sessions.get(name);
  if (known) {
    const open = await known;
    if (open.session.accessToken !== refused) return open;
    // another login of this process may have renewed it meanwhile
    if (ports.sessions.get(name) !== known) return sharedSession(login, ports, refused);
  }
  const opening = openSession(login, ports, refused);
  ports.sessions.set(name, opening);
  opening.catch(() => ports.sessions.delete(name));
  return opening;
}

/** By app too: a session serves only the one that it was issued to. */
function sessionName({ username, clientId }: ProductionLogin): string {
  return `${username.toLowerCase()} ${clientId}`;
}

/** The session of production that this process has open, if it has one. */
export async function openedSession(
  login: ProductionLogin,
  { sessions }: Pick<Needed, 'sessions'>,
): Promise<Session | undefined> {
  return (await sessions.get(sessionName(login)))?.session;
}

async function openSession(login: ProductionLogin, ports: Needed, refused: string | undefined): Promise<OpenSession> {
  const cached = refused === undefined ? await cachedSession(login, ports) : undefined;
  const { session, fresh } = cached ? { session: cached, fresh: false } : await newSession(login, ports, refused);
  return { session: login.apiVersion === undefined ? session : { ...session, apiVersion: login.apiVersion }, fresh };
}

function isKeptBySf(login: ProductionLogin): boolean {
  // what a folder says must neither use a session of this machine's user nor replace a login of theirs
  if (login.foundIn !== undefined) return false;
  return login.key.source === 'file' || login.key.source === 'sf';
}

async function isToBeKept(login: ProductionLogin, { sfOrgs }: Needed): Promise<boolean> {
  if (!isKeptBySf(login)) return false;
  return !login.isTransient || (await sfOrgs.read(login.username)) !== undefined;
}

async function cachedSession(login: ProductionLogin, ports: Needed): Promise<Session | undefined> {
  if (!isKeptBySf(login)) return undefined;
  const stored = await ports.sfOrgs.read(login.username);
  if (stored === undefined || stored === 'unreadable') return undefined;
  const { accessToken, instanceUrl, orgId, userId } = stored;
  if (accessToken === undefined || instanceUrl === undefined || orgId === undefined) return undefined;
  // an org of another copy under the same username, as after a re-used test org: its session is not this production's
  if (login.registered && !sameOrgId(orgId, login.registered.orgId)) return undefined;
  // issued to another app; where sf keeps the login itself, its app is the one that the user logged in with last
  if (login.key.source === 'file' && stored.clientId !== login.clientId) return undefined;
  // sf stores it as it was typed, with a slash at the end for example
  return { accessToken, instanceUrl: new URL(instanceUrl).origin, orgId, userId };
}

/**
 * Logs in to production. Of many processes that find the same session refused, one logs in and the others take what it got.
 *
 * @param refused the access token that Salesforce no longer takes
 */
async function newSession(login: ProductionLogin, ports: Needed, refused: string | undefined): Promise<OpenSession> {
  if (!(await isToBeKept(login, ports))) return { session: await jwtLogin(login, ports), fresh: true };
  return ports.locks.hold(`production ${login.username}`, async () => {
    const current = await cachedSession(login, ports);
    if (current && current.accessToken !== refused) return { session: current, fresh: false };
    if (login.key.source === 'sf') return renewedSession(login, ports, refused);
    const session = await jwtLogin(login, ports);
    await keepProduction(login, session, ports, undefined);
    return { session, fresh: true };
  });
}

/**
 * Renews the session of an org that sf logged in to, by what sf stored: one request. Stored at once, whatever comes after: the refresh
 * token that was sent may be dead by then (docs/salesforce.md, Refresh token).
 */
async function renewedSession(
  login: ProductionLogin,
  ports: Needed,
  refused: string | undefined,
): Promise<OpenSession> {
  const { username } = login;
  // nothing is waited for, or sent, for a login that cannot be renewed
  renewalOf(readableOrg(await ports.sfOrgs.read(username), username));
  return ports.sfOrgs.holdRenewal(username, async () => {
    // stock sf may have renewed it while it was waited for
    const current = await cachedSession(login, ports);
    if (current && current.accessToken !== refused) return { session: current, fresh: false };
    const stored = readableOrg(await ports.sfOrgs.read(username), username);
    const { refreshToken, ...session } = await renewal(stored, login, ports);
    await ports.sfOrgs.update(username, (now) => renewedOrg(stored, now, { ...session, refreshToken }));
    return { session, fresh: true };
  });
}

async function renewal(stored: StoredOrg, login: ProductionLogin, ports: Needed): Promise<Grant> {
  const context = productionContext(login);
  const request = renewalOf(stored);
  if (request.way === 'refresh-token') return ports.salesforce.refresh(request, context);
  const { loginUrl, clientId, keyFile } = request;
  const key = await ports.keys.read({ source: 'file', path: keyFile }, login.username);
  return ports.salesforce.jwtLogin({ username: login.username, clientId, loginUrl, key }, context);
}

async function jwtLogin(login: ProductionLogin, ports: Pick<Needed, 'keys' | 'salesforce'>): Promise<Session> {
  const key = await ports.keys.read(login.key, login.username);
  const { username, clientId, loginUrl } = login;
  return ports.salesforce.jwtLogin({ username, clientId, loginUrl, key }, productionContext(login));
}

/** Leaves production as a normal sf org, as `sf org login jwt` would, without losing what sf already knows about it. */
export async function keepProduction(
  login: ProductionLogin,
  session: Session,
  ports: Pick<Needed, 'sfOrgs'>,
  alias: string | undefined,
): Promise<void> {
  if (login.key.source !== 'file') return;
  const stored = await ports.sfOrgs.read(login.username);
  const known: Partial<StoredOrg> = stored === undefined || stored === 'unreadable' ? { isDevHub: false } : stored;
  const { accessToken, instanceUrl, orgId, userId } = session;
  await ports.sfOrgs.storeProduction(
    {
      ...known,
      username: login.username,
      accessToken,
      instanceUrl,
      orgId,
      userId,
      loginUrl: login.loginUrl,
      clientId: login.clientId,
      privateKey: login.key.path,
      isSandbox: false,
      isScratch: false,
      // a refresh token beside a key would make core take the web flow (sfdx-core, authInfo `isJwt`)
      refreshToken: undefined,
    },
    alias,
  );
}
