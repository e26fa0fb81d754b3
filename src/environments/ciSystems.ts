/**
 * What `env-ci` found out about the build; nothing of it outside a CI system, or one that it does not know. The branch must not be one
 * that it asked git for, because it guesses one when none is checked out.
 */
export type CiFacts = {
  /** Its name for the CI system. */
  readonly service?: string;
  /** The branch; the target branch of a pull request, as far as it knows. */
  readonly branch?: string;
  readonly tag?: string;
  readonly isPr?: boolean;
};

export type Variables = Readonly<Record<string, string | undefined>>;

/** What a CI system says of a build; texts that are empty say nothing. */
export type Build = {
  readonly isPr?: boolean;
  /** Branch that a pull request is to be merged into. */
  readonly target?: string;
  /** Branch or any other ref. */
  readonly ref?: string;
  readonly tag?: string;
};

/** A CI system whose variables are read here. */
export type CiSystem = {
  /** Its name in `env-ci`; a name of one's own for a system that `env-ci` does not know. */
  readonly service: string;
  /** A variable that is set in each of its builds, also on a machine of another system, where `env-ci` sees only that one. */
  readonly marker?: string;
  /**
   * Variables that no other system has, and that tell which system it is where nothing else does: in a container that only some were
   * passed into.
   */
  readonly ownVariables: readonly string[];
  readonly read: (env: Variables, ci: CiFacts) => Build;
};

/**
 * In the order in which they are looked for. A system needs an entry only where `env-ci` takes a wrong branch, or knows no target of a pull
 * request. Its variables are in docs/environments.md too, which a test compares.
 */
export const ciSystems: readonly CiSystem[] = [
  {
    // docs.github.com, "Variables reference"
    service: 'github',
    marker: 'GITHUB_ACTIONS',
    ownVariables: ['GITHUB_BASE_REF', 'GITHUB_REF'],
    read: (env, ci) => {
      const isPr = /^pull_request(_target)?$/.test(env['GITHUB_EVENT_NAME'] ?? '');
      const ref = env['GITHUB_REF'] || (env['GITHUB_REF_TYPE'] === 'tag' ? undefined : env['GITHUB_REF_NAME']);
      // a merge queue builds a branch of its own: gh-readonly-queue/<target>/pr-<number>-<commit>
      const queue = /^(?:refs\/heads\/)?gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/.exec(ref ?? '')?.[1];
      // env-ci has read the file of the event
      const fromEvent = isPr && ci.service === 'github' ? ci.branch : undefined;
      return {
        isPr,
        target: env['GITHUB_BASE_REF'] || fromEvent || queue,
        tag: env['GITHUB_REF_TYPE'] === 'tag' ? env['GITHUB_REF_NAME'] : undefined,
        ref,
      };
    },
  },
  {
    // docs.gitlab.com, "Predefined CI/CD variables reference". CI_COMMIT_REF_NAME is not among its own: it can be a tag
    service: 'gitlab',
    marker: 'GITLAB_CI',
    ownVariables: [
      'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
      'CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME',
      'CI_COMMIT_TAG',
      'CI_COMMIT_BRANCH',
    ],
    read: (env) => ({
      isPr: Boolean(env['CI_MERGE_REQUEST_ID']),
      target: env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'] || env['CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME'],
      tag: env['CI_COMMIT_TAG'],
      ref: env['CI_COMMIT_BRANCH'] || env['CI_COMMIT_REF_NAME'],
    }),
  },
  {
    // learn.microsoft.com, Azure Pipelines, "Use predefined variables"
    service: 'azurePipelines',
    ownVariables: ['TF_BUILD', 'SYSTEM_PULLREQUEST_TARGETBRANCH', 'BUILD_SOURCEBRANCH'],
    read: (env) => ({
      isPr: Boolean(env['SYSTEM_PULLREQUEST_PULLREQUESTID']) || env['BUILD_REASON'] === 'PullRequest',
      target: env['SYSTEM_PULLREQUEST_TARGETBRANCH'],
      ref: env['BUILD_SOURCEBRANCH'],
    }),
  },
  {
    // support.atlassian.com, Bitbucket Cloud, "Variables and secrets"
    service: 'bitbucket',
    ownVariables: ['BITBUCKET_PR_DESTINATION_BRANCH', 'BITBUCKET_TAG', 'BITBUCKET_BRANCH'],
    read: (env) => ({
      isPr: Boolean(env['BITBUCKET_PR_ID']),
      target: env['BITBUCKET_PR_DESTINATION_BRANCH'],
      tag: env['BITBUCKET_TAG'],
      ref: env['BITBUCKET_BRANCH'],
    }),
  },
  {
    // docs.aws.amazon.com, CodeBuild, "Environment variables in build environments"; here env-ci asks git only
    service: 'codebuild',
    ownVariables: ['CODEBUILD_WEBHOOK_BASE_REF', 'CODEBUILD_WEBHOOK_HEAD_REF'],
    read: (env) => {
      const target = env['CODEBUILD_WEBHOOK_BASE_REF'];
      // where the event was not passed on, a base tells of a pull request: it is documented for these only
      const event = env['CODEBUILD_WEBHOOK_EVENT'] || (target ? 'PULL_REQUEST' : '');
      const isPr = event.startsWith('PULL_REQUEST');
      return { isPr, target: isPr ? target : undefined, ref: env['CODEBUILD_WEBHOOK_HEAD_REF'] };
    },
  },
  {
    // buddy.works/docs, "Environment variables"; BUDDY_EXECUTION_… are the older names
    service: 'buddy',
    ownVariables: [
      'BUDDY_RUN_PR_BASE_BRANCH',
      'BUDDY_EXECUTION_PULL_REQUEST_BASE_BRANCH',
      'BUDDY_EXECUTION_TAG',
      'BUDDY_RUN_BRANCH',
      'BUDDY_EXECUTION_BRANCH',
    ],
    read: (env) => ({
      isPr: Boolean(
        env['BUDDY_RUN_PR_NO'] ||
        env['BUDDY_RUN_PR_ID'] ||
        env['BUDDY_EXECUTION_PULL_REQUEST_NO'] ||
        env['BUDDY_EXECUTION_PULL_REQUEST_ID'],
      ),
      target: env['BUDDY_RUN_PR_BASE_BRANCH'] || env['BUDDY_EXECUTION_PULL_REQUEST_BASE_BRANCH'],
      tag: env['BUDDY_EXECUTION_TAG'],
      ref: env['BUDDY_RUN_BRANCH'] || env['BUDDY_EXECUTION_BRANCH'],
    }),
  },
  {
    // confluence.atlassian.com, "Bamboo variables"
    service: 'bamboo',
    ownVariables: [
      'bamboo_repository_pr_targetBranch',
      'bamboo_planRepository_1_branchName',
      'bamboo_planRepository_branchName',
    ],
    read: (env) => ({
      isPr: Boolean(env['bamboo_repository_pr_key']),
      target: env['bamboo_repository_pr_targetBranch'],
      ref: env['bamboo_planRepository_1_branchName'] || env['bamboo_planRepository_branchName'],
    }),
  },
  {
    // www.jetbrains.com/help/teamcity, "Predefined build parameters": the branch is in a file only, which env-ci reads
    service: 'teamcity',
    ownVariables: [],
    read: (_env, { branch = '' }) => ({
      // the names that pull requests have there ("Pull Requests"); the target is no variable
      isPr: /^(pull|pull-requests|merge-requests)\/\d+(\/|$)/.test(branch),
      // <default> is the default branch, whatever its name is; <unspecified> is none
      ref: /^<.*>$/.test(branch) ? undefined : branch,
    }),
  },
  {
    // Jenkins' Git, Branch API, GitLab and GitHub Pull Request Builder plugins; last, as images have JENKINS_HOME too
    service: 'jenkins',
    ownVariables: ['JENKINS_URL', 'JENKINS_HOME'],
    read: (env) => {
      // the git plugin's variable names the remote too, and says "detached" when it knows no branch
      const built = env['GIT_BRANCH']?.replace(/^(?:refs\/remotes\/)?origin\//, '');
      return {
        isPr: Boolean(env['ghprbPullId'] || env['gitlabMergeRequestId'] || env['CHANGE_ID']),
        // CHANGE_TARGET is the multibranch pipeline's; the GitLab plugin sets its variable for pushes too
        target:
          env['CHANGE_TARGET'] ||
          env['ghprbTargetBranch'] ||
          (env['gitlabMergeRequestId'] ? env['gitlabTargetBranch'] : undefined),
        // a job for tags without a multibranch pipeline has them as branches of the remote
        tag: env['TAG_NAME'] || /^tags\/(.+)$/.exec(built ?? '')?.[1],
        ref:
          env['GIT_LOCAL_BRANCH'] ||
          (built === 'detached' ? undefined : built) ||
          env['gitlabBranch'] ||
          env['BRANCH_NAME'],
      };
    },
  },
];
