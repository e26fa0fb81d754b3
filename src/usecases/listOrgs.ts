import { JitFailure } from '../domain/failures.js';
import type { OrgRow, OrgState } from '../domain/orgRow.js';
import { requireSandbox, sameName, sandboxKey } from '../domain/registry.js';
import type { KeySource, Registry } from '../domain/registry.js';
import type { LoginRecord } from '../domain/storedOrg.js';
import { isMintedByPlugin } from '../domain/storedOrg.js';
import type { ListedOrg, Ports } from '../ports.js';

/** Everything that is registered, and everything that sf has stored besides. Without a single request. */
export async function listOrgs(ports: Pick<Ports, 'registry' | 'sfOrgs'>, environment: KeyPresence): Promise<OrgRow[]> {
  const [registry, project, stored, records] = await Promise.all([
    ports.registry.read(),
    ports.registry.readProject(),
    ports.sfOrgs.list(),
    ports.sfOrgs.loginRecords(),
  ]);
  const storedByName = new Map(stored.map((org) => [org.username.toLowerCase(), org]));
  const recordByName = new Map(records.map((record) => [record.username.toLowerCase(), record]));
  const shared = new Set((project?.sandboxes ?? []).map(sandboxKey));
  const rows: OrgRow[] = registry.productionOrgs.map((org) => {
    const known = storedByName.get(org.username.toLowerCase());
    return {
      kind: 'production',
      alias: org.alias ?? known?.aliases[0] ?? null,
      username: org.username,
      sandboxName: null,
      productionUsername: null,
      orgId: org.orgId,
      instanceUrl: org.instanceUrl,
      state: productionState(org.key, known, environment),
      lastLogin: null,
      layer: 'global',
    };
  });
  for (const sandbox of registry.sandboxes) {
    const known = storedByName.get(sandbox.username.toLowerCase());
    const record = recordByName.get(sandbox.username.toLowerCase());
    rows.push({
      kind: 'jit',
      alias: sandbox.alias,
      username: sandbox.username,
      sandboxName: sandbox.sandboxName,
      productionUsername: sandbox.productionUsername,
      orgId: known?.orgId ?? null,
      instanceUrl: known?.instanceUrl ?? null,
      state: known === undefined ? 'not-logged-in' : await sandboxState(known, record, ports),
      lastLogin: known === undefined ? null : (record?.loggedInAt ?? null),
      layer: shared.has(sandboxKey(sandbox)) ? 'project' : 'global',
    });
  }
  return [...rows, ...stored.filter((org) => !isRegistered(org, registry)).map((org) => storedRow(org, recordByName))];
}

/** Whether an environment variable is set; given from outside so that listing stays apart from the environment. */
export type KeyPresence = { readonly isSet: (variable: string) => boolean };

function productionState(key: KeySource, known: ListedOrg | undefined, environment: KeyPresence): OrgState {
  switch (key.source) {
    case 'file':
      return 'ready';
    case 'sf':
      return known ? 'ready' : 'not-logged-in';
    case 'env':
      return environment.isSet(key.name) ? 'ready' : 'key-needed';
    case 'stdin':
      return environment.isSet('SF_PRIVATE_KEY') ? 'ready' : 'key-needed';
  }
}

async function sandboxState(
  known: ListedOrg,
  record: LoginRecord | undefined,
  ports: Pick<Ports, 'sfOrgs'>,
): Promise<OrgState> {
  if (!record) return 'own-login';
  const org = await ports.sfOrgs.read(known.username);
  if (org === undefined || org === 'unreadable') return 'not-logged-in';
  return isMintedByPlugin(org, record) ? 'logged-in' : 'own-login';
}

function isRegistered({ username }: ListedOrg, registry: Registry): boolean {
  return (
    registry.productionOrgs.some((org) => sameName(org.username, username)) ||
    registry.sandboxes.some((sandbox) => sameName(sandbox.username, username))
  );
}

function storedRow(org: ListedOrg, records: ReadonlyMap<string, LoginRecord>): OrgRow {
  const record = records.get(org.username.toLowerCase());
  return {
    kind: record ? 'jit' : 'traditional',
    alias: org.aliases[0] ?? null,
    username: org.username,
    sandboxName: record?.sandboxName ?? null,
    productionUsername: record?.productionUsername ?? null,
    orgId: org.orgId ?? null,
    instanceUrl: org.instanceUrl ?? null,
    state: record ? 'logged-in' : 'own-login',
    lastLogin: record?.loggedInAt ?? null,
    layer: null,
  };
}

/** One registered sandbox, as it stands in the list. @throws SandboxNotRegistered, AmbiguousSandbox */
export async function displaySandbox(
  name: string,
  ports: Pick<Ports, 'registry' | 'sfOrgs'>,
  environment: KeyPresence,
): Promise<OrgRow> {
  const sandbox = requireSandbox(await ports.registry.read(), name);
  const rows = await listOrgs(ports, environment);
  const row = rows.find((org) => org.kind === 'jit' && org.layer !== null && sameName(org.username, sandbox.username));
  if (!row) throw new JitFailure('SandboxNotRegistered', { sandbox: name });
  return row;
}
