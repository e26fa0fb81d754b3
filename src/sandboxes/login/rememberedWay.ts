import { sameName } from '../../registry/registry.js';
import type { RememberedWay } from '../../registry/signInWay.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';
import type { LoginTarget } from '../signIn/loginTarget.js';

/**
 * The way of signing in that the last login found the next one should start with: as the registration remembers it; where nothing registers the
 * sandbox, as the login record does, if it is of this sandbox and of the same app of production. Undefined for the usual way.
 *
 * @param record of the last login as the user that is expected
 */
export function rememberedWay(
  { registered, user, sandboxName, production }: LoginTarget,
  record: LoginRecord | undefined,
): RememberedWay | undefined {
  if (registered) return registered.signedInBy;
  if (user !== undefined || record?.startWith?.clientId !== production.clientId) return undefined;
  const isOfSandbox =
    sameName(record.sandboxName, sandboxName) && sameName(record.productionUsername, production.username);
  return isOfSandbox ? record.startWith.way : undefined;
}

/** The part of a login record that remembers the way; none where a registration does, or where another user was asked for. */
export function wayInRecord(
  { registered, user, production: { clientId } }: LoginTarget,
  way: RememberedWay | undefined,
): Pick<LoginRecord, 'startWith'> {
  return registered || user !== undefined || way === undefined ? {} : { startWith: { way, clientId } };
}
