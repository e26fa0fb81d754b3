import type { Layer } from '../registry/environmentFields.js';
import type { LayeredEnvironment } from './environments.js';
import { showable } from '../failures/untrustedText.js';
import { tellingColumns } from '../terminal/columns.js';

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

type Cell = 'name' | 'sandboxName' | 'branches' | 'category' | 'repository' | 'layer';

/** The table of environments, by name; without the columns that say only what goes without saying. */
export function environmentTable(environments: readonly LayeredEnvironment[]): {
  data: Array<Record<Cell, string>>;
  columns: Array<{ key: Cell; name: string }>;
} {
  const data = environments
    .map(environmentRow)
    .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  const columns = tellingColumns<Cell>(
    [
      { key: 'name', name: 'Name' },
      { key: 'sandboxName', name: 'Sandbox' },
      { key: 'branches', name: 'Branches' },
      { key: 'category', name: 'Category' },
      { key: 'repository', name: 'Repository' },
      { key: 'layer', name: 'Layer', plain: 'project' },
    ],
    data,
  );
  return { data, columns };
}
