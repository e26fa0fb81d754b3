/** What runs the scripts of a CI system, with the options that make it end at the first failure. Nothing undefined may be used. */
export const shells = {
  bash: ['bash', '--noprofile', '--norc', '-euo', 'pipefail', '-c'],
  /** As Jenkins does it: every command is traced. */
  traced: ['sh', '-xeu', '-c'],
} as const;

export type RecipeStep = {
  /** As the CI system gives it to the shell. */
  readonly script: string;
  readonly shell: keyof typeof shells;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it stands in `action.yml`, not in the recipe. */
  readonly isOfAction?: boolean;
};

/** A job as it runs on one machine: a matrix is as many jobs as it has cells. */
export type RecipeJob = { readonly name: string; readonly steps: readonly RecipeStep[] };

/** What the administrator stored in the CI system, as that system hands it out. */
export type StoredVariables = {
  readonly SF_USERNAME: string;
  readonly SF_CLIENT_ID: string;
  readonly SF_INSTANCE_URL: string;
  readonly PROD_KEY: string;
};

/** Values of expressions, by their text between the marks, without spaces around it. */
export type ExpressionTable = Readonly<Record<string, string>>;

/** Replaces the expressions of a CI system. @throws for one that the table does not know */
export function expand(text: string, marks: RegExp, table: ExpressionTable): string {
  return text.replace(marks, (whole: string, expression: string) => {
    const value = table[expression.trim()];
    if (value === undefined) throw new Error(`Unknown expression: ${whole}`);
    return value;
  });
}

/** {@link expand} for all values of a mapping. */
export function expandAll(
  mapping: Readonly<Record<string, string>>,
  marks: RegExp,
  table: ExpressionTable,
): Record<string, string> {
  return Object.fromEntries(Object.entries(mapping).map(([name, text]) => [name, expand(text, marks, table)]));
}

/** A mapping that has these fields and no others, so that nothing in a recipe goes unread. @throws naming the place */
export function fieldsOf<R extends string, O extends string = never>(
  node: unknown,
  place: string,
  required: readonly R[],
  optional: readonly O[] = [],
): Record<R, unknown> & Partial<Record<O, unknown>> {
  const mapping = mappingOf(node, place);
  const known: readonly string[] = [...required, ...optional];
  const unknown = Object.keys(mapping).filter((key) => !known.includes(key));
  const missing = required.filter((key) => mapping[key] === undefined);
  if (unknown.length + missing.length > 0) {
    throw new Error(`${place}: unknown ${unknown.join(', ') || 'none'}, missing ${missing.join(', ') || 'none'}`);
  }
  return mapping as Record<R, unknown> & Partial<Record<O, unknown>>;
}

export function mappingOf(node: unknown, place: string): Record<string, unknown> {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) throw new Error(`${place} is no mapping.`);
  return node as Record<string, unknown>;
}

export function listOf(node: unknown, place: string): unknown[] {
  if (!Array.isArray(node) || node.length === 0) throw new Error(`${place} is no list, or an empty one.`);
  return node;
}

export function textOf(node: unknown, place: string): string {
  if (typeof node !== 'string' || node === '') throw new Error(`${place} is no text.`);
  return node;
}

/** A mapping of texts; numbers and switches count as texts, as they do in CI systems. Absent is empty. */
export function textsOf(node: unknown, place: string): Record<string, string> {
  if (node === undefined) return {};
  return Object.fromEntries(
    Object.entries(mappingOf(node, place)).map(([name, value]) => {
      if (!['string', 'number', 'boolean'].includes(typeof value)) throw new Error(`${place}.${name} is no text.`);
      return [name, String(value)];
    }),
  );
}

/** Fails unless the node is exactly this. */
export function expectExactly(node: unknown, expected: unknown, place: string): void {
  const [found, wanted] = [JSON.stringify(node), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`${place} is ${found}, not ${wanted}.`);
}
