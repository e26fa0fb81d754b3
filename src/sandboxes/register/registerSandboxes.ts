import { aliasProblem, checkAlias } from '../../registry/alias.js';
import type { OrgOfSf } from '../../registry/takenAlias.js';
import { orgWithAlias, refuseTakenAlias } from '../../registry/takenAlias.js';
import { orgOfSf } from '../../sfStore/orgOfSf.js';
import { JitFailure } from '../../failures/failures.js';
import type { CredentialVariables } from '../../production/productionCredentials.js';
import { resolveProduction } from '../../production/productionCredentials.js';
import type { RegisteredSandbox, Registry, SandboxRegistration } from '../../registry/registry.js';
import {
  emptyRegistry,
  expectedSandboxUsername,
  findProductionOrg,
  isSandboxName,
  label,
  sameName,
  sandboxKey,
  withSandboxes,
} from '../../registry/registry.js';
import type { SandboxState } from '../../salesforce/sandboxState.js';
import { isDeleted, newestStates } from '../../salesforce/sandboxState.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import { productionContext, openOrgId, withProduction } from '../../production/openProduction.js';
import { ownUserId } from '../../production/ownUserId.js';
import { sandboxNames } from '../login/sandboxVerdict.js';
import { nearestName } from '../../failures/nearestName.js';
import { sandboxPhrase } from '../../failures/orgPhrases.js';

/** What `sf jit sandbox register` asks for. */
export type RegisterSandboxesRequest = {
  /** Sandbox names, or all that production has. */
  readonly sandboxes: readonly string[] | 'all';
  readonly production?: string;
  readonly defaultProduction?: string;
  readonly variables: CredentialVariables;
  /** Only with one sandbox. */
  readonly alias?: string;
  /** Whether production is asked if the sandboxes exist. */
  readonly verify: boolean;
  /** Whether they are registered in the project file, for everybody who has the repository. */
  readonly project: boolean;
};

/** A sandbox to register, and what production said about it. */
type Found = Pick<RegisteredSandbox, 'sandboxName' | 'sandboxStatus' | 'createdByAnotherUser'> & {
  readonly asked: string;
};

/**
 * Registers sandboxes of one production org; a sandbox that is registered already keeps its alias and username. All or none, except,
 * when all are asked for, what has a name in production that no sandbox can have.
 *
 * @param skipped told each such name, as production gave it
 * @throws AliasTaken for an alias that means another org, SandboxNotFound with the nearest name, SandboxDeleted, InputInvalid, and what
 * asking production throws
 */
export async function registerSandboxes(
  request: RegisterSandboxesRequest,
  ports: Ports,
  skipped: (name: string) => void = () => undefined,
): Promise<RegisteredSandbox[]> {
  checkAlias(request.alias);
  const known = await ports.registry.read();
  const { variables, defaultProduction } = request;
  const production = resolveProduction(known, variables, request.production, undefined, defaultProduction);
  const found = request.verify
    ? await withProduction(production, ports, async (session) => {
        const states = newestStates(await ports.salesforce.sandboxStates(session, productionContext(production)));
        const userId = await ownUserId(session, production.username, ports);
        return chooseStates(states, request.sandboxes, production.username, skipped).map(({ asked, state }): Found => ({
          sandboxName: state.sandboxName,
          asked,
          sandboxStatus: state.status,
          createdByAnotherUser:
            userId === undefined || state.createdById === undefined ? undefined : !sameOrgId(userId, state.createdById),
        }));
      })
    : requireNames(request.sandboxes).map((name): Found => ({ sandboxName: name, asked: name }));
  const aliasesOfSf = await orgsOfSf(
    request.alias === undefined ? found.map(({ asked }) => asked) : [request.alias],
    ports,
  );
  const results: RegisteredSandbox[] = [];
  const productionLabel = label(production.registered ?? production);
  const registerIn = (before: Registry): Registry => {
    results.length = 0;
    let registry = before;
    for (const sandbox of found) {
      const entry = registration(registry, sandbox, production.username, productionLabel, request.alias, aliasesOfSf);
      const existing = findRegistration(registry, entry);
      const same = existing?.alias === entry.alias;
      if (!same) registry = withSandboxes(registry, [entry]);
      const { sandboxStatus, createdByAnotherUser } = sandbox;
      results.push({
        ...entry,
        status: same ? 'already-registered' : 'registered',
        sandboxStatus,
        createdByAnotherUser,
      });
    }
    return registry;
  };
  if (request.project) {
    if (request.alias !== undefined) registerIn(known);
    const orgId = production.registered?.orgId ?? (await openOrgId(production, ports));
    await ports.registry.updateProject((layer) => {
      const before = layer.sandboxes.map((one) => ofOwnUser(one, production.username, orgId));
      const { sandboxes } = registerIn({ ...emptyRegistry, productionOrgs: known.productionOrgs, sandboxes: before });
      const asked = new Set(results.map(sandboxKey));
      const shared = sandboxes.map((one) => {
        const at = before.findIndex((other) => sandboxKey(other) === sandboxKey(one));
        const { productionUsername, productionOrgId } = layer.sandboxes[at] ?? one;
        return {
          ...one,
          productionUsername,
          productionOrgId: productionOrgId ?? (asked.has(sandboxKey(one)) ? orgId : undefined),
        };
      });
      return JSON.stringify(shared) === JSON.stringify(layer.sandboxes) ? layer : { ...layer, sandboxes: shared };
    });
  } else await ports.registry.update(registerIn);
  return results;
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

/** What sf itself means by these names. */
async function orgsOfSf(
  names: readonly string[],
  { sfOrgs }: Ports,
): Promise<ReadonlyMap<string, OrgOfSf | undefined>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await orgOfSf(name, sfOrgs)] as const)));
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
  productionUsername: string,
  productionLabel: string,
  wantedAlias: string | undefined,
  ofSf: ReadonlyMap<string, OrgOfSf | undefined>,
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
  return {
    sandboxName,
    username,
    alias,
    productionUsername,
    isJitRegistration: true,
  };
}
