import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../support/packedPlugin.js';
import type { RecipeJob, RecipeStep, StoredVariables } from '../support/recipe.js';
import { fieldsOf, mappingOf } from '../support/recipe.js';
import {
  type Block,
  fencedBlocks,
  readAction,
  readAzurePipeline,
  readBitbucketPipeline,
  readGithubWorkflow,
  readGitlabPipeline,
  readYaml,
} from '../support/recipeFiles.js';
import { readJenkinsfile } from '../support/recipeJenkinsfile.js';
import { installSteps, linesOf, RecipeRunner, repositoryFile, unexpected } from '../support/recipeRunner.js';
import { filesIn, leavesNoSecret, type Stage, useStage } from '../support/stage.js';

const run = promisify(execFile);
const folder = new URL('../../docs/ci/', import.meta.url);

type Recipe = {
  /** Below docs/ci. */
  readonly file: string;
  readonly read: (text: string, stored: StoredVariables, action: string) => RecipeJob[];
  /** The key as it was stored: GitHub keeps its lines, the others get it in base64, as docs/ci/README.md says. GitHub takes that too. */
  readonly key: 'lines' | 'base64';
  /** How many commands each job runs; those of the action count as one each. */
  readonly steps: Readonly<Record<string, number>>;
};

const recipes: readonly Recipe[] = [
  { file: 'github-actions/one-sandbox.yml', read: readGithubWorkflow, key: 'lines', steps: { deploy: 5 } },
  {
    file: 'github-actions/several-sandboxes.yml',
    read: readGithubWorkflow,
    key: 'base64',
    steps: { 'deploy dev': 6, 'deploy uat': 6 },
  },
  {
    file: 'github-actions/with-the-action.yml',
    read: readGithubWorkflow,
    key: 'lines',
    steps: { 'one-sandbox': 6, 'several-sandboxes dev': 6, 'several-sandboxes uat': 6 },
  },
  {
    file: 'gitlab-ci.yml',
    read: readGitlabPipeline,
    key: 'base64',
    steps: { 'deploy-uat': 5, 'deploy-sandboxes dev': 6, 'deploy-sandboxes uat': 6 },
  },
  {
    file: 'azure-pipelines.yml',
    read: readAzurePipeline,
    key: 'base64',
    steps: { deploy_uat: 5, 'deploy_sandboxes dev': 6, 'deploy_sandboxes uat': 6 },
  },
  {
    file: 'bitbucket-pipelines.yml',
    read: readBitbucketPipeline,
    key: 'base64',
    steps: { 'main: Deploy to uat': 5, 'develop: Deploy to dev': 6, 'develop: Deploy to uat': 6 },
  },
  {
    file: 'Jenkinsfile',
    read: readJenkinsfile,
    key: 'base64',
    steps: { 'Deploy to uat': 5, 'Deploy to several sandboxes dev': 6, 'Deploy to several sandboxes uat': 6 },
  },
];

/** The pages, with how many blocks of each kind they have, and which sandboxes the repository of their reader registers. */
const pages = [
  { file: 'README.md', blocks: { sh: 9, before: 1 }, registered: [], deploysTo: ['uat', 'dev', 'uat'] },
  { file: 'migrate.md', blocks: { sh: 5, before: 3 }, registered: ['uat'], deploysTo: ['uat', 'dev'] },
] as const;

/** Every variable that a recipe may use. */
const variables = ['SF_USERNAME', 'SF_CLIENT_ID', 'SF_INSTANCE_URL', 'PROD_KEY', 'SANDBOX'];
const jenkinsVariables = ['HOME', 'NPM_CONFIG_PREFIX', 'PATH', 'SHELL'];
const actionVariables = ['CLI_VERSION', 'PLUGIN_VERSION', 'JWT_KEY_ENV', 'SANDBOXES', 'ALIAS', 'IF_NEEDED', 'WAIT'];

const text = async (file: string): Promise<string> => repositoryFile(`docs/ci/${file}`);
const action = async (): Promise<string> => repositoryFile('action.yml');

/** Stand-ins for what the administrator stored, where it does not matter. */
const anything: StoredVariables = { SF_USERNAME: 'u', SF_CLIENT_ID: 'c', SF_INSTANCE_URL: 'i', PROD_KEY: 'k' };

const jobsOf = async ({ file, read }: Recipe, stored = anything): Promise<RecipeJob[]> =>
  read(await text(file), stored, await action());

const commandsOf = (steps: readonly RecipeStep[]): string[] => steps.flatMap(({ script }) => linesOf(script).lines);

/** The variables that a script uses. */
const usedBy = (script: string): string[] =>
  [...script.matchAll(/\$\{?!?([A-Za-z_]\w*)/g)].map(([, name]) => name ?? '');

/** The repository that a recipe lies in, which registers some sandboxes. */
async function project(stage: Stage, names: readonly string[]): Promise<string> {
  const path = await stage.project();
  const file = join(path, 'sfdx-project.json');
  const json = JSON.parse(await readFile(file, 'utf8')) as object;
  const productionUsername = stage.info.username;
  const sandboxes = names.map((name) => ({
    sandboxName: name,
    alias: name,
    productionUsername,
    isJitRegistration: true,
  }));
  // else stock sf would take the address of the stand-in, which it finds in SF_INSTANCE_URL, for a wrong one
  const sfdcLoginUrl = 'https://login.salesforce.com';
  const plugins = sandboxes.length > 0 ? { plugins: { 'sf-plugin-jit': { sandboxes } } } : {};
  await writeFile(file, JSON.stringify({ ...json, sfdcLoginUrl, ...plugins }));
  const classes = join(path, 'force-app', 'main', 'default', 'classes');
  await mkdir(classes, { recursive: true });
  await writeFile(join(classes, 'Nothing.cls'), 'public class Nothing {}');
  await writeFile(
    join(classes, 'Nothing.cls-meta.xml'),
    '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>60.0</apiVersion></ApexClass>',
  );
  return path;
}

/** The sandboxes that something was deployed to, in order: the calls of the Metadata API, in a row, are one deployment. */
function deployments(requests: readonly string[]): string[] {
  const calls = requests.map((request) => /^sandbox:(\w+) \d+\.0$/.exec(request)?.[1]);
  return calls.flatMap((sandbox, index) => (sandbox !== undefined && calls[index - 1] === undefined ? [sandbox] : []));
}

describe('docs/ci, as it is written', () => {
  it('has no file that no test reads', async () => {
    const files = (await filesIn(folder.pathname)).map((path) => path.slice(folder.pathname.length));
    expect(files).to.have.members([...recipes, ...pages].map(({ file }) => file));
  });

  for (const recipe of recipes) {
    const { file, steps } = recipe;
    describe(file, () => {
      /** The steps that stand in the file itself, not those of the action. */
      const ownSteps = async (): Promise<RecipeStep[]> =>
        (await jobsOf(recipe)).flatMap((job) => job.steps.filter(({ isOfAction }) => !isOfAction));

      it('is read to its last field, and every command in it is found', async () => {
        const jobs = await jobsOf(recipe);
        expect(Object.fromEntries(jobs.map((job) => [job.name, commandsOf(job.steps).length]))).to.deep.equal(steps);
        const found = new Set(jobs.flatMap((job) => commandsOf(job.steps)));
        const written = (await text(file))
          .split('\n')
          .map((line) => line.trim().replace(/^(#|\/\/).*$|^- (run: |script: )?/, ''))
          .filter((line) => /\b(sf|npm) [a-z]/.test(line));
        expect(written).not.to.be.empty;
        expect([...new Set(written)].filter((line) => !found.has(line))).to.deep.equal([]);
      });

      it('uses no variable but those of the page, puts the key on no command line and traces nothing', async () => {
        const known = [...variables, ...(file === 'Jenkinsfile' ? jenkinsVariables : [])];
        for (const { script, env } of await ownSteps()) {
          expect(Object.keys(env).filter((name) => !known.includes(name))).to.deep.equal([]);
          expect(usedBy(script).filter((name) => !known.includes(name))).to.deep.equal([]);
          expect(script).not.to.match(/\$\{?(PROD_KEY|SF_)/);
          expect(script).not.to.match(/set -\w*x|xtrace|server\.key/);
        }
        expect(await text(file)).not.to.match(/SF_LOG_LEVEL|SF_PRIVATE_KEY|DEBUG|sfdx-url|org login/);
      });

      it('gives the key to the commands that need it, where the CI system lets it choose', async () => {
        for (const { script, env } of await ownSteps()) {
          if (/^sf jit/.test(script)) expect(env, script).to.have.property('PROD_KEY', anything.PROD_KEY);
          const isInstalling = /^(npm|sf plugins) /.test(script);
          if (isInstalling && /github|azure/.test(file)) expect(env, script).not.to.have.property('PROD_KEY');
        }
      });
    });
  }

  it('Jenkinsfile names a shell in every container, whose user has no line in /etc/passwd', async () => {
    const recipe = recipes.find(({ file }) => file === 'Jenkinsfile')!;
    const steps = (await jobsOf(recipe)).flatMap((job) => job.steps);
    expect(steps).to.not.be.empty;
    for (const { env } of steps) expect(env).to.include({ HOME: '/tmp/home', SHELL: '/bin/sh' });
  });

  it('action.yml has the inputs that the page lists, no input for a secret, and one fixed set of variables', async () => {
    const top = fieldsOf(readYaml(await action()), 'action', ['name', 'description', 'inputs', 'runs']);
    const inputs = Object.keys(mappingOf(top.inputs, 'inputs'));
    const listed = [...(await text('README.md')).matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(listed).to.deep.equal(inputs);
    expect(inputs.filter((name) => /key|secret|token|password|client|username|url/.test(name))).to.deep.equal([
      'jwt-key-env',
    ]);
    const steps = readAction(await action(), { sandboxes: 'uat' }, {});
    expect(steps).to.have.length(5);
    expect([...new Set(steps.flatMap(({ env }) => Object.keys(env)))]).to.have.members(actionVariables);
    for (const { script } of steps) expect(script).not.to.match(/set -\w*x|xtrace|add-mask|\$\{\{/);
    expect(readAction(await action(), {}, {}), 'without sandboxes').to.have.length(4);
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
      for (const { text: script } of found) await run('bash', ['-n', '-c', script]);
      for (const { text: script } of found.filter(isBefore)) expect(script).not.to.contain('sf jit');
      expect(await unknownCommands(page)).to.deep.equal([]);
    });

    it(`${file} links to what is there`, async () => {
      const links = [...(await text(file)).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
      for (const link of links) await readFile(new URL(link, folder));
    });
  }
});

const isBefore = ({ mark }: Block): boolean => mark === 'before';

/** What a page says in its text, between backticks, about this plugin's commands and flags that do not exist. */
async function unknownCommands(page: string): Promise<string[]> {
  type Manifest = { commands: Record<string, { flags: Record<string, unknown> }> };
  const manifest = JSON.parse(await readFile(join(packageRoot, 'oclif.manifest.json'), 'utf8')) as Manifest;
  return [...page.matchAll(/`(sf jit [^`\n]*)`/g)]
    .map(([, line]) => line ?? '')
    .filter((line) => {
      const words = line.split(' ').slice(1);
      const { flags } = manifest.commands[words.slice(0, 3).join(':')] ?? {};
      const named = words.flatMap((word) => /^--([a-z-]+)$/.exec(word)?.[1] ?? []);
      return !flags || named.some((name) => name !== 'help' && !(name in flags));
    });
}

describe('docs/ci, run', function () {
  this.timeout(600_000);
  let runner: RecipeRunner;
  let repository = '';
  let lines: StoredVariables;
  let base64: StoredVariables;

  const on = useStage(async (stage) => {
    runner = await RecipeRunner.open(stage);
    repository = await project(stage, ['uat']);
    const key = await stage.key();
    const { username: SF_USERNAME, clientId: SF_CLIENT_ID, loginUrl: SF_INSTANCE_URL } = stage.info;
    lines = { SF_USERNAME, SF_CLIENT_ID, SF_INSTANCE_URL, PROD_KEY: key };
    base64 = { ...lines, PROD_KEY: Buffer.from(key).toString('base64') };
    // Jenkins traces every command
    stage.secret(base64.PROD_KEY.slice(100, 150));
  });

  for (const recipe of recipes) {
    it(`${recipe.file} deploys to every sandbox it names`, async () => {
      const jobs = await jobsOf(recipe, recipe.key === 'lines' ? lines : base64);
      for (const { name, steps } of jobs) {
        const requests = await runner.run(repository, steps);
        expect(deployments(requests), name).to.deep.equal([/ dev$/.test(name) ? 'dev' : 'uat']);
      }
    });
  }

  it('needs no register line with SF_PRIVATE_KEY', async () => {
    const { PROD_KEY, ...plain } = lines;
    const env = { ...plain, SF_PRIVATE_KEY: PROD_KEY };
    const [job] = await jobsOf(recipes[0]!, lines);
    const steps = job!.steps.filter(({ script }) => !script.startsWith('sf jit org register'));
    expect(steps).to.have.length(job!.steps.length - 1);
    const requests = await runner.run(
      repository,
      steps.map((step) => ({ ...step, env })),
    );
    expect(deployments(requests)).to.deep.equal(['uat']);
  });

  it('README.md allows the plugin in a CLI that has no command for it', async () => {
    const blocks = fencedBlocks(await text('README.md')).filter(isBefore);
    expect(blocks).to.have.length(1);
    const [npm, , install] = installSteps as [RecipeStep, RecipeStep, RecipeStep];
    const env = { ...lines };
    const registering = { script: 'sf jit org register --jwt-key-env PROD_KEY', shell: 'bash' as const, env };
    await runner.run(repository, [npm, { ...npm, script: blocks[0]!.text }, install, registering]);
  });

  for (const { file, registered, deploysTo } of pages) {
    it(`${file} can be followed, block by block`, async () => {
      const reader = await project(on.stage, registered);
      // what a runner of GitLab says of its branch
      const env = { ...base64, GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'release/1.0' };
      const blocks = fencedBlocks(await text(file)).filter((block) => !isBefore(block));
      const steps = blocks.map(({ text: script }): RecipeStep => ({ script, shell: 'bash', env }));
      const first = file === 'README.md' ? [] : installSteps;
      const requests = await runner.run(reader, [...first, ...steps]);
      expect(deployments(requests)).to.deep.equal(deploysTo);
    });
  }

  const step = (script: string): RecipeStep => ({ script, shell: 'bash', env: {} });
  const [npm, allow, install] = installSteps.map(({ script }) => script) as [string, string, string];
  const mistakes: Array<[what: string, scripts: string[], says: RegExp]> = [
    ['a missing CLI', [allow], /sf: command not found/],
    ['a plugin that was not allowed', [npm, install], /sf would ask/],
    ['another plugin', [npm, 'sf plugins install sf-plugin-jat'], /not expected in a recipe/],
    ['another package', ['npm install --global sfdx-cli'], /not expected in a recipe/],
    ['a command that no recipe needs', [npm, 'sf org login web'], /not expected in a recipe/],
    ['a variable that nobody set', [npm, 'sf jit sandbox login --sandbox-name "$SANDBOX"'], /SANDBOX: unbound/],
    ['a tool that a runner may not have', ['jq --version'], /jq: command not found/],
  ];
  for (const [what, scripts, says] of mistakes) {
    it(`would notice ${what}`, async () => {
      const failure: unknown = await runner.run(repository, scripts.map(step)).catch((error: unknown) => error);
      expect(String(failure)).to.match(says);
      if (says.source.includes('not expected')) expect(String(failure)).to.contain(`Exit code ${unexpected}`);
    });
  }

  it('would notice a missing plugin', async () => {
    const steps = [...[npm, allow].map(step), { ...step('sf jit org register --jwt-key-env PROD_KEY'), env: lines }];
    const failure: unknown = await runner.run(repository, steps).catch((error: unknown) => error);
    expect(String(failure)).to.match(/jit org register is not a sf command|not found/);
  });

  leavesNoSecret(on);
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
