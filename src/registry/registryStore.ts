import type { ProjectLayer } from './projectLayer.js';
import type { Registry } from './registry.js';

/** What is registered, on this machine and in the project that the command runs in. */
export interface RegistryStore {
  /** Both layers as one, project over global. @throws RegistryDamaged, ConfigInvalid; a file that is not there is an empty layer */
  read(): Promise<Registry>;
  /** The global layer alone. @throws RegistryDamaged */
  readGlobal(): Promise<Registry>;
  /** The project layer alone; undefined outside a project. @throws RegistryDamaged, ConfigInvalid */
  readProject(): Promise<ProjectLayer | undefined>;
  /** Changes the global layer under a lock, whole or not at all. @throws RegistryDamaged, Locked, FileNotWritable */
  update(change: (registry: Registry) => Registry): Promise<Registry>;
  /** Changes the project layer, and nothing else in the project file. @throws as `readProject`, InputInvalid outside a project */
  updateProject(change: (layer: ProjectLayer) => ProjectLayer): Promise<void>;
}
