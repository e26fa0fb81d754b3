import type { ProjectLayer } from './projectLayer.js';
import type { ProductionOrg, Registry } from './registry.js';
import { label, sameName, sandboxKey } from './registry.js';
import type { SandboxRegistration } from './sandboxFields.js';
import { learnedOf } from './sandboxFields.js';
import { expectedSandboxUsername } from './sandboxName.js';

/**
 * Both layers as one: what the project registers hides what this machine registers for the same sandbox; its environments hide those of
 * the same name. An alias that this machine gave to another sandbox stays that sandbox's: the project's is then called after its
 * production org. A project names a production user; where this machine knows another user of the same org, by its id, that one serves.
 */
export function mergeLayers(global: Registry, project: ProjectLayer | undefined): Registry {
  if (!project) return global;
  const names = new Set(project.environments.map(({ name }) => name.toLowerCase()));
  // of the production user who serves for the sandboxes of the one that the project names
  const serving = new Map(
    project.sandboxes.map((one) => [one.productionUsername.toLowerCase(), productionOf(one, global)?.username]),
  );
  const environments = [
    ...project.environments.map((one) => ({
      ...one,
      productionUsername: serving.get(one.productionUsername.toLowerCase()) ?? one.productionUsername,
    })),
    ...global.environments.filter(({ name }) => !names.has(name.toLowerCase())),
  ];
  return { ...global, sandboxes: mergeSandboxes(global, project), environments };
}

function mergeSandboxes(global: Registry, project: ProjectLayer): readonly SandboxRegistration[] {
  // what this machine learned when it logged in
  const known = new Map([...(global.usernames ?? []), ...global.sandboxes].map((one) => [sandboxKey(one), one]));
  const taken = new Map(global.sandboxes.map((sandbox) => [sandbox.alias.toLowerCase(), sandboxKey(sandbox)]));
  const shared = project.sandboxes.map((sandbox): SandboxRegistration => {
    const production = productionOf(sandbox, global);
    const { sandboxName } = sandbox;
    const productionUsername = production?.username ?? sandbox.productionUsername;
    const key = sandboxKey({ sandboxName, productionUsername });
    const holder = taken.get(sandbox.alias.toLowerCase());
    const isFree = holder === undefined || holder === key;
    const learned = known.get(key);
    return {
      ...sandbox,
      productionUsername,
      username: expectedSandboxUsername(productionUsername, sandboxName),
      ...(learned && learnedOf(learned)),
      alias: isFree ? sandbox.alias : otherAlias(sandboxName, production ?? sandbox, taken),
      project: { productionUsername: sandbox.productionUsername },
    };
  });
  const keys = new Set(shared.map(sandboxKey));
  return [...shared, ...global.sandboxes.filter((sandbox) => !keys.has(sandboxKey(sandbox)))];
}

/** The registered production org of a project's sandbox: the user that the project names, else another user of the same org. */
function productionOf(sandbox: SandboxRegistration, { productionOrgs }: Registry): ProductionOrg | undefined {
  const { productionUsername, productionOrgId: orgId } = sandbox;
  return (
    productionOrgs.find(({ username }) => sameName(username, productionUsername)) ??
    (orgId === undefined ? undefined : productionOrgs.find((org) => org.orgId.slice(0, 15) === orgId.slice(0, 15)))
  );
}

/** What a project's sandbox is called on a machine where its alias means another one. */
function otherAlias(
  sandboxName: string,
  production: ProductionOrg | SandboxRegistration,
  taken: ReadonlyMap<string, string>,
): string {
  const username = 'isJitRegistration' in production ? production.productionUsername : production.username;
  const short = 'isJitRegistration' in production ? username : label(production);
  const names = [`${short}-${sandboxName}`, `${username}-${sandboxName}`];
  return names.find((name) => !taken.has(name.toLowerCase())) ?? `${username}-${sandboxName}-project`;
}
