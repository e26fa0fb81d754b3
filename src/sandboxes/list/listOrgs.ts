import type { OrgRow, OrgState } from './orgRow.js';
import { requireSandbox } from '../../registry/registry.js';
import type { Registry } from '../../registry/registry.js';
import type { SandboxRegistration } from '../../registry/sandboxFields.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';
import { isLoginOfPlugin } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import type { KeySource } from '../../keys/keySource.js';
import { privateKeyVariable } from '../../keys/keySource.js';
import type { ListedOrg } from '../../sfStore/sfOrgs.js';

/** Everything that is registered, and everything that sf has stored besides. Without a single request. */
export async function listOrgs(ports: Needed, variables: KeyPresence): Promise<OrgRow[]> {
  const known = await everythingKnown(ports);
  const { registry } = known;
  const rows: OrgRow[] = registry.productionOrgs.map((org) => {
    const stored = known.storedOf(org.username);
    return {
      kind: 'production',
      alias: org.alias ?? stored?.aliases[0] ?? null,
      username: org.username,
      sandboxName: null,
      productionUsername: null,
      orgId: org.orgId,
      instanceUrl: org.instanceUrl,
      state: productionState(org.key, stored, variables),
      lastLogin: null,
      signedInBy: null,
      layer: 'global',
    };
  });
  for (const sandbox of registry.sandboxes) rows.push(await sandboxRow(sandbox, known, ports));
  const registeredOf = byUsername<Named>([...registry.productionOrgs, ...registry.sandboxes]);
  for (const org of known.stored) if (!registeredOf(org.username)) rows.push(await storedRow(org, known, ports));
  return rows;
}

/** One registered sandbox, as it stands in the list. @throws SandboxNotRegistered, AmbiguousSandbox */
export async function displaySandbox(name: string, ports: Needed): Promise<OrgRow> {
  const known = await everythingKnown(ports);
  return sandboxRow(requireSandbox(known.registry, name), known, ports);
}

type Needed = Pick<Ports, 'registry' | 'sfOrgs'>;

type Known = {
  readonly registry: Registry;
  readonly stored: readonly ListedOrg[];
  readonly storedOf: Lookup<ListedOrg>;
  readonly recordOf: Lookup<LoginRecord>;
};

async function everythingKnown({ registry: store, sfOrgs }: Needed): Promise<Known> {
  const [registry, stored, records] = await Promise.all([store.read(), sfOrgs.list(), sfOrgs.loginRecords()]);
  return { registry, stored, storedOf: byUsername(stored), recordOf: byUsername(records) };
}

type Named = { readonly username: string };
type Lookup<T> = (username: string) => T | undefined;

function byUsername<T extends Named>(all: readonly T[]): Lookup<T> {
  const found = new Map(all.map((one) => [one.username.toLowerCase(), one]));
  return (username) => found.get(username.toLowerCase());
}

/** Whether an environment variable is set; given from outside so that listing stays apart from the environment. */
export type KeyPresence = { readonly isSet: (variable: string) => boolean };

function productionState(key: KeySource, known: ListedOrg | undefined, variables: KeyPresence): OrgState {
  switch (key.source) {
    case 'file':
    case 'command':
    case 'agent':
    case 'sign-command':
      return 'ready';
    case 'sf':
      return known ? 'ready' : 'not-logged-in';
    case 'env':
      return variables.isSet(key.name) ? 'ready' : 'key-needed';
    case 'stdin':
      return variables.isSet(privateKeyVariable) ? 'ready' : 'key-needed';
  }
}

async function sandboxState(known: ListedOrg, record: LoginRecord | undefined, ports: Needed): Promise<OrgState> {
  if (!record) return 'own-login';
  const org = await ports.sfOrgs.read(known.username);
  if (org === undefined || org === 'unreadable') return 'not-logged-in';
  return isLoginOfPlugin(org, record) ? 'logged-in' : 'own-login';
}

async function sandboxRow(sandbox: SandboxRegistration, known: Known, ports: Needed): Promise<OrgRow> {
  const { sandboxName, username, alias, productionUsername } = sandbox;
  const stored = known.storedOf(username);
  const record = known.recordOf(username);
  const state = stored === undefined ? 'not-logged-in' : await sandboxState(stored, record, ports);
  return {
    kind: 'jit',
    alias,
    username,
    sandboxName,
    productionUsername,
    orgId: stored?.orgId ?? null,
    instanceUrl: stored?.instanceUrl ?? null,
    state,
    lastLogin: stored === undefined ? null : (record?.loggedInAt ?? null),
    signedInBy: state === 'logged-in' ? (record?.signedInBy ?? null) : null,
    layer: sandbox.project ? 'project' : 'global',
  };
}

async function storedRow(org: ListedOrg, { recordOf }: Known, ports: Needed): Promise<OrgRow> {
  const found = recordOf(org.username);
  const state = await sandboxState(org, found, ports);
  // what is remembered of a login says nothing of the one that the user put in its place
  const record = state === 'own-login' ? undefined : found;
  return {
    kind: record ? 'jit' : 'traditional',
    alias: org.aliases[0] ?? null,
    username: org.username,
    sandboxName: record?.sandboxName ?? null,
    productionUsername: record?.productionUsername ?? null,
    orgId: org.orgId ?? null,
    instanceUrl: org.instanceUrl ?? null,
    state,
    lastLogin: record?.loggedInAt ?? null,
    signedInBy: record?.signedInBy ?? null,
    layer: null,
  };
}
