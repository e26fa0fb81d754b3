import { aliasProblem } from './alias.js';
import type { Environment } from './environmentFields.js';
import { readEnvironment } from './environmentFields.js';
import { JitFailure } from '../failures/failures.js';
import type { Registry, SandboxRegistration } from './registry.js';
import { expectedSandboxUsername, isSandboxName, sandboxKey } from './registry.js';

/** Key of this plugin below `plugins` in `sfdx-project.json`. */
export const projectKey = 'sf-plugin-jit';

/** What the project file registers: the layer that a repository shares. */
export type ProjectLayer = Pick<Registry, 'sandboxes' | 'environments'>;

/** One sandbox as it is written to the project file. */
export type ProjectSandbox = Omit<SandboxRegistration, 'username'>;

/**
 * Fields that would let whoever writes the repository send production's assertion or key elsewhere. The project file is not trusted with
 * them, whatever they hold.
 */
export const forbiddenFields = [
  'accessToken',
  'callbackUrl',
  'clientId',
  'clientSecret',
  'instanceUrl',
  'key',
  'keyFile',
  'keyPath',
  'loginUrl',
  'privateKey',
  'privateKeyPath',
  'refreshToken',
  'tokenUrl',
] as const;

const knownFields: ReadonlySet<string> = new Set(['sandboxes', 'environments']);
const knownSandboxFields: ReadonlySet<string> = new Set([
  'sandboxName',
  'alias',
  'productionUsername',
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
  const { sandboxName, productionUsername, alias = sandboxName } = entry;
  if (typeof sandboxName !== 'string' || !isSandboxName(sandboxName)) {
    problems.push(`${at}.sandboxName: must be the name of a sandbox, letters and digits, ten at most`);
    return [];
  }
  if (typeof productionUsername !== 'string' || productionUsername === '') {
    problems.push(`${at}.productionUsername: must be the username of a production org`);
    return [];
  }
  const problem = aliasProblem(alias);
  if (problem !== undefined) {
    problems.push(`${at}.alias: ${problem}`);
    return [];
  }
  const username = expectedSandboxUsername(productionUsername, sandboxName);
  return [{ sandboxName, alias: alias as string, productionUsername, username, isJitRegistration: true }];
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

/**
 * Both layers as one: what the project registers hides what this machine registers for the same sandbox, or under the same alias; its
 * environments hide those of the same name.
 */
export function mergeLayers(global: Registry, project: ProjectLayer | undefined): Registry {
  if (!project) return global;
  const names = new Set(project.environments.map(({ name }) => name.toLowerCase()));
  const environments = [
    ...project.environments,
    ...global.environments.filter(({ name }) => !names.has(name.toLowerCase())),
  ];
  return { ...global, sandboxes: mergeSandboxes(global, project), environments };
}

function mergeSandboxes(global: Registry, project: ProjectLayer): readonly SandboxRegistration[] {
  const keys = new Set(project.sandboxes.map(sandboxKey));
  const aliases = new Set(project.sandboxes.map(({ alias }) => alias.toLowerCase()));
  const visible = global.sandboxes.filter(
    (sandbox) => !keys.has(sandboxKey(sandbox)) && !aliases.has(sandbox.alias.toLowerCase()),
  );
  // this machine knows the true username once it has logged in
  const known = new Map(global.sandboxes.map((sandbox) => [sandboxKey(sandbox), sandbox.username]));
  const shared = project.sandboxes.map((sandbox) => ({
    ...sandbox,
    username: known.get(sandboxKey(sandbox)) ?? sandbox.username,
  }));
  return [...shared, ...visible];
}

/** What is written to the project file for a sandbox. */
export function projectSandbox(sandbox: SandboxRegistration): ProjectSandbox {
  const { sandboxName, alias, productionUsername, isJitRegistration } = sandbox;
  return { sandboxName, alias, productionUsername, isJitRegistration };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
