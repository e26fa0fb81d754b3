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

/** What is wrong with each field, in words that end the sentence "<field>: …"; undefined for a good value. */
export const fieldProblem = {
  // a dash in front would be taken for a flag where the alias is used, and `__proto__` must never be a key in sf's alias file
  name: (value: unknown) =>
    isText(value) && /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(value)
      ? undefined
      : 'must be letters, digits, dots, dashes and underscores, 80 at most, and begin with a letter or a digit',
  category: (value: unknown) =>
    isText(value) && /^[A-Za-z0-9-]{1,40}$/.test(value)
      ? undefined
      : 'must be one word of letters, digits and dashes, 40 at most',
  description: (value: unknown) => textProblem(value, maxDescriptionLength),
  repository: (value: unknown) => textProblem(value, maxRepositoryLength),
  branches: branchesProblem,
} as const;

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
 * @param isSandboxName whether a text can be the name of a sandbox
 * @returns the environment, or everything that is wrong with it, by field
 */
export function readEnvironment(
  entry: Readonly<Record<string, unknown>>,
  isSandboxName: (name: string) => boolean,
): { environment: Environment } | { problems: Array<{ field: string; problem: string }> } {
  const { name, sandboxName, productionUsername, description, repository } = entry;
  const { category = defaultCategory, branches = [] } = entry;
  const checks: Array<[string, string | undefined]> = [
    ['name', fieldProblem.name(name)],
    [
      'sandboxName',
      isText(sandboxName) && isSandboxName(sandboxName)
        ? undefined
        : 'must be the name of a sandbox, letters and digits, ten at most',
    ],
    [
      'productionUsername',
      isText(productionUsername) && productionUsername !== '' ? undefined : 'must be the username of a production org',
    ],
    ['branches', fieldProblem.branches(branches)],
    ['category', fieldProblem.category(category)],
    ['description', description === undefined ? undefined : fieldProblem.description(description)],
    ['repository', repository === undefined ? undefined : fieldProblem.repository(repository)],
  ];
  const problems = checks.flatMap(([of, problem]) => (problem === undefined ? [] : [{ field: of, problem }]));
  if (problems.length > 0) return { problems };
  const checked = { name, sandboxName, productionUsername, branches, category, description, repository };
  return { environment: storedEnvironment(checked as Environment) };
}

/** An environment as it is written to a file: its fields in their order, none that is absent, and nothing else. */
export function storedEnvironment(environment: Environment): Environment {
  const { name, sandboxName, productionUsername, branches, category, description, repository } = environment;
  return {
    name,
    sandboxName,
    productionUsername,
    branches: [...branches],
    category,
    ...(description === undefined ? {} : { description }),
    ...(repository === undefined ? {} : { repository }),
  };
}
