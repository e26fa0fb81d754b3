import type { FailureName } from '../failures/failures.js';
import { JitFailure } from '../failures/failures.js';
import { renewalOf, renewedOrg } from '../production/renewal.js';
import type { RefusedLogin } from '../sandboxes/login/checkLogin.js';
import { isWorthWaitingFor } from '../sandboxes/login/waiting.js';
import type { StoredOrg } from '../sfStore/storedOrg.js';
import type { Ports } from '../ports.js';
import type { OrgContext } from '../salesforce/salesforce.js';
import { leftAloneMinutes } from './failedBefore.js';

type Needed = Pick<Ports, 'salesforce' | 'sfOrgs' | 'keys'>;

/** Failures of the way to Salesforce: they say nothing of any login. */
const disturbedWay: ReadonlySet<FailureName> = new Set<FailureName>([
  'ConnectionFailed',
  'HostNotFound',
  'Locked',
  'ProxyFailed',
  'ServerUnavailable',
  'Timeout',
  'TlsUntrusted',
]);

/** Whether a failure tells of the way to Salesforce only. */
function isDisturbedWay({ name }: JitFailure): boolean {
  return disturbedWay.has(name);
}

/** From how many milliseconds on a command counts as held up. */
const heldUpMs = 1000;

/**
 * Whether a failure is worth remembering: one that Salesforce answered, which it would answer again, and any that held the command up.
 * What fails at once on this machine or its network is cheap to try again, and is mended from one moment to the next.
 *
 * @param milliseconds that it took
 */
export function isWorthRemembering(failure: JitFailure, milliseconds: number): boolean {
  return milliseconds >= heldUpMs || (failure.facts.host !== undefined && !isDisturbedWay(failure));
}

/**
 * For how many minutes the org is left alone then. What a new copy answers while it is made ready passes from one minute to the next, and the
 * command that comes then wants to work; but nobody waits for more than a sixtieth of the time.
 *
 * @param milliseconds that it took
 */
export function minutesToLeaveAlone(failure: JitFailure, milliseconds: number): number {
  if (!isWorthWaitingFor(failure) || isDisturbedWay(failure)) return leftAloneMinutes;
  return Math.min(Math.max(1, Math.ceil(milliseconds / 1000)), leftAloneMinutes);
}

/**
 * Whether a command can do with the login that is stored, although the plugin could make no new one: nobody is to be warned before a command
 * that works.
 *
 * @param refused what was found of the stored login
 * @param failure why there is no new one
 */
export async function worksWithout(
  { stored, failure: found }: RefusedLogin,
  failure: JitFailure,
  context: OrgContext,
  ports: Needed,
): Promise<boolean> {
  // Salesforce took the session, though of another copy than the plugin knows: sf renewed the login by itself after a refresh
  if (found === undefined) return true;
  // neither host has an address: it is the network
  if (found.name === 'HostNotFound' && failure.facts.side === 'production' && isDisturbedWay(failure)) return true;
  return renewsItself(stored, context, ports);
}

/** Does what sf would do next with a session that has ended, and tells whether that works. */
async function renewsItself(stored: StoredOrg, context: OrgContext, ports: Needed): Promise<boolean> {
  const { username } = stored;
  try {
    const renewal = renewalOf(stored);
    if (renewal.way === 'jwt') {
      const { loginUrl, clientId, keyFile } = renewal;
      const key = await ports.keys.read({ source: 'file', path: keyFile }, username);
      await ports.salesforce.jwtLogin({ username, clientId, loginUrl, key }, context);
      return true;
    }
    await ports.sfOrgs.holdRenewal(username, async () => {
      const { refreshToken, ...session } = await ports.salesforce.refresh(renewal, context);
      // kept, since the refresh token that was sent may be dead now (docs/salesforce.md, Refresh token)
      await ports.sfOrgs.update(username, (now) => renewedOrg(stored, now, { ...session, refreshToken }));
    });
    return true;
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    // what the network does to the command, the command will say itself
    return isDisturbedWay(error);
  }
}
