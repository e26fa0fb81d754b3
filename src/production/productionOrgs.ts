import type { CredentialVariables } from './productionCredentials.js';
import type { ProductionOrg, Registry } from '../registry/registry.js';
import { chooseProductionOrg, dependentSandboxes, findProductionOrg, sameName } from '../registry/registry.js';
import type { Ports } from '../ports.js';

/** A registered production org, and how it stands among the others. */
export type ProductionOrgDetails = ProductionOrg & {
  /** Whether commands mean it when they do not say which: configured, or the only one. */
  readonly isDefault: boolean;
  /** Names of its registered sandboxes. */
  readonly sandboxes: readonly string[];
};

export async function listProductionOrgs(
  configured: string | undefined,
  { registry }: Pick<Ports, 'registry'>,
): Promise<ProductionOrgDetails[]> {
  const all = await registry.read();
  return all.productionOrgs.map((org) => details(org, configured, all));
}

/** @throws ProductionOrgNotRegistered, NoProductionOrg, AmbiguousProductionOrg */
export async function displayProductionOrg(
  aliasOrUsername: string | undefined,
  configured: string | undefined,
  { registry }: Pick<Ports, 'registry'>,
): Promise<ProductionOrgDetails> {
  const all = await registry.read();
  return details(chooseProductionOrg(all, aliasOrUsername, configured), configured, all);
}

/**
 * What a user calls a production org, as the registry knows it: a registered alias or username stays as it is, and sf's own alias stands for
 * its username, where that org is registered or given by the environment.
 */
export async function usernameOfProduction(
  name: string | undefined,
  variables: Pick<CredentialVariables, 'username'>,
  { registry, sfOrgs }: Pick<Ports, 'registry' | 'sfOrgs'>,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const known = await registry.readGlobal();
  if (findProductionOrg(known, name)) return name;
  const username = await sfOrgs.usernameOf(name);
  return findProductionOrg(known, username) || sameName(variables.username, username) ? username : name;
}

function details(org: ProductionOrg, configured: string | undefined, registry: Registry): ProductionOrgDetails {
  return {
    ...org,
    isDefault:
      configured === undefined ? registry.productionOrgs.length === 1 : findProductionOrg(registry, configured) === org,
    sandboxes: dependentSandboxes(registry, org.username).map((sandbox) => sandbox.sandboxName),
  };
}
