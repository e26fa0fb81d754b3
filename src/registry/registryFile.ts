import { isAbsolute } from 'node:path';
import type { CheckedEntry, Entry } from './checkedEntry.js';
import type { Environment } from './environmentFields.js';
import { readEnvironment, storedEnvironment } from './environmentFields.js';
import type { ProductionOrg, Registry } from './registry.js';
import { sameName } from './registry.js';
import { readKnownSandbox, readSandbox, storedSandbox } from './sandboxFields.js';
import { isRecord } from '../files/json.js';
import type { KeySource } from '../keys/keySource.js';
import type { CommandWords } from '../programs/commandLine.js';

/** Version of the file format that this code writes, and the newest it reads. */
const registryVersion = 1;

/** The text of a registry file. Two spaces, so that it can be read and compared by people; no list of environments when there are none. */
export function registryText(registry: Registry): string {
  const { productionOrgs, usernames, defaultProductionOrg } = registry;
  const sandboxes = registry.sandboxes.map((sandbox) => storedSandbox(sandbox, 'global'));
  const environments = registry.environments.length > 0 ? registry.environments.map(storedEnvironment) : undefined;
  const file = {
    version: registryVersion,
    defaultProductionOrg,
    productionOrgs,
    sandboxes,
    environments,
    usernames,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** What `parseRegistry` finds wrong; its message ends the sentence "The file … is damaged: …". */
export class RegistryProblem extends Error {
  public override readonly name = 'RegistryProblem';
  /** Version of a file that this code does not know, and so may be in order. */
  public readonly unknownVersion: number | undefined;

  public constructor(message: string | undefined, options: ErrorOptions & { unknownVersion?: number } = {}) {
    super(message, options);
    this.unknownVersion = options.unknownVersion;
  }
}

/**
 * Reads a registry file. Everything is checked: a file that is not wholly understood is never used in part, because what was left
 * out would be lost at the next write.
 *
 * @throws RegistryProblem naming the first thing that is wrong.
 */
export function parseRegistry(text: string): Registry {
  if (text.trim() === '') throw new RegistryProblem('it is empty');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new RegistryProblem('it is not JSON', { cause: error });
  }
  const file = record(parsed, 'the file');
  if (typeof file['version'] !== 'number') throw new RegistryProblem('"version" is missing');
  if (file['version'] !== registryVersion) {
    throw new RegistryProblem(
      `it has version ${file['version']}, and this version of sf-plugin-jit reads version ${registryVersion}; update the plugin`,
      { unknownVersion: file['version'] },
    );
  }
  const defaultProductionOrg = optionalText(file, 'defaultProductionOrg', 'the file');
  return {
    ...(defaultProductionOrg !== undefined && { defaultProductionOrg }),
    productionOrgs: list(file['productionOrgs'], 'productionOrgs').map(productionOrg),
    sandboxes: entries(file['sandboxes'], 'sandboxes', (entry) => readSandbox(entry, 'global')),
    environments: environmentList(Object.hasOwn(file, 'environments') ? file['environments'] : []),
    ...(Object.hasOwn(file, 'usernames') && {
      usernames: entries(file['usernames'], 'usernames', readKnownSandbox),
    }),
  };
}

/** How each field of a production org is read: one that the type has and this has not would be lost when the file is written again. */
const productionOrgFields: {
  readonly [K in keyof ProductionOrg]-?: (entry: Entry, key: string, at: string) => ProductionOrg[K];
} = {
  username: text,
  alias: optionalText,
  orgId: text,
  instanceUrl: text,
  loginUrl: text,
  clientId: text,
  callbackUrl: optionalText,
  key: (entry, key, at) => keySource(entry[key], `${at}.${key}`),
};

function productionOrg(value: unknown, index: number): ProductionOrg {
  const at = `productionOrgs[${index}]`;
  const entry = record(value, at);
  const names = Object.keys(productionOrgFields) as Array<keyof ProductionOrg>;
  const read = names.map((name) => [name, productionOrgFields[name](entry, name, at)] as const);
  return Object.fromEntries(read.filter(([, field]) => field !== undefined)) as ProductionOrg;
}

function keySource(value: unknown, at: string): KeySource {
  const entry = record(value, at);
  switch (entry['source']) {
    case 'file':
      return { source: 'file', path: text(entry, 'path', at) };
    case 'env':
      return { source: 'env', name: text(entry, 'name', at) };
    case 'command':
      return { source: 'command', command: command(entry, at) };
    case 'agent':
      return { source: 'agent', fingerprint: text(entry, 'fingerprint', at) };
    case 'sign-command':
      return {
        source: 'sign-command',
        command: command(entry, at),
        certificateFile: text(entry, 'certificateFile', at),
      };
    case 'stdin':
    case 'sf':
      return { source: entry['source'] };
    default:
      throw new RegistryProblem(`"${at}.source" is not file, env, command, agent, sign-command, stdin or sf`);
  }
}

/** A program and its arguments. The program is a name in PATH or a whole path: one in the present folder may be anybody's. */
function command(entry: Entry, at: string): CommandWords {
  const [program, ...args] = list(Object.hasOwn(entry, 'command') ? entry['command'] : undefined, `${at}.command`);
  if (typeof program !== 'string' || program === '' || !args.every((arg) => typeof arg === 'string')) {
    throw new RegistryProblem(`"${at}.command" is not a program and its arguments`);
  }
  if (/[\\/]/.test(program) && !isAbsolute(program)) {
    throw new RegistryProblem(`"${at}.command" names a program in the present folder`);
  }
  return [program, ...args];
}

/** The objects of a list, as `read` reads them. */
function entries<T>(value: unknown, name: string, read: (entry: Entry) => CheckedEntry<T>): T[] {
  return list(value, name).map((entry, index) => {
    const at = `${name}[${index}]`;
    const checked = read(record(entry, at));
    if ('item' in checked) return checked.item;
    const [first] = checked.problems.map(({ field, problem }) => `"${at}.${field}" ${problem}`);
    throw new RegistryProblem(first);
  });
}

function environmentList(value: unknown): Environment[] {
  const environments = entries(value, 'environments', readEnvironment);
  environments.forEach(({ name }, index) => {
    if (environments.findIndex((other) => sameName(other.name, name)) !== index) {
      throw new RegistryProblem(`"environments[${index}].name" is used twice`);
    }
  });
  return environments;
}

function record(value: unknown, at: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new RegistryProblem(at === 'the file' ? 'it does not hold a JSON object' : `"${at}" is not an object`);
}

function list(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw new RegistryProblem(`"${at}" is not a list`);
  return value;
}

function text(entry: Entry, key: string, at: string): string {
  const value = Object.hasOwn(entry, key) ? entry[key] : undefined;
  if (typeof value !== 'string' || value === '') throw new RegistryProblem(`"${at}.${key}" is missing or not a text`);
  return value;
}

function optionalText(entry: Entry, key: string, at: string): string | undefined {
  return entry[key] === undefined ? undefined : text(entry, key, at);
}
