import pLimit from 'p-limit';
import { chooseProductionOrg, dependentSandboxes } from '../../registry/registry.js';
import type { LoginOutcome, LoginProgress, SandboxLoginOutcome } from './sandboxLogin.js';
import { toFailure } from '../../failures/unexpectedError.js';
import { JitFailure } from '../../failures/failures.js';
import type { RegistryStore } from '../../registry/registryStore.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';
import type { SfOrgs } from '../../sfStore/sfOrgs.js';
import { endsAll } from './endOfAll.js';
import { findLoginTarget } from '../signIn/loginTarget.js';
import { isWorthWaitingFor, pauseBefore } from './waiting.js';
import type { Ports } from '../../ports.js';
import type { LoginSandboxRequest } from './loginSandbox.js';
import { loginSandbox } from './loginSandbox.js';

/** What `sf jit sandbox login` asks for: one sandbox, several, or all that are registered. */
export type LoginSandboxesRequest = Omit<LoginSandboxRequest, 'sandbox'> & {
  readonly sandboxes: readonly string[] | 'all';
  /** Milliseconds to wait for sandboxes that are not ready yet; 0 for one attempt. */
  readonly wait: number;
  /** How many sandboxes are logged in to at the same time. */
  readonly concurrency: number;
};

/**
 * Logs in to several sandboxes at once, bounded. Production is opened once; a sandbox that fails does not stop the others, but what
 * production refuses for every sandbox does: those that were not tried by then are not tried. With `all`, sandboxes that the user logged in
 * to are passed over.
 *
 * @returns an outcome for each sandbox, in the order in which they were asked for
 * @throws only what concerns all of them: RegistryDamaged, NoProductionOrg …
 */
export async function loginSandboxes(
  request: LoginSandboxesRequest,
  ports: Ports,
  show: (progress: LoginProgress) => void,
): Promise<LoginOutcome[]> {
  const sandboxes =
    request.sandboxes === 'all' ? await registeredSandboxes(request, ports) : [...new Set(request.sandboxes)];
  const limit = pLimit(request.concurrency);
  const shared = { ...ports, registry: readOnce(ports.registry), sfOrgs: withRecordsReadOnce(ports.sfOrgs) };
  const ended = new Map<string, JitFailure>();
  let done = 0;
  show({ kind: 'started', sandboxes });
  return Promise.all(
    sandboxes.map((sandbox) =>
      limit(async () => {
        const outcome = await unlessEnded({ ...request, sandbox }, shared, ended, show);
        done += 1;
        show({ kind: 'finished', outcome, done, of: sandboxes.length });
        return outcome;
      }),
    ),
  );
}

/** Aliases are unique among registrations, sandbox names are not. */
export async function registeredSandboxes(
  request: Pick<LoginSandboxesRequest, 'production'>,
  ports: Pick<Ports, 'registry'>,
): Promise<string[]> {
  const registry = await ports.registry.read();
  const sandboxes =
    request.production === undefined
      ? registry.sandboxes
      : dependentSandboxes(registry, chooseProductionOrg(registry, request.production).username);
  return sandboxes.map(({ alias }) => alias);
}

/** One file for all of them; what a login changes is read again. */
function readOnce(registry: RegistryStore): RegistryStore {
  let known: ReturnType<RegistryStore['read']> | undefined;
  let global: ReturnType<RegistryStore['readGlobal']> | undefined;
  return {
    ...registry,
    read: () => (known ??= registry.read()),
    readGlobal: () => (global ??= registry.readGlobal()),
    update: (change) => {
      known = undefined;
      global = undefined;
      return registry.update(change);
    },
  };
}

/** All records are looked through for sandboxes of other production orgs, which these logins do not change. */
function withRecordsReadOnce(sfOrgs: SfOrgs): SfOrgs {
  let records: ReturnType<SfOrgs['loginRecords']> | undefined;
  return { ...sfOrgs, loginRecords: () => (records ??= sfOrgs.loginRecords()) };
}

/** @param ended why production refuses every sandbox, by its username */
async function unlessEnded(
  request: LoginSandboxesRequest & { readonly sandbox: string },
  ports: Ports,
  ended: Map<string, JitFailure>,
  show: (progress: LoginProgress) => void,
): Promise<LoginOutcome> {
  const { sandbox } = request;
  const owner = await ownerOf(request, ports);
  const outcome = await tryUntilReady(request, ports, show, () => (owner === undefined ? undefined : ended.get(owner)));
  if (!('failure' in outcome)) return outcome;
  const { failure } = outcome;
  if (request.sandboxes === 'all' && failure.name === 'TraditionalOrgStored') return { sandbox, notTried: failure };
  if (owner === undefined || !endsAll(failure)) return outcome;
  const reason = ended.get(owner);
  // it was under way when the first answer came, and adds nothing to it
  if (reason?.name === failure.name) return { sandbox, notTried: reason };
  ended.set(owner, reason ?? failure);
  return outcome;
}

/** The production org of a sandbox; undefined when none can be told, which is then the failure of the login. */
async function ownerOf(request: LoginSandboxRequest, ports: Ports): Promise<string | undefined> {
  try {
    return findLoginTarget(request, await ports.registry.read()).production.username.toLowerCase();
  } catch (error) {
    if (error instanceof JitFailure) return undefined;
    throw error;
  }
}

async function tryUntilReady(
  request: LoginSandboxRequest & Pick<LoginSandboxesRequest, 'wait'>,
  ports: Ports,
  show: (progress: LoginProgress) => void,
  whyEnded: () => JitFailure | undefined,
): Promise<LoginOutcome> {
  const { sandbox, wait } = request;
  const takesAliasOf = (alias: string, other: LoginRecord): void => {
    show({ kind: 'takes-alias', alias, other });
  };
  const end = ports.now().getTime() + wait;
  for (let attempt = 1; ; attempt += 1) {
    const notTried = whyEnded();
    if (notTried) return { sandbox, notTried };
    try {
      return { sandbox, ...(await oneAttempt(attempt === 1 ? { ...request, takesAliasOf } : request, ports)) };
    } catch (error) {
      const failure = toFailure(error);
      const pause = isWorthWaitingFor(failure)
        ? pauseBefore(attempt, end - ports.now().getTime(), ports.random())
        : undefined;
      if (pause === undefined) return { sandbox, failure };
      show({ kind: 'waiting', sandbox, seconds: Math.round(pause / 1000), failure });
      await ports.sleep(pause);
    }
  }
}

/** One login, which ends in its time when nobody asked to wait. @throws Timeout saying that it was the login as a whole, if it was */
async function oneAttempt(
  request: LoginSandboxRequest & Pick<LoginSandboxesRequest, 'wait'>,
  ports: Ports,
): Promise<SandboxLoginOutcome> {
  if (request.wait > 0) return loginSandbox(request, ports);
  const limit = ports.timeLimits.attempt();
  const end = ports.now().getTime() + limit;
  try {
    return await ports.timeLimits.within(limit, () => loginSandbox(request, ports));
  } catch (error) {
    const isOver = ports.now().getTime() >= end;
    if (!isOver || !(error instanceof JitFailure && error.name === 'Timeout')) throw error;
    throw error.with({ total: String(Math.round(limit / 1000)) });
  }
}
