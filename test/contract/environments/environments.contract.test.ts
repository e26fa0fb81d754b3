import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitEnvironmentListResult } from '../../../src/commands/jit/environment/list.js';
import type { JitEnvironmentLoginResult } from '../../../src/commands/jit/environment/login.js';
import type { EnvironmentResult } from '../../../src/environments/environmentView.js';
import { leavesNoSecret, type Stage, useStage } from '../../support/stage.js';

const before =
  '{\n\t"packageDirectories": [ { "path": "force-app",  "default": true } ],\n\t"sourceApiVersion": "60.0",\n\t"plugins": { "other": {"a":[1, 2]} }\n}\n';

describe('environments', () => {
  let cwd: string;
  const file = (): string => join(cwd, 'sfdx-project.json');
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register --all');
      cwd = await stage.project();
      execFileSync('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd });
      await writeFile(file(), before);
    },
    { inProcess: true, sandboxes: ['uat', 'dev', 'own'] },
  );
  const login = async (stage: Stage, args = '', env: Record<string, string> = {}): Promise<JitEnvironmentLoginResult> =>
    stage.ok<JitEnvironmentLoginResult>(`jit environment login ${args}`, { cwd, env });
  const environmentsIn = async (): Promise<unknown> => {
    const project = JSON.parse(await readFile(file(), 'utf8')) as { plugins: Record<string, object | undefined> };
    return project.plugins['sf-plugin-jit'];
  };

  it('are stored in the project by names that mean the same on every machine; the rest of its file stays', async () => {
    const { stage } = on;
    const home = await stage.snapshot();
    const created = await stage.ok<EnvironmentResult>(
      "jit environment create --name acceptance -n UAT --branch main --branch 'release/*' --category staging",
      { cwd, inSf: true },
    );
    const stored = {
      name: 'acceptance',
      sandboxName: 'uat',
      productionUsername: stage.info.username,
      branches: ['main', 'release/*'],
      category: 'staging',
    };
    expect(created).to.deep.equal({ ...stored, description: null, repository: null, layer: 'project' });
    expect(await environmentsIn()).to.deep.equal({ environments: [stored] });
    const after = await readFile(file(), 'utf8');
    const [head, tail] = before.split(' }\n}\n');
    expect(after.startsWith(head ?? '?')).to.equal(true);
    expect(after).to.match(/\}\n$/);
    expect(tail).to.equal('');
    expect(await stage.snapshot()).to.deep.equal(home);
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('are found by the branch that is checked out, and logged in to under their name', async () => {
    const { stage } = on;
    const { environment, branch, sandboxes } = await login(stage, '--set-default');
    expect({ environment, branch }).to.deep.equal({ environment: 'acceptance', branch: 'main' });
    const { username } = await stage.sandbox('uat');
    expect(sandboxes).to.have.length(1);
    expect(sandboxes[0]).to.include({ sandboxName: 'uat', alias: 'acceptance', username, status: 'logged-in' });
    expect(await stage.aliases()).to.have.property('acceptance', username);
    await stage.ok(`data query -q 'SELECT Id FROM User'`, { cwd });
  });

  it('are found by the variables of a push, and by the target branch of a pull request', async () => {
    const { stage } = on;
    await stage.ok("jit environment create --name features -n dev --branch 'feature/**'", { cwd });
    const push = await login(stage, '', { GITHUB_ACTIONS: 'true', GITHUB_REF: 'refs/heads/feature/a/b' });
    expect(push).to.deep.include({ environment: 'features', branch: 'feature/a/b' });
    const pullRequest = await login(stage, '--if-needed', {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REF: 'refs/pull/5/merge',
      GITHUB_HEAD_REF: 'feature/a/b',
      GITHUB_BASE_REF: 'release/1.0',
    });
    expect(pullRequest).to.deep.include({ environment: 'acceptance', branch: 'release/1.0' });
    expect(pullRequest.sandboxes[0]).to.include({ status: 'already-logged-in', alias: 'acceptance' });
  });

  it('log in nowhere for a branch that none or several belong to, for a tag, and outside a repository', async () => {
    const { stage } = on;
    await stage.requests();
    const ref = (name: string) => ({ cwd, env: { GITHUB_ACTIONS: 'true', GITHUB_REF: name } });
    const none = await stage.fails('jit environment login', 'NoEnvironmentForBranch', {
      ...ref('refs/heads/Main'),
      inSf: true,
    });
    expect(none.message).to.contain('"Main"').and.to.contain('acceptance (main, release/*)');
    await stage.ok("jit environment create --name previews -n dev --branch '*/preview'", { cwd });
    const two = await stage.fails('jit environment login', 'AmbiguousEnvironment', ref('refs/heads/feature/preview'));
    expect(two.message).to.contain('features').and.to.contain('previews');
    const tag = await stage.fails('jit environment login', 'BranchUnknown', ref('refs/tags/v1'));
    expect(tag.message).to.contain('the tag "v1"');
    expect(tag.actions?.join('\n')).to.contain('--name').and.to.contain('CHANGE_TARGET');
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('cannot share a name or a branch, and a pattern must be one', async () => {
    const { stage } = on;
    const create = 'jit environment create -n uat';
    const text = await readFile(file(), 'utf8');
    await stage.fails(`${create} --name Features`, 'EnvironmentExists', { cwd });
    const { message } = await stage.fails(`${create} --name x --branch 'feature/**'`, 'BranchTaken', { cwd });
    expect(message).to.contain('features');
    await stage.fails(`${create} --name x --branch 'release/['`, 'InputInvalid', { cwd });
    await stage.fails(`jit environment update --name features --branch main`, 'BranchTaken', { cwd });
    expect((await stage.sf('jit environment update --name features', { cwd })).code).to.equal(2);
    expect(await readFile(file(), 'utf8')).to.equal(text);
  });

  it('outside a project are those of this machine, which the project hides by name', async () => {
    const { stage } = on;
    await stage.ok(`jit environment create --name mine -n own --branch wip --description 'Just me'`);
    await stage.ok(`jit environment create --name features -n own --global`, { cwd });
    const { environments } = await stage.ok<JitEnvironmentListResult>('jit environment list', { cwd });
    expect(environments.map(({ name, sandboxName, layer }) => [name, sandboxName, layer])).to.deep.equal([
      ['acceptance', 'uat', 'project'],
      ['features', 'dev', 'project'],
      ['previews', 'dev', 'project'],
      ['mine', 'own', 'global'],
    ]);
    expect((await stage.snapshot())['.sf/jit.json']).to.match(/ 600$/);
    const table = await stage.sf('jit environment list --category development');
    expect(table.stdout)
      .to.match(/Name.*Sandbox.*Branches/)
      .and.to.contain('wip')
      .and.not.to.contain('acceptance');
    const shown = await stage.sf('jit environment display --name MINE', { cwd });
    expect(shown.stdout).to.contain('Just me').and.to.contain('global');
  });

  it('keep their sandbox from being unregistered, and say which they are', async () => {
    const { stage } = on;
    const { message } = await stage.fails('jit sandbox unregister -n own --no-prompt', 'EnvironmentsDepend');
    expect(message).to.contain('mine (sandbox own, global)').and.to.contain('features (sandbox own, global)');
    await stage.fails('jit sandbox unregister -n dev --no-prompt', 'EnvironmentsDepend', { cwd });
  });

  it('are changed where they are, and not deleted where nobody can be asked', async () => {
    const { stage } = on;
    const changed = await stage.ok<EnvironmentResult>(
      `jit environment update --name previews --branch 'preview/*' --repository acme/app`,
      { cwd },
    );
    expect(changed).to.include({ layer: 'project', repository: 'acme/app', category: 'development' });
    expect(changed.branches).to.deep.equal(['preview/*']);
    const refused = await stage.sf('jit environment delete --name previews', { cwd });
    expect(refused).to.have.property('code', 2);
    expect(refused.stderr).to.contain('--no-prompt');
    expect(JSON.stringify(await environmentsIn())).to.contain('previews');
    await stage.ok('jit environment delete --name previews --no-prompt', { cwd });
    expect(JSON.stringify(await environmentsIn())).not.to.contain('previews');
  });

  it('of a project are refused when they say where to log in', async () => {
    const { stage } = on;
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), text.replace('"category": "staging"', '"category": "staging", "loginUrl": "https://x"'));
    const { message } = await stage.fails('jit environment login --name acceptance', 'ConfigInvalid', { cwd });
    expect(message).to.contain('environments[0].loginUrl');
    await writeFile(file(), text);
  });

  it('go with their production org when that is unregistered with --cascade', async () => {
    const { stage } = on;
    await stage.fails('jit org unregister -p prod', 'SandboxesDepend', { cwd });
    const { environments } = await stage.ok<{ environments: string[] }>(
      'jit org unregister -p prod --cascade --no-prompt',
      { cwd },
    );
    expect(environments).to.have.members(['acceptance', 'features', 'mine', 'features']);
    expect(await environmentsIn()).to.deep.equal({ environments: [] });
    expect(await stage.registry()).to.deep.equal({ version: 1, productionOrgs: [], sandboxes: [] });
  });

  leavesNoSecret(on);
});
