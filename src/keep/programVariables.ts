import { variablesForCommand } from '../exec/commandRun.js';
import type { Registry } from '../registry/registry.js';

/**
 * The environment of a program that runs while its sandboxes are kept: this process's own, without the keys of registered production orgs
 * and whatever else holds a private key. The keeper has read the key, and needs no variable any more.
 */
export function variablesForProgram(
  env: Readonly<Record<string, string | undefined>>,
  { productionOrgs }: Pick<Registry, 'productionOrgs'>,
  platform: NodeJS.Platform,
): Record<string, string | undefined> {
  const names = productionOrgs.flatMap(({ key }) => (key.source === 'env' ? [key.name] : []));
  return variablesForCommand(env, Object.fromEntries(names.map((name) => [name, undefined])), platform);
}
