import { JitFailure } from '../failures/failures.js';
import type { Ports } from '../ports.js';
import type { OrgContext, Session } from '../salesforce/salesforce.js';
import type { SandboxState } from '../salesforce/sandboxState.js';
import { sameOrgId } from '../sfStore/storedOrg.js';

/** More users than that have made sandboxes in no production org; all of them go into the address of one query. */
const mostUsers = 100;

/**
 * The usernames of those who had these copies made, other than the user whose session it is, by the first 15 characters of their ids. One query, none
 * when there is nobody else. Empty when production does not tell.
 */
export async function otherCreators(
  copies: readonly SandboxState[],
  userId: string | undefined,
  session: Session,
  context: OrgContext,
  ports: Pick<Ports, 'salesforce'>,
): Promise<ReadonlyMap<string, string>> {
  const others = copies.flatMap(({ createdById: id }) =>
    id === undefined || (userId !== undefined && sameOrgId(id, userId)) ? [] : [id],
  );
  const ids = [...new Set(others)].slice(0, mostUsers);
  if (ids.length === 0) return new Map();
  try {
    const users = await ports.salesforce.users(session, { ids }, context);
    return new Map(users.map(({ id, username }) => [id.slice(0, 15), username]));
  } catch (error) {
    if (error instanceof JitFailure) return new Map();
    throw error;
  }
}
