import type { Build, CiFacts, CiSystem, Variables } from './ciSystems.js';
import { ciSystems } from './ciSystems.js';

/** A branch, or why there is none, in words. */
export type BranchAnswer = { readonly branch: string } | { readonly problem: string };

/**
 * The branch whose environment a build is for: the target of a pull request, else the branch that is built (docs/environments.md,
 * decision 11). Reads the variables of the systems that most teams use by itself, where `env-ci` 11.2 knows too little; what it
 * says of others is taken as it is.
 *
 * @returns undefined when the variables say nothing, so that git has to be asked
 */
export function branchInCi(env: Variables, ci: CiFacts): BranchAnswer | undefined {
  const build = systemOf(env, ci)?.read(env, ci) ?? fromEnvCi(ci);
  const target = branchOf(build.target);
  if (target !== undefined) return { branch: target };
  if (build.isPr || build.ref?.startsWith('refs/pull/')) {
    return { problem: 'this build belongs to a pull request, and its target branch is in no variable' };
  }
  const tag = build.tag || /^refs\/tags\/(.+)$/.exec(build.ref ?? '')?.[1];
  if (tag) return { problem: `this build is of the tag "${tag}", not of a branch` };
  const branch = branchOf(build.ref);
  if (branch === undefined)
    return build.ref?.startsWith('refs/') ? { problem: `"${build.ref}" is no branch` } : undefined;
  return { branch };
}

/** What the CI system is called that the build runs on; undefined outside of one. */
export function ciSystemOf(env: Variables, ci: CiFacts): string | undefined {
  return systemOf(env, ci)?.service ?? ci.service ?? (env['CI'] ? 'CI' : undefined);
}

/** The name of a branch out of a ref; undefined for a ref of another kind, and for none. */
function branchOf(ref: string | undefined): string | undefined {
  const name = ref?.replace(/^refs\/heads\//, '') ?? '';
  // HEAD is what git says when it knows no branch
  return name === '' || name === 'HEAD' || name.startsWith('refs/') ? undefined : name;
}

/** Which of our systems the build runs on; undefined for one that is left to `env-ci`, and for none. */
function systemOf(env: Variables, { service }: CiFacts): CiSystem | undefined {
  const marked = ciSystems.find(({ marker }) => marker !== undefined && env[marker]);
  if (marked) return marked;
  if (service !== undefined) return ciSystems.find((system) => system.service === service);
  return ciSystems.find(({ ownVariables }) => ownVariables.some((name) => env[name]));
}

/** A system that is not among ours. */
function fromEnvCi({ isPr, branch, tag }: CiFacts): Build {
  return isPr ? { isPr, target: branch } : { tag, ref: branch };
}
