import { JitFailure } from './failures.js';
import { quotable, withoutSecrets } from './quotable.js';

/** Beside the failures and not in them: nothing that prints a failure may print this. */
const origins = new WeakMap<JitFailure, string>();

/**
 * What a piece of work failed with, as a failure: for work of which several go on side by side, where one must not end the others.
 *
 * The words of an error that is not a failure are shortened and freed of what looks like a secret, and the error itself is not its cause:
 * nobody knows what else it holds.
 */
export function toFailure(error: unknown): JitFailure {
  if (error instanceof JitFailure) return error;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const failure = new JitFailure('UnexpectedError', { problem: quotable(words) || 'an error without words' });
  origins.set(failure, stacks(error));
  return failure;
}

/**
 * For whoever looks for the fault: the stack of the error that {@link toFailure} made a failure of, and those of its causes, without what looks
 * like a secret. Undefined for a failure of a known class.
 */
export function originOf(failure: JitFailure): string | undefined {
  return origins.get(failure);
}

/** At most ten, since a chain of causes may lead back to itself; and no other property of an error. */
function stacks(error: unknown): string {
  const chain: string[] = [];
  let inner = error;
  for (; inner instanceof Error && chain.length < 10; inner = inner.cause) chain.push(stackOf(inner));
  return chain.length === 0 ? withoutSecrets(String(error)) : chain.join('\ncaused by ');
}

/** Words without what looks like a secret; the places in the code as they are, since the path of a file can look like one. */
function stackOf({ message, stack = message }: Error): string {
  const end = stack.indexOf(message) + message.length;
  const places = stack.slice(end);
  const isPlacesOnly = end >= message.length && /^(\n {4}at [^\n]*)*$/.test(places);
  return isPlacesOnly ? withoutSecrets(stack.slice(0, end)) + places : withoutSecrets(stack);
}
