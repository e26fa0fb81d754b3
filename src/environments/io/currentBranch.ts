import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import type { BranchAnswer } from '../branchInCi.js';
import { branchInCi, ciSystemOf } from '../branchInCi.js';
import type { CiFacts } from '../ciSystems.js';
import { JitFailure } from '../../failures/failures.js';
import type { CurrentBranch } from '../branches.js';
import { findGit, variablesKeptFromGit } from './gitProgram.js';

/** The branch of the CI build that the command runs in (branchInCi.ts reads its variables), else the one that is checked out in the current folder. */
export const currentBranch: CurrentBranch = {
  async name() {
    const ci = await ciFacts();
    const answer = branchInCi(process.env, ci) ?? (await branchInGit());
    if ('branch' in answer) return answer.branch;
    throw new JitFailure('BranchUnknown', { problem: answer.problem, ciSystem: ciSystemOf(process.env, ci) });
  },
};

/**
 * A repository that cannot exist: `env-ci` asks git when a CI system says nothing (TeamCity without its file, for one), and git then guesses
 * from the remote branches. Git is asked by us.
 */
const withoutGit = { GIT_DIR: `${devNull}/none` };

/** Name of the CI system that this runs on; that of the variable where `env-ci` knows no better. Undefined elsewhere. */
export async function ciSystem(): Promise<string | undefined> {
  const { name, isCi } = await ciFacts();
  return name ?? (isCi ? 'CI' : undefined);
}

async function ciFacts(): Promise<CiFacts & { readonly name?: string; readonly isCi?: boolean }> {
  const { default: envCi } = await import('env-ci');
  try {
    const env = { ...process.env, ...variablesKeptFromGit(process.env, process.platform), ...withoutGit };
    // not the current folder, in which it would look for git on Windows
    return envCi({ env, cwd: dirname(process.execPath) });
  } catch {
    // it reads files that a variable names, the event of a GitHub build among them, and they may not be there
    return { isCi: Boolean(process.env['CI']) };
  }
}

/**
 * What HEAD points to: `symbolic-ref` also knows the branch of a repository without commits, and its full form cannot be mistaken for a
 * tag of the same name.
 */
async function branchInGit(): Promise<BranchAnswer> {
  const { error, stdout, stderr } = await git(['symbolic-ref', '--quiet', 'HEAD']);
  const ref = stdout.trim();
  if (!error && ref.startsWith('refs/heads/')) return { branch: ref.slice('refs/heads/'.length) };
  if (error?.code === 'ENOENT') return { problem: 'git is not installed, or not in the PATH' };
  const said = stderr
    .trim()
    .split('\n')[0]
    ?.replace(/^fatal: /, '');
  return { problem: said ? `git says: ${said}` : 'no branch is checked out here (HEAD is detached)' };
}

type GitRun = { readonly error: { readonly code?: unknown } | null; readonly stdout: string; readonly stderr: string };

async function git(args: string[]): Promise<GitRun> {
  const program = await findGit();
  if (program === undefined) return { error: { code: 'ENOENT' }, stdout: '', stderr: '' };
  const env = { ...process.env, ...variablesKeptFromGit(process.env, process.platform), LC_ALL: 'C' };
  return new Promise((done) => {
    execFile(program, args, { timeout: 10_000, env }, (error, stdout, stderr) => {
      done({ error, stdout, stderr });
    });
  });
}
