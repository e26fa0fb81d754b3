import { JitFailure } from '../domain/failures.js';
import type { ProductionOrg, SandboxRegistration } from '../domain/registry.js';
import {
  chooseProductionOrg,
  emptyRegistry,
  dependentSandboxes,
  listed,
  requireSandbox,
  sandboxKey,
  withoutProductionOrg,
  withoutSandboxes,
} from '../domain/registry.js';
import { isMintedByPlugin } from '../domain/storedOrg.js';
import type { Ports } from '../ports.js';

type Needed = Pick<Ports, 'registry' | 'sfOrgs'>;

export type UnregisteredProductionOrg = {
  readonly org: ProductionOrg;
  readonly sandboxes: readonly SandboxRegistration[];
};

/** What `unregister` would remove, so that it can be confirmed first. @throws as `unregisterProductionOrg` */
export async function findProductionOrgToUnregister(
  production: string | undefined,
  cascade: boolean,
  ports: Needed,
): Promise<UnregisteredProductionOrg> {
  const registry = await ports.registry.read();
  const org = chooseProductionOrg(registry, production);
  const sandboxes = dependentSandboxes(registry, org.username);
  if (sandboxes.length > 0 && !cascade) {
    throw new JitFailure('SandboxesDepend', {
      production: org.alias ?? org.username,
      names: listed(sandboxes.map((sandbox) => sandbox.sandboxName)),
    });
  }
  return { org, sandboxes };
}

/**
 * Removes the registration of a production org, with `cascade` those of its sandboxes too. Orgs stored with sf stay.
 *
 * @throws SandboxesDepend without `cascade`, ProductionOrgNotRegistered, NoProductionOrg, AmbiguousProductionOrg
 */
export async function unregisterProductionOrg(
  production: string | undefined,
  cascade: boolean,
  ports: Needed,
): Promise<UnregisteredProductionOrg> {
  const found = await findProductionOrgToUnregister(production, cascade, ports);
  await ports.registry.update((registry) => withoutProductionOrg(registry, found.org.username));
  return found;
}

/** The registrations that are meant. @throws SandboxNotRegistered, AmbiguousSandbox */
export async function findSandboxesToUnregister(
  names: readonly string[] | 'all',
  ports: Needed,
): Promise<readonly SandboxRegistration[]> {
  const registry = await ports.registry.read();
  return names === 'all' ? registry.sandboxes : names.map((name) => requireSandbox(registry, name));
}

/**
 * Removes registrations of sandboxes.
 *
 * @param logout also removes the sf orgs that the plugin logged in to; an org that the user logged in to stays
 * @returns the registrations, each with whether its org was removed
 */
export async function unregisterSandboxes(
  sandboxes: readonly SandboxRegistration[],
  logout: boolean,
  ports: Needed,
): Promise<Array<SandboxRegistration & { loggedOut: boolean }>> {
  await ports.registry.update((registry) => withoutSandboxes(registry, sandboxes));
  const project = await ports.registry.readProject();
  if (project?.sandboxes.some((entry) => sandboxes.some((sandbox) => sandboxKey(sandbox) === sandboxKey(entry)))) {
    await ports.registry.updateProject((layer) => withoutSandboxes({ ...emptyRegistry, ...layer }, sandboxes));
  }
  const results = [];
  for (const sandbox of sandboxes) {
    const loggedOut = logout && (await isOurs(sandbox.username, ports));
    if (loggedOut) await ports.sfOrgs.remove(sandbox.username);
    results.push({ ...sandbox, loggedOut });
  }
  return results;
}

async function isOurs(username: string, ports: Needed): Promise<boolean> {
  const stored = await ports.sfOrgs.read(username);
  if (stored === undefined || stored === 'unreadable') return false;
  return isMintedByPlugin(stored, await ports.sfOrgs.loginRecord(username));
}
