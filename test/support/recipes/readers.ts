import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import {
  expand,
  expandAll,
  expectExactly,
  type ExpressionTable,
  fieldsOf,
  listOf,
  mappingOf,
  type RecipeJob,
  type RecipeStep,
  type StoredVariables,
  textOf,
  textsOf,
} from './jobs.js';

/** Reads YAML as strictly as it can be read. */
export function readYaml(text: string): unknown {
  const document = parseDocument(text, { strict: true, uniqueKeys: true, stringKeys: true });
  const problems = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return document.toJS({ maxAliasCount: 0 });
}

/** Fails when a script holds something that the CI system would replace: values belong into variables, where no shell reads them. */
function withoutExpressions(script: string, marks: RegExp, place: string): string {
  if (new RegExp(marks.source).test(script)) throw new Error(`${place} has an expression in its script: ${script}`);
  return script;
}

/** Only letters, digits and such: a name that means itself. */
function literal(node: unknown, place: string): string {
  const text = textOf(String(node), place);
  if (!/^[\w .,:/@'=*-]+$/.test(text)) throw new Error(`${place} is no plain text: ${text}`);
  return text;
}

const githubMarks = /\$\{\{(.*?)\}\}/gs;

/** Actions of GitHub's own that a recipe may use, with their inputs. Checking out and installing Node is the test's own setting. */
const githubActions: Readonly<Record<string, readonly string[]>> = {
  'actions/checkout@v5': [],
  'actions/setup-node@v5': ['node-version'],
};

const { homepage, version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  homepage: string;
  version: string;
};

/** This repository's action, at the tag of this version (release.yml publishes from it). */
export const ownAction = `${new URL(homepage).pathname.slice(1)}@v${version}`;

/** A workflow of GitHub Actions. @param action text of this repository's `action.yml` */
export function readGithubWorkflow(text: string, stored: StoredVariables, action: string): RecipeJob[] {
  const top = fieldsOf(readYaml(text), 'workflow', ['name', 'on', 'permissions', 'jobs'], ['env']);
  literal(top.name, 'name');
  const push = fieldsOf(fieldsOf(top.on, 'on', ['push']).push, 'on.push', ['branches']);
  listOf(push.branches, 'on.push.branches').forEach((branch) => literal(branch, 'branch'));
  expectExactly(top.permissions, { contents: 'read' }, 'permissions');
  const { PROD_KEY, ...plain } = stored;
  const vars: ExpressionTable = Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [`vars.${name}`, value]),
  );
  const topEnv = expandAll(textsOf(top.env, 'env'), githubMarks, vars);
  return Object.entries(mappingOf(top.jobs, 'jobs')).flatMap(([id, node]) => {
    const job = fieldsOf(node, id, ['runs-on', 'steps'], ['strategy', 'env']);
    expectExactly(job['runs-on'], 'ubuntu-latest', `${id}.runs-on`);
    return githubCells(job.strategy, id).map((cell) => {
      const table = { ...vars, ...cell };
      const env = { ...topEnv, ...expandAll(textsOf(job.env, `${id}.env`), githubMarks, table) };
      const steps = listOf(job.steps, `${id}.steps`).flatMap((step) =>
        // a secret is known in the environment of a step, and nowhere else
        githubStep(step, id, { env, table, withSecrets: { ...table, 'secrets.PROD_KEY': PROD_KEY }, action }),
      );
      return { name: [id, ...Object.values(cell)].join(' '), steps };
    });
  });
}

function githubCells(strategy: unknown, id: string): ExpressionTable[] {
  if (strategy === undefined) return [{}];
  const { matrix, 'fail-fast': failFast } = fieldsOf(strategy, `${id}.strategy`, ['matrix', 'fail-fast']);
  expectExactly(failFast, false, `${id}.strategy.fail-fast`);
  const { sandbox } = fieldsOf(matrix, `${id}.strategy.matrix`, ['sandbox']);
  return listOf(sandbox, 'sandbox').map((name) => ({ 'matrix.sandbox': literal(name, 'sandbox') }));
}

type GithubSurroundings = {
  readonly env: Readonly<Record<string, string>>;
  readonly table: ExpressionTable;
  readonly withSecrets: ExpressionTable;
  readonly action: string;
};

function githubStep(node: unknown, id: string, { env, table, withSecrets, action }: GithubSurroundings): RecipeStep[] {
  const step = fieldsOf(node, `a step of ${id}`, [], ['uses', 'with', 'run', 'env']);
  const stepEnv = { ...env, ...expandAll(textsOf(step.env, `${id}.env`), githubMarks, withSecrets) };
  if (step.run !== undefined) {
    if (step.uses !== undefined || step.with !== undefined) throw new Error(`A step of ${id} uses and runs.`);
    const script = withoutExpressions(textOf(step.run, `${id}.run`), githubMarks, id);
    return [{ script, shell: 'bash', env: stepEnv }];
  }
  const uses = textOf(step.uses, `${id}.uses`);
  const inputs = expandAll(textsOf(step.with, `${id}.with`), githubMarks, table);
  if (uses === ownAction) return readAction(action, inputs, stepEnv);
  const known = githubActions[uses];
  if (!known) throw new Error(`Unknown action: ${uses}`);
  fieldsOf(inputs, uses, known);
  return [];
}

/** The steps of a composite action, as a workflow runs it with these inputs. */
export function readAction(
  text: string,
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): RecipeStep[] {
  const top = fieldsOf(readYaml(text), 'action', ['name', 'description', 'inputs', 'runs']);
  const declared = mappingOf(top.inputs, 'inputs');
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0) throw new Error(`The action has no input ${unknown.join(', ')}.`);
  const table: Record<string, string> = {};
  for (const [name, node] of Object.entries(declared)) {
    const input = fieldsOf(node, `input ${name}`, ['description', 'default']);
    textOf(input.description, `description of ${name}`);
    if (typeof input.default !== 'string') throw new Error(`The default of ${name} is no text.`);
    table[`inputs.${name}`] = given[name] ?? input.default;
  }
  const conditions = { "inputs.sandboxes != ''": String(table['inputs.sandboxes'] !== '') };
  const { using, steps } = fieldsOf(top.runs, 'runs', ['using', 'steps']);
  expectExactly(using, 'composite', 'runs.using');
  return listOf(steps, 'steps').flatMap((node): RecipeStep[] => {
    const step = fieldsOf(node, 'a step of the action', ['name', 'shell', 'run'], ['env', 'if']);
    expectExactly(step.shell, 'bash', 'shell');
    const name = textOf(step.name, 'name');
    if (step.if !== undefined && expand(textOf(step.if, 'if'), githubMarks, conditions) !== 'true') return [];
    const script = withoutExpressions(textOf(step.run, name), githubMarks, name);
    const stepEnv = { ...env, ...expandAll(textsOf(step.env, name), githubMarks, table) };
    return [{ script, shell: 'bash', env: stepEnv, isOfAction: true }];
  });
}

/** A pipeline of GitLab, in which every job has all variables. GitLab gives the lines of a script to one shell. */
export function readGitlabPipeline(text: string, stored: StoredVariables): RecipeJob[] {
  const { default: defaults, ...jobs } = mappingOf(readYaml(text), 'pipeline');
  const { image, before_script: before } = fieldsOf(defaults, 'default', ['image', 'before_script']);
  expectExactly(image, 'node:24', 'image');
  return Object.entries(jobs).flatMap(([id, node]) => {
    const job = fieldsOf(node, id, ['rules', 'script'], ['parallel']);
    for (const rule of listOf(job.rules, 'rules')) {
      const condition = textOf(fieldsOf(rule, 'rule', ['if']).if, 'if');
      if (!/^\$CI_COMMIT_BRANCH == "[a-z]+"$/.test(condition)) throw new Error(`Unknown condition: ${condition}`);
    }
    const lines = [...listOf(before, 'before_script'), ...listOf(job.script, `${id}.script`)];
    return gitlabCells(job.parallel).map((cell) => ({
      name: [id, ...Object.values(cell)].join(' '),
      steps: lines.map((line) => ({
        script: textOf(line, `${id}.script`),
        shell: 'bash' as const,
        env: { ...stored, ...cell },
      })),
    }));
  });
}

function gitlabCells(parallel: unknown): Array<Record<string, string>> {
  if (parallel === undefined) return [{}];
  const { matrix } = fieldsOf(parallel, 'parallel', ['matrix']);
  return listOf(matrix, 'matrix').flatMap((node) => {
    const { SANDBOX } = fieldsOf(node, 'matrix', ['SANDBOX']);
    return listOf(SANDBOX, 'SANDBOX').map((name) => ({ SANDBOX: literal(name, 'SANDBOX') }));
  });
}

const azureMarks = /\$\((.*?)\)/gs;

/** A pipeline of Azure, in which the plain variables are in the environment of every step, and a secret where it is mapped. */
export function readAzurePipeline(text: string, stored: StoredVariables): RecipeJob[] {
  const top = fieldsOf(readYaml(text), 'pipeline', ['trigger', 'pr', 'pool', 'variables', 'jobs']);
  const { include } = fieldsOf(fieldsOf(top.trigger, 'trigger', ['branches']).branches, 'branches', ['include']);
  listOf(include, 'include').forEach((branch) => literal(branch, 'branch'));
  expectExactly(top.pr, 'none', 'pr');
  expectExactly(top.pool, { vmImage: 'ubuntu-latest' }, 'pool');
  expectExactly(top.variables, [{ group: 'salesforce' }], 'variables');
  const { PROD_KEY, ...plain } = stored;
  return listOf(top.jobs, 'jobs').flatMap((node) => {
    const { job, strategy, steps } = fieldsOf(node, 'job', ['job', 'steps'], ['strategy']);
    const id = textOf(job, 'job');
    const cells =
      strategy === undefined
        ? [{}]
        : Object.values(mappingOf(fieldsOf(strategy, id, ['matrix']).matrix, id)).map((cell) => {
            const { SANDBOX } = fieldsOf(cell, `${id}.matrix`, ['SANDBOX']);
            return { SANDBOX: literal(SANDBOX, 'SANDBOX') };
          });
    return cells.map((cell) => ({
      name: [id, ...Object.values(cell)].join(' '),
      steps: listOf(steps, `${id}.steps`).flatMap((step): RecipeStep[] => {
        if ('task' in mappingOf(step, id)) {
          expectExactly(step, { task: 'UseNode@1', inputs: { version: '24.x' } }, `a task of ${id}`);
          return [];
        }
        const { script, env } = fieldsOf(step, `a step of ${id}`, ['script'], ['env']);
        const line = withoutExpressions(textOf(script, id), azureMarks, id);
        // Azure goes on after a line that failed, if there is another one
        if (line.includes('\n')) throw new Error(`A step of ${id} has several lines.`);
        const mapped = expandAll(textsOf(env, id), azureMarks, { PROD_KEY });
        return [{ script: line, shell: 'bash', env: { ...plain, ...cell, ...mapped } }];
      }),
    }));
  });
}

/** A pipeline of Bitbucket, in which every step is a machine of its own and has all variables. */
export function readBitbucketPipeline(text: string, stored: StoredVariables): RecipeJob[] {
  const top = fieldsOf(readYaml(text), 'pipeline', ['image', 'pipelines']);
  expectExactly(top.image, 'node:24', 'image');
  const { branches } = fieldsOf(top.pipelines, 'pipelines', ['branches']);
  return Object.entries(mappingOf(branches, 'branches')).flatMap(([branch, node]) =>
    listOf(node, branch)
      .flatMap((item) =>
        'parallel' in mappingOf(item, branch)
          ? listOf(fieldsOf(item, branch, ['parallel']).parallel, `${branch}.parallel`)
          : [item],
      )
      .map((item) => {
        const { name, script } = fieldsOf(fieldsOf(item, branch, ['step']).step, 'step', ['name', 'script']);
        const steps = listOf(script, 'script').map((line) => ({
          script: textOf(line, 'script'),
          shell: 'bash' as const,
          env: { ...stored },
        }));
        return { name: `${branch}: ${literal(name, 'name')}`, steps };
      }),
  );
}

/** A fenced block of a page. */
export type Block = { readonly language: string; readonly mark: string; readonly text: string };

/** Every fenced block of a page, also one that stands in a list. @throws for a fence that is not closed */
export function fencedBlocks(markdown: string): Block[] {
  const blocks = [...markdown.matchAll(/^( *)```(\S*) *(.*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', mark = '', text = '']) => ({
      language,
      mark,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
  if (blocks.length * 2 !== markdown.split(/^ *```/m).length - 1) throw new Error('A fence is not closed.');
  return blocks;
}
