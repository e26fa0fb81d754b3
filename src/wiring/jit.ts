import { setTimeout } from 'node:timers/promises';
import { registry } from '../adapters/registry.js';
import { keys } from '../adapters/keys.js';
import { processLocks } from '../adapters/locks.js';
import { salesforce } from '../adapters/salesforce.js';
import { settings } from '../adapters/settings.js';
import { sfOrgs } from '../adapters/sfOrgs.js';
import { readStdin } from '../adapters/stdin.js';
import type { LoginOutcome, LoginProgress } from '../domain/sandboxLogin.js';
import type { OrgRow } from '../domain/orgRow.js';
import type { LoginTargetRequest } from '../domain/loginTarget.js';
import { credentialEnvironment } from '../domain/productionCredentials.js';
import type { RegisteredSandbox } from '../domain/registry.js';
import type { RegisterFlags } from '../domain/registerInput.js';
import { registerInput } from '../domain/registerInput.js';
import type { Ports } from '../ports.js';
import { explained } from '../presentation.js';
import { checkOrgs } from '../usecases/checkOrgs.js';
import { displaySandbox, listOrgs } from '../usecases/listOrgs.js';
import type { LoginSandboxesRequest } from '../usecases/loginSandboxes.js';
import { loginSandboxes } from '../usecases/loginSandboxes.js';
import type { ProductionOrgDetails } from '../usecases/productionOrgs.js';
import { displayProductionOrg, listProductionOrgs } from '../usecases/productionOrgs.js';
import type { RegisteredProductionOrg } from '../usecases/registerProductionOrg.js';
import { registerProductionOrg } from '../usecases/registerProductionOrg.js';
import type { RegisterSandboxesRequest } from '../usecases/registerSandboxes.js';
import { registerSandboxes } from '../usecases/registerSandboxes.js';
import {
  findProductionOrgToUnregister,
  findSandboxesToUnregister,
  unregisterProductionOrg,
  unregisterSandboxes,
} from '../usecases/unregister.js';

const ports: Ports = {
  salesforce,
  sfOrgs,
  registry,
  keys,
  locks: processLocks,
  settings,
  now: () => new Date(),
  sleep: (milliseconds) => setTimeout(milliseconds),
  sessions: new Map(),
};

/** What every request takes from around it rather than from flags. */
type Surroundings = Pick<LoginTargetRequest, 'environment' | 'defaultProduction' | 'callbackUrl'>;

async function surroundings(): Promise<Surroundings> {
  return {
    environment: credentialEnvironment(process.env),
    defaultProduction: await settings.defaultProductionOrg(),
    callbackUrl: await settings.callbackUrl(),
  };
}

const keyPresence = { isSet: (variable: string): boolean => Boolean(process.env[variable]?.trim()) };

/** Makes failures readable on their way out: whatever a use case throws leaves with its text and actions. */
function speaking<A extends unknown[], R>(work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      throw explained(error);
    }
  };
}

/**
 * The use cases, bound to the real adapters: what commands and hooks call. An object, so that a test can put another function in the
 * place of one.
 */
export const jit = {
  registerProductionOrg: speaking(
    async (
      flags: RegisterFlags & { alias?: string; 'callback-url'?: string; 'set-default'?: boolean },
    ): Promise<RegisteredProductionOrg> => {
      const input = registerInput(flags, credentialEnvironment(process.env));
      const { alias, 'callback-url': callbackUrl, 'set-default': setDefault } = flags;
      const keyText = input.way === 'jwt' && input.key.source === 'stdin' ? { keyText: await readStdin() } : {};
      return registerProductionOrg({ ...input, ...keyText, alias, callbackUrl, setDefault }, ports);
    },
  ),
  listProductionOrgs: speaking(async (): Promise<ProductionOrgDetails[]> =>
    listProductionOrgs(await settings.defaultProductionOrg(), ports),
  ),
  displayProductionOrg: speaking(async (production: string | undefined): Promise<ProductionOrgDetails> =>
    displayProductionOrg(production, await settings.defaultProductionOrg(), ports),
  ),
  findProductionOrgToUnregister: speaking(async (production: string | undefined, cascade: boolean) =>
    findProductionOrgToUnregister(production ?? (await settings.defaultProductionOrg()), cascade, ports),
  ),
  unregisterProductionOrg: speaking(async (username: string, cascade: boolean) =>
    unregisterProductionOrg(username, cascade, ports),
  ),
  registerSandboxes: speaking(
    async (request: Omit<RegisterSandboxesRequest, keyof Surroundings>): Promise<RegisteredSandbox[]> =>
      registerSandboxes({ ...request, ...(await surroundings()) }, ports),
  ),
  /** @param check whether production is asked about its sandboxes */
  listOrgs: speaking(async (check: boolean): Promise<OrgRow[]> => {
    const rows = await listOrgs(ports, keyPresence);
    return check ? checkOrgs(rows, credentialEnvironment(process.env), ports) : rows;
  }),
  displaySandbox: speaking(async (name: string): Promise<OrgRow> => displaySandbox(name, ports, keyPresence)),
  findSandboxesToUnregister: speaking(async (names: readonly string[] | 'all') =>
    findSandboxesToUnregister(names, ports),
  ),
  unregisterSandboxes: speaking(async (sandboxes: Parameters<typeof unregisterSandboxes>[0], logout: boolean) =>
    unregisterSandboxes(sandboxes, logout, ports),
  ),
  loginSandboxes: speaking(
    async (
      request: Omit<LoginSandboxesRequest, keyof Surroundings>,
      show: (progress: LoginProgress) => void,
    ): Promise<LoginOutcome[]> => {
      const authType = request.authType ?? (await settings.authType());
      return loginSandboxes({ ...request, authType, ...(await surroundings()) }, ports, show);
    },
  ),
};
