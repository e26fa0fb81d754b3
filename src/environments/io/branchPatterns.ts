import type { Context } from 'node:vm';
import { createContext, Script } from 'node:vm';
import picomatch from 'picomatch';
import { JitFailure } from '../../failures/failures.js';
import type { BranchPatterns } from '../branches.js';

/**
 * A dot at the beginning is a letter like any other in a branch, branches have slashes on Windows too, and brackets must be closed.
 * `debug` makes picomatch say what is wrong, where it would make a pattern that fits nothing.
 */
const options = { dot: true, windows: false, nonegate: true, strictBrackets: true, debug: true };

/** Longer than any comparison of a reasonable pattern, by far: those take microseconds. */
const millisecondsToMatch = 1000;

const comparison = new Script('expression.test(branch)');
let context: Context | undefined;

/**
 * Branch patterns by picomatch. It makes regular expressions, and for some patterns of few characters (`*a*a*a*a*a*b`) these would take
 * longer than anybody waits; only `vm` can end such a comparison.
 */
export const branchPatterns: BranchPatterns = {
  problem(pattern) {
    try {
      picomatch.makeRe(pattern, options);
      return undefined;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return 'is no pattern: a bracket, brace or parenthesis is not closed, or not opened';
    }
  },

  matches(pattern, branch) {
    const problem = branchPatterns.problem(pattern);
    if (problem !== undefined) throw wrong(pattern, problem);
    context ??= createContext({});
    Object.assign(context, { expression: picomatch.makeRe(pattern, options), branch });
    try {
      return comparison.runInContext(context, { timeout: millisecondsToMatch }) as boolean;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw wrong(pattern, 'takes too long to compare; make it simpler');
    }
  },
};

function wrong(pattern: string, problem: string): JitFailure {
  return new JitFailure('InputInvalid', { field: `The branch pattern "${pattern}"`, problem: `it ${problem}` });
}
