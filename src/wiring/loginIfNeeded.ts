import { settings } from './settings.js';
import type { AutoLoginOutput } from '../autoLogin/autoLogin.js';
import {
  errorLine,
  failedBeforeLine,
  failureLine,
  lateProblem,
  loginLine,
  problemOf,
  unregisteredLine,
  waitingWords,
} from '../autoLogin/autoLoginView.js';
import type { FailedBefore } from '../autoLogin/failedBefore.js';
import { variablesMark } from '../autoLogin/io/glance.js';
import { failureMemory } from '../autoLogin/io/failureMemory.js';
import type { AutoLogin, AutoLoginDefaults } from '../autoLogin/loginIfNeeded.js';
import { loginIfNeeded as login, noteTold } from '../autoLogin/loginIfNeeded.js';
import { isWorthRemembering, minutesToLeaveAlone } from '../autoLogin/worksWithout.js';
import { JitFailure } from '../failures/failures.js';
import { orAborted, withTimeLimit } from '../files/io/timeLimit.js';
import { ports, loginDefaults } from './ports.js';
import { noteFailure } from './failureText.js';
import { showPassingWaiting } from './waiting.js';

/** How the automatic login of one command is done. */
export type AutoLoginTerms = {
  /** For all of its orgs together. */
  readonly seconds: number;
  readonly output: AutoLoginOutput;
  /** Writes a line to standard error. */
  readonly say: (line: string) => void;
  /** Writes the name of an org anew in the command's arguments; undefined where they do not name it. */
  readonly respell: (org: string) => ((name: string) => void) | undefined;
};

/**
 * The part of the time in which anything may be waited for. The rest is for putting away what was begun: a login that came at the last
 * moment is stored.
 */
const waitingPart = 0.9;

/**
 * Logs in to the sandboxes that another command is about to use, as far as it has to be, and says so. Ends in the given time, whatever
 * hangs, and throws nothing: that command must run all the same.
 *
 * @param orgs as the command names them
 */
export async function loginIfNeeded(orgs: readonly string[], terms: AutoLoginTerms): Promise<void> {
  const limit = terms.seconds * 1000;
  const waits = AbortSignal.timeout(limit * waitingPart);
  const over = AbortSignal.timeout(limit);
  for (const org of orgs) {
    const started = new Date();
    const waiting = showPassingWaiting(terms.output !== 'all', terms.say);
    try {
      waiting.start(waitingWords(org));
      const done = await orAborted(
        withTimeLimit(waits, () => login(org, defaults, ports, terms.respell(org))),
        over,
      );
      waiting.stop();
      await tell(org, done, started, terms);
    } catch (error) {
      waiting.stop();
      await tellError(org, error, over.aborted, terms);
    }
  }
}

async function defaults(): Promise<AutoLoginDefaults> {
  return { authType: await settings.authType(), ...(await loginDefaults()) };
}

async function tell(org: string, done: AutoLogin, started: Date, { output, say }: AutoLoginTerms): Promise<void> {
  switch (done.kind) {
    case 'nothing':
      return;
    case 'unregistered':
      if (output !== 'all') return;
      say(unregisteredLine(org, done.record));
      await noteTold(done.record, ports);
      return;
    case 'logged-in':
      await failureMemory.forget(org);
      if (output === 'all') say(loginLine(done.login, done.refusedFirst));
      return;
    case 'left':
      await keep(org, done.failure, started, () => undefined);
      return;
    case 'failed': {
      const { alias: sandbox } = done.sandbox;
      const problem = problemOf(done.failure);
      await noteFailure(done.failure);
      await keep(org, done.failure, started, (failed) => failedBeforeLine(sandbox, problem, failed));
      if (output !== 'none') say(failureLine(sandbox, problem));
    }
  }
}

/** @param late whether there was no more time to hear what it was */
async function tellError(
  org: string,
  error: unknown,
  late: boolean,
  { seconds, output, say }: AutoLoginTerms,
): Promise<void> {
  if (late || error instanceof JitFailure) {
    const problem = error instanceof JitFailure ? problemOf(error) : lateProblem(seconds);
    if (error instanceof JitFailure) await noteFailure(error);
    if (late)
      await failureMemory.keep(
        org,
        failedNow(undefined, (failed) => failedBeforeLine(org, problem, failed)),
      );
    if (output !== 'none') say(failureLine(org, problem));
  } else if (output !== 'none') {
    say(errorLine(org, error));
  }
}

/** What the next command says while the org is left alone, if it says anything. */
type LineOf = (failed: FailedBefore) => string | undefined;

async function keep(org: string, failure: JitFailure, started: Date, lineOf: LineOf): Promise<void> {
  const took = Date.now() - started.getTime();
  if (!isWorthRemembering(failure, took)) return;
  await failureMemory.keep(org, failedNow(minutesToLeaveAlone(failure, took), lineOf));
}

function failedNow(minutes: number | undefined, lineOf: LineOf): FailedBefore {
  const failed = { at: new Date().toISOString(), mark: variablesMark(), minutes };
  return { ...failed, line: lineOf(failed) };
}
