import { aliasProblem } from '../../registry/alias.js';
import type { OrgOfSf } from '../../registry/takenAlias.js';
import { orgWithAlias, refuseTakenAlias } from '../../registry/takenAlias.js';
import { JitFailure } from '../../failures/failures.js';
import { nearestName } from '../../failures/nearestName.js';
import { sandboxPhrase } from '../../failures/orgPhrases.js';
import type { ProjectLayer } from '../../registry/projectLayer.js';
import type { ProductionOrg, RegisteredSandbox, Registry } from '../../registry/registry.js';
import type { SandboxRegistration } from '../../registry/sandboxFields.js';
import { emptyRegistry, findProductionOrg, sameName, sandboxKey, withSandboxes } from '../../registry/registry.js';
import { expectedSandboxUsername, isSandboxName } from '../../registry/sandboxName.js';
import type { SandboxState } from '../../salesforce/sandboxState.js';
import { isDeleted } from '../../salesforce/sandboxState.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';
import { sandboxNames } from '../signIn/sandboxVerdict.js';

/** A sandbox to register, and what production said about it. */
export type Found = Pick<RegisteredSandbox, 'sandboxName' | 'sandboxStatus' | 'createdByAnotherUser'> & {
  /** Its name as the user typed it. */
  readonly asked: string;
};

/** What registrations are made with, besides what is registered. */
export type RegistrationTerms = {
  readonly productionUsername: string;
  /** What production is called in an alias that would be taken without it. */
  readonly productionLabel: string;
  /** `--alias`, with one sandbox. */
  readonly alias: string | undefined;
  /** What sf itself means by the names that may become aliases. */
  readonly ofSf: ReadonlyMap<string, OrgOfSf | undefined>;
};

/** A registry with the sandboxes in it, and what became of each, in the order in which they were found. */
export type Registered = { readonly registry: Registry; readonly sandboxes: readonly RegisteredSandbox[] };

/** The sandboxes as they were typed, when production is not asked. @throws InputInvalid */
export function findUnasked(sandboxes: readonly string[] | 'all'): Found[] {
  return requireNames(sandboxes).map((name) => ({ sandboxName: name, asked: name }));
}

/**
 * The sandboxes that are meant, as production knows them.
 *
 * @param states the newest state of each sandbox of production
 * @param asker username of the production user, and its id if that is known
 * @param skipped told each name that no sandbox can have, as production gave it, when all are meant
 * @throws SandboxNotFound with the nearest name, SandboxDeleted, InputInvalid
 */
export function findInProduction(
  states: readonly SandboxState[],
  wanted: readonly string[] | 'all',
  asker: { readonly username: string; readonly userId: string | undefined },
  skipped: (name: string) => void,
): Found[] {
  return chooseStates(states, wanted, asker.username, skipped).map(({ asked, state }) => ({
    sandboxName: state.sandboxName,
    asked,
    sandboxStatus: state.status,
    createdByAnotherUser:
      asker.userId === undefined || state.createdById === undefined
        ? undefined
        : !sameOrgId(asker.userId, state.createdById),
  }));
}

/**
 * Registers sandboxes of one production org; one that is registered already keeps its alias and username.
 *
 * @throws AliasTaken for an alias that means another org, InputInvalid
 */
export function registerIn(before: Registry, found: readonly Found[], terms: RegistrationTerms): Registered {
  let registry = before;
  const sandboxes = found.map((sandbox): RegisteredSandbox => {
    const entry = registration(registry, sandbox, terms);
    const isKnown = findRegistration(registry, entry)?.alias === entry.alias;
    if (!isKnown) registry = withSandboxes(registry, [entry]);
    const { sandboxStatus, createdByAnotherUser } = sandbox;
    return { ...entry, status: isKnown ? 'already-registered' : 'registered', sandboxStatus, createdByAnotherUser };
  });
  return { registry, sandboxes };
}

/**
 * The same in the project's layer: with production's org id, and under the username that the project has for that org already.
 *
 * @param orgId of production, if it is known
 * @param productionOrgs those of this machine
 * @returns the layer as it was when nothing in it changes
 */
export function registerInProject(
  layer: ProjectLayer,
  found: readonly Found[],
  terms: RegistrationTerms,
  orgId: string | undefined,
  productionOrgs: readonly ProductionOrg[],
): { readonly layer: ProjectLayer; readonly sandboxes: readonly RegisteredSandbox[] } {
  const before = layer.sandboxes.map((one) => ofOwnUser(one, terms.productionUsername, orgId));
  const registered = registerIn({ ...emptyRegistry, productionOrgs, sandboxes: before }, found, terms);
  const asked = new Set(registered.sandboxes.map(sandboxKey));
  const shared = registered.registry.sandboxes.map((one) => {
    const at = before.findIndex((other) => sandboxKey(other) === sandboxKey(one));
    const { productionUsername, productionOrgId } = layer.sandboxes[at] ?? one;
    return {
      ...one,
      productionUsername,
      productionOrgId: productionOrgId ?? (asked.has(sandboxKey(one)) ? orgId : undefined),
    };
  });
  const isSame = JSON.stringify(shared) === JSON.stringify(layer.sandboxes);
  return { layer: isSame ? layer : { ...layer, sandboxes: shared }, sandboxes: registered.sandboxes };
}

/** A sandbox of the project, under this machine's user of its production org where the project gives that org's id. */
function ofOwnUser(sandbox: SandboxRegistration, username: string, orgId: string | undefined): SandboxRegistration {
  const { productionOrgId } = sandbox;
  const isSameOrg = orgId !== undefined && productionOrgId !== undefined && sameOrgId(orgId, productionOrgId);
  return isSameOrg ? { ...sandbox, productionUsername: username } : sandbox;
}

function requireNames(sandboxes: readonly string[] | 'all'): readonly string[] {
  if (sandboxes === 'all') {
    throw new JitFailure('InputInvalid', {
      field: '--all',
      problem: 'it needs production to be asked; leave --no-verify out',
    });
  }
  sandboxes.forEach(checkName);
  return sandboxes;
}

/** Names go into files, SOQL and aliases. @throws InputInvalid */
function checkName(name: string): void {
  if (isSandboxName(name)) return;
  throw new JitFailure('InputInvalid', {
    field: '--sandbox-name',
    problem: `"${name}" cannot be the name of a sandbox: letters and digits, ten at most`,
  });
}

function chooseStates(
  states: readonly SandboxState[],
  wanted: readonly string[] | 'all',
  production: string,
  skipped: (name: string) => void,
): Array<{ asked: string; state: SandboxState }> {
  const living = states.filter((state) => !isDeleted(state));
  const registrable = living.filter(({ sandboxName }) => isSandboxName(sandboxName));
  if (wanted === 'all') {
    for (const { sandboxName } of living) if (!isSandboxName(sandboxName)) skipped(sandboxName);
    return registrable.map((state) => ({ asked: state.sandboxName, state }));
  }
  return wanted.map((asked) => {
    const state = living.find(({ sandboxName }) => sameName(sandboxName, asked));
    if (state) {
      // what production calls it is written, not what was typed
      checkName(state.sandboxName);
      return { asked, state };
    }
    const deleted = states.find(({ sandboxName }) => sameName(sandboxName, asked));
    if (deleted) throw new JitFailure('SandboxDeleted', { sandbox: asked, production, status: deleted.status });
    const names = registrable.map(({ sandboxName }) => sandboxName);
    const nearest = nearestName(asked, names);
    throw new JitFailure('SandboxNotFound', {
      sandbox: asked,
      production,
      nearest,
      toRegister: nearest,
      names: sandboxNames(names),
    });
  });
}

/** By its name in production, whatever alias it has: another sandbox may have that name as its alias. */
function findRegistration(
  registry: Registry,
  sandbox: Pick<SandboxRegistration, 'sandboxName' | 'productionUsername'>,
): SandboxRegistration | undefined {
  const key = sandboxKey(sandbox);
  return registry.sandboxes.find((other) => sandboxKey(other) === key);
}

function registration(
  registry: Registry,
  { sandboxName, asked }: { sandboxName: string; asked: string },
  { productionUsername, productionLabel, alias: wantedAlias, ofSf }: RegistrationTerms,
): SandboxRegistration {
  const existing = findRegistration(registry, { sandboxName, productionUsername });
  const username = existing?.username ?? expectedSandboxUsername(productionUsername, sandboxName);
  const target = { sandboxName, productionUsername, username };
  const isFree = (alias: string): boolean =>
    orgWithAlias(alias, target, registry, { ofSf: ofSf.get(alias), isChosen: false }) === undefined;
  if (wantedAlias !== undefined) refuseTakenAlias(wantedAlias, target, registry, { ofSf: ofSf.get(wantedAlias) });
  const kept = existing && !findProductionOrg(registry, existing.alias) ? existing.alias : undefined;
  const alias = wantedAlias ?? kept ?? [asked, `${productionLabel}-${asked}`].find(isFree);
  if (alias === undefined || aliasProblem(alias) !== undefined) {
    throw new JitFailure('InputInvalid', {
      field: `The default alias of ${sandboxPhrase(sandboxName)}`,
      problem: 'other orgs have those that it could have; register that sandbox by itself, with an --alias of your own',
    });
  }
  return { ...existing, sandboxName, username, alias, productionUsername, isJitRegistration: true };
}
