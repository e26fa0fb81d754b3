import { JitFailure } from '../failures/failures.js';
import type { Ports } from '../ports.js';
import type { Session } from '../salesforce/salesforce.js';
import { productionContext } from './openProduction.js';

/**
 * The id of the production user whose session it is, which tells the copies that this user made. sf does not know it of an org that it
 * logged in to on the web: then it takes one query. Undefined when production does not tell; nothing is then said of who made what.
 */
export async function ownUserId(
  session: Session,
  username: string,
  ports: Pick<Ports, 'salesforce'>,
): Promise<string | undefined> {
  if (session.userId !== undefined) return session.userId;
  try {
    const users = await ports.salesforce.users(session, { username }, productionContext({ username }));
    return users[0]?.id;
  } catch (error) {
    if (error instanceof JitFailure) return undefined;
    throw error;
  }
}
