import { AsyncLocalStorage } from 'node:async_hooks';

/** The signal of the work that is going on, wherever it waits: one for all requests and all locks of it. */
const current = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `work` in such a way that whatever it waits for, requests and locks together, ends when the signal does. Not passed from function
 * to function, because all of the adapters would have to hand it on, and one that forgot would wait for a minute.
 */
export async function withTimeLimit<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return current.run(signal, work);
}

/** As `withTimeLimit`, for so many milliseconds; what is still going on when `work` has ended has no limit any more. */
export async function withinTime<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`The work took longer than ${milliseconds} ms.`, 'TimeoutError'));
  }, milliseconds);
  try {
    return await withTimeLimit(controller.signal, work);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs `work` with at least so many milliseconds, also when the present limit passes sooner or has passed already: for what puts something right
 * that a limit broke off.
 */
export async function withTimeToFinish<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const limit = current.getStore();
  if (!limit) return work();
  const controller = new AbortController();
  const end = (): void => {
    controller.abort(limit.reason);
  };
  const timer = setTimeout(() => {
    if (limit.aborted) end();
    else limit.addEventListener('abort', end, { once: true });
  }, milliseconds);
  try {
    return await current.run(controller.signal, work);
  } finally {
    clearTimeout(timer);
    limit.removeEventListener('abort', end);
  }
}

/** The signal that ends the waiting of the present work; none for a command that may take its time. */
export function timeLimit(): AbortSignal | undefined {
  return current.getStore();
}

/** A signal that ends after this many milliseconds, or with the time limit of the present work if that is sooner. */
export function abortAfter(milliseconds: number): AbortSignal {
  const limit = timeLimit();
  const own = AbortSignal.timeout(milliseconds);
  return limit ? AbortSignal.any([limit, own]) : own;
}

/**
 * What `waitsFor` gives, unless the signal ends first. For what cannot be broken off: a name that the system looks up goes on being
 * looked up, but nobody waits for it.
 *
 * @throws the reason of the signal
 */
export async function orAborted<T>(waitsFor: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([waitsFor, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
