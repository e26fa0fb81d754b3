import type { LayeredEnvironment } from '../../environments/environments.js';
import {
  environmentsDepend,
  environmentsOfBothLayers,
  environmentsOfSandbox,
} from '../../environments/environments.js';
import { JitFailure } from '../../failures/failures.js';
import { projectEntry } from '../../registry/projectLayer.js';
import type { ProductionOrg, Registry } from '../../registry/registry.js';
import type { SandboxRegistration } from '../../registry/sandboxFields.js';
import {
  chooseProductionOrg,
  emptyRegistry,
  dependentSandboxes,
  label,
  joinNames,
  requireSandbox,
  sameName,
  sandboxKey,
  withoutProductionOrg,
  withoutSandboxes,
} from '../../registry/registry.js';
import type { Ports } from '../../ports.js';
import { logoutSandboxes } from '../logout/logoutSandboxes.js';

type Needed = Pick<Ports, 'registry'>;

export type UnregisteredProductionOrg = {
  readonly org: ProductionOrg;
  readonly sandboxes: readonly SandboxRegistration[];
  /** Of either layer; they cannot be logged in to without it. */
  readonly environments: readonly LayeredEnvironment[];
};

/** What `unregister` would remove, so that it can be confirmed first. @throws as `unregisterProductionOrg` */
export async function findProductionOrgToUnregister(
  production: string | undefined,
  cascade: boolean,
  ports: Needed,
  configured?: string,
): Promise<UnregisteredProductionOrg> {
  const registry = await ports.registry.read();
  const org = chooseProductionOrg(registry, production, configured);
  const dependents = dependentsOf(org, registry, await storedEnvironments(ports));
  if (!cascade) refuseDependents(org, dependents);
  return { org, ...dependents };
}

type Dependents = Pick<UnregisteredProductionOrg, 'sandboxes' | 'environments'>;

function dependentsOf(
  { username }: ProductionOrg,
  registry: Registry,
  environments: readonly LayeredEnvironment[],
): Dependents {
  return {
    sandboxes: dependentSandboxes(registry, username),
    environments: environments.filter(({ productionUsername }) => sameName(productionUsername, username)),
  };
}

/** @throws SandboxesDepend, EnvironmentsDepend */
function refuseDependents(org: ProductionOrg, { sandboxes, environments }: Dependents): void {
  if (sandboxes.length > 0) {
    throw new JitFailure('SandboxesDepend', {
      production: label(org),
      names: joinNames(sandboxes.map((sandbox) => sandbox.sandboxName)),
    });
  }
  if (environments.length > 0) throw environmentsDepend(environments, label(org));
}

/**
 * Removes the registration of a production org, with `cascade` those of its sandboxes too, and their environments, in both layers. Orgs
 * stored with sf stay.
 *
 * @throws SandboxesDepend or EnvironmentsDepend without `cascade`, also for what came to be since the first look;
 * ProductionOrgNotRegistered, NoProductionOrg, AmbiguousProductionOrg
 */
export async function unregisterProductionOrg(
  production: string | undefined,
  cascade: boolean,
  ports: Needed,
): Promise<UnregisteredProductionOrg> {
  const found = await findProductionOrgToUnregister(production, cascade, ports);
  const { username } = found.org;
  await ports.registry.update((registry) => {
    // another process may have registered a sandbox since, and the project may hide one of this machine
    if (!cascade)
      refuseDependents(found.org, dependentsOf(found.org, registry, environmentsOfBothLayers(registry, undefined)));
    return withoutProductionOrg(registry, username);
  });
  if (!cascade) return found;
  const project = await ports.registry.readProject();
  const shared = project && [...project.sandboxes, ...project.environments];
  if (shared?.some(({ productionUsername }) => sameName(productionUsername, username))) {
    await ports.registry.updateProject((layer) => withoutProductionOrg({ ...emptyRegistry, ...layer }, username));
  }
  return found;
}

/** The environments of both layers, those that the project hides too. */
async function storedEnvironments(ports: Needed): Promise<LayeredEnvironment[]> {
  return environmentsOfBothLayers(await ports.registry.readGlobal(), await ports.registry.readProject());
}

/** The registrations that are meant. @throws SandboxNotRegistered, AmbiguousSandbox, EnvironmentsDepend */
export async function findSandboxesToUnregister(
  names: readonly string[] | 'all',
  ports: Needed,
): Promise<readonly SandboxRegistration[]> {
  const registry = await ports.registry.read();
  const found = names === 'all' ? registry.sandboxes : names.map((name) => requireSandbox(registry, name));
  refuseLinked(await storedEnvironments(ports), found);
  return found;
}

function refuseLinked(environments: readonly LayeredEnvironment[], sandboxes: readonly SandboxRegistration[]): void {
  const linked = environmentsOfSandbox(environments, sandboxes);
  if (linked.length > 0) throw environmentsDepend(linked);
}

/** A registration that was removed. */
export type UnregisteredSandbox = SandboxRegistration & {
  /** Whether the sf org went as well. */
  readonly loggedOut: boolean;
  /** Why it is still there, or why its tokens could not be revoked. */
  readonly logoutFailure?: JitFailure;
};

/**
 * Removes registrations of sandboxes.
 *
 * @param logout also logs out, as `sf jit sandbox logout` does; an org that the user logged in to stays
 * @throws EnvironmentsDepend when environments are linked to one of the sandboxes, and nothing is done
 */
export async function unregisterSandboxes(
  sandboxes: readonly SandboxRegistration[],
  logout: boolean,
  ports: Pick<Ports, 'registry' | 'sfOrgs' | 'salesforce' | 'locks'>,
): Promise<UnregisteredSandbox[]> {
  refuseLinked(await storedEnvironments(ports), sandboxes);
  // first, while a failure still leaves what is needed to try again
  const ended = logout ? await logoutSandboxes({ targets: sandboxes, unknown: [], named: false }, ports) : [];
  await ports.registry.update((registry) => {
    refuseLinked(environmentsOfBothLayers(registry, undefined), sandboxes);
    return withoutSandboxes(registry, sandboxes);
  });
  const project = await ports.registry.readProject();
  const shared = sandboxes.map(projectEntry);
  if (project?.sandboxes.some((entry) => shared.some((sandbox) => sandboxKey(sandbox) === sandboxKey(entry)))) {
    await ports.registry.updateProject((layer) => withoutSandboxes({ ...emptyRegistry, ...layer }, shared));
  }
  return sandboxes.map((sandbox, index) => ({
    ...sandbox,
    loggedOut: ended[index]?.status === 'logged-out',
    logoutFailure: ended[index]?.failure,
  }));
}
