import { JitFailure } from '../../failures/failures.js';
import { abortAfter } from '../../files/io/timeLimit.js';

/** Seconds for a key that is not at hand: a vault that is asked over the network, a question on the desktop, a touch of a hardware key. */
const seconds = 60;

/** How long the present work may wait for a key that somebody else keeps; the automatic login, only as long as it may take altogether. */
export function signingTimeLimit(): { readonly signal: AbortSignal; readonly secondsPassed: () => number } {
  const started = performance.now();
  return {
    signal: abortAfter(seconds * 1000),
    secondsPassed: () => Math.round((performance.now() - started) / 1000),
  };
}

const refusals = new Map<string, JitFailure>();

/**
 * Asks the keeper of a key, unless it said no, or nothing, within the last minute: whoever let a touch or a question pass for one sandbox does not
 * want to be asked again for twenty others.
 *
 * @param name of the key
 */
export async function askOnce<T>(name: string, ask: () => Promise<T>): Promise<T> {
  const refusal = refusals.get(name);
  if (refusal) throw refusal;
  try {
    return await ask();
  } catch (error) {
    if (error instanceof JitFailure) {
      refusals.set(name, error);
      setTimeout(() => refusals.delete(name), 60_000).unref();
    }
    throw error;
  }
}
