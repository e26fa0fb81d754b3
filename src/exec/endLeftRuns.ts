import type { Ports } from '../ports.js';
import { revokeUnlessStored } from './revokeUnlessStored.js';
import type { LeftRun, RunNotes } from './runNotes.js';

/**
 * Revokes what killed runs of `exec` left, all at once. A login that cannot be revoked now is tried again by a later command.
 *
 * @returns why a login could not be revoked, if so
 */
export async function endLeftRuns(
  ports: Pick<Ports, 'salesforce' | 'sfOrgs'> & { readonly runNotes: Pick<RunNotes, 'left'> },
): Promise<Error | undefined> {
  const ends = await Promise.all((await ports.runNotes.left()).map(async (run) => end(run, ports)));
  return ends.find((failure) => failure !== undefined);
}

async function end(run: LeftRun, ports: Pick<Ports, 'salesforce' | 'sfOrgs'>): Promise<Error | undefined> {
  const failure = await revokeUnlessStored(run.login, ports);
  // the sandbox was refreshed or deleted, and its sessions with it
  if (failure === undefined || failure.name === 'OrgGone') await run.forget();
  else await run.failed();
  return failure;
}
