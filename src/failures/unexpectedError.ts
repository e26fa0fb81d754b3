import { JitFailure } from './failures.js';
import { quotable } from './quotable.js';

/**
 * What a piece of work failed with, as a failure: for work of which several go on side by side, where one must not end the others.
 *
 * The words of an error that is not a failure are shortened and freed of what looks like a secret, and the error itself is not its cause:
 * nobody knows what else it holds.
 */
export function toFailure(error: unknown): JitFailure {
  if (error instanceof JitFailure) return error;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new JitFailure('UnexpectedError', { problem: quotable(words) || 'an error without words' });
}
