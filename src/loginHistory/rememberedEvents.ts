import type { LoginEntry } from '../salesforce/loginEntries.js';
import type { LoginRecord } from '../sfStore/storedOrg.js';
import { sameName } from '../registry/registry.js';

/** What this machine remembers to have done: the last logins to a sandbox as one user, or the last failure, of which only class and time are kept. */
export type RememberedEvent =
  | {
      readonly kind: 'login';
      readonly at: string;
      readonly username: string;
      readonly sandboxName: string;
      /** Set of all but the last one. */
      readonly isEarlier?: true;
    }
  | { readonly kind: 'failure'; readonly at: string; readonly name: string };

/** A login to one of the orgs that were asked. */
export type OrgLogin = LoginEntry & { readonly username: string };

/** Seconds by which the clocks of this machine and of the org, and the way of the answer, may set a login and its note apart. */
export const nearSeconds = 10;

/** The events that can stand in the Login History of these users, newest first. A failure is of no user: it can be anybody's. */
export function rememberedEvents(
  usernames: readonly string[],
  records: readonly LoginRecord[],
  lastFailure: { readonly name: string; readonly at: string } | undefined,
): RememberedEvent[] {
  const logins = records
    .filter(({ username }) => usernames.some((one) => sameName(one, username)))
    .flatMap(({ username, sandboxName, loggedInAt, earlierLogins = [] }): RememberedEvent[] => {
      const did = { kind: 'login', username, sandboxName } as const;
      return [{ ...did, at: loggedInAt }, ...earlierLogins.map((at) => ({ ...did, at, isEarlier: true as const }))];
    });
  const failures: RememberedEvent[] = lastFailure ? [{ kind: 'failure', ...lastFailure }] : [];
  return [...logins, ...failures].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

/**
 * Which login each event is: of those that fit it, the one nearest in time. An org does not say from which machine a login came, and an address
 * is shared by many, so this is told by the time alone, and by the kind of login that the plugin makes.
 */
export function loginsOfEvents(
  events: readonly RememberedEvent[],
  logins: readonly OrgLogin[],
): Map<RememberedEvent, OrgLogin> {
  const found = new Map<RememberedEvent, OrgLogin>();
  for (const event of events) {
    const apart = ({ at }: OrgLogin): number => Math.abs(Date.parse(at) - Date.parse(event.at));
    const [nearest] = logins
      .filter(
        (login) => fits(event, login) && apart(login) <= nearSeconds * 1000 && ![...found.values()].includes(login),
      )
      .sort((one, other) => apart(one) - apart(other));
    if (nearest) found.set(event, nearest);
  }
  return found;
}

function fits(event: RememberedEvent, { type, status, username }: OrgLogin): boolean {
  if (!type.startsWith('Remote Access')) return false;
  const worked = status === 'Success';
  return event.kind === 'login' ? worked && sameName(username, event.username) : !worked;
}
