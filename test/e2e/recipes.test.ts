import { expect } from 'chai';
import type { RecipeStep, StoredVariables } from '../support/recipes/jobs.js';
import { asksThisProcess, startsSf } from '../support/recipes/programs.js';
import { installSteps, RecipeRunner } from '../support/recipes/runner.js';
import { checkedOut, deployments, jobsOf, type Recipe, recipes, storedVariables } from '../support/recipes/recipes.js';
import { SfInProcess } from '../support/sfInProcess.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/*
 * Two whole pipelines of docs/ci in the real sf, which between them have both shells, both forms of the key, a home folder of their own, and
 * the action. All others run in one process (test/contract/recipes.test.ts); here that process is compared with the real sf.
 */

const whole = ['github-actions/with-the-action.yml', 'Jenkinsfile'];

describe('docs/ci, run in the real sf', function () {
  this.timeout(600_000);
  let sf: SfInProcess;
  let real: RecipeRunner;
  let inProcess: RecipeRunner;
  let repository = '';
  let stored: Readonly<Record<Recipe['key'], StoredVariables>>;

  const on = useStage(async (stage) => {
    real = await RecipeRunner.open(stage, await startsSf(stage));
    sf = await SfInProcess.open(stage);
    inProcess = await RecipeRunner.open(stage, await asksThisProcess(stage, sf));
    repository = await checkedOut(stage, ['uat']);
    stored = await storedVariables(stage);
    // Jenkins traces every command
    stage.secret(stored.base64.PROD_KEY.slice(100, 150));
  });
  after(() => sf?.close());

  for (const recipe of recipes.filter(({ file }) => whole.includes(file))) {
    it(`${recipe.file} deploys to every sandbox it names, and asks Salesforce what it asks in one process`, async () => {
      const jobs = await jobsOf(recipe, stored[recipe.key]);
      expect(jobs).to.have.length(3);
      for (const { name, steps } of jobs) {
        const requests = await real.run(repository, steps);
        expect(deployments(requests), name).to.deep.equal([/ dev$/.test(name) ? 'dev' : 'uat']);
        const there = await inProcess.run(repository, steps);
        expect(once(there), name).to.deep.equal(once(requests));
      }
    });
  }

  it('would notice a missing plugin', async () => {
    const step = (script: string): RecipeStep => ({ script, shell: 'bash', env: stored.lines });
    const steps = [...installSteps.slice(0, 2), step('sf jit org register --jwt-key-env PROD_KEY')];
    const failure: unknown = await real.run(repository, steps).catch((error: unknown) => error);
    expect(String(failure)).to.match(/jit org register is not a sf command|not found/);
  });

  leavesNoSecret(on);
});

/** Requests without repetitions: how often a deployment is looked at depends on time. */
function once(requests: readonly string[]): string[] {
  return requests.filter((request, index) => request !== requests[index - 1]);
}
