import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** Work whose requests belong together: an administrator who has the id, like that of a trace, finds every request of it, in each org. */
class Run {
  public readonly id = randomBytes(16).toString('hex');
  public isSent = false;
}

/** All that this process does, but for what is a run of its own. */
const ofProcess = new Run();
const current = new AsyncLocalStorage<Run>();

function run(): Run {
  return current.getStore() ?? ofProcess;
}

/**
 * Gives the requests of `work` an id of their own. For what goes on for days in one process: one id for all of it would find too much.
 *
 * @returns what came of it, and the id; undefined when there was no request
 */
export async function asOwnRun<T>(work: () => Promise<T>): Promise<{ result: T; requestId?: string }> {
  return current.run(new Run(), async () => {
    const result = await work();
    return { result, requestId: sentId() };
  });
}

/** The id that requests of this run carry, in a form that Salesforce documents (docs/salesforce.md, Logs). */
export function idToSend(): string {
  const { id } = Object.assign(run(), { isSent: true });
  return id;
}

/** The id of this run's requests; undefined as long as there was none. */
export function sentId(): string | undefined {
  const { id, isSent } = run();
  return isSent ? id : undefined;
}

/**
 * The id by which the server knows a request: what its answer says, if that has one of the two documented forms and so cannot be a text of
 * anybody's choice; else the one that was sent.
 *
 * @param answered the header of the answer
 */
export function idOfRequest(answered: string | null): string {
  return answered !== null && /^(?:[0-9a-f]{32}|[0-9A-Za-z]{22})$/.test(answered) ? answered : run().id;
}
