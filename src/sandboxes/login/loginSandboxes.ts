import pLimit from 'p-limit';
import { chooseProductionOrg, dependentSandboxes } from '../../registry/registry.js';
import type { LoginOutcome, LoginProgress } from './sandboxLogin.js';
import { asFailure } from '../../failures/unexpectedError.js';
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
 * Logs in to several sandboxes at once, bounded. Production is opened once; a sandbox that fails, for whatever reason, does not stop the others.
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
  let done = 0;
  show({ kind: 'started', sandboxes });
  return Promise.all(
    sandboxes.map((sandbox) =>
      limit(async () => {
        const outcome = await attempted({ ...request, sandbox }, ports, show);
        done += 1;
        show({ kind: 'finished', outcome, done, of: sandboxes.length });
        return outcome;
      }),
    ),
  );
}

/** Aliases are unique among registrations, sandbox names are not. */
async function registeredSandboxes(request: LoginSandboxesRequest, ports: Ports): Promise<string[]> {
  const registry = await ports.registry.read();
  const sandboxes =
    request.production === undefined
      ? registry.sandboxes
      : dependentSandboxes(registry, chooseProductionOrg(registry, request.production).username);
  return sandboxes.map(({ alias }) => alias);
}

async function attempted(
  request: LoginSandboxRequest & Pick<LoginSandboxesRequest, 'wait'>,
  ports: Ports,
  show: (progress: LoginProgress) => void,
): Promise<LoginOutcome> {
  const { sandbox, wait } = request;
  const end = ports.now().getTime() + wait;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { sandbox, ...(await loginSandbox(request, ports)) };
    } catch (error) {
      const failure = asFailure(error);
      const pause = isWorthWaitingFor(failure)
        ? pauseBefore(attempt, end - ports.now().getTime(), ports.random())
        : undefined;
      if (pause === undefined) return { sandbox, failure };
      show({ kind: 'waiting', sandbox, seconds: Math.round(pause / 1000), failure });
      await ports.sleep(pause);
    }
  }
}
