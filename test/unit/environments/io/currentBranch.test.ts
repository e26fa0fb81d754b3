import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { failureText } from '../../../../src/failures/failureView.js';
import { ciSystem, currentBranch } from '../../../../src/environments/io/currentBranch.js';
import { testKeyObject } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';
import type { TemporaryDirectory } from '../../../support/temporaryDirectory.js';
import { temporaryDirectory } from '../../../support/temporaryDirectory.js';

/** Changes the one and only `process.env`: another object in its place would be one that the system does not know. */
function setEnvironment(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
}

describe('the current branch', () => {
  const start = process.cwd();
  const environment = { ...process.env };
  let folder: TemporaryDirectory;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@x.example', ...args], { encoding: 'utf8' });
  beforeEach(async () => {
    folder = await temporaryDirectory();
    process.chdir(folder.path);
    // nothing of the machine that runs the tests decides, be it a CI system or not
    setEnvironment({
      PATH: environment['PATH'],
      HOME: folder.path,
      GIT_CEILING_DIRECTORIES: join(folder.path, '..'),
    });
  });
  afterEach(async () => {
    setEnvironment(environment);
    process.chdir(start);
    await folder.remove();
  });
  const problem = async (): Promise<string> => {
    const failure = await rejection(currentBranch.name());
    expect(failure.name).to.equal('BranchUnknown');
    return failure.facts.problem ?? '';
  };

  it('is asked of a CI system by its name, where there is one', async () => {
    const cases: Array<[variables: Record<string, string>, expected: string | undefined]> = [
      [{}, undefined],
      [{ CI: 'true' }, 'CI'],
      [{ CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_REF: 'refs/heads/main' }, 'GitHub Actions'],
      [{ GITLAB_CI: 'true' }, 'GitLab CI/CD'],
      [{ JENKINS_URL: 'https://ci.example' }, 'Jenkins'],
      // a file of the event that is not there
      [
        { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: '/none' },
        'GitHub Actions',
      ],
    ];
    for (const [variables, expected] of cases) {
      const before = { ...process.env };
      Object.assign(process.env, variables);
      expect(await ciSystem(), JSON.stringify(variables)).to.equal(expected);
      setEnvironment(before);
    }
  });

  it('is the one that is checked out, also without a commit, and in a folder below', async () => {
    git('init', '--quiet', '--initial-branch', 'feature/first');
    await mkdir('below');
    process.chdir('below');
    expect(await currentBranch.name()).to.equal('feature/first');
    git('commit', '--quiet', '--allow-empty', '--message', 'one');
    git('switch', '--quiet', '--create', 'release/1.0');
    git('tag', 'release/1.0');
    expect(await currentBranch.name()).to.equal('release/1.0');
  });

  it('speaks of the variables of CI systems only in a build', async () => {
    git('init', '--quiet', '--initial-branch', 'main');
    git('commit', '--quiet', '--allow-empty', '--message', 'one');
    git('switch', '--quiet', '--detach');
    const actions = async (): Promise<string> => failureText(await rejection(currentBranch.name())).actions.join('\n');
    expect(await actions())
      .to.contain('git switch')
      .and.not.to.match(/GITHUB_REF|JENKINS_URL|TeamCity/);
    for (const variables of [{ JENKINS_URL: 'https://ci.example' }, { CI: 'true' }]) {
      Object.assign(process.env, variables);
      expect(await actions(), JSON.stringify(variables)).to.contain('GITHUB_REF');
    }
  });

  it('is not guessed from remote branches when none is checked out', async () => {
    git('init', '--quiet', '--initial-branch', 'main');
    git('commit', '--quiet', '--allow-empty', '--message', 'one');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    git('switch', '--quiet', '--detach');
    expect(await problem()).to.contain('detached');
  });

  it('is unknown without a repository, or without git', async () => {
    expect(await problem()).to.contain('not a git repository');
    process.env['PATH'] = folder.path;
    expect(await problem()).to.contain('git is not installed');
  });

  it('is never asked of a git in the current folder, wherever PATH begins', async () => {
    git('init', '--quiet', '--initial-branch', 'main');
    await writeFile('git', '#!/bin/sh\necho refs/heads/planted\n', { mode: 0o755 });
    const path = environment['PATH'] ?? '';
    for (const before of ['.', '', './']) {
      process.env['PATH'] = [before, path].join(delimiter);
      expect(await currentBranch.name(), before).to.equal('main');
    }
  });

  it('is asked of a git that gets no key and nothing of sf', async function () {
    if (process.platform === 'win32') this.skip();
    const bin = join(folder.path, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'git'), `#!/bin/sh\nenv > '${folder.path}/seen'\necho refs/heads/main\n`, {
      mode: 0o755,
    });
    const pem = testKeyObject.export({ type: 'pkcs8', format: 'pem' }).toString();
    Object.assign(process.env, {
      PATH: [bin, environment['PATH']].join(delimiter),
      SF_PRIVATE_KEY: pem,
      SF_ACCESS_TOKEN: '00D5g0000000001!token',
      ANY_NAME: pem,
      KEPT: 'kept',
    });
    // TeamCity without its file: env-ci asks git as well
    process.env['TEAMCITY_VERSION'] = '2025.11';
    expect(await currentBranch.name()).to.equal('main');
    const seen = await readFile('seen', 'utf8');
    expect(seen)
      .to.contain('KEPT=kept')
      .and.not.match(/^SF_/m)
      .and.not.contain('PRIVATE KEY')
      .and.not.contain('ANY_NAME');
  });

  it('is what the CI system says, whatever is checked out', async () => {
    git('init', '--quiet', '--initial-branch', 'local');
    process.env['GITHUB_ACTIONS'] = 'true';
    process.env['GITHUB_REF'] = 'refs/heads/main';
    expect(await currentBranch.name()).to.equal('main');
    const event = join(folder.path, 'event.json');
    await writeFile(event, JSON.stringify({ pull_request: { number: 5, base: { ref: 'release/2' } } }));
    Object.assign(process.env, {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: 'refs/pull/5/merge',
    });
    expect(await currentBranch.name()).to.equal('release/2');
  });

  it('survives an event file that is missing or damaged', async () => {
    Object.assign(process.env, {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request_target',
      GITHUB_EVENT_PATH: join(folder.path, 'event.json'),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_BASE_REF: 'main',
    });
    expect(await currentBranch.name()).to.equal('main');
    await writeFile('event.json', '{');
    expect(await currentBranch.name()).to.equal('main');
  });

  it('of a TeamCity build is the one in its properties file, which is not guessed either', async () => {
    const file = join(folder.path, 'build.properties');
    Object.assign(process.env, { TEAMCITY_VERSION: '2025.11', TEAMCITY_BUILD_PROPERTIES_FILE: file });
    const says = async (branch: string): Promise<void> => writeFile(file, `teamcity.build.branch=${branch}\n`);
    git('init', '--quiet', '--initial-branch', 'trunk');
    git('commit', '--quiet', '--allow-empty', '--message', 'one');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await says('release/1');
    expect(await currentBranch.name()).to.equal('release/1');
    await says('<default>');
    expect(await currentBranch.name()).to.equal('trunk');
    git('switch', '--quiet', '--detach');
    expect(await problem()).to.contain('detached');
    await rm(file);
    expect(await problem()).to.contain('detached');
    await writeFile(file, 'teamcity.version=2025.11\n');
    expect(await problem()).to.contain('detached');
    await says('pull/12');
    expect(await problem()).to.contain('pull request');
  });

  it('is asked of git when the CI system says nothing', async () => {
    git('init', '--quiet', '--initial-branch', 'main');
    process.env['JENKINS_URL'] = 'https://ci.example/';
    expect(await currentBranch.name()).to.equal('main');
  });
});
