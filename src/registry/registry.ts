import type { Environment } from './environmentFields.js';
import { JitFailure } from '../failures/failures.js';
import { nearestName } from '../failures/nearestName.js';
import type { KeySource } from '../keys/keySource.js';
import type { KnownSandbox, SandboxRegistration } from './sandboxFields.js';

/** A registered production org. Shared by the registry file, `sf jit org list` and `display`. */
export type ProductionOrg = {
  readonly username: string;
  readonly alias?: string;
  readonly orgId: string;
  readonly instanceUrl: string;
  readonly loginUrl: string;
  /** Consumer key of the app that production is logged in to with; `PlatformCLI` after a web login. */
  readonly clientId: string;
  /** A callback URL that the app knows, when it is not sf's own (`http://localhost:1717/OauthRedirect`). */
  readonly callbackUrl?: string;
  readonly key: KeySource;
};

/** What registering a sandbox came to. */
export type RegisteredSandbox = SandboxRegistration & {
  readonly status: 'registered' | 'already-registered';
  /** State of the copy, as Salesforce calls it; absent when production was not asked. */
  readonly sandboxStatus?: string;
  /** Whether another user made the copy, whom alone `sandboxAuth` would let in. */
  readonly createdByAnotherUser?: boolean;
  /** Whether sf has a login to it that the user made with another command; absent until sf is asked. */
  readonly hasLoginOfUser?: boolean;
};

/** All that is registered, in the order in which it was. */
export type Registry = {
  readonly productionOrgs: readonly ProductionOrg[];
  readonly sandboxes: readonly SandboxRegistration[];
  readonly environments: readonly Environment[];
  /** What was learned of sandboxes that only a project registers. */
  readonly usernames?: readonly KnownSandbox[];
  /** Username of the production org that is meant when none is named. Of this machine: a project cannot say it. */
  readonly defaultProductionOrg?: string;
};

export const emptyRegistry: Registry = { productionOrgs: [], sandboxes: [], environments: [] };

/** Names, aliases and usernames are compared without regard to letter case, as Salesforce does. */
export function sameName(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one.toLowerCase() === other.toLowerCase();
}

/** The production org with this alias or username, if it is registered. */
export function findProductionOrg(
  registry: Pick<Registry, 'productionOrgs'>,
  aliasOrUsername: string,
): ProductionOrg | undefined {
  return (
    registry.productionOrgs.find((org) => sameName(org.alias, aliasOrUsername)) ??
    registry.productionOrgs.find((org) => sameName(org.username, aliasOrUsername))
  );
}

/**
 * The production org meant by `-p`, the configured default, or, when neither is given, the only one registered.
 *
 * @throws ProductionOrgNotRegistered when the named one is not registered, NoProductionOrg when there is none,
 * AmbiguousProductionOrg when there are several and none is named.
 */
export function chooseProductionOrg(registry: Registry, given: string | undefined, configured?: string): ProductionOrg {
  const aliasOrUsername = given ?? configured;
  if (aliasOrUsername !== undefined) {
    const found = findProductionOrg(registry, aliasOrUsername);
    if (!found) throw productionOrgNotRegistered(registry, aliasOrUsername, given === undefined);
    return found;
  }
  const [only, ...others] = registry.productionOrgs;
  if (!only) throw new JitFailure('NoProductionOrg', {});
  if (others.length > 0) {
    throw new JitFailure('AmbiguousProductionOrg', { names: joinNames(registry.productionOrgs.map(label)) });
  }
  return only;
}

/**
 * The failure for a production org that is named but not registered, with the nearest registered name.
 *
 * @param isConfigured whether nobody typed the name: it is then the default that the registry keeps, or else `jit-production-org`
 */
export function productionOrgNotRegistered(
  registry: Registry,
  aliasOrUsername: string,
  isConfigured = false,
): JitFailure {
  const names = registry.productionOrgs.flatMap((org) => [org.username, ...(org.alias ? [org.alias] : [])]);
  const isKept = sameName(registry.defaultProductionOrg, aliasOrUsername);
  return new JitFailure('ProductionOrgNotRegistered', {
    production: aliasOrUsername,
    nearest: nearestName(aliasOrUsername, names),
    setting: isConfigured && !isKept ? 'jit-production-org' : undefined,
    field: isConfigured && isKept ? '"defaultProductionOrg" in ~/.sf/jit.json' : undefined,
  });
}

/**
 * The registered sandbox with this alias, sandbox name or username, in that order, of one production org when `production` is given.
 *
 * @throws AmbiguousSandbox when the name fits sandboxes of several production orgs.
 */
export function findSandbox(
  registry: Registry,
  term: string,
  productionUsername?: string,
): SandboxRegistration | undefined {
  const candidates = registry.sandboxes.filter(
    (sandbox) => productionUsername === undefined || sameName(sandbox.productionUsername, productionUsername),
  );
  for (const key of ['alias', 'sandboxName', 'username'] as const) {
    const matches = candidates.filter((sandbox) => sameName(sandbox[key], term));
    const [match, ...others] = matches;
    if (others.length > 0) {
      throw new JitFailure('AmbiguousSandbox', {
        sandbox: term,
        names: joinNames(matches.map((sandbox) => `${sandbox.sandboxName} of ${sandbox.productionUsername}`)),
      });
    }
    if (match) return match;
  }
  return undefined;
}

/** As `findSandbox`, for commands that only work on registered ones. @throws SandboxNotRegistered with the nearest registered name. */
export function requireSandbox(registry: Registry, term: string, productionUsername?: string): SandboxRegistration {
  const found = findSandbox(registry, term, productionUsername);
  if (found) return found;
  const names = registry.sandboxes.flatMap((sandbox) => [sandbox.alias, sandbox.sandboxName]);
  throw new JitFailure('SandboxNotRegistered', { sandbox: term, nearest: nearestName(term, names) });
}

/** The sandboxes that can only be logged in to through this production org. */
export function dependentSandboxes(registry: Registry, productionUsername: string): SandboxRegistration[] {
  return registry.sandboxes.filter((sandbox) => sameName(sandbox.productionUsername, productionUsername));
}

/**
 * The registry with this production org added, or in the place of the one with the same username. An alias means one org: another
 * production org that has it loses it.
 */
export function withProductionOrg(registry: Registry, org: ProductionOrg): Registry {
  const others = registry.productionOrgs.map((other) => {
    const { alias, ...unnamed } = other;
    return sameName(alias, org.alias) ? unnamed : other;
  });
  return { ...registry, productionOrgs: upsert(others, org, (other) => sameName(other.username, org.username)) };
}

/** The registry with these sandboxes added, or in the place of the same sandboxes of the same production org. */
export function withSandboxes(registry: Registry, sandboxes: readonly SandboxRegistration[]): Registry {
  const changed = new Map(sandboxes.map((sandbox) => [sandboxKey(sandbox), sandbox]));
  const kept = registry.sandboxes.map((sandbox) => {
    const key = sandboxKey(sandbox);
    const change = changed.get(key);
    changed.delete(key);
    return change ?? sandbox;
  });
  return { ...registry, sandboxes: [...kept, ...changed.values()] };
}

/** The registry without a production org, its sandboxes and the environments that are linked to them. */
export function withoutProductionOrg(registry: Registry, username: string): Registry {
  const { defaultProductionOrg } = registry;
  return {
    ...(defaultProductionOrg === undefined || sameName(defaultProductionOrg, username) ? {} : { defaultProductionOrg }),
    productionOrgs: registry.productionOrgs.filter((org) => !sameName(org.username, username)),
    sandboxes: registry.sandboxes.filter((sandbox) => !sameName(sandbox.productionUsername, username)),
    environments: registry.environments.filter(({ productionUsername }) => !sameName(productionUsername, username)),
    ...(registry.usernames && {
      usernames: registry.usernames.filter(({ productionUsername }) => !sameName(productionUsername, username)),
    }),
  };
}

export function withoutSandboxes(registry: Registry, sandboxes: readonly SandboxRegistration[]): Registry {
  const keys = new Set(sandboxes.map(sandboxKey));
  return { ...registry, sandboxes: registry.sandboxes.filter((sandbox) => !keys.has(sandboxKey(sandbox))) };
}

/** What identifies a registered sandbox: its production org and its name, without regard to letter case. */
export function sandboxKey(sandbox: Pick<SandboxRegistration, 'productionUsername' | 'sandboxName'>): string {
  return `${sandbox.productionUsername}/${sandbox.sandboxName}`.toLowerCase();
}

/** How a production org is called in messages and tables: its alias where it has one. */
export function label(org: { readonly alias?: string; readonly username: string }): string {
  return org.alias ?? org.username;
}

/** A list of names for a message, at most ten of them. */
export function joinNames(names: readonly string[]): string {
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`;
}

function upsert<T>(items: readonly T[], item: T, same: (other: T) => boolean): T[] {
  return items.some(same) ? items.map((other) => (same(other) ? item : other)) : [...items, item];
}
