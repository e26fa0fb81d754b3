import { isRecord } from '../files/json.js';
import type { CheckedEntry, Entry } from './checkedEntry.js';
import { environmentFields, readEnvironment } from './environmentFields.js';
import { JitFailure } from '../failures/failures.js';
import type { Registry } from './registry.js';
import type { SandboxRegistration } from './sandboxFields.js';
import { forbiddenSandboxFields, projectSandboxFields, readSandbox } from './sandboxFields.js';

/** Key of this plugin below `plugins` in `sfdx-project.json`. */
export const projectKey = 'sf-plugin-jit';

/** What the project file registers: the layer that a repository shares. */
export type ProjectLayer = Pick<Registry, 'sandboxes' | 'environments'>;

/**
 * Fields that would let whoever writes the repository send production's assertion or key elsewhere, or choose what it is used for. The
 * project file is not trusted with them, whatever they hold.
 */
export const forbiddenFields: readonly string[] = [
  'accessToken',
  'agent',
  'callbackUrl',
  'certificateFile',
  'clientId',
  'clientSecret',
  'command',
  'fingerprint',
  'instanceUrl',
  'key',
  'keyAgent',
  'keyCommand',
  'keyFile',
  'keyPath',
  'loginUrl',
  'privateKey',
  'privateKeyPath',
  'refreshToken',
  'signCommand',
  'tokenUrl',
  ...forbiddenSandboxFields,
];

const knownFields = ['sandboxes', 'environments'];
/**
 * Reads the project layer, all of it or nothing.
 *
 * @param value what stands under `plugins["sf-plugin-jit"]`; undefined when nothing does
 * @param file path of the project file, for the failure
 * @throws ConfigInvalid with every problem at once, each with its field
 */
export function parseProjectLayer(value: unknown, file: string): ProjectLayer {
  const problems: string[] = [];
  const layer = value === undefined ? emptyLayer : readLayer(value, problems);
  if (problems.length > 0) throw new JitFailure('ConfigInvalid', { file, problems: problems.join('\n') });
  return layer;
}

const emptyLayer: ProjectLayer = { sandboxes: [], environments: [] };

function readLayer(value: unknown, problems: string[]): ProjectLayer {
  if (!isRecord(value)) {
    problems.push(`plugins.${projectKey}: must be an object`);
    return emptyLayer;
  }
  checkFields(value, `plugins.${projectKey}`, knownFields, problems);
  const { sandboxes, environments } = value;
  return {
    sandboxes: readList(sandboxes, 'sandboxes', 'alias', projectSandboxFields, problems, (entry) =>
      readSandbox(entry, 'project'),
    ),
    environments: readList(environments, 'environments', 'name', environmentFields, problems, readEnvironment),
  };
}

/** Reads a list, and checks that no two entries share what they are called by. */
function readList<K extends string, T extends Readonly<Record<K, string>>>(
  value: unknown,
  list: string,
  key: K,
  known: readonly string[],
  problems: string[],
  read: (entry: Entry) => CheckedEntry<T>,
): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push(`${list}: must be a list`);
    return [];
  }
  const seen = new Set<string>();
  return value.flatMap((entry: unknown, index) => {
    const at = `${list}[${index}]`;
    if (!isRecord(entry)) {
      problems.push(`${at}: must be an object`);
      return [];
    }
    checkFields(entry, at, known, problems);
    const checked = read(entry);
    if ('problems' in checked) {
      problems.push(...checked.problems.map(({ field, problem }) => `${at}.${field}: ${problem}`));
      return [];
    }
    const { item } = checked;
    const called = item[key].toLowerCase();
    if (seen.has(called)) problems.push(`${at}.${key}: "${item[key]}" is used twice`);
    seen.add(called);
    return [item];
  });
}

function checkFields(entry: object, at: string, known: readonly string[], problems: string[]): void {
  for (const field of Object.keys(entry)) {
    if (known.includes(field)) continue;
    problems.push(
      forbiddenFields.includes(field)
        ? `${at}.${field}: not allowed in a project file, because others write that file; register the production org on this machine instead`
        : `${at}.${field}: unknown; allowed are ${known.join(', ')}`,
    );
  }
}

/** A registered sandbox as the project file names it, for changes of that file. */
export function projectEntry(sandbox: SandboxRegistration): SandboxRegistration {
  return { ...sandbox, productionUsername: sandbox.project?.productionUsername ?? sandbox.productionUsername };
}
