import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ownAction } from '../support/recipeFiles.js';

type Step = { uses?: string; run?: string; with?: Record<string, unknown> };
type Job = { permissions?: Record<string, string>; strategy?: { matrix: Record<string, unknown[]> }; steps: Step[] };
type Workflow = { on: unknown; permissions: Record<string, string>; jobs: Record<string, Job> };

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const workflow = (name: string): Workflow =>
  parse(read(`.github/workflows/${name}`), { strict: true, uniqueKeys: true }) as Workflow;
const steps = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap((job) => job.steps);

describe('the workflows', () => {
  it('run both commands of the README on Linux, macOS and Windows, with Node 22, 24 and 26', () => {
    const { readme } = workflow('ci.yml').jobs;
    expect(readme?.strategy?.matrix).to.deep.equal({
      os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
      node: [22, 24, 26],
    });
    const commands = [...read('README.md').matchAll(/^npm ci && .*$/gm)].map(([command]) => command);
    expect(commands).to.deep.equal(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(readme?.steps.flatMap(({ run }) => run ?? [])).to.deep.equal(commands);
  });

  it('may read the code and nothing else, but for the identity that provenance needs', () => {
    for (const file of readdirSync(new URL('.github/workflows/', root))) {
      const { permissions, jobs } = workflow(file);
      expect(permissions, file).to.deep.equal({ contents: 'read' });
      for (const [name, job] of Object.entries(jobs)) {
        const more =
          file === 'release.yml' && name === 'publish' ? { contents: 'read', 'id-token': 'write' } : undefined;
        expect(job.permissions, `${file} ${name}`).to.deep.equal(more);
      }
    }
  });

  it('take only actions of GitHub, each by its major version', () => {
    const uses = readdirSync(new URL('.github/workflows/', root)).flatMap((file) =>
      steps(workflow(file)).flatMap((step) => step.uses ?? []),
    );
    for (const action of uses) expect(action).to.match(/^actions\/[\w-]+@v\d+$/);
  });

  it("of users name this repository's action by a tag that there is", () => {
    for (const file of ['action.yml', 'docs/ci/README.md', 'docs/ci/github-actions/with-the-action.yml']) {
      const named = [...read(file).matchAll(/uses: ([\w-]+\/sf-plugin-jit@[\w.-]*\w)/g)].map(([, action]) => action);
      expect(named, file).to.have.members(named.map(() => ownAction)).and.not.to.be.empty;
    }
  });

  it('publish from a tag, with provenance, what was tested', () => {
    const release = workflow('release.yml');
    expect(release.on).to.deep.equal({ push: { tags: ['v*.*.*'] } });
    const commands = steps(release).flatMap(({ run }) => run ?? []);
    const tests = commands.indexOf('npm ci && npm test');
    expect(tests).to.be.greaterThan(-1);
    expect(commands.findIndex((command) => command.startsWith('npm publish --provenance'))).to.be.greaterThan(tests);
  });

  it('call only scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const { run = '' } of readdirSync(new URL('.github/workflows/', root)).flatMap((file) =>
      steps(workflow(file)),
    )) {
      for (const [, script] of run.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).to.have.property(script ?? '');
      for (const [, file] of run.matchAll(/node ((?:scripts|node_modules)\/\S+)/g)) {
        expect(existsSync(new URL(file ?? '', root)), run).to.equal(true);
      }
    }
  });
});
