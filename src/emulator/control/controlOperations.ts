import { createAppCertificate, createAuthority } from '../server/certificates.js';
import type * as types from './controlTypes.js';
import { randomText } from '../world/identifiers.js';
import type { Host, Org, Sandbox, User } from '../world/model.js';
import * as sandboxes from '../world/sandboxes.js';
import type { SalesforceServer } from '../server/server.js';
import { givesRefreshToken } from '../oauth/sessions.js';
import { platformCli, sfCallbackUrl, type World } from '../world/world.js';

type Operations = types.ControlOperations;

/** The operations as the server runs them: they may take their time. */
export type ControlHandlers = {
  [Name in keyof Operations]: (
    input: Parameters<Operations[Name]>[0],
  ) => ReturnType<Operations[Name]> | Promise<ReturnType<Operations[Name]>>;
};

/** A sandbox as the info lists it. */
export function describeSandbox(sandbox: Sandbox): types.EmulatorInfo['sandboxes'][number] {
  return {
    name: sandbox.name,
    username: sandboxes.sandboxUsername(sandboxes.sandboxOwner(sandbox).username, sandbox.name),
    orgId: sandbox.host.org?.id ?? '',
    url: sandbox.host.address.https,
  };
}

function findUser(world: World, username: string): { org: Org; user: User } {
  const found = world.findUser(username);
  if (!found) throw new Error(`The emulator has no user ${username}.`);
  return found;
}

function productionUser(production: Org, username: string | undefined): User {
  const [first] = production.users.values();
  const user = username === undefined ? first : production.users.get(username.toLowerCase());
  if (!user) throw new Error(`Production has no user ${username ?? 'at all'}.`);
  return user;
}

/** `null` takes a value away; what is left out stays. */
function orNothing<T>(value: T | null): T | undefined {
  return value ?? undefined;
}

async function patchApp(world: World, defaultClientId: string, patch: types.AppPatch): Promise<void> {
  const { clientId = defaultClientId, org: selector = 'production', installed, ...rest } = patch;
  const org = world.org(selector);
  if (installed === false) {
    org.apps.delete(clientId);
    return;
  }
  const known = world.findApp(clientId);
  if (installed && known && !org.apps.has(clientId)) org.apps.set(clientId, structuredClone(known));
  const app = org.apps.get(clientId);
  if (!app) throw new Error(`The org ${selector} has no app ${clientId}.`);
  const { newCertificate, approveAfterAttempts, clientSecret, refusal, ...plain } = rest;
  Object.assign(app, plain);
  if (newCertificate) app.certificate = (await createAppCertificate('Another key')).certificate;
  if (approveAfterAttempts !== undefined) app.approvalLag = approveAfterAttempts;
  if (clientSecret !== undefined) app.clientSecret = orNothing(clientSecret);
  if (refusal !== undefined) app.refusal = orNothing(refusal);
}

function issueTokens(world: World, username: string, clientId = platformCli): types.IssuedTokens {
  const { org, user } = findUser(world, username);
  const app = org.apps.get(clientId);
  if (!app) throw new Error(`The org of ${username} has no app ${clientId}.`);
  const grant = givesRefreshToken(app) ? world.sessions.issueRefreshToken({ org, user, clientId }) : undefined;
  const { token } = world.sessions.issueAccessToken({ org, user, clientId }, grant);
  const { host, origin } = new URL(org.host.address.https);
  const sfdxAuthUrl = grant ? `force://${clientId}:${app.clientSecret ?? ''}:${grant.token}@${host}` : '';
  return { accessToken: token, refreshToken: grant?.token ?? '', sfdxAuthUrl, instanceUrl: origin };
}

type SandboxOperation =
  'createSandbox' | 'refreshSandbox' | 'setSandbox' | 'deleteSandbox' | 'holdCopies' | 'renameSandbox';

function sandboxHandlers(world: World): Pick<ControlHandlers, SandboxOperation> {
  return {
    createSandbox: async ({ name, status, creator: username, production: owner = 'production' }) => {
      const production = world.org(owner);
      const creator = productionUser(production, username);
      return describeSandbox(await sandboxes.createSandbox(world, { name, production, creator, status }));
    },
    refreshSandbox: ({ name, complete, by: username }) => {
      const sandbox = world.sandbox(name);
      const by = username === undefined ? undefined : productionUser(sandbox.production, username);
      return { orgId: sandboxes.refreshSandbox(world, sandbox, { complete, by }).copy.id };
    },
    setSandbox: ({ name, patch: { sandboxAuthAnswer, ...patch } }) => {
      const sandbox = world.sandbox(name);
      sandboxes.setProcess(world, sandbox, patch);
      if (sandboxAuthAnswer !== undefined) sandbox.sandboxAuthAnswer = orNothing(sandboxAuthAnswer);
    },
    deleteSandbox: ({ name }) => {
      sandboxes.deleteSandbox(world.sandbox(name));
    },
    holdCopies: ({ held }) => {
      world.holdsCopies = held;
    },
    renameSandbox: async ({ name, newName }) => {
      const sandbox = world.sandbox(name);
      await sandboxes.renameSandbox(world, sandbox, newName);
      return describeSandbox(sandbox);
    },
  };
}

type AccessOperation =
  | 'createUser'
  | 'setUser'
  | 'createOrg'
  | 'setOrg'
  | 'createApp'
  | 'setApp'
  | 'issueTokens'
  | 'livingTokens'
  | 'expireSessions';

function accessHandlers(world: World, defaultClientId: string): Pick<ControlHandlers, AccessOperation> {
  return {
    createUser: ({ org = 'production', refusal, ...user }) => {
      const added = world.addUser(world.org(org), { ...user, refusal: refusal ?? undefined });
      return { username: added.username, userId: added.id };
    },
    setUser: ({ username, patch: { refusal, ...patch } }) => {
      const { user } = findUser(world, username);
      Object.assign(user, patch);
      if (refusal !== undefined) user.refusal = orNothing(refusal);
    },
    createOrg: async ({ kind, username }) => {
      const host = await world.openHost(`org:${username}`, 'my-domain');
      const org = world.addOrg(kind, `Other ${kind}`, host);
      world.addUser(org, { username });
      const app = world.findApp(defaultClientId);
      if (app) world.addApp(org, structuredClone(app));
      return { loginUrl: world.loginHostOf(org).address.https, username, url: host.address.https, orgId: org.id };
    },
    setOrg: ({ org, patch }) => {
      Object.assign(world.org(org), patch);
    },
    createApp: ({ org = 'production', ...app }) => {
      const clientId = app.clientId ?? `3MVG9${randomText(60)}`;
      world.addApp(world.org(org), { callbackUrls: [sfCallbackUrl], ...app, clientId });
      return { clientId };
    },
    setApp: (patch) => patchApp(world, defaultClientId, patch),
    issueTokens: ({ username, clientId }) => issueTokens(world, username, clientId),
    livingTokens: ({ username }) => {
      const { org, user } = findUser(world, username);
      return [...org.apps.keys()].map((clientId) => ({ clientId, ...world.sessions.living({ org, user, clientId }) }));
    },
    expireSessions: ({ org }) => {
      world.sessions.expireAll(world.org(org));
    },
  };
}

type ServerOperation = Exclude<keyof Operations, SandboxOperation | AccessOperation | 'info'>;

function serverHandlers(server: SalesforceServer): Pick<ControlHandlers, ServerOperation> {
  const { world, faults, log } = server;
  return {
    log: () => [...log.entries],
    clearLog: () => {
      log.clear();
    },
    issuedSecrets: () => world.sessions.issued(),
    setCodeLifetime: ({ seconds }) => {
      world.sessions.codeLifetimeSeconds = seconds;
    },
    setClockSkew: ({ seconds }) => {
      world.clockSkewSeconds = seconds;
    },
    setLatency: ({ ms }) => {
      server.latencyMs = ms;
    },
    setFault: (fault) => ({ id: faults.add(fault) }),
    removeFault: ({ id }) => {
      faults.remove(id);
    },
    clearFaults: () => {
      faults.clear();
    },
    setListening: async ({ origin, listening }) => {
      const host = world.hosts.find((candidate) => candidate.label === origin);
      if (!host) throw new Error(`The emulator has no origin ${origin}.`);
      await (listening ? server.reopen(host) : server.close(host));
    },
    openUntrustedOrigin: async () => {
      const host: Host = { label: 'untrusted', role: 'login', address: { https: '', http: '' } };
      await server.open(host, (await createAuthority('Authority nobody trusts')).server);
      return { url: host.address.https };
    },
  };
}

/** What each operation of the control API does. */
export function controlHandlers(
  server: SalesforceServer,
  options: { defaultClientId: string; info: () => types.EmulatorInfo },
): ControlHandlers {
  return {
    info: options.info,
    ...sandboxHandlers(server.world),
    ...accessHandlers(server.world, options.defaultClientId),
    ...serverHandlers(server),
  };
}
