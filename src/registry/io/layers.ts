import { mergeLayers } from '../mergeLayers.js';
import { globalRegistry } from './globalRegistry.js';
import { projectFile } from './projectFile.js';
import type { RegistryStore } from '../registryStore.js';

/** Both layers of the registry. */
export const registry: RegistryStore = {
  async read() {
    const [global, project] = await Promise.all([globalRegistry.read(), projectFile.read()]);
    return mergeLayers(global, project);
  },
  readGlobal: () => globalRegistry.read(),
  readProject: () => projectFile.read(),
  update: (change) => globalRegistry.update(change),
  updateProject: (change) => projectFile.update(change),
};
