import { isRecord } from '../files/json.js';
import { aliasProblem } from './alias.js';
import type { Environment } from './environmentFields.js';
import { readEnvironment } from './environmentFields.js';
import { JitFailure } from '../failures/failures.js';
import type { Registry, SandboxRegistration } from './registry.js';
import { expectedSandboxUsername, isSandboxName } from './registry.js';

/** Key of this plugin below `plugins` in `sfdx-project.json`. */
export const projectKey = 'sf-plugin-jit';

/** What the project file registers: the layer that a repository shares. */
export type ProjectLayer = Pick<Registry, 'sandboxes' | 'environments'>;

/** One sandbox as it is written to the project file. */
export type ProjectSandbox = Omit<SandboxRegistration, 'username' | 'project'>;

/**
 * Fields that would let whoever writes the repository send production's assertion or key elsewhere, or choose what it is used for. The
 * project file is not trusted with them, whatever they hold.
 */
export const forbiddenFields = [
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
  'signedInBy',
  'tokenUrl',
] as const;

const knownFields: ReadonlySet<string> = new Set(['sandboxes', 'environments']);
const knownSandboxFields: ReadonlySet<string> = new Set([
  'sandboxName',
  'alias',
  'productionUsername',
  'productionOrgId',
  'isJitRegistration',
]);
const knownEnvironmentFields: ReadonlySet<string> = new Set<keyof Environment>([
  'name',
  'sandboxName',
  'productionUsername',
  'branches',
  'category',
  'description',
  'repository',
]);

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
    sandboxes: readList(sandboxes, 'sandboxes', 'alias', readSandbox, problems),
    environments: readList(environments, 'environments', 'name', readProjectEnvironment, problems),
  };
}

/** Reads a list, and checks that no two entries share what they are called by. */
function readList<K extends string, T extends Readonly<Record<K, string>>>(
  value: unknown,
  at: string,
  key: K,
  read: (entry: unknown, at: string, problems: string[]) => T[],
  problems: string[],
): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push(`${at}: must be a list`);
    return [];
  }
  const seen = new Set<string>();
  return value.flatMap((entry, index) =>
    read(entry, `${at}[${index}]`, problems).map((item) => {
      const called = item[key].toLowerCase();
      if (seen.has(called)) problems.push(`${at}[${index}].${key}: "${item[key]}" is used twice`);
      seen.add(called);
      return item;
    }),
  );
}

function readProjectEnvironment(entry: unknown, at: string, problems: string[]): Environment[] {
  if (!isRecord(entry)) {
    problems.push(`${at}: must be an object`);
    return [];
  }
  checkFields(entry, at, knownEnvironmentFields, problems);
  const read = readEnvironment(entry, isSandboxName);
  if ('environment' in read) return [read.environment];
  problems.push(...read.problems.map(({ field, problem }) => `${at}.${field}: ${problem}`));
  return [];
}

function readSandbox(entry: unknown, at: string, problems: string[]): SandboxRegistration[] {
  if (!isRecord(entry)) {
    problems.push(`${at}: must be an object`);
    return [];
  }
  checkFields(entry, at, knownSandboxFields, problems);
  const { sandboxName, productionUsername, productionOrgId, alias = sandboxName } = entry;
  if (typeof sandboxName !== 'string' || !isSandboxName(sandboxName)) {
    problems.push(`${at}.sandboxName: must be the name of a sandbox, letters and digits, ten at most`);
    return [];
  }
  if (typeof productionUsername !== 'string' || productionUsername === '') {
    problems.push(`${at}.productionUsername: must be the username of a production org`);
    return [];
  }
  if (productionOrgId !== undefined && !isOrgId(productionOrgId)) {
    problems.push(`${at}.productionOrgId: must be the id of an org, which begins with 00D`);
    return [];
  }
  const problem = aliasProblem(alias);
  if (problem !== undefined) {
    problems.push(`${at}.alias: ${problem}`);
    return [];
  }
  const username = expectedSandboxUsername(productionUsername, sandboxName);
  const sandbox = {
    sandboxName,
    alias: alias as string,
    productionUsername,
    username,
    isJitRegistration: true,
  } as const;
  return [productionOrgId === undefined ? sandbox : { ...sandbox, productionOrgId }];
}

function isOrgId(value: unknown): value is string {
  return typeof value === 'string' && /^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/.test(value);
}

function checkFields(entry: object, at: string, known: ReadonlySet<string>, problems: string[]): void {
  for (const field of Object.keys(entry)) {
    if (known.has(field)) continue;
    problems.push(
      (forbiddenFields as readonly string[]).includes(field)
        ? `${at}.${field}: not allowed in a project file, because others write that file; register the production org on this machine instead`
        : `${at}.${field}: unknown; allowed are ${[...known].join(', ')}`,
    );
  }
}

/** A registered sandbox as the project file names it, for changes of that file. */
export function projectEntry(sandbox: SandboxRegistration): SandboxRegistration {
  return { ...sandbox, productionUsername: sandbox.project?.productionUsername ?? sandbox.productionUsername };
}

/** What is written to the project file for a sandbox. */
export function projectSandbox(sandbox: SandboxRegistration): ProjectSandbox {
  const { sandboxName, alias, productionUsername, productionOrgId, isJitRegistration } = sandbox;
  return {
    sandboxName,
    alias,
    productionUsername,
    ...(productionOrgId === undefined ? {} : { productionOrgId }),
    isJitRegistration,
  };
}
