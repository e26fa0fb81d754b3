import { generateKeyPairSync } from 'node:crypto';
import { signingKey } from '../../src/keys/signingKey.js';
import { JitFailure } from '../../src/failures/failures.js';
import type { ProjectLayer } from '../../src/registry/projectLayer.js';
import { mergeLayers } from '../../src/registry/mergeLayers.js';
import type { Registry } from '../../src/registry/registry.js';
import { emptyRegistry } from '../../src/registry/registry.js';
import type { LoginEntry } from '../../src/salesforce/loginEntries.js';
import type { SandboxState } from '../../src/salesforce/sandboxState.js';
import type { SuccessfulLogin } from '../../src/sandboxes/login/sandboxLogin.js';
import type { LoginRecord, StoredOrg } from '../../src/sfStore/storedOrg.js';
import type { Ports } from '../../src/ports.js';
import type { Grant, Organization, SandboxAuthAnswer, User } from '../../src/salesforce/salesforce.js';
import type { HeldToken, SfOrgs } from '../../src/sfStore/sfOrgs.js';
import type { RegistryStore } from '../../src/registry/registryStore.js';

/** One key for all tests: making one takes a second. */
export const testKeyObject = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
export const testKey = signingKey(testKeyObject);

export const productionUsername = 'admin@acme.example';
export const productionOrgId = '00D5g0000000001EAA';
export const loginUrl = 'https://login.example';

/** A fake Salesforce that follows a script: answers by operation, and a log of what was asked. */
export type FakeSalesforce = Ports['salesforce'] & {
  readonly calls: string[];
  /** Throws for a token that cannot be revoked. */
  ends: (token: string) => void;
  jwt: (username: string, loginUrl: string) => Grant;
  code: (clientId?: string) => Grant;
  renewal: () => Grant;
  vouch: (accessToken: string, clientId?: string) => SandboxAuthAnswer;
  org: Organization;
  states: SandboxState[] | JitFailure;
  known: User[];
  /** Logins by the address of the org, or what asking for them throws. */
  history: Readonly<Record<string, LoginEntry[]>> | JitFailure;
};

export function fakeSalesforce(): FakeSalesforce {
  const fake: FakeSalesforce = {
    calls: [],
    ends: () => undefined,
    jwt: (username) => grantFor(username),
    code: () => ({ ...grantFor(`${productionUsername}.uat`), refreshToken: 'refresh-token' }),
    renewal: () => ({ ...grantFor(productionUsername), accessToken: 'renewed' }),
    vouch: () => ({
      authUserName: `${productionUsername}.uat`,
      authCode: 'code',
      instanceUrl: 'https://uat.example',
      loginUrl: 'https://uat.example',
    }),
    org: { orgId: productionOrgId, name: 'Acme', kind: 'production' },
    states: [state('uat')],
    known: [{ id: '0055g0000000001AAA', username: productionUsername, name: 'Ada Admin' }],
    history: {},
    async jwtLogin({ username, loginUrl: url }) {
      fake.calls.push(`jwt ${username} at ${url}`);
      return fake.jwt(username, url);
    },
    async exchangeCode({ loginUrl: url, callbackUrl, clientId }) {
      fake.calls.push(`code at ${url} for ${callbackUrl}${ofSf(clientId)}`);
      return fake.code(clientId);
    },
    async refresh({ loginUrl: url, clientId, clientSecret, refreshToken }) {
      fake.calls.push(`refresh ${refreshToken} of ${clientId}${clientSecret ? ' with its secret' : ''} at ${url}`);
      return fake.renewal();
    },
    async sandboxAuth({ accessToken }, { sandboxName, callbackUrl, clientId }) {
      fake.calls.push(`sandboxAuth ${sandboxName} for ${callbackUrl}${ofSf(clientId)}`);
      return fake.vouch(accessToken, clientId);
    },
    async organization() {
      fake.calls.push('organization');
      return fake.org;
    },
    checkHost: async () => undefined,
    async revoke({ instanceUrl, token }) {
      fake.calls.push(`revoke ${token} at ${instanceUrl}`);
      fake.ends(token);
    },
    async users(_session, { username, ids = [] }) {
      fake.calls.push(['users', username, ...ids].filter((part) => part !== undefined).join(' '));
      return fake.known.filter((user) => user.username === username || ids.includes(user.id));
    },
    async logins({ instanceUrl }, { userId, limit }) {
      fake.calls.push(`logins of ${userId}, ${limit} at ${instanceUrl}`);
      if (fake.history instanceof JitFailure) throw fake.history;
      return fake.history[instanceUrl] ?? [];
    },
    async sandboxStates() {
      fake.calls.push('sandboxStates');
      if (fake.states instanceof JitFailure) throw fake.states;
      return fake.states;
    },
  };
  return fake;
}

/** Said of a request for sf's own app only. */
function ofSf(clientId: string): string {
  return clientId === 'PlatformCLI' ? ' of PlatformCLI' : '';
}

export function grantFor(username: string): Grant {
  const sandbox = username.endsWith('.uat');
  return {
    accessToken: `token of ${username}`,
    instanceUrl: sandbox ? 'https://uat.example' : 'https://acme.example',
    orgId: sandbox ? '00D5g0000000005EAA' : username.endsWith('.example') ? productionOrgId : '00D5g0000000006EAA',
    userId: '0055g0000000001AAA',
  };
}

export function state(sandboxName: string, more: Partial<SandboxState> = {}): SandboxState {
  return {
    sandboxName,
    sandboxInfoId: `0GQ5g00000${sandboxName.padEnd(5, '0')}AAA`,
    processId: '0GR5g0000000001AAA',
    status: 'Completed',
    createdById: '0055g0000000001AAA',
    createdDate: '2026-11-01T00:00:00.000+0000',
    endDate: '2026-11-01T01:00:00.000+0000',
    ...more,
  };
}

/** sf's store in memory. `test/contract/sfStore/sfOrgs.contract.test.ts` runs one suite on this and on the real one. */
export type FakeSfOrgs = SfOrgs & {
  readonly orgs: Map<string, StoredOrg | 'unreadable'>;
  readonly names: Map<string, string>;
  readonly records: Map<string, LoginRecord>;
  readonly held: Map<string, readonly HeldToken[]>;
};

export function fakeSfOrgs(): FakeSfOrgs {
  const orgs = new Map<string, StoredOrg | 'unreadable'>();
  const names = new Map<string, string>();
  const records = new Map<string, LoginRecord>();
  const held = new Map<string, readonly HeldToken[]>();
  const defined = (org: StoredOrg): StoredOrg =>
    Object.fromEntries(Object.entries(org).filter(([, value]) => value !== undefined)) as StoredOrg;
  const store: FakeSfOrgs = {
    orgs,
    names,
    records,
    held,
    usernameOf: async (name) => names.get(name) ?? name,
    read: async (username) => orgs.get(username),
    find: async (username) => (await store.list()).find((org) => org.username === username),
    list: async () =>
      [...orgs]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([username, org]) => ({
          username,
          orgId: org === 'unreadable' ? undefined : org.orgId,
          instanceUrl: org === 'unreadable' ? undefined : org.instanceUrl,
          isSandbox: org !== 'unreadable' && org.isSandbox === true,
          isScratch: org !== 'unreadable' && org.isScratch === true,
          aliases: [...names].filter(([, value]) => value === username).map(([alias]) => alias),
        })),
    prepareToStore: () => undefined,
    storeProduction: async (org, alias) => {
      orgs.set(org.username, defined(org));
      if (alias !== undefined) names.set(alias, org.username);
    },
    storeSandbox: async ({ org, record, alias }) => {
      orgs.set(org.username, defined(org));
      records.set(org.username, record);
      if (alias !== undefined) names.set(alias, org.username);
    },
    keepSandbox: async (record, alias) => {
      records.set(record.username, record);
      if (alias !== undefined) names.set(alias, record.username);
    },
    remove: async (username) => {
      orgs.delete(username);
      records.delete(username);
      for (const [alias, value] of names) if (value === username) names.delete(alias);
    },
    forgetLogin: async (username) => {
      records.delete(username);
      held.delete(username);
    },
    holdRenewal: (_username, work) => work(),
    update: async (username, change) => {
      const changed = change(orgs.get(username));
      if (changed) orgs.set(username, defined(changed));
    },
    heldTokens: async (username) => held.get(username) ?? [],
    holdTokens: async (username, tokens) => {
      if (tokens.length > 0) held.set(username, tokens);
      else held.delete(username);
    },
    loginRecord: async (username) => records.get(username),
    loginRecords: async () => [...records.values()],
  };
  return store;
}

export function fakeRegistry(
  registry: Registry = emptyRegistry,
): RegistryStore & { current: Registry; project: ProjectLayer | undefined } {
  const store = {
    current: registry,
    project: undefined as ProjectLayer | undefined,
    read: async () => mergeLayers(store.current, store.project),
    readGlobal: async () => store.current,
    readProject: async () => store.project,
    update: async (change: (before: Registry) => Registry) => (store.current = change(store.current)),
    updateProject: async (change: (before: ProjectLayer) => ProjectLayer) => {
      if (!store.project) throw new JitFailure('InputInvalid', { field: '--project', problem: 'no project' });
      store.project = change(store.project);
    },
  };
  return store;
}

export type FakePorts = Ports & {
  salesforce: FakeSalesforce;
  sfOrgs: FakeSfOrgs;
  registry: ReturnType<typeof fakeRegistry>;
  readonly chosen: { targetOrg?: string; productionOrg?: string };
};

/** Every port as a fake; `production` and `uat` registered unless another registry is given. */
export function fakePorts(registry: Registry = acme()): FakePorts {
  const chosen: FakePorts['chosen'] = {};
  let clock = Date.parse('2026-11-22T10:00:00.000Z');
  return {
    salesforce: fakeSalesforce(),
    sfOrgs: fakeSfOrgs(),
    registry: fakeRegistry(registry),
    chosen,
    keys: {
      read: async (source, production) => {
        if (source.source === 'sf') throw new JitFailure('KeyMissing', { production });
        return testKey;
      },
      parse: () => testKey,
      isReadableByOthers: async () => false,
    },
    locks: { hold: (_name, work) => work() },
    timeLimits: { attempt: () => 55_000, within: (_milliseconds, work) => work() },
    settings: {
      defaultProductionOrg: async () => chosen.productionOrg,
      authType: async () => undefined,
      setTargetOrg: async (name) => void (chosen.targetOrg = name),
      callbackUrl: async () => 'http://localhost:1717/OauthRedirect',
    },
    now: () => new Date(clock),
    random: () => 0.5,
    sleep: async (milliseconds) => {
      clock += milliseconds;
    },
    sessions: new Map(),
  };
}

/** One production org with a key file, and its sandbox uat. */
export function acme(): Registry {
  return {
    productionOrgs: [
      {
        username: productionUsername,
        alias: 'prod',
        orgId: productionOrgId,
        instanceUrl: 'https://acme.example',
        loginUrl,
        clientId: '3MVG9test',
        key: { source: 'file', path: '/keys/server.key' },
      },
    ],
    sandboxes: [
      {
        sandboxName: 'uat',
        username: `${productionUsername}.uat`,
        alias: 'uat',
        productionUsername,
        isJitRegistration: true,
      },
    ],
    environments: [],
  };
}

/** A login to its sandbox uat, as a command gets it. */
export const uatLogin: SuccessfulLogin = {
  sandboxName: 'uat',
  alias: 'uat',
  username: 'admin@acme.example.uat',
  orgId: '00D5g0000000005EAA',
  instanceUrl: 'https://uat.example',
  loginUrl: 'https://uat.example',
  productionUsername: 'admin@acme.example',
  authType: 'jwt',
  signedInBy: 'jwt',
  status: 'logged-in',
  refreshed: false,
};
