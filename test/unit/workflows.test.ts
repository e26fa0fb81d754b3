import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ownAction } from '../support/recipes/readers.js';

type Step = { uses?: string; run?: string; with?: Record<string, unknown> };
type Job = {
  permissions?: Record<string, string>;
  needs?: string;
  strategy?: { matrix: Record<string, unknown[]> };
  steps: Step[];
};
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
    expect(readme?.steps.flatMap(({ run }) => run ?? [])).to.deep.equal([...commands, 'npm run test:all']);
  });

  it('leave no test out, and run none twice', () => {
    const commands = steps(workflow('release.yml')).flatMap(({ run }) => run ?? []);
    const tests = commands.indexOf('npm ci && npm test');
    expect(commands[tests + 1]).to.equal('npm run test:all');
    expect(read('.ci/run')).to.match(/^npm ci\nnpm test\nnpm run test:all\n$/m);
  });

  it('try the oldest CLI that the pages name, and the current one', () => {
    const { include } = workflow('current-cli.yml').jobs['e2e']?.strategy?.matrix as {
      include: Array<{ cli: string }>;
    };
    const [oldest, ...others] = include.map(({ cli }) => cli);
    expect(others).to.deep.equal(['latest']);
    const named = /Salesforce CLI (\d+\.\d+) or later/;
    for (const page of ['docs/ci/README.md', 'README.md']) {
      expect(named.exec(read(page))?.[1], page).to.equal(oldest?.split('.').slice(0, 2).join('.'));
    }
  });

  it('call scripts that cmd.exe understands: it keeps single quotes, and mocha would look for files with quotes in their names', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    // within double quotes both shells leave them alone
    const quoted = Object.keys(scripts).filter((name) => scripts[name]?.replaceAll(/"[^"]*"/g, '').includes("'"));
    expect(quoted).to.deep.equal([]);
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

  it('take only actions of GitHub, each by a commit, with its release beside it', () => {
    const commits = new Map<string, string>();
    for (const file of readdirSync(new URL('.github/workflows/', root))) {
      const lines = read(`.github/workflows/${file}`).match(/^.*\buses:.*$/gm) ?? [];
      expect(lines, file).to.have.length(steps(workflow(file)).filter(({ uses }) => uses).length);
      for (const line of lines) {
        const [, action = '', commit = ''] =
          /uses: (actions\/[\w-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$/.exec(line) ?? [];
        expect(action, `${file}: ${line}`).to.not.equal('');
        expect(commits.get(action) ?? commit, `one commit of ${action} everywhere`).to.equal(commit);
        commits.set(action, commit);
      }
    }
  });

  it("of users name this repository's action by a tag that there is", () => {
    for (const file of ['action.yml', 'docs/ci/README.md', 'docs/ci/github-actions/with-the-action.yml']) {
      const named = [...read(file).matchAll(/uses: ([\w-]+\/sf-plugin-jit@[\w.-]*\w)/g)].map(([, action]) => action);
      expect(named, file).to.have.members(named.map(() => ownAction)).and.not.to.be.empty;
    }
  });

  it('publish from the tag of a release and of no prerelease', () => {
    const { on } = workflow('release.yml') as { on: { push: { tags: string[] } } };
    expect(Object.keys(on)).to.deep.equal(['push']);
    // GitHub's pattern: `+` repeats, a dot is a dot, and all of the tag must fit
    const patterns = on.push.tags.map((tag) => new RegExp(`^${tag.replaceAll('.', '\\.')}$`));
    const publishes = (tag: string): boolean => patterns.some((pattern) => pattern.test(tag));
    expect(['v1.2.3', 'v10.20.30'].every(publishes)).to.equal(true);
    for (const tag of ['v1.2.3-beta.1', 'v1.2.3-rc', 'v1.2', 'v1.2.3.4', 'x1.2.3', 'v1x2x3']) {
      expect(publishes(tag), tag).to.equal(false);
    }
  });

  it('publish, with provenance, the very package that was tested, where no development dependency ever ran', () => {
    const { build, publish } = workflow('release.yml').jobs;
    const commands = (job?: Job): string[] => job?.steps.flatMap(({ run }) => run ?? []) ?? [];
    const tests = commands(build).indexOf('npm ci && npm test');
    expect(tests).to.be.greaterThan(-1);
    expect(commands(build).findIndex((command) => command.startsWith('npm pack'))).to.be.greaterThan(tests);
    expect(build?.permissions, 'no identity while dependencies run').to.equal(undefined);
    expect(publish?.needs).to.equal('build');
    expect(commands(publish)).to.deep.equal([
      'echo "$SHA256  package.tgz" | sha256sum --check',
      'npm publish ./package.tgz --ignore-scripts --provenance --access public',
    ]);
    expect(
      publish?.steps.flatMap(({ uses }) => uses?.split('@')[0] ?? []),
      'no checkout',
    ).to.deep.equal(['actions/setup-node', 'actions/download-artifact']);
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
