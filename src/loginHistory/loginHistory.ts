import { JitFailure } from '../failures/failures.js';
import type { Ports } from '../ports.js';
import { productionContext, withProduction } from '../production/openProduction.js';
import type { CredentialVariables } from '../production/productionCredentials.js';
import { resolveProduction } from '../production/productionCredentials.js';
import type { SandboxRegistration } from '../registry/sandboxFields.js';
import { requireSandbox } from '../registry/registry.js';
import { sandboxContext } from '../sandboxes/signIn/signIn.js';
import type { OrgContext, Session } from '../salesforce/salesforce.js';
import type { RememberedEvent, OrgLogin } from './rememberedEvents.js';
import { rememberedEvents, loginsOfEvents } from './rememberedEvents.js';

/** Whose logins are asked for. */
export type LoginHistoryRequest = {
  /** `-p`, else what is configured. */
  readonly production?: string;
  readonly defaultProduction?: string;
  /** A registered sandbox, by alias, name or username; its production is asked too. */
  readonly sandbox?: string;
  /** Logins of each org. */
  readonly limit: number;
  readonly variables: CredentialVariables;
};

/** One login, in which org, and whether this machine remembers it. */
export type HistoryRow = OrgLogin & {
  readonly side: 'production' | 'sandbox';
  /** Alias of the org, else its username or name. */
  readonly org: string;
  readonly byThisMachine: boolean;
};

/** Logins of all orgs that were asked, newest first, and what this machine remembers, with whether it is among them. */
export type LoginHistory = {
  readonly rows: readonly HistoryRow[];
  readonly events: ReadonlyArray<{ readonly event: RememberedEvent; readonly isShown: boolean }>;
};

export type LoginHistoryPorts = Pick<
  Ports,
  'registry' | 'salesforce' | 'sfOrgs' | 'keys' | 'locks' | 'sessions' | 'now'
> & {
  readonly lastFailure: () => Promise<{ readonly name: string; readonly at: string } | undefined>;
};

/**
 * The own logins of production's user, and of a sandbox's, which any user may read. Production is opened as for any question; a sandbox is asked
 * with the login that is stored, since a new one would be one more row.
 *
 * @throws SandboxNotLoggedIn before anything is asked; SandboxNotRegistered, AmbiguousSandbox, and what opening production and asking throw
 */
export async function readLoginHistory(request: LoginHistoryRequest, ports: LoginHistoryPorts): Promise<LoginHistory> {
  const registry = await ports.registry.read();
  const { variables, production: given, defaultProduction, limit } = request;
  const named = given === undefined ? undefined : resolveProduction(registry, variables, given).username;
  const sandbox = request.sandbox === undefined ? undefined : requireSandbox(registry, request.sandbox, named);
  const production = resolveProduction(
    registry,
    variables,
    given ?? sandbox?.productionUsername,
    undefined,
    defaultProduction,
  );
  const stored = sandbox && { sandbox, session: await storedSession(sandbox, ports) };
  const context = productionContext(production);
  const label = production.registered?.alias ?? production.username;
  const ofProduction = await withProduction(production, ports, (session) => loginsOf(session, context, limit, ports));
  const logins = [
    ...ofProduction.map((login) => ({ ...login, side: 'production' as const, org: label })),
    ...(stored ? await loginsOfSandbox(stored.sandbox, stored.session, limit, ports) : []),
  ].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const usernames = [production.username, ...(sandbox ? [sandbox.username] : [])];
  const events = rememberedEvents(usernames, await ports.sfOrgs.loginRecords(), await ports.lastFailure());
  const found = loginsOfEvents(events, logins);
  const marked = new Set<OrgLogin>(found.values());
  return {
    rows: logins.map((login) => ({ ...login, byThisMachine: marked.has(login) })),
    events: events.map((event) => ({ event, isShown: found.has(event) })),
  };
}

async function loginsOf(
  session: Session,
  context: OrgContext,
  limit: number,
  { salesforce }: Pick<Ports, 'salesforce'>,
): Promise<OrgLogin[]> {
  const { user: username } = context;
  // sf does not know the id of a user who logged in on the web
  const userId = session.userId ?? (await salesforce.users(session, { username }, context))[0]?.id;
  if (userId === undefined) {
    throw new JitFailure('UnexpectedAnswer', { ...context, host: new URL(session.instanceUrl).host });
  }
  return (await salesforce.logins(session, { userId, limit }, context)).map((login) => ({ ...login, username }));
}

async function loginsOfSandbox(
  { sandboxName, username, alias, productionUsername }: SandboxRegistration,
  session: Session,
  limit: number,
  ports: Pick<Ports, 'salesforce'>,
): Promise<Array<Omit<HistoryRow, 'byThisMachine'>>> {
  const context = sandboxContext({ sandboxName, production: { username: productionUsername } }, username);
  const logins = await loginsOf(session, context, limit, ports);
  return logins.map((login) => ({ ...login, side: 'sandbox', org: alias }));
}

/** @throws SandboxNotLoggedIn also for a login that cannot be read */
async function storedSession(
  { username, sandboxName, alias, productionUsername: production }: SandboxRegistration,
  { sfOrgs }: Pick<Ports, 'sfOrgs'>,
): Promise<Session> {
  const stored = await sfOrgs.read(username);
  const { accessToken, instanceUrl, orgId, userId } = stored === undefined || stored === 'unreadable' ? {} : stored;
  if (accessToken === undefined || instanceUrl === undefined || orgId === undefined) {
    throw new JitFailure('SandboxNotLoggedIn', {
      sandbox: sandboxName,
      registration: alias,
      user: username,
      production,
    });
  }
  return { accessToken, instanceUrl: new URL(instanceUrl).origin, orgId, userId };
}
