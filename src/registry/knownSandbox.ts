import type { ProductionOrg, Registry } from './registry.js';
import { sameName, sandboxKey, withSandboxes } from './registry.js';
import type { KnownSandbox } from './sandboxFields.js';
import { learnedOf, withLearned } from './sandboxFields.js';

/**
 * This machine's registry with what was learned of a sandbox: in its registration, or by itself where only a project registers it. What
 * the project calls that sandbox stays in the project.
 */
export function withKnownSandbox(registry: Registry, known: KnownSandbox): Registry {
  const key = sandboxKey(known);
  const { sandboxName, productionUsername } = known;
  const registered = registry.sandboxes.find((sandbox) => sandboxKey(sandbox) === key);
  if (registered) return withSandboxes(registry, [withLearned(registered, known)]);
  const others = (registry.usernames ?? []).filter((other) => sandboxKey(other) !== key);
  return { ...registry, usernames: [...others, { sandboxName, productionUsername, ...learnedOf(known) }] };
}

/**
 * The registry without the ways of signing in to this production org's sandboxes, unless production is logged in to with the same app and key as
 * before: another app may be in the sandboxes, and another key may be let in.
 *
 * @param org production as it will be registered
 */
export function forgetWays(registry: Registry, { username, clientId, key }: ProductionOrg): Registry {
  const before = registry.productionOrgs.find((org) => sameName(org.username, username));
  if (before?.clientId === clientId && JSON.stringify(before.key) === JSON.stringify(key)) return registry;
  const known = <T extends KnownSandbox>(sandbox: T): T =>
    sameName(sandbox.productionUsername, username) ? forgetWay(sandbox) : sandbox;
  return {
    ...registry,
    sandboxes: registry.sandboxes.map(known),
    ...(registry.usernames && { usernames: registry.usernames.map(known) }),
  };
}

function forgetWay<T extends KnownSandbox>(sandbox: T): T {
  const forgetting: T & { signedInBy?: unknown } = { ...sandbox };
  delete forgetting.signedInBy;
  return forgetting;
}
