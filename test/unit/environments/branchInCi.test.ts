import { readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { expect } from 'chai';
import envCi from 'env-ci';
import { branchInCi, ciSystemOf } from '../../../src/environments/branchInCi.js';
import { type CiFacts, ciSystems } from '../../../src/environments/ciSystems.js';

/** The variables of each system that say it is this system. */
const github = { GITHUB_ACTIONS: 'true' };
const gitlab = { GITLAB_CI: 'true' };
const azure = { TF_BUILD: 'True', BUILD_BUILDURI: 'vstfs:///Build/Build/1' };
const bitbucket = { BITBUCKET_BUILD_NUMBER: '7' };
const jenkins = { JENKINS_URL: 'https://ci.example/' };
const codebuild = { CODEBUILD_BUILD_ID: 'x:1' };
const buddy = { BUDDY_WORKSPACE_ID: '7' };
const bamboo = { bamboo_agentId: '7' };
const circle = { CIRCLECI: 'true', CIRCLE_BRANCH: 'feature/x' };

type Row = readonly [title: string, env: Record<string, string>, expected: string | RegExp | undefined];

const rows: Row[] = [
  ['GitHub, push', { ...github, GITHUB_REF: 'refs/heads/release/1.0', GITHUB_REF_NAME: 'release/1.0' }, 'release/1.0'],
  ['GitHub, no ref but its name', { ...github, GITHUB_REF_NAME: 'main' }, 'main'],
  [
    'GitHub, pull request',
    { ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/5/merge', GITHUB_BASE_REF: 'main' },
    'main',
  ],
  [
    'GitHub, pull_request_target, its event file missing',
    {
      ...github,
      GITHUB_EVENT_NAME: 'pull_request_target',
      GITHUB_EVENT_PATH: '/nowhere/event.json',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_BASE_REF: 'release/2',
    },
    'release/2',
  ],
  [
    'GitHub, another event of a pull request',
    { ...github, GITHUB_EVENT_NAME: 'pull_request_review', GITHUB_REF: 'refs/pull/5/merge', GITHUB_BASE_REF: '' },
    /pull request/,
  ],
  ['GitHub, tag', { ...github, GITHUB_REF: 'refs/tags/v1', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' }, /tag "v1"/],
  [
    'GitHub, merge queue',
    {
      ...github,
      GITHUB_EVENT_NAME: 'merge_group',
      GITHUB_REF: 'refs/heads/gh-readonly-queue/release/1.0/pr-12-0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
    },
    'release/1.0',
  ],
  [
    'GitHub, merge queue, no ref but its name',
    { ...github, GITHUB_REF_NAME: 'gh-readonly-queue/main/pr-1-ab' },
    'main',
  ],
  [
    'GitHub, branch named nearly as a queue',
    { ...github, GITHUB_REF: 'refs/heads/x/gh-readonly-queue/main/pr-1-ab' },
    'x/gh-readonly-queue/main/pr-1-ab',
  ],
  [
    'GitHub, branch that goes on after the commit of a queue',
    { ...github, GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-1-ab/x' },
    'gh-readonly-queue/main/pr-1-ab/x',
  ],
  [
    'GitHub, tag named as a queue, no ref but its name',
    { ...github, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'gh-readonly-queue/main/pr-1-ab' },
    /tag "gh-readonly-queue/,
  ],
  ['GitHub, branch named as a tag', { ...github, GITHUB_REF: 'refs/heads/x/refs/tags/v1' }, 'x/refs/tags/v1'],
  ['GitHub, tag, its type unknown', { ...github, GITHUB_REF: 'refs/tags/a/v1' }, /tag "a\/v1"/],
  ['GitHub, nothing said', github, undefined],
  ['GitLab, branch, its variable alone', { ...gitlab, CI_COMMIT_BRANCH: 'main' }, 'main'],
  ['GitLab, ref name alone', { ...gitlab, CI_COMMIT_REF_NAME: 'main' }, 'main'],
  ['GitLab, branch before ref name', { ...gitlab, CI_COMMIT_BRANCH: 'main', CI_COMMIT_REF_NAME: 'x' }, 'main'],
  [
    'GitLab, pull request of another host',
    { ...gitlab, CI_COMMIT_REF_NAME: 'feature/x', CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME: 'main' },
    'main',
  ],
  ['GitLab, branch', { ...gitlab, CI_COMMIT_BRANCH: 'main', CI_COMMIT_REF_NAME: 'main' }, 'main'],
  [
    'GitLab, merge request',
    {
      ...gitlab,
      CI_MERGE_REQUEST_ID: '9',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feature/x',
      CI_COMMIT_REF_NAME: 'feature/x',
    },
    'main',
  ],
  ['GitLab, tag', { ...gitlab, CI_COMMIT_TAG: 'v2', CI_COMMIT_REF_NAME: 'v2' }, /tag "v2"/],
  ['Azure, branch', { ...azure, BUILD_SOURCEBRANCH: 'refs/heads/feature/a' }, 'feature/a'],
  ['Azure, branch, without BUILD_BUILDURI', { TF_BUILD: 'True', BUILD_SOURCEBRANCH: 'refs/heads/main' }, 'main'],
  [
    'Azure, pull request, long form',
    {
      ...azure,
      SYSTEM_PULLREQUEST_PULLREQUESTID: '3',
      SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
      BUILD_SOURCEBRANCH: 'refs/pull/3/merge',
    },
    'main',
  ],
  [
    'Azure, pull request, short form',
    { ...azure, BUILD_REASON: 'PullRequest', SYSTEM_PULLREQUEST_TARGETBRANCH: 'release/2' },
    'release/2',
  ],
  ['Azure, pull request, target unknown', { ...azure, BUILD_REASON: 'PullRequest' }, /pull request/],
  ['Azure, tag', { ...azure, BUILD_SOURCEBRANCH: 'refs/tags/v3' }, /tag "v3"/],
  [
    'Azure, neither branch nor tag',
    { ...azure, BUILD_SOURCEBRANCH: 'refs/notes/x' },
    /^"refs\/notes\/x" is no branch$/,
  ],
  ['Azure, branch named as a ref', { ...azure, BUILD_SOURCEBRANCH: 'x/refs/heads/y' }, 'x/refs/heads/y'],
  [
    'Bitbucket, pull request, target unknown',
    { ...bitbucket, BITBUCKET_PR_ID: '4', BITBUCKET_BRANCH: 'feature/x' },
    /pull request/,
  ],
  ['Bitbucket, branch', { ...bitbucket, BITBUCKET_BRANCH: 'main' }, 'main'],
  [
    'Bitbucket, pull request',
    {
      ...bitbucket,
      BITBUCKET_PR_ID: '4',
      BITBUCKET_BRANCH: 'feature/x',
      BITBUCKET_PR_DESTINATION_BRANCH: 'main',
    },
    'main',
  ],
  ['Bitbucket, tag', { ...bitbucket, BITBUCKET_TAG: 'v4' }, /tag "v4"/],
  ['Jenkins, multibranch', { ...jenkins, BRANCH_NAME: 'release/1' }, 'release/1'],
  [
    'Jenkins, multibranch pull request',
    { ...jenkins, CHANGE_ID: '5', CHANGE_TARGET: 'main', CHANGE_BRANCH: 'feature/x', BRANCH_NAME: 'PR-5' },
    'main',
  ],
  ['Jenkins, pull request, target unknown', { ...jenkins, CHANGE_ID: '5', BRANCH_NAME: 'PR-5' }, /pull request/],
  ['Jenkins, multibranch tag', { ...jenkins, TAG_NAME: 'v5', BRANCH_NAME: 'v5' }, /tag "v5"/],
  ['Jenkins, git plugin', { ...jenkins, GIT_BRANCH: 'origin/release/1' }, 'release/1'],
  ['Jenkins, git plugin, long form', { ...jenkins, GIT_BRANCH: 'refs/heads/main' }, 'main'],
  ['Jenkins, git plugin, remote form', { ...jenkins, GIT_BRANCH: 'refs/remotes/origin/main' }, 'main'],
  ['Jenkins, git plugin, tag', { ...jenkins, GIT_BRANCH: 'refs/tags/v6' }, /tag "v6"/],
  ['Jenkins, git plugin, tag as a branch of the remote', { ...jenkins, GIT_BRANCH: 'origin/tags/v1' }, /tag "v1"/],
  ['Jenkins, git plugin, tag in short', { ...jenkins, GIT_BRANCH: 'tags/a/v1' }, /tag "a\/v1"/],
  [
    'Jenkins, git plugin, tag with a local branch',
    { ...jenkins, GIT_BRANCH: 'refs/remotes/origin/tags/v1', GIT_LOCAL_BRANCH: 'tags/v1' },
    /tag "v1"/,
  ],
  ['Jenkins, branch that has tags in its name', { ...jenkins, GIT_BRANCH: 'origin/fix/tags/v1' }, 'fix/tags/v1'],
  ['Jenkins, local branch first', { ...jenkins, GIT_LOCAL_BRANCH: 'main', GIT_BRANCH: 'origin/x' }, 'main'],
  ['Jenkins, detached', { ...jenkins, GIT_BRANCH: 'detached', BRANCH_NAME: 'main' }, 'main'],
  [
    'Jenkins, GitLab plugin, push',
    { ...jenkins, gitlabBranch: 'dev', gitlabTargetBranch: 'dev', GIT_BRANCH: 'origin/dev' },
    'dev',
  ],
  [
    'Jenkins, GitLab plugin, merge request',
    { ...jenkins, gitlabMergeRequestId: '8', gitlabBranch: 'feature/x', gitlabTargetBranch: 'main' },
    'main',
  ],
  [
    'Jenkins, GitHub pull request builder',
    { ...jenkins, ghprbPullId: '8', ghprbTargetBranch: 'main', GIT_BRANCH: 'origin/pr/8/merge' },
    'main',
  ],
  [
    'Jenkins, GitLab plugin, merge request, target unknown',
    { ...jenkins, gitlabMergeRequestId: '8', gitlabBranch: 'feature/x' },
    /pull request/,
  ],
  [
    'Jenkins, GitHub pull request builder, target unknown',
    { ...jenkins, ghprbPullId: '8', GIT_BRANCH: 'origin/pr/8/merge' },
    /pull request/,
  ],
  ['Jenkins, GitLab plugin alone', { ...jenkins, gitlabBranch: 'dev' }, 'dev'],
  ['Jenkins, branch named as a remote one', { ...jenkins, GIT_BRANCH: 'x/origin/y' }, 'x/origin/y'],
  ['Jenkins, no branch checked out', { ...jenkins, GIT_BRANCH: 'HEAD' }, undefined],
  ['Jenkins, nothing said', jenkins, undefined],
  [
    'CodeBuild, push',
    { ...codebuild, CODEBUILD_WEBHOOK_EVENT: 'PUSH', CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/main' },
    'main',
  ],
  [
    'CodeBuild, pull request',
    {
      ...codebuild,
      CODEBUILD_WEBHOOK_EVENT: 'PULL_REQUEST_UPDATED',
      CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/feature/x',
      CODEBUILD_WEBHOOK_BASE_REF: 'refs/heads/main',
    },
    'main',
  ],
  [
    'CodeBuild, pull request, target unknown',
    { ...codebuild, CODEBUILD_WEBHOOK_EVENT: 'PULL_REQUEST_CREATED', CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/x' },
    /pull request/,
  ],
  [
    'CodeBuild, push, with the target of something else',
    {
      ...codebuild,
      CODEBUILD_WEBHOOK_EVENT: 'PUSH',
      CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/x',
      CODEBUILD_WEBHOOK_BASE_REF: 'refs/heads/main',
    },
    'x',
  ],
  ['CodeBuild, push, its event not passed on', { CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/main' }, 'main'],
  [
    'CodeBuild, pull request, its event not passed on',
    { CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/x', CODEBUILD_WEBHOOK_BASE_REF: 'refs/heads/main' },
    'main',
  ],
  ['CodeBuild, nothing said', codebuild, undefined],
  ['GitHub on a machine of CodeBuild', { ...codebuild, ...github, GITHUB_REF: 'refs/heads/main' }, 'main'],
  [
    'GitHub on a machine of CodeBuild, pull request',
    {
      ...codebuild,
      ...github,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REF: 'refs/pull/5/merge',
      GITHUB_BASE_REF: 'dev',
    },
    'dev',
  ],
  [
    'GitHub on a machine of CodeBuild, pull request, target unknown',
    { ...codebuild, ...github, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main' },
    /pull request/,
  ],
  ['GitLab on a machine of CodeBuild', { ...codebuild, ...gitlab, CI_COMMIT_BRANCH: 'main' }, 'main'],
  [
    'GitLab on a machine of CodeBuild, merge request, target unknown',
    { ...codebuild, ...gitlab, CI_MERGE_REQUEST_ID: '9', CI_COMMIT_REF_NAME: 'feature/x' },
    /pull request/,
  ],
  ['Buddy, branch', { ...buddy, BUDDY_EXECUTION_BRANCH: 'main' }, 'main'],
  ['Buddy, branch, newer name', { ...buddy, BUDDY_RUN_BRANCH: 'main' }, 'main'],
  [
    'Buddy, pull request',
    {
      ...buddy,
      BUDDY_EXECUTION_PULL_REQUEST_ID: '5',
      BUDDY_EXECUTION_PULL_REQUEST_HEAD_BRANCH: 'feature/x',
      BUDDY_EXECUTION_PULL_REQUEST_BASE_BRANCH: 'main',
      BUDDY_EXECUTION_BRANCH: 'feature/x',
    },
    'main',
  ],
  ['Buddy, pull request, newer names', { ...buddy, BUDDY_RUN_PR_NO: '5', BUDDY_RUN_PR_BASE_BRANCH: 'main' }, 'main'],
  ...['BUDDY_RUN_PR_NO', 'BUDDY_RUN_PR_ID', 'BUDDY_EXECUTION_PULL_REQUEST_NO', 'BUDDY_EXECUTION_PULL_REQUEST_ID'].map(
    (number): Row => [
      `Buddy, pull request by ${number}, target unknown`,
      { ...buddy, [number]: '5', BUDDY_EXECUTION_BRANCH: 'feature/x' },
      /pull request/,
    ],
  ),
  ['Buddy, tag', { ...buddy, BUDDY_EXECUTION_TAG: 'v8' }, /tag "v8"/],
  ['Bamboo, branch', { ...bamboo, bamboo_planRepository_1_branchName: 'main' }, 'main'],
  ['Bamboo, branch, without its place in the plan', { ...bamboo, bamboo_planRepository_branchName: 'main' }, 'main'],
  [
    'Bamboo, pull request',
    {
      ...bamboo,
      bamboo_repository_pr_key: '5',
      bamboo_repository_pr_sourceBranch: 'feature/x',
      bamboo_repository_pr_targetBranch: 'main',
      bamboo_planRepository_1_branchName: 'feature/x',
    },
    'main',
  ],
  [
    'Bamboo, pull request, target unknown',
    { ...bamboo, bamboo_repository_pr_key: '5', bamboo_planRepository_1_branchName: 'feature/x' },
    /pull request/,
  ],
  ['Travis, tag', { TRAVIS: 'true', TRAVIS_BRANCH: 'v7', TRAVIS_TAG: 'v7' }, /tag "v7"/],
  ['Travis, pull request', { TRAVIS: 'true', TRAVIS_PULL_REQUEST: '5', TRAVIS_BRANCH: 'main' }, 'main'],
  ['CircleCI, branch', circle, 'feature/x'],
  ['CircleCI, pull request', { ...circle, CIRCLE_PR_NUMBER: '5' }, /pull request/],
  [
    'CircleCI, push to a branch with an open pull request',
    { ...circle, CIRCLE_PULL_REQUEST: 'https://github.example/acme/app/pull/5' },
    /belongs to a pull request/,
  ],
  ['no CI system', {}, undefined],
];

/** Variables of a container into which nothing else of the system was passed. */
const passedOn: Row[] = [
  ['GitHub, push', { GITHUB_REF: 'refs/heads/main' }, 'main'],
  ['GitHub, pull request', { GITHUB_REF: 'refs/pull/5/merge', GITHUB_BASE_REF: 'main' }, 'main'],
  ['GitHub, target alone', { GITHUB_BASE_REF: 'main' }, 'main'],
  ['GitHub, pull request, target not passed on', { GITHUB_REF: 'refs/pull/5/merge' }, /pull request/],
  ['GitHub, tag', { GITHUB_REF: 'refs/tags/v1' }, /tag "v1"/],
  ['GitHub, passed on but empty', { GITHUB_REF: '', GITHUB_BASE_REF: '', CI_COMMIT_BRANCH: 'main' }, 'main'],
  ['GitLab, branch', { CI_COMMIT_BRANCH: 'main' }, 'main'],
  ['GitLab, merge request', { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }, 'main'],
  ['GitLab, pull request of another host', { CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME: 'main' }, 'main'],
  ['GitLab, tag', { CI_COMMIT_TAG: 'v1', CI_COMMIT_REF_NAME: 'v1' }, /tag "v1"/],
  ['GitLab, a ref that can be anything', { CI_COMMIT_REF_NAME: 'v1' }, undefined],
  ['Azure, branch', { BUILD_SOURCEBRANCH: 'refs/heads/main' }, 'main'],
  ['Azure, pull request', { SYSTEM_PULLREQUEST_TARGETBRANCH: 'main', BUILD_SOURCEBRANCH: 'refs/pull/3/merge' }, 'main'],
  ['Azure, target alone', { SYSTEM_PULLREQUEST_TARGETBRANCH: 'main' }, 'main'],
  ['Azure, pull request, target not passed on', { BUILD_SOURCEBRANCH: 'refs/pull/3/merge' }, /pull request/],
  [
    'Azure, pull request by its number, target not passed on',
    { SYSTEM_PULLREQUEST_PULLREQUESTID: '3', BUILD_SOURCEBRANCH: 'refs/heads/x' },
    /pull request/,
  ],
  ['Bitbucket, branch', { BITBUCKET_BRANCH: 'main' }, 'main'],
  ['Bitbucket, pull request', { BITBUCKET_PR_DESTINATION_BRANCH: 'main', BITBUCKET_BRANCH: 'x' }, 'main'],
  ['Bitbucket, target alone', { BITBUCKET_PR_DESTINATION_BRANCH: 'main' }, 'main'],
  ['Bitbucket, tag', { BITBUCKET_TAG: 'v1' }, /tag "v1"/],
  ['CodeBuild, target alone', { CODEBUILD_WEBHOOK_BASE_REF: 'refs/heads/main' }, 'main'],
  ['Buddy, branch', { BUDDY_EXECUTION_BRANCH: 'main' }, 'main'],
  ['Buddy, branch, newer name', { BUDDY_RUN_BRANCH: 'main' }, 'main'],
  ['Buddy, target', { BUDDY_EXECUTION_PULL_REQUEST_BASE_BRANCH: 'main' }, 'main'],
  ['Buddy, target, newer name', { BUDDY_RUN_PR_BASE_BRANCH: 'main' }, 'main'],
  ['Buddy, tag', { BUDDY_EXECUTION_TAG: 'v1' }, /tag "v1"/],
  ['Bamboo, branch', { bamboo_planRepository_branchName: 'main' }, 'main'],
  ['Bamboo, branch, with its place in the plan', { bamboo_planRepository_1_branchName: 'main' }, 'main'],
  ['Bamboo, target', { bamboo_repository_pr_targetBranch: 'main' }, 'main'],
  ['Jenkins, multibranch', { JENKINS_HOME: '/var/lib/jenkins', BRANCH_NAME: 'main' }, 'main'],
  ['Jenkins, git plugin', { JENKINS_HOME: '/var/lib/jenkins', GIT_BRANCH: 'origin/main' }, 'main'],
  [
    'Jenkins, pull request',
    { JENKINS_HOME: '/var/lib/jenkins', CHANGE_ID: '5', CHANGE_TARGET: 'main', BRANCH_NAME: 'PR-5' },
    'main',
  ],
  [
    'Jenkins, pull request, target not passed on',
    { JENKINS_HOME: '/var/lib/jenkins', CHANGE_ID: '5', BRANCH_NAME: 'PR-5' },
    /pull request/,
  ],
  ['Jenkins, home alone', { JENKINS_HOME: '/var/lib/jenkins' }, undefined],
  ['names that any system has', { BRANCH_NAME: 'main', GIT_BRANCH: 'main' }, undefined],
  ['two systems', { BUILD_SOURCEBRANCH: 'refs/heads/azure', CI_COMMIT_BRANCH: 'gitlab' }, 'gitlab'],
  ['an image of Jenkins', { JENKINS_HOME: '/x', BRANCH_NAME: 'jenkins', BITBUCKET_BRANCH: 'bitbucket' }, 'bitbucket'],
  ['another system that says what it is', { ...circle, CI_COMMIT_BRANCH: 'main' }, 'feature/x'],
];

/** What `env-ci` reads from TeamCity's properties file: `teamcity.build.branch`. */
const teamCity: Array<[branch: string | undefined, expected: string | RegExp | undefined]> = [
  ['main', 'main'],
  ['refs/heads/release/1', 'release/1'],
  ['pull/12', /pull request/],
  ['pull/12/merge', /pull request/],
  ['pull-requests/12', /pull request/],
  ['merge-requests/12/head', /pull request/],
  ['refs/pull/12/head', /pull request/],
  ['refs/tags/v1', /tag "v1"/],
  ['pull/request', 'pull/request'],
  ['feature/pull/12', 'feature/pull/12'],
  ['pull/12x', 'pull/12x'],
  ['<default>', undefined],
  ['fix<1>', 'fix<1>'],
  ['<1>fix', '<1>fix'],
  ['<unspecified>', undefined],
  [undefined, undefined],
];

describe('the branch of a CI build', () => {
  for (const [title, env, expected] of rows) {
    it(`${title}: ${String(expected)}`, () => {
      check(env, factsFrom(env), expected);
    });
  }

  for (const [title, env, expected] of passedOn) {
    it(`passed into a container, ${title}: ${String(expected)}`, () => {
      check(env, factsFrom(env), expected);
    });
  }

  for (const [branch, expected] of teamCity) {
    it(`TeamCity, ${String(branch)}: ${String(expected)}`, () => {
      check({ TEAMCITY_VERSION: '2025.11' }, { service: 'teamcity', ...(branch && { branch }) }, expected);
    });
  }
  it('is not the one that env-ci read for another system than the one that says what it is', () => {
    const facts = { service: 'jenkins', branch: 'feature/x' };
    check({ ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/5/merge' }, facts, /pull request/);
  });
});

it('a CI system is called by its own name, or as its variable says that there is one', () => {
  expect(ciSystemOf({ ...github, CI: 'true' }, { service: 'jenkins' })).to.equal('github');
  expect(ciSystemOf({ CI: 'true' }, { service: 'travis' })).to.equal('travis');
  expect(ciSystemOf({ CI: 'true' }, {})).to.equal('CI');
  expect(ciSystemOf({}, {})).to.equal(undefined);
});

it('every variable that a branch is read from is in docs/environments.md', () => {
  const page = readFileSync(new URL('../../../docs/environments.md', import.meta.url), 'utf8');
  const names = ciSystems.flatMap(({ marker, ownVariables }) => [...(marker ? [marker] : []), ...ownVariables]);
  expect(names.filter((name) => !page.includes(name))).to.deep.equal([]);
});

function check(env: Record<string, string>, facts: CiFacts, expected: Row[2]): void {
  const answer = branchInCi(env, facts);
  if (expected === undefined) expect(answer).to.equal(undefined);
  else if (typeof expected === 'string') expect(answer).to.deep.equal({ branch: expected });
  else expect(answer).to.have.property('problem').that.matches(expected);
}

/** As the adapter asks: what `env-ci` really says without git, or nothing when it throws. */
function factsFrom(env: Record<string, string>): ReturnType<typeof envCi> | Record<string, never> {
  try {
    return envCi({ env: { ...env, GIT_DIR: `${devNull}/none` }, cwd: import.meta.dirname });
  } catch {
    return {};
  }
}
