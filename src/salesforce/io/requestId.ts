import { randomBytes } from 'node:crypto';

/** One for a run, as a trace id is for all that belongs together: an administrator who has it finds every request of the run, in each org. */
const ownId = randomBytes(16).toString('hex');

let isSent = false;

/** The id that requests of this run carry, in a form that Salesforce documents (docs/salesforce.md, Logs). */
export function idToSend(): string {
  isSent = true;
  return ownId;
}

/** The id of this run's requests; undefined as long as there was none. */
export function sentId(): string | undefined {
  return isSent ? ownId : undefined;
}

/**
 * The id by which the server knows a request: what its answer says, if that has one of the two documented forms and so cannot be a text of
 * anybody's choice; else the one that was sent.
 *
 * @param answered the header of the answer
 */
export function idOfRequest(answered: string | null): string {
  return answered !== null && /^(?:[0-9a-f]{32}|[0-9A-Za-z]{22})$/.test(answered) ? answered : ownId;
}
