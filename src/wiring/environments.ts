import { branchPatterns } from '../adapters/branchPatterns.js';
import { currentBranch } from '../adapters/currentBranch.js';
import { registry } from '../adapters/registry.js';
import type { EnvironmentLogin, LayeredEnvironment } from '../domain/environments.js';
import type {
  CreatedEnvironment,
  CreateEnvironmentRequest,
  EnvironmentPorts,
  FoundEnvironment,
  UpdateEnvironmentRequest,
} from '../usecases/environments.js';
import {
  createEnvironment,
  deleteEnvironment,
  findEnvironment,
  findEnvironmentToLogin,
  listEnvironments,
  updateEnvironment,
} from '../usecases/environments.js';
import { speaking } from './speaking.js';

const ports: EnvironmentPorts = { registry, patterns: branchPatterns, currentBranch };

/** The use cases of environments, bound to the real adapters. They ask Salesforce nothing; logging in is `jit.loginSandboxes`. */
export const environments = {
  create: speaking(async (request: CreateEnvironmentRequest): Promise<CreatedEnvironment> =>
    createEnvironment(request, ports),
  ),
  update: speaking(async (request: UpdateEnvironmentRequest): Promise<LayeredEnvironment> =>
    updateEnvironment(request, ports),
  ),
  delete: speaking(async (name: string): Promise<LayeredEnvironment> => deleteEnvironment(name, ports)),
  list: speaking(async (wanted: { category?: string; repository?: string }): Promise<LayeredEnvironment[]> =>
    listEnvironments(wanted, ports),
  ),
  /** @param name none for the environment of the current branch */
  find: speaking(async (name: string | undefined): Promise<FoundEnvironment> => findEnvironment(name, ports)),
  findToLogin: speaking(async (name: string | undefined): Promise<FoundEnvironment & { login: EnvironmentLogin }> =>
    findEnvironmentToLogin(name, ports),
  ),
};
