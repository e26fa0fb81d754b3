import type { Layer } from '../registry/environmentFields.js';
import type { LayeredEnvironment } from './environments.js';
import { showable } from '../failures/untrustedText.js';

/** An environment as `--json` shows it; absent values are null. */
export type EnvironmentResult = {
  name: string;
  sandboxName: string;
  productionUsername: string;
  /** Branch names and glob patterns. */
  branches: string[];
  category: string;
  description: string | null;
  repository: string | null;
  /** Whether the project's sfdx-project.json holds it, or this machine's registry. */
  layer: Layer;
};

export function environmentResult(environment: LayeredEnvironment): EnvironmentResult {
  const { name, sandboxName, productionUsername, branches, category, layer } = environment;
  return {
    name,
    sandboxName,
    productionUsername,
    branches: [...branches],
    category,
    description: environment.description ?? null,
    repository: environment.repository ?? null,
    layer,
  };
}

/** The same for tables: patterns in one line, and no characters that a terminal would act on, since others may have written them. */
export function environmentRow(environment: LayeredEnvironment): Record<keyof EnvironmentResult, string> {
  const { name, sandboxName, productionUsername, branches, category, description = '', layer } = environment;
  return {
    name,
    sandboxName,
    productionUsername: showable(productionUsername),
    branches: showable(branches.join(', '), 1000),
    category,
    description: showable(description, 500),
    repository: showable(environment.repository ?? '', 250),
    layer,
  };
}
