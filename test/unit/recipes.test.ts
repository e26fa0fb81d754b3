import { execFileSync, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { RecipeStep, StoredVariables } from '../support/recipes/jobs.js';
import { fieldsOf, mappingOf, shells } from '../support/recipes/jobs.js';
import {
  fencedBlocks,
  readAction,
  readAzurePipeline,
  readGithubWorkflow,
  readYaml,
} from '../support/recipes/readers.js';
import { readJenkinsfile } from '../support/recipes/jenkinsfile.js';
import { linesOf } from '../support/recipes/runner.js';
import {
  type Change,
  isBefore,
  jobsOf,
  pages,
  type Recipe,
  recipes,
  repositoryFile,
} from '../support/recipes/recipes.js';
import { filesIn } from '../support/stage.js';

/*
 * The pipelines of docs/ci as they are written: read to the last field, and given to the shell. test/contract/recipes.test.ts runs them,
 * test/e2e/recipes.test.ts in the real sf.
 */

const folder = new URL('../../docs/ci/', import.meta.url);

/** Every variable that a recipe may use. */
const variables = ['SF_USERNAME', 'SF_CLIENT_ID', 'SF_INSTANCE_URL', 'PROD_KEY', 'SANDBOX'];
const jenkinsVariables = ['HOME', 'NPM_CONFIG_PREFIX', 'PATH', 'SHELL'];
const actionVariables = ['CLI_VERSION', 'PLUGIN_VERSION', 'JWT_KEY_ENV', 'SANDBOXES', 'ALIAS', 'IF_NEEDED', 'WAIT'];

/** Stand-ins for what the administrator stored. */
const anything: StoredVariables = { SF_USERNAME: 'u', SF_CLIENT_ID: 'c', SF_INSTANCE_URL: 'i', PROD_KEY: 'k' };

const text = async (file: string, change?: Change): Promise<string> => repositoryFile(`docs/ci/${file}`, change);
const commandsOf = (steps: readonly RecipeStep[]): string[] => steps.flatMap(({ script }) => linesOf(script).lines);

/** The steps that stand in the file itself, not those of the action. */
const ownSteps = async (recipe: Recipe, change?: Change): Promise<RecipeStep[]> =>
  (await jobsOf(recipe, anything, change)).flatMap((job) => job.steps.filter(({ isOfAction }) => !isOfAction));

/** The variables that a script uses. */
const usedBy = (script: string): string[] =>
  [...script.matchAll(/\$\{?!?([A-Za-z_]\w*)/g)].map(([, name]) => name ?? '');

/** What a careless administrator could call a sandbox, and a shell would take apart. */
const odd = 'odd1 odd2* $(x)';

/** Variables that are no one word on purpose, or whose value is looked at first. */
const split = ['SANDBOXES', 'JWT_KEY_ENV', 'HOME', 'PATH', 'BRANCH'];

/** The words that a script gives to sf and npm, when the variables that it uses hold something odd. */
function wordsOf({ script, shell, env }: RecipeStep): string[] {
  const [program, ...options] = shells[shell];
  const tell = `printf '%s\\0' "$@" >&3`;
  const oddly = Object.fromEntries(usedBy(script).flatMap((name) => (split.includes(name) ? [] : [[name, odd]])));
  const { PATH = '' } = process.env;
  const { status, output, stderr } = spawnSync(
    program,
    [...options, `sf() { ${tell}; }\nnpm() { ${tell}; }\n${script}`],
    {
      encoding: 'utf8',
      cwd: folder,
      env: { ...env, ...oddly, PATH },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  expect(status, `${script}\n${stderr}`).to.equal(0);
  return (output[3] ?? '').split('\0');
}

/** Fails when a variable falls apart, or becomes a part of the command. */
function expectQuoted(step: RecipeStep): void {
  const broken = wordsOf(step).filter((word) => /odd\d/.test(word) && !word.includes(odd));
  expect(broken, `variables without quotes: ${step.script}`).to.deep.equal([]);
}

async function expectFound(recipe: Recipe, change?: Change): Promise<void> {
  const jobs = await jobsOf(recipe, anything, change);
  const found = new Set(jobs.flatMap((job) => commandsOf(job.steps)));
  const written = (await text(recipe.file, change))
    .split('\n')
    .map((line) => line.trim().replace(/^(#|\/\/).*$|^- (run: |script: )?/, ''))
    .filter((line) => /\b(sf|npm) [a-z]/.test(line));
  expect(written).not.to.be.empty;
  expect([...new Set(written)].filter((line) => !found.has(line))).to.deep.equal([]);
  const steps = Object.fromEntries(jobs.map((job) => [job.name, commandsOf(job.steps).length]));
  expect(steps, 'commands of each job').to.deep.equal(recipe.steps);
}

async function expectCareful(recipe: Recipe, change?: Change): Promise<void> {
  const known = [...variables, ...(recipe.file === 'Jenkinsfile' ? jenkinsVariables : [])];
  for (const step of await ownSteps(recipe, change)) {
    const { script, env } = step;
    expect(
      Object.keys(env).filter((name) => !known.includes(name)),
      'unknown variables',
    ).to.deep.equal([]);
    expect(
      usedBy(script).filter((name) => !known.includes(name)),
      'unknown variables',
    ).to.deep.equal([]);
    expect(script).not.to.match(/\$\{?(PROD_KEY|SF_)/);
    expect(script).not.to.match(/set -\w*x|xtrace|server\.key/);
    expectQuoted(step);
  }
  expect(await text(recipe.file, change)).not.to.match(/SF_LOG_LEVEL|SF_PRIVATE_KEY|DEBUG|sfdx-url|org login/);
}

async function expectKey(recipe: Recipe, change?: Change): Promise<void> {
  for (const { script, env } of await ownSteps(recipe, change)) {
    if (/^sf jit/.test(script)) expect(env, script).to.have.property('PROD_KEY', anything.PROD_KEY);
    const isInstalling = /^(npm|sf plugins) /.test(script);
    if (isInstalling && /github|azure/.test(recipe.file)) expect(env, script).not.to.have.property('PROD_KEY');
  }
}

async function expectShell(recipe: Recipe, change?: Change): Promise<void> {
  const steps = (await jobsOf(recipe, anything, change)).flatMap((job) => job.steps);
  expect(steps).to.not.be.empty;
  for (const { env } of steps) expect(env).to.include({ HOME: '/tmp/home', SHELL: '/bin/sh' });
}

describe('docs/ci, as it is written', () => {
  before(function () {
    // given to bash and sh here
    if (process.platform === 'win32') this.skip();
  });

  it('has no file that no test reads', async () => {
    const files = (await filesIn(folder.pathname)).map((path) => path.slice(folder.pathname.length));
    expect(files).to.have.members([...recipes, ...pages].map(({ file }) => file));
  });

  for (const recipe of recipes) {
    describe(recipe.file, () => {
      it('is read to its last field, and every command in it is found', () => expectFound(recipe));

      it('uses no variable but those of the page, each as one word, puts the key on no command line and traces nothing', () =>
        expectCareful(recipe));

      it('gives the key to the commands that need it, where the CI system lets it choose', () => expectKey(recipe));
    });
  }

  it('Jenkinsfile names a shell in every container, whose user has no line in /etc/passwd', () =>
    expectShell(recipes.find(({ file }) => file === 'Jenkinsfile')!));

  it('action.yml has the inputs that the page lists, no input for a secret, and one fixed set of variables', async () => {
    const action = await repositoryFile('action.yml');
    const top = fieldsOf(readYaml(action), 'action', ['name', 'description', 'inputs', 'runs']);
    const inputs = Object.keys(mappingOf(top.inputs, 'inputs'));
    const listed = [...(await text('README.md')).matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(listed).to.deep.equal(inputs);
    expect(inputs.filter((name) => /key|secret|token|password|client|username|url/.test(name))).to.deep.equal([
      'jwt-key-env',
    ]);
    const steps = readAction(action, { sandboxes: 'uat' }, {});
    expect(steps).to.have.length(5);
    expect([...new Set(steps.flatMap(({ env }) => Object.keys(env)))]).to.have.members(actionVariables);
    for (const { script } of steps) expect(script).not.to.match(/set -\w*x|xtrace|add-mask|\$\{\{/);
    expect(readAction(action, {}, {}), 'without sandboxes').to.have.length(4);
  });

  it('action.yml keeps each of its inputs one word, but for the list of sandboxes', async () => {
    const steps = readAction(await repositoryFile('action.yml'), { sandboxes: 'uat dev' }, { PROD_KEY: 'k' });
    steps.forEach(expectQuoted);
    const words = steps.flatMap(wordsOf);
    expect(words).to.include.members([odd, `@salesforce/cli@${odd}`, `sf-plugin-jit@${odd}`, 'uat', 'dev']);
    const unquoted = { ...steps.at(-1)!, script: steps.at(-1)!.script.replace('--alias "$ALIAS"', '--alias $ALIAS') };
    expect(() => {
      expectQuoted(unquoted);
    }).to.throw(/without quotes/);
  });

  for (const { file, blocks } of pages) {
    it(`${file} has shell blocks only, and commands that exist`, async () => {
      const page = await text(file);
      const found = fencedBlocks(page);
      const kinds = found.map(({ language, mark }) => (mark === '' ? language : `${language} ${mark}`));
      expect(kinds.filter((kind) => kind !== 'sh' && kind !== 'sh before')).to.deep.equal([]);
      expect({
        sh: kinds.filter((kind) => kind === 'sh').length,
        before: kinds.filter((kind) => kind === 'sh before').length,
      }).to.deep.equal(blocks);
      for (const { text: script } of found) execFileSync('bash', ['-n', '-c', script]);
      for (const { text: script } of found.filter(isBefore)) expect(script).not.to.contain('sf jit');
      for (const block of found.filter((one) => !isBefore(one))) {
        expectQuoted({ script: block.text, shell: 'bash', env: {} });
      }
      expect(await unknownCommands(page)).to.deep.equal([]);
    });

    it(`${file} links to what is there`, async () => {
      const links = [...(await text(file)).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
      for (const link of links) await readFile(new URL(link, folder));
    });
  }

  it('would be told a command and a flag that do not exist', async () => {
    const page = '`sf jit org verify --jwt-key-env X`, `sf jit org verifi`, `sf jit sandbox login --sandbox uat`';
    expect(await unknownCommands(page)).to.deep.equal(['sf jit org verifi', 'sf jit sandbox login --sandbox uat']);
  });
});

/** What a page says in its text, between backticks, about this plugin's commands and flags that do not exist. */
async function unknownCommands(page: string): Promise<string[]> {
  const snapshot = JSON.parse(await repositoryFile('command-snapshot.json')) as Array<{
    command: string;
    flags: string[];
  }>;
  return [...page.matchAll(/`(sf jit [^`\n]*)`/g)]
    .map(([, line]) => line ?? '')
    .filter((line) => {
      const words = line.split(' ').slice(1);
      const flags = snapshot.find(({ command }) => command === words.slice(0, 3).join(':'))?.flags;
      const named = words.flatMap((word) => /^--([a-z-]+)$/.exec(word)?.[1] ?? []);
      return !flags || named.some((name) => name !== 'help' && !flags.includes(name));
    });
}

/** Changes of a recipe that nothing need be run for. */
const mistakes: Array<[what: string, change: Change, check: typeof expectFound, says: RegExp]> = [
  [
    'a missing step',
    { file: 'docs/ci/gitlab-ci.yml', from: '    - sf plugins install sf-plugin-jit\n', to: '' },
    expectFound,
    /commands of each job/,
  ],
  [
    'a missing sandbox',
    { file: 'docs/ci/Jenkinsfile', from: "values 'dev', 'uat'", to: "values 'dev'" },
    expectFound,
    /commands of each job/,
  ],
  [
    'a variable without quotes',
    { file: 'docs/ci/gitlab-ci.yml', from: '--target-org "$SANDBOX"', to: '--target-org $SANDBOX' },
    expectCareful,
    /without quotes/,
  ],
  [
    'the same in a Jenkinsfile',
    { file: 'docs/ci/Jenkinsfile', from: '--sandbox-name "$SANDBOX"', to: '--sandbox-name $SANDBOX' },
    expectCareful,
    /without quotes/,
  ],
  [
    'a variable that the page does not know',
    { file: 'docs/ci/azure-pipelines.yml', from: '"$SANDBOX"', to: '"$SANDBOX_NAME"' },
    expectCareful,
    /unknown variables/,
  ],
  [
    'the key on a command line',
    { file: 'docs/ci/bitbucket-pipelines.yml', from: '--jwt-key-env PROD_KEY', to: '--jwt-key-file "$PROD_KEY"' },
    expectCareful,
    /PROD_KEY/,
  ],
  [
    'a trace of a script with the key',
    { file: 'docs/ci/Jenkinsfile', from: 'npm install', to: 'set -x\n          npm install' },
    expectCareful,
    /set -/,
  ],
  [
    'a variable that sf writes into its log',
    { file: 'docs/ci/gitlab-ci.yml', from: '# One sandbox.', to: '# SF_LOG_LEVEL=debug helps. One sandbox.' },
    expectCareful,
    /SF_LOG_LEVEL/,
  ],
  [
    'something else in the place of the key',
    {
      file: 'docs/ci/github-actions/one-sandbox.yml',
      from: 'PROD_KEY: ${{ secrets.PROD_KEY }}',
      to: 'PROD_KEY: ${{ vars.SF_CLIENT_ID }}',
    },
    expectKey,
    /PROD_KEY/,
  ],
  [
    'the key where it is not needed',
    {
      file: 'docs/ci/azure-pipelines.yml',
      from: 'script: sf plugins install sf-plugin-jit\n',
      to: 'script: sf plugins install sf-plugin-jit\n        env:\n          PROD_KEY: $(PROD_KEY)\n',
    },
    expectKey,
    /PROD_KEY/,
  ],
  [
    'a container without a shell',
    { file: 'docs/ci/Jenkinsfile', from: "SHELL = '/bin/sh'\n", to: '\n' },
    expectShell,
    /SHELL/,
  ],
];

describe('what would be noticed in docs/ci before anything is run', () => {
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  for (const [what, change, check, says] of mistakes) {
    it(`is ${what}`, async () => {
      const recipe = recipes.find(({ file }) => change.file === `docs/ci/${file}`)!;
      const failure: unknown = await check(recipe, change).catch((error: unknown) => error);
      expect(String(failure)).to.match(says);
    });
  }
});

describe('the readers of recipes', () => {
  const workflow = async (change: (original: string) => string): Promise<() => void> => {
    const original = await text('github-actions/one-sandbox.yml');
    const changed = change(original);
    expect(changed).not.to.equal(original);
    return () => readGithubWorkflow(changed, anything, '');
  };
  const wrong: Array<[what: string, from: string, to: string, says: RegExp]> = [
    ['an unknown expression', 'vars.SF_USERNAME', 'vars.SF_USER', /Unknown expression/],
    ['a secret outside of the environment of a step', 'vars.SF_USERNAME', 'secrets.PROD_KEY', /Unknown expression/],
    ['an expression in a script', '--target-org uat', '--target-org ${{ vars.SF_USERNAME }}', /in its script/],
    ['more permissions', 'contents: read', 'contents: write', /permissions is/],
    ['an unknown field', 'runs-on:', 'continue-on-error: true\n    runs-on:', /unknown continue-on-error/],
    ['a field twice', 'runs-on:', 'runs-on: ubuntu-latest\n    runs-on:', /unique/],
    ['an unknown action', 'actions/checkout@v5', 'acme/checkout@v5', /Unknown action/],
  ];
  for (const [what, from, to, says] of wrong) {
    it(`refuse ${what}`, async () => {
      expect(await workflow((original) => original.replace(from, to))).to.throw(says);
    });
  }

  const groovy: Array<[what: string, from: string, to: string, says: RegExp]> = [
    ['a text in which Groovy replaces secrets', "HOME = '/tmp/home'", 'HOME = "$PROD_KEY"', /Not understood/],
    ['an unknown step', "sh '''", "bat '''", /Unknown step/],
    ['an unknown credential', "credentials('PROD_KEY')", "credentials('OTHER')", /Unknown expression/],
    ['an unknown block', 'agent none', 'agent any', /has an agent/],
  ];
  for (const [what, from, to, says] of groovy) {
    it(`refuse ${what} in a Jenkinsfile`, async () => {
      const original = await text('Jenkinsfile');
      expect(() => readJenkinsfile(original.replace(from, to), anything)).to.throw(says);
    });
  }

  it('refuse an Azure secret on a command line, and a step of several lines', async () => {
    const original = await text('azure-pipelines.yml');
    const onTheLine = original.replace('--jwt-key-env PROD_KEY', '--jwt-key-file $(PROD_KEY)');
    expect(() => readAzurePipeline(onTheLine, anything)).to.throw(/in its script/);
    const lines = original.replace('script: npm install', 'script: |\n          true\n          npm install');
    expect(() => readAzurePipeline(lines, anything)).to.throw(/several lines/);
  });
});
