import type { Ports } from '../../ports.js';
import type { Registry } from '../../registry/registry.js';
import { sandboxKey } from '../../registry/registry.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';
import { isLoginOfPlugin } from '../../sfStore/storedOrg.js';

/**
 * The login of this plugin to which an alias of sf leads, although neither this machine nor the present project registers its sandbox: another
 * project did, or the registration was removed since. Nothing keeps such a login good, and whoever types the alias may mean another org
 * (docs/decisions/0012-what-a-repository-may-say.md).
 */
export async function unregisteredLogin(
  alias: string,
  registry: Registry,
  { sfOrgs }: Pick<Ports, 'sfOrgs'>,
): Promise<LoginRecord | undefined> {
  const username = await sfOrgs.usernameOf(alias);
  if (username === alias) return undefined;
  const record = await sfOrgs.loginRecord(username);
  if (!record || registry.sandboxes.some((one) => sandboxKey(one) === sandboxKey(record))) return undefined;
  const stored = await sfOrgs.read(username);
  return stored && stored !== 'unreadable' && isLoginOfPlugin(stored, record) ? record : undefined;
}
