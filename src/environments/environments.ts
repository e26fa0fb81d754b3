import type { Environment, Layer } from '../registry/environmentFields.js';
import { fieldProblem } from '../registry/environmentFields.js';
import { JitFailure } from '../failures/failures.js';
import type { ProjectLayer } from '../registry/projectLayer.js';
import { projectEntry } from '../registry/projectLayer.js';
import type { Registry } from '../registry/registry.js';
import type { SandboxRegistration } from '../registry/sandboxFields.js';
import { joinNames, sameName, sandboxKey } from '../registry/registry.js';
import type { OrgOfSf } from '../registry/takenAlias.js';
import { orgWithAlias } from '../registry/takenAlias.js';
import { nearestName } from '../failures/nearestName.js';
import { sandboxPhrase } from '../failures/orgPhrases.js';

/** An environment, and which layer holds it. */
export type LayeredEnvironment = Environment & { readonly layer: Layer };

/** Whether a glob pattern fits a branch. */
export type BranchMatcher = (pattern: string, branch: string) => boolean;

/** The environments that count, each with its layer. `registry` is both layers as one (`mergeLayers`). */
export function mergeEnvironments(registry: Registry, project: ProjectLayer | undefined): LayeredEnvironment[] {
  const shared = new Set(project?.environments.map(({ name }) => name.toLowerCase()));
  return registry.environments.map((environment) => ({
    ...environment,
    layer: shared.has(environment.name.toLowerCase()) ? 'project' : 'global',
  }));
}

/** @throws EnvironmentNotFound with the nearest name */
export function requireEnvironment<E extends Environment>(environments: readonly E[], name: string): E {
  const found = environments.find((environment) => sameName(environment.name, name));
  if (found) return found;
  const names = environments.map((environment) => environment.name);
  throw new JitFailure('EnvironmentNotFound', {
    environment: name,
    nearest: nearestName(name, names),
    names: names.length === 0 ? undefined : joinNames(names),
  });
}

/**
 * The environment of a branch: the one that names it exactly, else the one with a pattern that fits. Letter case counts, as it does in
 * git.
 *
 * @throws AmbiguousEnvironment when several fit equally well: a guess could deploy to the wrong one; NoEnvironmentForBranch
 */
export function environmentForBranch<E extends Environment>(
  environments: readonly E[],
  branch: string,
  matches: BranchMatcher,
): E {
  const exact = environments.filter(({ branches }) => branches.includes(branch));
  const fitting =
    exact.length > 0
      ? exact
      : environments.filter(({ branches }) => branches.some((pattern) => matches(pattern, branch)));
  const [match, ...others] = fitting;
  if (others.length > 0) {
    throw new JitFailure('AmbiguousEnvironment', { branch, names: joinNames(fitting.map(withBranches)) });
  }
  if (match) return match;
  const linked = environments.filter(({ branches }) => branches.length > 0);
  throw new JitFailure('NoEnvironmentForBranch', {
    branch,
    names: linked.length === 0 ? undefined : joinNames(linked.map(withBranches)),
  });
}

function withBranches({ name, branches }: Environment): string {
  return `${name} (${joinNames(branches)})`;
}

/** What may be given by flags, each absent when it was not. */
export type EnvironmentFields = Partial<
  Pick<Environment, 'name' | 'branches' | 'category' | 'description' | 'repository'>
>;

/**
 * Checks what was given by flags, before anything is read or written.
 *
 * @param patternProblem what is wrong with a glob pattern, if anything
 * @throws InputInvalid naming the flag
 */
export function checkFields(fields: EnvironmentFields, patternProblem: (pattern: string) => string | undefined): void {
  const problems: Array<[flag: string, problem: string | undefined]> = [
    ['name', fields.name === undefined ? undefined : fieldProblem.name(fields.name)],
    ['branch', fields.branches && (fieldProblem.branches(fields.branches) ?? unfit(fields.branches, patternProblem))],
    ['category', fields.category === undefined ? undefined : fieldProblem.category(fields.category)],
    ['description', fields.description === undefined ? undefined : fieldProblem.description(fields.description)],
    ['repository', fields.repository === undefined ? undefined : fieldProblem.repository(fields.repository)],
  ];
  for (const [flag, problem] of problems) {
    if (problem !== undefined) throw new JitFailure('InputInvalid', { field: `--${flag}`, problem });
  }
}

function unfit(
  patterns: readonly string[],
  patternProblem: (pattern: string) => string | undefined,
): string | undefined {
  for (const pattern of patterns) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) return `"${pattern}" ${problem}`;
  }
  return undefined;
}

/**
 * Checks that an environment can stand beside the others.
 *
 * @param others the environments that count, whatever their layer; one of the same name is the environment itself, or hidden by it
 * @throws BranchTaken when another one has the same branch or the same pattern: the branch would be ambiguous for ever
 */
export function checkBranchesFree(environment: Environment, others: readonly Environment[]): void {
  for (const other of others) {
    if (sameName(other.name, environment.name)) continue;
    const branch = environment.branches.find((pattern) => other.branches.includes(pattern));
    if (branch !== undefined) throw new JitFailure('BranchTaken', { branch, environment: other.name });
  }
}

/**
 * Checks that the name of an environment may become the alias of its sandbox.
 *
 * @param ofSf the org to which the name leads in sf
 * @throws EnvironmentNameTaken when it means production or another sandbox, which would lose it with the first login
 */
export function checkNameFree(environment: Environment, registry: Registry, ofSf?: OrgOfSf): void {
  const { name: alias, sandboxName } = environment;
  const { username, productionUsername = environment.productionUsername } = sandboxOf(environment, registry) ?? {};
  // whatever else had that name, this is what it means from now on
  const others = { ...registry, environments: [{ ...environment, productionUsername }] };
  const target = { sandboxName, productionUsername, username };
  const org = orgWithAlias(alias, target, others, { ofSf, isChosen: true });
  if (org !== undefined) throw new JitFailure('EnvironmentNameTaken', { environment: alias, org });
}

/** The registered sandbox that an environment is linked to; undefined when it is not registered on this machine. */
export function sandboxOf(environment: Environment, registry: Registry): SandboxRegistration | undefined {
  return registry.sandboxes.find((sandbox) => isLinked(environment, sandbox));
}

/** Whether an environment names this sandbox, of the production user whom this machine knows or whom the project names. */
function isLinked(environment: Environment, sandbox: SandboxRegistration): boolean {
  const key = sandboxKey(environment);
  return key === sandboxKey(sandbox) || key === sandboxKey(projectEntry(sandbox));
}

/** What a login to the sandbox of an environment asks for, in the terms of `sf jit sandbox login`. */
export type EnvironmentLogin = {
  readonly sandboxes: string[];
  readonly production: string;
  readonly alias: string;
  /** Whether the name that becomes the alias is a repository's word. */
  readonly isAliasOfProject: boolean;
};

/**
 * How to log in to the environment's sandbox under the environment's name.
 *
 * @throws EnvironmentNameTaken, SandboxNotRegistered when the sandbox is not registered and its name is another one's alias
 */
export function environmentLogin(
  environment: LayeredEnvironment,
  registry: Registry,
  ofSf?: OrgOfSf,
): EnvironmentLogin {
  checkNameFree(environment, registry, ofSf);
  const { sandboxName, name: alias } = environment;
  const registered = sandboxOf(environment, registry);
  const production = registered?.productionUsername ?? environment.productionUsername;
  // an alias comes before a sandbox name where a login looks for its sandbox
  const mistakable = registry.sandboxes.some((other) => sameName(other.alias, sandboxName));
  if (!registered && mistakable) throw new JitFailure('SandboxNotRegistered', { sandbox: sandboxName });
  return {
    sandboxes: [registered?.alias ?? sandboxName],
    production,
    alias,
    isAliasOfProject: environment.layer === 'project',
  };
}

/** The environments that are linked to any of these sandboxes. */
export function environmentsOfSandbox<E extends Environment>(
  environments: readonly E[],
  sandboxes: readonly SandboxRegistration[],
): E[] {
  const keys = new Set(sandboxes.flatMap((sandbox) => [sandboxKey(sandbox), sandboxKey(projectEntry(sandbox))]));
  return environments.filter((environment) => keys.has(sandboxKey(environment)));
}

/** The environments of both layers, those too that the project hides. */
export function environmentsOfBothLayers(global: Registry, project: ProjectLayer | undefined): LayeredEnvironment[] {
  const of = (layer: Layer) => (environment: Environment) => ({ ...environment, layer });
  return [...(project?.environments ?? []).map(of('project')), ...global.environments.map(of('global'))];
}

/** The failure for sandboxes that cannot go while environments are linked to them. */
export function environmentsDepend(environments: readonly LayeredEnvironment[], production?: string): JitFailure {
  const names = joinNames(
    environments.map(({ name, sandboxName, layer }) => `${name} (${sandboxPhrase(sandboxName)}, ${layer})`),
  );
  return new JitFailure('EnvironmentsDepend', { names, production });
}
