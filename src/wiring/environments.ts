import { branchPatterns } from '../environments/io/branchPatterns.js';
import { currentBranch } from '../environments/io/currentBranch.js';
import { sfOrgs } from '../sfStore/io/orgFiles.js';
import { registry } from '../registry/io/layers.js';
import type { EnvironmentLogin, LayeredEnvironment } from '../environments/environments.js';
import type {
  CreatedEnvironment,
  CreateEnvironmentRequest,
  EnvironmentPorts,
  FoundEnvironment,
  UpdateEnvironmentRequest,
} from '../environments/manageEnvironments.js';
import {
  createEnvironment,
  deleteEnvironment,
  findEnvironment,
  findEnvironmentToLogin,
  listEnvironments,
  updateEnvironment,
} from '../environments/manageEnvironments.js';
import { withFailureText } from './failureText.js';

const ports: EnvironmentPorts = { registry, patterns: branchPatterns, currentBranch, sfOrgs };

/** The use cases of environments, bound to the real adapters. They ask Salesforce nothing; logging in is `jit.loginSandboxes`. */
export const environments = {
  create: withFailureText(async (request: CreateEnvironmentRequest): Promise<CreatedEnvironment> =>
    createEnvironment(request, ports),
  ),
  update: withFailureText(async (request: UpdateEnvironmentRequest): Promise<LayeredEnvironment> =>
    updateEnvironment(request, ports),
  ),
  delete: withFailureText(async (name: string): Promise<LayeredEnvironment> => deleteEnvironment(name, ports)),
  list: withFailureText(async (wanted: { category?: string; repository?: string }): Promise<LayeredEnvironment[]> =>
    listEnvironments(wanted, ports),
  ),
  /** @param name none for the environment of the current branch */
  find: withFailureText(async (name: string | undefined): Promise<FoundEnvironment> => findEnvironment(name, ports)),
  findToLogin: withFailureText(
    async (name: string | undefined): Promise<FoundEnvironment & { login: EnvironmentLogin }> =>
      findEnvironmentToLogin(name, ports),
  ),
};
