import type { RecipeJob, StoredVariables } from './jobs.js';

/** A statement of a declarative pipeline, of which only what the recipe needs is understood. */
type Statement = {
  readonly name: string;
  readonly arguments: readonly string[];
  /** Right side of `=`: the text, or what is called with it. */
  readonly value?: { readonly text: string; readonly call?: string };
  readonly body?: readonly Statement[];
};

type Token = { readonly kind: 'name' | 'text' | 'sign' | 'line'; readonly text: string };

/**
 * Texts stand in single quotes, where Groovy replaces nothing but what follows a backslash, so there must be none. Anything else that
 * is not here, a text in double quotes above all, in which Groovy would replace secrets, is refused.
 */
const tokenPattern =
  /(?<line>\n)|[ \t]+|\/\/[^\n]*|'''(?<block>[^\\]*?)'''|'(?<text>[^'\\\n]*)'|(?<name>[A-Za-z_]\w*)|(?<sign>[{}()=,])/y;

function tokensOf(groovy: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < groovy.length) {
    const at = tokenPattern.lastIndex;
    const groups = tokenPattern.exec(groovy)?.groups;
    if (!groups) throw new Error(`Not understood: ${groovy.slice(at, at + 60)}`);
    const { line, block, text, name, sign } = groups;
    if (line !== undefined) tokens.push({ kind: 'line', text: line });
    else if (block !== undefined) tokens.push({ kind: 'text', text: block });
    else if (text !== undefined) tokens.push({ kind: 'text', text });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

function parse(groovy: string): Statement[] {
  const tokens = tokensOf(groovy);
  let position = 0;
  const isNext = (kind: Token['kind'], text?: string): boolean => {
    const token = tokens[position];
    return token?.kind === kind && (text === undefined || token.text === text);
  };
  const take = (kind: Token['kind'], text?: string): string => {
    const token = tokens[position];
    if (!isNext(kind, text)) throw new Error(`${text ?? kind} expected, not ${token?.text ?? 'the end'}.`);
    position += 1;
    return token!.text;
  };
  const skipLines = (): void => {
    while (isNext('line')) position += 1;
  };
  const block = (): Statement[] => {
    take('sign', '{');
    const statements: Statement[] = [];
    skipLines();
    while (!isNext('sign', '}')) {
      statements.push(statement());
      skipLines();
    }
    take('sign', '}');
    return statements;
  };
  const bracketed = (): string => {
    take('sign', '(');
    const text = take('text');
    take('sign', ')');
    return text;
  };
  const statement = (): Statement => {
    const name = take('name');
    if (isNext('sign', '=')) {
      take('sign', '=');
      if (isNext('text')) return { name, arguments: [], value: { text: take('text') } };
      const call = take('name');
      return { name, arguments: [], value: { call, text: bracketed() } };
    }
    const given: string[] = [];
    if (isNext('sign', '(')) given.push(bracketed());
    else if (isNext('name')) given.push(take('name'));
    else {
      while (isNext('text')) {
        given.push(take('text'));
        if (isNext('sign', ',')) take('sign', ',');
      }
    }
    return { name, arguments: given, ...(isNext('sign', '{') && { body: block() }) };
  };
  const statements: Statement[] = [];
  skipLines();
  while (position < tokens.length) {
    statements.push(statement());
    skipLines();
  }
  return statements;
}

/** The bodies of a block's statements by name. Each may be there once. @throws unless exactly these are there */
function partsOf(statements: readonly Statement[] = [], names: readonly string[]): Record<string, Statement> {
  const found = statements.map(({ name }) => name);
  if (found.join() !== names.join()) throw new Error(`${names.join()} expected, not ${found.join()}.`);
  return Object.fromEntries(statements.map((statement) => [statement.name, statement]));
}

/** Credentials are all of the kind "Secret text", and have the names of the variables as their IDs. */
function environmentOf(statement: Statement | undefined, stored: StoredVariables): Record<string, string> {
  return Object.fromEntries(
    (statement?.body ?? []).map(({ name, value }) => {
      if (value?.call === undefined) return [name, value?.text ?? ''];
      const secret = value.call === 'credentials' ? stored[value.text as keyof StoredVariables] : undefined;
      if (secret === undefined) throw new Error(`Unknown expression: ${value.call}(${value.text})`);
      return [name, secret];
    }),
  );
}

function expectImage(agent: Statement | undefined): void {
  const { docker } = partsOf(agent?.body, ['docker']);
  const { image } = partsOf(docker?.body, ['image']);
  if (image?.arguments.join() !== 'node:24') throw new Error(`The image is ${image?.arguments.join()}.`);
}

/** A Jenkinsfile with a declarative pipeline whose stages run in containers of their own. */
export function readJenkinsfile(text: string, stored: StoredVariables): RecipeJob[] {
  const { pipeline } = partsOf(parse(text), ['pipeline']);
  const { agent, stages } = partsOf(pipeline?.body, ['agent', 'stages']);
  if (agent?.arguments.join() !== 'none') throw new Error('The pipeline has an agent.');
  return (stages?.body ?? []).flatMap((stage) => {
    if (stage.name !== 'stage' || !stage.body) throw new Error(`A stage expected, not ${stage.name}.`);
    const name = stage.arguments.join();
    if (stage.body[0]?.name !== 'matrix') return [jobOf(name, stage.body, stored)];
    const parts = partsOf(stage.body[0].body, ['agent', 'axes', 'environment', 'stages']);
    const { axis } = partsOf(parts['axes']?.body, ['axis']);
    const { name: variable, values } = partsOf(axis?.body, ['name', 'values']);
    const { stage: inner } = partsOf(parts['stages']?.body, ['stage']);
    const { steps } = partsOf(inner?.body, ['steps']);
    return (values?.arguments ?? []).map((value) =>
      jobOf(`${name} ${value}`, [parts['agent']!, parts['environment']!, steps!], stored, {
        [variable!.arguments.join()]: value,
      }),
    );
  });
}

function jobOf(
  name: string,
  body: readonly Statement[],
  stored: StoredVariables,
  cell: Record<string, string> = {},
): RecipeJob {
  const { agent, environment, steps } = partsOf(body, ['agent', 'environment', 'steps']);
  expectImage(agent);
  const env = { ...environmentOf(environment, stored), ...cell };
  return {
    name,
    steps: (steps?.body ?? []).map((step) => {
      if (step.name !== 'sh' || step.arguments.length !== 1 || step.body) throw new Error(`Unknown step: ${step.name}`);
      return { script: step.arguments[0]!, shell: 'traced' as const, env };
    }),
  };
}
