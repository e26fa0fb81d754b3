import { JitFailure } from '../../failures/failures.js';
import { emptyRegistry } from '../registry.js';
import type { Registry } from '../registry.js';
import { parseRegistry, registryText, RegistryProblem } from '../registryFile.js';
import { lockOfPlugin, withFileLock } from '../../files/io/fileLock.js';
import { readText, replaceFiles } from '../../files/io/files.js';
import { registryFile } from '../../files/io/stateFolders.js';
import type { RegistryStore } from '../registryStore.js';

/**
 * The global layer of the registry: `jit.json` in sf's state folder, 0600. Not a core `ConfigFile` (docs/decisions/0001-registry-file.md), because that
 * reads a damaged file as empty, replaces it at the next write, and writes in place (docs/salesforce.md, Files of core).
 */
export const globalRegistry: Pick<RegistryStore, 'read' | 'update'> = {
  read,
  async update(change) {
    const path = registryFile();
    return withFileLock(path, lockOfPlugin, async () => {
      const before = await read();
      const after = change(before);
      if (after === before) return after;
      const content = registryText(after);
      checkReadable(content, path);
      await replaceFiles([{ path, content }]);
      return after;
    });
  },
};

async function read(): Promise<Registry> {
  const file = registryFile();
  let text: string | undefined;
  try {
    text = await readText(file);
  } catch (error) {
    throw new JitFailure(
      'RegistryDamaged',
      { file, problem: `it cannot be read (${codeOf(error)})`, damaged: file },
      error,
    );
  }
  if (text === undefined) return emptyRegistry;
  try {
    return parseRegistry(text);
  } catch (error) {
    if (error instanceof RegistryProblem) throw damaged(file, error);
    throw error;
  }
}

/** A file that the plugin refuses to read must not come from itself. @throws FileNotWritable */
function checkReadable(content: string, file: string): void {
  try {
    parseRegistry(content);
  } catch (error) {
    if (!(error instanceof RegistryProblem)) throw error;
    throw new JitFailure('FileNotWritable', { file, problem: `the change would damage it: ${error.message}` });
  }
}

/** What a later version of the plugin wrote is not to be moved away: with that version, nothing in it is lost. */
function damaged(file: string, { message: problem, unknownVersion }: RegistryProblem): JitFailure {
  const context =
    unknownVersion === undefined ? { damaged: file, registry: file } : { version: String(unknownVersion) };
  return new JitFailure('RegistryDamaged', { file, problem, ...context });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
