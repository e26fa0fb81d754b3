import { checkAlias } from '../../registry/alias.js';
import type { OrgOfSf } from '../../registry/takenAlias.js';
import { orgOfSf } from '../../sfStore/orgOfSf.js';
import type { CredentialVariables } from '../../production/productionCredentials.js';
import { resolveProduction } from '../../production/productionCredentials.js';
import type { RegisteredSandbox } from '../../registry/registry.js';
import { label } from '../../registry/registry.js';
import { newestStates } from '../../salesforce/sandboxState.js';
import type { Ports } from '../../ports.js';
import { productionContext, openedSession, withProduction } from '../../production/openProduction.js';
import { ownUserId } from '../../production/ownUserId.js';
import { hasLoginOfUser } from '../login/checkLogin.js';
import { findInProduction, findUnasked, registerIn, registerInProject } from './registrations.js';

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
): Promise<readonly RegisteredSandbox[]> {
  checkAlias(request.alias);
  const known = await ports.registry.read();
  const { alias, sandboxes, variables, defaultProduction } = request;
  const production = resolveProduction(known, variables, request.production, undefined, defaultProduction);
  const { username } = production;
  const found = request.verify
    ? await withProduction(production, ports, async (session) => {
        const states = newestStates(await ports.salesforce.sandboxStates(session, productionContext(production)));
        const userId = await ownUserId(session, username, ports);
        return findInProduction(states, sandboxes, { username, userId }, skipped);
      })
    : findUnasked(sandboxes);
  const terms = {
    productionUsername: username,
    productionLabel: label(production.registered ?? production),
    alias,
    ofSf: await orgsOfSf(alias === undefined ? found.map(({ asked }) => asked) : [alias], ports),
  };
  // what is registered is read again under the lock, and decides
  let registered: readonly RegisteredSandbox[] = [];
  if (request.project) {
    if (alias !== undefined) registerIn(known, found, terms);
    const orgId = production.registered?.orgId ?? (await openedSession(production, ports))?.orgId;
    await ports.registry.updateProject((before) => {
      const { layer, sandboxes: shared } = registerInProject(before, found, terms, orgId, known.productionOrgs);
      registered = shared;
      return layer;
    });
  } else {
    await ports.registry.update((before) => {
      const after = registerIn(before, found, terms);
      registered = after.sandboxes;
      return after.registry;
    });
  }
  return Promise.all(
    registered.map(async (one) => ({ ...one, hasLoginOfUser: await hasLoginOfUser(one.username, ports) })),
  );
}

/** What sf itself means by these names. */
async function orgsOfSf(
  names: readonly string[],
  { sfOrgs }: Ports,
): Promise<ReadonlyMap<string, OrgOfSf | undefined>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await orgOfSf(name, sfOrgs)] as const)));
}
