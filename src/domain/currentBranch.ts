/** What `env-ci` found out about the build; nothing of it outside a CI system, or one that it does not know. */
export type CiFacts = {
  /** Its name for the CI system. */
  readonly service?: string;
  /** The branch; the target branch of a pull request, as far as it knows. */
  readonly branch?: string;
  readonly tag?: string;
  readonly isPr?: boolean;
};

/** A branch, or why there is none, in words. */
export type BranchAnswer = { readonly branch: string } | { readonly problem: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** What a CI system says of a build; texts that are empty say nothing. */
type Build = {
  readonly isPr?: boolean;
  /** Branch that a pull request is to be merged into. */
  readonly target?: string;
  /** Branch or any other ref. */
  readonly ref?: string;
  readonly tag?: string;
};

/**
 * The branch whose environment a build is for: the target of a pull request, else the branch that is built. Reads the variables of the
 * systems that most teams use by itself, where `env-ci` 11.2 knows too little; what it says of others is taken as it is.
 *
 * @returns undefined when the variables say nothing, so that git has to be asked
 */
export function branchInCi(env: Environment, ci: CiFacts): BranchAnswer | undefined {
  const service = ci.service ?? (env['GITHUB_ACTIONS'] ? 'github' : env['TF_BUILD'] ? 'azurePipelines' : '');
  const build = Object.hasOwn(readers, service) ? readers[service]?.(env, ci) : fromEnvCi(ci);
  if (!build) return undefined;
  const target = branchOf(build.target);
  if (target !== undefined) return { branch: target };
  if (build.isPr) {
    return { problem: 'this build is of a pull request, and its target branch is in no variable' };
  }
  const tag = build.tag || /^refs\/tags\/(.+)$/.exec(build.ref ?? '')?.[1];
  if (tag) return { problem: `this build is of the tag "${tag}", not of a branch` };
  const branch = branchOf(build.ref);
  if (branch === undefined)
    return build.ref?.startsWith('refs/') ? { problem: `"${build.ref}" is no branch` } : undefined;
  return { branch };
}

/** The name of a branch out of a ref; undefined for a ref of another kind, and for none. */
function branchOf(ref: string | undefined): string | undefined {
  const name = ref?.replace(/^refs\/heads\//, '') ?? '';
  // HEAD is what git says when it knows no branch
  return name === '' || name === 'HEAD' || name.startsWith('refs/') ? undefined : name;
}

const readers: Readonly<Record<string, (env: Environment, ci: CiFacts) => Build>> = {
  github: (env, ci) => {
    const ref = env['GITHUB_REF'] || (env['GITHUB_REF_TYPE'] === 'tag' ? undefined : env['GITHUB_REF_NAME']);
    // a merge queue builds a branch of its own: gh-readonly-queue/<target>/pr-<number>-<commit>
    const queue = /^(?:refs\/heads\/)?gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/.exec(ref ?? '')?.[1];
    return {
      isPr: ci.isPr || ref?.startsWith('refs/pull/'),
      target: env['GITHUB_BASE_REF'] || (ci.isPr ? ci.branch : undefined) || queue,
      tag: env['GITHUB_REF_TYPE'] === 'tag' ? env['GITHUB_REF_NAME'] : undefined,
      ref,
    };
  },
  gitlab: (env, ci) => ({
    isPr: ci.isPr,
    target: env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'] || env['CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME'],
    tag: env['CI_COMMIT_TAG'],
    ref: env['CI_COMMIT_BRANCH'] || env['CI_COMMIT_REF_NAME'],
  }),
  azurePipelines: (env, ci) => ({
    isPr: ci.isPr || env['BUILD_REASON'] === 'PullRequest',
    target: env['SYSTEM_PULLREQUEST_TARGETBRANCH'],
    ref: env['BUILD_SOURCEBRANCH'],
  }),
  bitbucket: (env) => ({
    isPr: Boolean(env['BITBUCKET_PR_ID']),
    target: env['BITBUCKET_PR_DESTINATION_BRANCH'],
    tag: env['BITBUCKET_TAG'],
    ref: env['BITBUCKET_BRANCH'],
  }),
  jenkins: (env, ci) => {
    // the git plugin's variable names the remote too, and says "detached" when it knows no branch
    const built = env['GIT_BRANCH']?.replace(/^(?:refs\/remotes\/)?origin\//, '');
    return {
      isPr: ci.isPr,
      // CHANGE_TARGET is the multibranch pipeline's; the GitLab plugin sets its variable for pushes too
      target: env['CHANGE_TARGET'] || (ci.isPr ? env['ghprbTargetBranch'] || env['gitlabTargetBranch'] : undefined),
      tag: env['TAG_NAME'],
      ref:
        env['GIT_LOCAL_BRANCH'] ||
        (built === 'detached' ? undefined : built) ||
        env['gitlabBranch'] ||
        env['BRANCH_NAME'],
    };
  },
  // here env-ci asks git only, which knows no branch of a build
  codebuild: (env) => ({
    isPr: env['CODEBUILD_WEBHOOK_EVENT']?.startsWith('PULL_REQUEST'),
    target: env['CODEBUILD_WEBHOOK_EVENT']?.startsWith('PULL_REQUEST') ? env['CODEBUILD_WEBHOOK_BASE_REF'] : undefined,
    ref: env['CODEBUILD_WEBHOOK_HEAD_REF'],
  }),
};

function fromEnvCi({ service, isPr, branch, tag }: CiFacts): Build | undefined {
  // without a CI system env-ci has asked git, and guesses from remote branches when no branch is checked out
  if (service === undefined) return undefined;
  return isPr ? { isPr, target: branch } : { tag, ref: branch };
}
