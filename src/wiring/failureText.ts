import { lastFailure } from '../checks/io/lastFailure.js';
import { JitFailure } from '../failures/failures.js';
import { toSfError } from '../failures/failureView.js';
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

/** Notes the class of a failure, and the id of its request, for `sf doctor`. */
export async function noteFailure(error: unknown): Promise<void> {
  if (!(error instanceof JitFailure)) return;
  const { name, facts } = error;
  await lastFailure.keep({ name, at: new Date().toISOString(), requestId: facts.requestId });
}
