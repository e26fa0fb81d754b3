import type { CheckedEntry, Entry } from './checkedEntry.js';
import { isSandboxName } from './sandboxName.js';

/** Which layer of the registry something is in: the project's file, or this machine's. */
export type Layer = 'project' | 'global';

/** A named deployment target of a repository: branches, linked to one sandbox. Never a credential. */
export type Environment = {
  /** Unique in its layer, whatever the letter case; the alias under which `environment login` logs in. */
  readonly name: string;
  /** The sandbox, by its name in production and production's username: an alias may mean another sandbox on another machine. */
  readonly sandboxName: string;
  readonly productionUsername: string;
  /** Branch names and glob patterns. None: the environment is found by its name only. */
  readonly branches: readonly string[];
  /** What it is for, in one word of the team's own choice. */
  readonly category: string;
  readonly description?: string;
  readonly repository?: string;
};

export const defaultCategory = 'development';

/** Longer names of branches and patterns are refused: git's own limit for the file of a branch is 255 bytes. */
export const maxPatternLength = 250;
export const maxPatterns = 50;
const maxDescriptionLength = 500;
const maxRepositoryLength = 250;

/** What is wrong with each field, in words that end the sentence "<field>: …"; undefined for a good value. In the order in which they are written. */
export const fieldProblem = {
  // a dash in front would be taken for a flag where the alias is used, and `__proto__` must never be a key in sf's alias file
  name: (value: unknown) =>
    isText(value) && /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(value)
      ? undefined
      : 'must be letters, digits, dots, dashes and underscores, 80 at most, and begin with a letter or a digit',
  sandboxName: (value: unknown) =>
    isText(value) && isSandboxName(value)
      ? undefined
      : 'must be the name of a sandbox, letters and digits, ten at most',
  productionUsername: (value: unknown) =>
    isText(value) && value !== '' ? undefined : 'must be the username of a production org',
  branches: branchesProblem,
  category: (value: unknown) =>
    isText(value) && /^[A-Za-z0-9-]{1,40}$/.test(value)
      ? undefined
      : 'must be one word of letters, digits and dashes, 40 at most',
  description: (value: unknown) => textProblem(value, maxDescriptionLength),
  repository: (value: unknown) => textProblem(value, maxRepositoryLength),
} as const satisfies Readonly<Record<keyof Environment, (value: unknown) => string | undefined>>;

/** The fields of an environment, in the order in which they are written. */
export const environmentFields = Object.keys(fieldProblem) as ReadonlyArray<keyof Environment>;

function branchesProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'must be a list of branch names and patterns';
  if (value.length > maxPatterns) return `holds ${value.length} patterns; ${maxPatterns} are allowed`;
  const problems = value.map((pattern: unknown) => patternProblem(pattern));
  const first = problems.findIndex((problem) => problem !== undefined);
  if (first >= 0) return `pattern ${first + 1} ${problems[first]}`;
  const twice = value.find((pattern, index) => value.indexOf(pattern) !== index) as string | undefined;
  return twice === undefined ? undefined : `holds "${twice}" twice`;
}

function patternProblem(value: unknown): string | undefined {
  if (!isText(value) || value.trim() === '') return 'is empty or not a text';
  if (value.length > maxPatternLength) return `is longer than ${maxPatternLength} characters`;
  // neither can be in the name of a branch (git check-ref-format), so such a pattern could only be a slip
  if (/[\s\p{Cc}\p{Cf}]/u.test(value)) return 'holds a space or a character that cannot be seen';
  if (/^!(?!\()/.test(value)) return 'begins with "!": patterns say which branches are meant, not which are not';
  if (value.startsWith('refs/')) return 'begins with "refs/": give the name of the branch alone, such as main';
  return undefined;
}

function textProblem(value: unknown, maxLength: number): string | undefined {
  if (value === undefined) return undefined;
  if (!isText(value) || value.trim() === '') return 'must be a text, or left out';
  if (value.length > maxLength) return `is longer than ${maxLength} characters`;
  return /\p{Cc}/u.test(value) ? 'must be one line without control characters' : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/**
 * Checks an environment as it stands in a file of either layer.
 *
 * @returns the environment, or everything that is wrong with it, by field
 */
export function readEnvironment(entry: Entry): CheckedEntry<Environment> {
  const { category = defaultCategory, branches = [] } = entry;
  const given: Entry = { ...entry, category, branches };
  const problems = environmentFields.flatMap((field) => {
    const problem = fieldProblem[field](given[field]);
    return problem === undefined ? [] : [{ field, problem }];
  });
  return problems.length > 0 ? { problems } : { item: storedEnvironment(given as Environment) };
}

/** An environment as it is written to a file: its fields in their order, none that is absent, and nothing else. */
export function storedEnvironment(environment: Environment): Environment {
  const present = environmentFields.filter((field) => environment[field] !== undefined);
  return Object.fromEntries(present.map((field) => [field, environment[field]])) as Environment;
}
