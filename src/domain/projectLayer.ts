import { JitFailure } from './failures.js';
import type { Registry, SandboxRegistration } from './registry.js';
import { expectedSandboxUsername, isSandboxName, sameName, sandboxKey } from './registry.js';

/** Key of this plugin below `plugins` in `sfdx-project.json`. */
export const projectKey = 'sf-plugin-jit';

/** What the project file registers: the layer that a repository shares (spec §3). */
export type ProjectLayer = { readonly sandboxes: readonly SandboxRegistration[] };

/** One sandbox as it is written to the project file. */
export type ProjectSandbox = Omit<SandboxRegistration, 'username'>;

/**
 * Fields that would let whoever writes the repository send production's assertion or key elsewhere. The project file is not trusted with
 * them, whatever they hold (spec §3, security rule).
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

/**
 * Reads the project layer, all of it or nothing.
 *
 * @param value what stands under `plugins["sf-plugin-jit"]`; undefined when nothing does
 * @param file path of the project file, for the failure
 * @throws ConfigInvalid with every problem at once, each with its field
 */
export function parseProjectLayer(value: unknown, file: string): ProjectLayer {
  const problems: string[] = [];
  const sandboxes = value === undefined ? [] : readLayer(value, problems);
  if (problems.length > 0) throw new JitFailure('ConfigInvalid', { file, problems: problems.join('\n') });
  return { sandboxes };
}

function readLayer(value: unknown, problems: string[]): SandboxRegistration[] {
  if (!isRecord(value)) {
    problems.push(`plugins.${projectKey}: must be an object`);
    return [];
  }
  checkFields(value, `plugins.${projectKey}`, knownFields, problems);
  const { sandboxes = [] } = value;
  if (!Array.isArray(sandboxes)) {
    problems.push(`sandboxes: must be a list`);
    return [];
  }
  const read = sandboxes.flatMap((entry, index) => readSandbox(entry, `sandboxes[${index}]`, problems));
  read.forEach((sandbox, index) => {
    if (read.findIndex((other) => sameName(other.alias, sandbox.alias)) !== index) {
      problems.push(`sandboxes[${index}].alias: "${sandbox.alias}" is used twice`);
    }
  });
  return read;
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
  if (typeof alias !== 'string' || alias === '') {
    problems.push(`${at}.alias: must be a text`);
    return [];
  }
  const username = expectedSandboxUsername(productionUsername, sandboxName);
  return [{ sandboxName, alias, productionUsername, username, isJitRegistration: true }];
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

/** Both layers as one: what the project registers hides what this machine registers for the same sandbox, or under the same alias. */
export function mergeLayers(global: Registry, project: ProjectLayer | undefined): Registry {
  if (!project || project.sandboxes.length === 0) return global;
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
  return { ...global, sandboxes: [...shared, ...visible] };
}

/** What is written to the project file for a sandbox. */
export function projectSandbox(sandbox: SandboxRegistration): ProjectSandbox {
  const { sandboxName, alias, productionUsername, isJitRegistration } = sandbox;
  return { sandboxName, alias, productionUsername, isJitRegistration };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
