/** Glob patterns of branches, read as the usual glob libraries read them. */
export interface BranchPatterns {
  /** What is wrong with a pattern, in words that follow it in a sentence; undefined for a good one. */
  readonly problem: (pattern: string) => string | undefined;
  /** Whether the pattern fits the branch. @throws InputInvalid for a pattern that is wrong, or that takes more than a second */
  readonly matches: (pattern: string, branch: string) => boolean;
}

/** The branch that is being built or worked on. */
export interface CurrentBranch {
  /** @throws BranchUnknown when neither the CI system nor git names one */
  name(): Promise<string>;
}
