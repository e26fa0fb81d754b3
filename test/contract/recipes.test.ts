import { expect } from 'chai';
import type { RecipeStep, StoredVariables } from '../support/recipes/jobs.js';
import { fencedBlocks } from '../support/recipes/readers.js';
import { asksThisProcess, unexpected } from '../support/recipes/programs.js';
import { installSteps, RecipeRunner } from '../support/recipes/runner.js';
import {
  type Change,
  checkedOut,
  deployments,
  isBefore,
  jobsOf,
  pages,
  type Recipe,
  recipes,
  repositoryFile,
  storedVariables,
} from '../support/recipes/recipes.js';
import { SfInProcess } from '../support/sfInProcess.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/*
 * Every shell step of the pipelines of docs/ci, in the shell that its CI system gives it to. The sf that it finds there runs in this process: the
 * stock CLI, its parser and its commands, against the stand-in. test/e2e/recipes.test.ts runs two of them in the real sf.
 */

describe('docs/ci, run', function () {
  this.timeout(300_000);
  let sf: SfInProcess;
  let runner: RecipeRunner;
  let repository = '';
  let stored: Readonly<Record<Recipe['key'], StoredVariables>>;

  before(function () {
    // the steps are given to bash and sh
    if (process.platform === 'win32') this.skip();
  });

  const on = useStage(async (stage) => {
    sf = await SfInProcess.open(stage);
    runner = await RecipeRunner.open(stage, await asksThisProcess(stage, sf));
    repository = await checkedOut(stage, ['uat']);
    stored = await storedVariables(stage);
    // Jenkins traces every command
    stage.secret(stored.base64.PROD_KEY.slice(100, 150));
  });
  after(() => sf?.close());

  /** What the jobs of a recipe deploy to, by their names. */
  const deployed = async (recipe: Recipe, change?: Change): Promise<Record<string, string[]>> => {
    const done: Record<string, string[]> = {};
    for (const { name, steps } of await jobsOf(recipe, stored[recipe.key], change)) {
      done[name] = deployments(await runner.run(repository, steps));
    }
    return done;
  };
  const expected = ({ steps }: Recipe): Record<string, string[]> =>
    Object.fromEntries(Object.keys(steps).map((name) => [name, [/ dev$/.test(name) ? 'dev' : 'uat']]));

  for (const recipe of recipes) {
    it(`${recipe.file} deploys to every sandbox it names`, async () => {
      expect(await deployed(recipe)).to.deep.equal(expected(recipe));
    });
  }

  it('needs no register line with SF_PRIVATE_KEY', async () => {
    const { PROD_KEY, ...plain } = stored.lines;
    const env = { ...plain, SF_PRIVATE_KEY: PROD_KEY };
    const [job] = await jobsOf(recipes[0]!, stored.lines);
    const steps = job!.steps.filter(({ script }) => !script.startsWith('sf jit org register'));
    expect(steps).to.have.length(job!.steps.length - 1);
    const requests = await runner.run(
      repository,
      steps.map((step) => ({ ...step, env })),
    );
    expect(deployments(requests)).to.deep.equal(['uat']);
  });

  it('README.md allows the plugin in a CLI that has no command for it', async () => {
    const blocks = fencedBlocks(await repositoryFile('docs/ci/README.md')).filter(isBefore);
    expect(blocks).to.have.length(1);
    const [npm, , install] = installSteps as [RecipeStep, RecipeStep, RecipeStep];
    const env = { ...stored.lines };
    const registering = { script: 'sf jit org register --jwt-key-env PROD_KEY', shell: 'bash' as const, env };
    await runner.run(repository, [npm, { ...npm, script: blocks[0]!.text }, install, registering]);
  });

  for (const { file, registered, deploysTo } of pages) {
    it(`${file} can be followed, block by block`, async () => {
      const reader = await checkedOut(on.stage, registered);
      // what a runner of GitLab says of its branch
      const env = { ...stored.base64, GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'release/1.0' };
      const blocks = fencedBlocks(await repositoryFile(`docs/ci/${file}`)).filter((block) => !isBefore(block));
      const steps = blocks.map(({ text: script }): RecipeStep => ({ script, shell: 'bash', env }));
      const first = file === 'README.md' ? [] : installSteps;
      const requests = await runner.run(reader, [...first, ...steps]);
      expect(deployments(requests)).to.deep.equal(deploysTo);
    });
  }

  const step = (script: string): RecipeStep => ({ script, shell: 'bash', env: {} });
  const [npm, allow, install] = installSteps.map(({ script }) => script) as [string, string, string];
  const missing: Array<[what: string, scripts: string[], says: RegExp]> = [
    ['a missing CLI', [allow], /sf: command not found/],
    ['a plugin that was not allowed', [npm, install], /sf would ask/],
    ['another plugin', [npm, 'sf plugins install sf-plugin-jat'], /not expected in a recipe/],
    ['another package', ['npm install --global sfdx-cli'], /not expected in a recipe/],
    ['a command that no recipe needs', [npm, 'sf org login web'], /not expected in a recipe/],
    ['a variable that nobody set', [npm, 'sf jit sandbox login --sandbox-name "$SANDBOX"'], /SANDBOX: unbound/],
    ['a tool that a runner may not have', ['jq --version'], /jq: command not found/],
  ];
  for (const [what, scripts, says] of missing) {
    it(`would notice ${what}`, async () => {
      const failure: unknown = await runner.run(repository, scripts.map(step)).catch((error: unknown) => error);
      expect(String(failure)).to.match(says);
      if (says.source.includes('not expected')) expect(String(failure)).to.contain(`Exit code ${unexpected}`);
    });
  }

  it('would notice a missing plugin', async () => {
    const steps = [
      ...[npm, allow].map(step),
      { ...step('sf jit org register --jwt-key-env PROD_KEY'), env: stored.lines },
    ];
    const failure: unknown = await runner.run(repository, steps).catch((error: unknown) => error);
    expect(String(failure)).to.match(/jit org register is not a sf command|not found/);
  });

  /** Changes that are found when a recipe is run, by the file, and what is said then. */
  type Mistake = { readonly what: string; readonly from: string; readonly to: string; readonly says: RegExp };
  const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
    'docs/ci/gitlab-ci.yml': [
      {
        what: 'a misspelt flag',
        from: '--jwt-key-env',
        to: '--jwt-key-envs',
        says: /Nonexistent flag: --jwt-key-envs/,
      },
      { what: 'a misspelt flag of sf', from: '--source-dir', to: '--source', says: /Nonexistent flag: --source/ },
      { what: 'a misspelt command', from: 'jit sandbox login', to: 'jit sandbox log', says: /log is not a sf command/ },
      { what: 'a value that is no number', from: '--wait 10', to: '--wait ten', says: /must be an integer/ },
      { what: 'a missing flag', from: '--sandbox-name "$SANDBOX" ', to: '', says: /WhichSandboxError/ },
      { what: 'a folder that is not there', from: 'force-app', to: 'forces', says: /forces: File or folder not found/ },
      {
        what: 'a sandbox that nobody registered',
        from: '--target-org uat',
        to: '--target-org uta',
        says: /found for uta/,
      },
      { what: 'a sandbox that is not there', from: '[dev, uat]', to: '[qa, uat]', says: /has no sandbox named "qa"/ },
      {
        what: 'a production org that is not registered',
        from: '    - sf jit org register --jwt-key-env PROD_KEY\n',
        to: '',
        says: /ProductionOrgNotRegistered/,
      },
    ],
    'docs/ci/bitbucket-pipelines.yml': [
      { what: 'a variable that nobody set', from: '-env PROD_KEY', to: '-env KEY', says: /variable KEY is not set/ },
      {
        what: 'a missing login',
        from: '                - sf jit sandbox login --sandbox-name dev --wait 10\n',
        to: '',
        says: /found for dev/,
      },
    ],
    'docs/ci/azure-pipelines.yml': [
      {
        what: 'a plugin that was not allowed',
        from: '      - script: sf plugins trust allowlist add --name sf-plugin-jit\n',
        to: '',
        says: /sf would ask/,
      },
      {
        what: 'a plugin that was not installed',
        from: '      - script: sf plugins install sf-plugin-jit\n',
        to: '',
        says: /jit org register is not a sf command/,
      },
    ],
    'docs/ci/Jenkinsfile': [
      { what: 'a path without sf', from: 'PREFIX/bin', to: 'PREFIX/lib', says: /sf: .*not found/ },
      {
        what: 'another credential as the key',
        from: "credentials('PROD_KEY')",
        to: "credentials('SF_CLIENT_ID')",
        says: /it is the consumer key of an app/,
      },
      {
        what: 'a missing credential',
        from: "SF_CLIENT_ID = credentials('SF_CLIENT_ID')\n",
        to: '\n',
        says: /Missing required flags: --client-id/,
      },
    ],
    'docs/ci/github-actions/several-sandboxes.yml': [
      {
        what: 'one variable for another',
        from: 'SF_USERNAME: ${{ vars.SF_USERNAME }}',
        to: 'SF_USERNAME: ${{ vars.SF_CLIENT_ID }}',
        says: /UserNotApproved/,
      },
    ],
    'action.yml': [
      {
        what: 'the name of a variable as its value',
        from: '-env "$JWT_KEY_ENV"',
        to: '-env JWT_KEY_ENV',
        says: /came from the environment variable JWT_KEY_ENV/,
      },
      { what: 'a forgotten alias', from: 'flags+=(--alias "$ALIAS")', to: 'true', says: /found for target/ },
      { what: 'another plugin', from: 'jit@$PLUGIN_VERSION', to: 'jit-$PLUGIN_VERSION', says: /not expected/ },
      { what: 'another list of sandboxes', from: '${SANDBOXES//,/ }', to: '$WAIT', says: /WhichSandboxError/ },
    ],
  };
  for (const [file, ofFile] of Object.entries(mistakes)) {
    for (const { what, says, ...change } of ofFile) {
      it(`would notice in ${file} ${what}`, async () => {
        const path = file === 'action.yml' ? 'docs/ci/github-actions/with-the-action.yml' : file;
        const recipe = recipes.find((one) => `docs/ci/${one.file}` === path)!;
        const failure: unknown = await deployed(recipe, { file, ...change }).catch((error: unknown) => error);
        expect(failure, JSON.stringify(failure)).to.be.an('error');
        expect(String(failure)).to.match(says);
      });
    }
  }

  leavesNoSecret(on);
});
