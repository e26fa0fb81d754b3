import { lastFailure } from '../checks/io/lastFailure.js';
import { JitFailure } from '../failures/failures.js';
import { toSfError } from '../failures/failureView.js';
import { originOf } from '../failures/unexpectedError.js';
import { typedCommand } from '../terminal/typedCommand.js';

/** Makes failures readable on their way out: whatever a use case throws leaves with its text and actions. */
export function withFailureText<A extends unknown[], R>(work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      await noteFailure(error);
      throw toSfError(knowingCommand(error));
    }
  };
}

/** A failure that also knows the command that was run, for advice that names it. */
export function knowingCommand<E>(error: E): E | JitFailure {
  return error instanceof JitFailure ? error.knowing({ command: typedCommand(process.argv) }) : error;
}

/**
 * The error with which a command ends that failed and has a result all the same, which `--json` prints beside it. Whoever found the failure
 * has noted it.
 */
export function failureWith(result: object, failure: JitFailure | undefined): Error {
  return Object.assign(toSfError(knowingCommand(failure)), { result });
}

/** Notes the class of a failure, and the id of its request, for `sf doctor`; of several that come at once, of the first. */
export async function noteFailure(...errors: unknown[]): Promise<void> {
  const failures = errors.filter((error) => error instanceof JitFailure);
  for (const failure of failures) await trace(failure);
  const [first] = failures;
  if (first === undefined) return;
  const { name, facts } = first;
  await lastFailure.keep({ name, at: new Date().toISOString(), requestId: facts.requestId });
}

/** Where a failure comes from that nobody foresaw goes into sf's log, when somebody debugs: its text alone helps nobody to find the fault. */
export async function trace(failure: JitFailure): Promise<void> {
  const words = originOf(failure);
  const { SF_LOG_LEVEL, SFDX_LOG_LEVEL, DEBUG } = process.env;
  if (words === undefined || !(SF_LOG_LEVEL || SFDX_LOG_LEVEL || DEBUG)) return;
  const { Logger } = await import('@salesforce/core/logger');
  (await Logger.child('sf-plugin-jit')).debug(words);
}
