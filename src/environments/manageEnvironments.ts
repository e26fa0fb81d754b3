import type { Environment, Layer } from '../registry/environmentFields.js';
import { defaultCategory, storedEnvironment } from '../registry/environmentFields.js';
import type { EnvironmentFields, EnvironmentLogin, LayeredEnvironment } from './environments.js';
import {
  checkBranchesFree,
  checkFields,
  checkNameFree,
  environmentForBranch,
  environmentLogin,
  mergeEnvironments,
  requireEnvironment,
} from './environments.js';
import { JitFailure } from '../failures/failures.js';
import type { Registry } from '../registry/registry.js';
import type { SandboxRegistration } from '../registry/sandboxFields.js';
import { requireSandbox, sameName } from '../registry/registry.js';
import { orgOfSf } from '../sfStore/orgOfSf.js';
import type { SfOrgs } from '../sfStore/sfOrgs.js';
import type { RegistryStore } from '../registry/registryStore.js';
import type { BranchPatterns, CurrentBranch } from './branches.js';

export type EnvironmentPorts = {
  readonly registry: RegistryStore;
  readonly patterns: BranchPatterns;
  readonly currentBranch: CurrentBranch;
  readonly sfOrgs: Pick<SfOrgs, 'usernameOf' | 'find'>;
};

/** What `sf jit environment create` asks for. */
export type CreateEnvironmentRequest = EnvironmentFields & {
  readonly name: string;
  /** Alias, sandbox name or username of a registered sandbox. */
  readonly sandbox: string;
  /** Whether it is stored on this machine although there is a project. */
  readonly global: boolean;
};

/** What `sf jit environment update` asks for: what is absent stays; an empty description or repository is removed. */
export type UpdateEnvironmentRequest = Omit<EnvironmentFields, 'name'> & {
  readonly name: string;
  readonly sandbox?: string;
};

/** A new environment; `hidden` when the project has one of that name, which counts instead of this one. */
export type CreatedEnvironment = LayeredEnvironment & { readonly hidden: boolean };

/**
 * Creates an environment, in the project when there is one.
 *
 * @throws InputInvalid, SandboxNotRegistered, AmbiguousSandbox, EnvironmentExists, EnvironmentNameTaken, BranchTaken
 */
export async function createEnvironment(
  request: CreateEnvironmentRequest,
  ports: EnvironmentPorts,
): Promise<CreatedEnvironment> {
  const { name, branches = [], category = defaultCategory, description, repository } = request;
  checkFields({ name, branches, category, description, repository }, ports.patterns.problem);
  const { registry, project, environments } = await read(ports);
  const layer: Layer = project && !request.global ? 'project' : 'global';
  const sandbox = requireSandbox(registry, request.sandbox);
  const environment = storedEnvironment({ name, ...link(sandbox), branches, category, description, repository });
  checkNameFree(environment, registry, await orgOfSf(name, ports.sfOrgs));
  await change(layer, ports, (inLayer) => {
    if (inLayer.some((other) => sameName(other.name, name))) {
      throw new JitFailure('EnvironmentExists', { environment: name });
    }
    checkBranchesFree(environment, [...inLayer, ...environments]);
    return [...inLayer, environment];
  });
  const hidden = layer === 'global' && environments.some((other) => sameName(other.name, name));
  return { ...environment, layer, hidden };
}

/**
 * Changes an environment in the layer that holds it.
 *
 * @throws EnvironmentNotFound, and as `createEnvironment`
 */
export async function updateEnvironment(
  request: UpdateEnvironmentRequest,
  ports: EnvironmentPorts,
): Promise<LayeredEnvironment> {
  const { branches, category, description, repository } = request;
  const given = { branches, category, description: description || undefined, repository: repository || undefined };
  checkFields(given, ports.patterns.problem);
  const { registry, environments } = await read(ports);
  const { layer, name } = requireEnvironment(environments, request.name);
  const sandbox = request.sandbox === undefined ? {} : link(requireSandbox(registry, request.sandbox));
  const ofSf = await orgOfSf(name, ports.sfOrgs);
  const after = await change(layer, ports, (inLayer) => {
    const before = requireEnvironment(inLayer, name);
    const changed = storedEnvironment({
      ...before,
      ...sandbox,
      branches: branches ?? before.branches,
      category: category ?? before.category,
      description: description === undefined ? before.description : given.description,
      repository: repository === undefined ? before.repository : given.repository,
    });
    checkNameFree(changed, registry, ofSf);
    checkBranchesFree(changed, [...inLayer, ...environments]);
    const same = JSON.stringify(changed) === JSON.stringify(storedEnvironment(before));
    return same ? inLayer : inLayer.map((other) => (other === before ? changed : other));
  });
  return { ...requireEnvironment(after, name), layer };
}

/** Removes an environment from the layer that holds it. @throws EnvironmentNotFound */
export async function deleteEnvironment(name: string, ports: EnvironmentPorts): Promise<LayeredEnvironment> {
  const environment = requireEnvironment((await read(ports)).environments, name);
  await change(environment.layer, ports, (inLayer) => inLayer.filter((other) => !sameName(other.name, name)));
  return environment;
}

/** The environments of both layers, of one category or repository when these are given. */
export async function listEnvironments(
  wanted: { readonly category?: string; readonly repository?: string },
  ports: EnvironmentPorts,
): Promise<LayeredEnvironment[]> {
  const fits = (value: string | undefined, asked: string | undefined): boolean =>
    asked === undefined || sameName(value, asked);
  const { environments } = await read(ports);
  return environments.filter(
    ({ category, repository }) => fits(category, wanted.category) && fits(repository, wanted.repository),
  );
}

/** An environment, and the branch that it was found by, or null when it was named. */
export type FoundEnvironment = { readonly environment: LayeredEnvironment; readonly branch: string | null };

/**
 * The environment of that name, or of the current branch.
 *
 * @throws EnvironmentNotFound, BranchUnknown, NoEnvironmentForBranch, AmbiguousEnvironment
 */
export async function findEnvironment(name: string | undefined, ports: EnvironmentPorts): Promise<FoundEnvironment> {
  const { environments } = await read(ports);
  if (name !== undefined) return { environment: requireEnvironment(environments, name), branch: null };
  const branch = await ports.currentBranch.name();
  return { environment: environmentForBranch(environments, branch, ports.patterns.matches), branch };
}

/** As `findEnvironment`, with what a login to its sandbox asks for. @throws EnvironmentNameTaken, SandboxNotRegistered */
export async function findEnvironmentToLogin(
  name: string | undefined,
  ports: EnvironmentPorts,
): Promise<FoundEnvironment & { readonly login: EnvironmentLogin }> {
  const found = await findEnvironment(name, ports);
  const { environment } = found;
  const ofSf = await orgOfSf(environment.name, ports.sfOrgs);
  return { ...found, login: environmentLogin(environment, await ports.registry.read(), ofSf) };
}

type Layers = {
  readonly registry: Registry;
  readonly project: Awaited<ReturnType<RegistryStore['readProject']>>;
  readonly environments: LayeredEnvironment[];
};

async function read({ registry: store }: EnvironmentPorts): Promise<Layers> {
  const [registry, project] = await Promise.all([store.read(), store.readProject()]);
  return { registry, project, environments: mergeEnvironments(registry, project) };
}

/** Changes the environments of one layer; the very list that was given means that nothing changes. @returns the list as it is then */
async function change(
  layer: Layer,
  { registry }: EnvironmentPorts,
  to: (environments: readonly Environment[]) => readonly Environment[],
): Promise<readonly Environment[]> {
  let after: readonly Environment[] = [];
  const changed = <L extends Pick<Registry, 'environments'>>(before: L): L => {
    after = to(before.environments);
    return after === before.environments ? before : { ...before, environments: after };
  };
  await (layer === 'project' ? registry.updateProject(changed) : registry.update(changed));
  return after;
}

function link({
  sandboxName,
  productionUsername,
}: SandboxRegistration): Pick<Environment, 'sandboxName' | 'productionUsername'> {
  return { sandboxName, productionUsername };
}
