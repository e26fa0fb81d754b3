import { JitFailure } from '../failures/failures.js';
import { productionPhrase, sandboxPhrase } from '../failures/orgPhrases.js';
import type { Environment } from './environmentFields.js';
import type { Registry } from './registry.js';
import { findProductionOrg, label, sameName, sandboxKey } from './registry.js';

/** The org that is to get an alias: a sandbox, with the user who is signed in as; or production itself, without a sandbox name. */
export type AliasTarget = {
  readonly sandboxName?: string;
  readonly productionUsername: string;
  readonly username?: string;
};

/** The org to which a name leads in sf itself: by sf's own alias, or as its username. */
export type OrgOfSf = { readonly username: string; readonly isProduction: boolean };

/**
 * The one rule for every command that sets an alias: an alias that means another registered org, or a production org that is registered
 * or only sf's, is refused. A login would take it away, and what is meant for that org would go to this one.
 *
 * @param isChosen whether somebody typed the alias; one that a registration or a sandbox name brings along is refused only where it is
 * the very alias of another org, or means production. A project file, which others write, can ask for any alias
 * @throws AliasTaken
 */
export function refuseTakenAlias(
  alias: string,
  target: AliasTarget,
  registry: Registry,
  { ofSf, isChosen = true }: { readonly ofSf?: OrgOfSf | undefined; readonly isChosen?: boolean } = {},
): void {
  const org = orgWithAlias(alias, target, registry, { ofSf, isChosen });
  if (org === undefined) return;
  const { sandboxName: sandbox, productionUsername: production } = target;
  throw new JitFailure('AliasTaken', {
    alias,
    org,
    free: freeAlias(alias, target, registry),
    ...(sandbox === undefined ? { user: production } : { sandbox, production }),
  });
}

/** An alias for the org that nobody has, in the place of the one that is taken; undefined when none comes to mind. */
export function freeAlias(taken: string, target: AliasTarget, registry: Registry): string | undefined {
  return suggestions(target, registry).find(
    (other) => !sameName(other, taken) && orgWithAlias(other, target, registry, { isChosen: true }) === undefined,
  );
}

/** The other org that an alias means, in words; undefined when `target` may have it. */
export function orgWithAlias(
  alias: string,
  target: AliasTarget,
  registry: Registry,
  { ofSf, isChosen }: { readonly ofSf?: OrgOfSf | undefined; readonly isChosen: boolean },
): string | undefined {
  const { sandboxName, productionUsername, username } = target;
  const isOtherProduction = (name: string): boolean => sandboxName !== undefined || !sameName(name, productionUsername);
  const known = [...registry.productionOrgs.map((org) => org.username), productionUsername];
  const production =
    findProductionOrg(registry, alias)?.username ??
    known.find((name) => sameName(name, alias) || sameName(name, ofSf?.username));
  if (production !== undefined && isOtherProduction(production)) return productionPhrase(production);
  // it is this org's already
  if (ofSf && sameName(ofSf.username, sandboxName === undefined ? productionUsername : username)) return undefined;
  if (ofSf?.isProduction) return productionPhrase(ofSf.username);
  return sandboxWithAlias(alias, target, registry, isChosen ? { ofSf } : undefined);
}

function isOther(
  { sandboxName, productionUsername }: Pick<Environment, 'sandboxName' | 'productionUsername'>,
  target: AliasTarget,
): boolean {
  return (
    target.sandboxName === undefined ||
    sandboxKey({ sandboxName, productionUsername }) !== sandboxKey({ ...target, sandboxName: target.sandboxName })
  );
}

function sandboxWithAlias(
  alias: string,
  target: AliasTarget,
  { sandboxes, environments }: Registry,
  typed: { readonly ofSf?: OrgOfSf | undefined } | undefined,
): string | undefined {
  const environment = environments.find(({ name }) => sameName(name, alias));
  // the name of an environment is the alias of its sandbox, also after it was linked to another one
  const chosen = environment && !isOther(environment, target) ? undefined : typed;
  const means = (sandbox: Registry['sandboxes'][number]): boolean =>
    sameName(sandbox.alias, alias) ||
    (chosen !== undefined &&
      (sameName(sandbox.username, alias) ||
        sameName(sandbox.username, chosen.ofSf?.username) ||
        (sameName(sandbox.sandboxName, alias) && !sameName(target.sandboxName, alias))));
  const sandbox = sandboxes.find((other) => isOther(other, target) && means(other));
  if (sandbox) return sandboxPhrase(sandbox.sandboxName, sandbox.productionUsername);
  return environment && chosen && sandboxPhrase(environment.sandboxName, environment.productionUsername);
}

/** Aliases that would do, the first one best. */
function suggestions({ sandboxName, productionUsername }: AliasTarget, registry: Registry): string[] {
  const production = findProductionOrg(registry, productionUsername);
  const [, company = 'acme'] = /@([^.@]+)/.exec(productionUsername) ?? [];
  if (sandboxName === undefined) return ['production', company, `${company}-production`];
  const name = sandboxName.toLowerCase();
  return [name, `${label(production ?? { username: company })}-${name}`, `${company}-${name}`];
}
