import { JitFailure } from '../../src/failures/failures.js';

/** The `JitFailure` with which a promise is rejected; anything else is an error of the test. */
export async function rejection(promise: Promise<unknown>): Promise<JitFailure> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof JitFailure) return error;
    throw error;
  }
  throw new Error(`Expected a failure, got ${JSON.stringify(value)}`);
}

/** The `JitFailure` that a function throws; anything else is an error of the test. */
export function failureOf(work: () => unknown): JitFailure {
  let value: unknown;
  try {
    value = work();
  } catch (error) {
    if (error instanceof JitFailure) return error;
    throw error;
  }
  throw new Error(`Expected a failure, got ${JSON.stringify(value)}`);
}
