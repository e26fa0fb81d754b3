import { dirname, join } from 'node:path';
import { storedEnvironment } from '../environmentFields.js';
import { JitFailure } from '../../failures/failures.js';
import type { ProjectLayer } from '../projectLayer.js';
import { parseProjectLayer, projectKey } from '../projectLayer.js';
import { storedSandbox } from '../sandboxFields.js';
import { lockOfPlugin, withFileLock } from '../../files/io/fileLock.js';
import { readText, replaceFiles } from '../../files/io/files.js';

/** Name of the file that makes a folder a Salesforce DX project (sfdx-core, sfProject). */
const fileName = 'sfdx-project.json';

type ProjectJson = { readonly plugins?: Record<string, unknown>; readonly oauthLocalPort?: unknown };

/** The project that the command runs in: the nearest folder with a project file, from the current one upwards. */
async function find(): Promise<{ path: string; text: string } | undefined> {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = join(folder, fileName);
    const text = await textOf(path);
    if (text !== undefined) return { path, text };
    if (dirname(folder) === folder) return undefined;
  }
}

/** @throws RegistryDamaged for a file that is there and cannot be read: the project could say something that would be missed */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new JitFailure(
      'RegistryDamaged',
      { file: path, problem: `it cannot be read (${code})`, damaged: path },
      error,
    );
  }
}

async function readJson(): Promise<{ path: string; text: string; json: ProjectJson } | undefined> {
  const found = await find();
  if (!found) return undefined;
  try {
    const json = JSON.parse(found.text.replace(/^\uFEFF/, '')) as unknown;
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new SyntaxError('not an object');
    return { ...found, json: json };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { path } = found;
    throw new JitFailure('RegistryDamaged', {
      file: path,
      problem: 'it is not a JSON object',
      damaged: path,
      project: path,
    });
  }
}

/** The project layer of the registry, in `sfdx-project.json`. */
export const projectFile = {
  /** The callback port that the project asks for, if it does (core, webOAuthServer). */
  async oauthLocalPort(): Promise<number | undefined> {
    const port = Number((await readJson())?.json.oauthLocalPort);
    return Number.isInteger(port) && port > 0 ? port : undefined;
  },

  /** @throws ConfigInvalid, RegistryDamaged */
  async read(): Promise<ProjectLayer | undefined> {
    const found = await readJson();
    return found && parseProjectLayer(found.json.plugins?.[projectKey], found.path);
  },

  /**
   * Changes the sandboxes or environments of the project layer; everything else in the file stays as it is, to the byte.
   *
   * @throws InputInvalid outside a project, ConfigInvalid, RegistryDamaged, FileNotWritable
   */
  async update(change: (layer: ProjectLayer) => ProjectLayer): Promise<void> {
    const project = await find();
    if (!project) {
      throw new JitFailure('InputInvalid', {
        field: '--project',
        problem: `there is no ${fileName} in this folder or above it; run the command in a Salesforce DX project`,
      });
    }
    await withFileLock(project.path, lockOfPlugin, async () => {
      const current = await readJson();
      if (!current) throw new JitFailure('FileNotWritable', { file: project.path, problem: 'it is gone' });
      const before = parseProjectLayer(current.json.plugins?.[projectKey], current.path);
      const after = change(before);
      if (after === before) return;
      let content = current.text;
      if (differ(after.sandboxes, before.sandboxes)) {
        const sandboxes = after.sandboxes.map((sandbox) => storedSandbox(sandbox, 'project'));
        content = await withValue(content, ['plugins', projectKey, 'sandboxes'], sandboxes);
      }
      if (differ(after.environments, before.environments)) {
        const environments = after.environments.map(storedEnvironment);
        content = await withValue(content, ['plugins', projectKey, 'environments'], environments);
      }
      checkReadable(content, current.path);
      await replaceFiles([{ path: current.path, content }]);
    });
  },
};

/** A project file that the plugin refuses to read must not come from itself. @throws FileNotWritable */
function checkReadable(content: string, file: string): void {
  try {
    const { plugins } = JSON.parse(content.replace(/^\uFEFF/, '')) as ProjectJson;
    parseProjectLayer(plugins?.[projectKey], file);
  } catch (error) {
    const known = error instanceof JitFailure || error instanceof SyntaxError;
    if (!known) throw error;
    const problem = error instanceof JitFailure ? (error.facts.problems ?? error.name) : 'it would not be JSON';
    throw new JitFailure('FileNotWritable', { file, problem: `the change would make it invalid: ${problem}` });
  }
}

function differ(one: readonly object[], other: readonly object[]): boolean {
  return one !== other && JSON.stringify(one) !== JSON.stringify(other);
}

/** The text with another value at a path. Only what is inserted is formatted; jsonc-parser would also touch what stands around it. */
async function withValue(text: string, path: string[], value: unknown): Promise<string> {
  const { applyEdits, format, modify } = await import('jsonc-parser');
  const edits = modify(text, path, value, {});
  const [edit] = edits;
  const compact = applyEdits(text, edits);
  if (!edit) return compact;
  const [start, end] = [edit.offset, edit.offset + edit.content.length];
  const inside = format(compact, { offset: start, length: end - start }, formatting(text)).filter(
    ({ offset, length }) => offset >= start && offset + length <= end,
  );
  return applyEdits(compact, inside);
}

/** As the file is written already. */
function formatting(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([\t ]+)\S/m.exec(text)?.[1] ?? '  ';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
