import type { Ports } from '../../ports.js';
import { openedSession } from '../../production/openProduction.js';
import { isSalesforceHost, isThisMachine, loginOrigin } from '../../salesforce/loginUrl.js';
import type { StoredOrg } from '../../sfStore/storedOrg.js';
import type { LoginTarget } from './loginTarget.js';

type Asked = Pick<LoginTarget, 'sandboxName' | 'production'>;

/**
 * Where a user of a sandbox logs in, told without asking production, in the order in which it is tried: where the last login was; the My Domain
 * that a sandbox of this production org has; the host of all sandboxes. None of them is anybody's but Salesforce's: an assertion is sent there. For the
 * stand-in on this machine, where only its own answers tell addresses, there is none but the last login's.
 *
 * @param domains My Domains that the sandbox may have (`sandboxDomains`)
 * @param stored a login of that sandbox, if there is one
 */
export function knownHosts(
  { production }: Pick<LoginTarget, 'production'>,
  domains: readonly string[],
  stored?: Pick<StoredOrg, 'loginUrl' | 'instanceUrl'>,
): string[] {
  const last = stored?.loginUrl ?? stored?.instanceUrl ?? '';
  const isOfThisMachine = isThisMachine(production.loginUrl);
  const isUsable = URL.canParse(last) && (isOfThisMachine ? isThisMachine(last) : isSalesforceHost(last));
  const known = isUsable ? [loginOrigin(last, 'The stored login URL')] : [];
  if (!isSalesforceHost(production.loginUrl)) return known;
  return [...new Set([...known, ...domains, 'https://test.salesforce.com'])];
}

/** The My Domains that the sandbox may have, as far as production's addresses tell: its session's, if one is open, its registration's and its login URL. */
export async function sandboxDomains({ sandboxName, production }: Asked, ports: Ports): Promise<string[]> {
  const session = await openedSession(production, ports);
  const addresses = [session?.instanceUrl, production.registered?.instanceUrl, production.loginUrl];
  const domains = addresses.map((url) => sandboxDomain(url ?? '', sandboxName));
  return [...new Set(domains.filter((domain) => domain !== undefined))];
}

/** My Domain of a sandbox (docs/salesforce.md, Sandbox names and users); undefined when production's address is no My Domain. */
function sandboxDomain(productionUrl: string, sandboxName: string): string | undefined {
  const host = URL.parse(productionUrl)?.hostname ?? '';
  const [, name, domain] = /^([a-z0-9-]+)\.my\.(salesforce\.(?:com|mil))$/.exec(host) ?? [];
  return name === undefined ? undefined : `https://${name}--${sandboxName.toLowerCase()}.sandbox.my.${domain}`;
}

/** Whether production's key alone can be tried for a user: there is a key, and a host is known without asking production. */
export async function canSignInByKey(
  username: string,
  target: Asked & Pick<LoginTarget, 'username'>,
  ports: Ports,
): Promise<boolean> {
  return target.production.key.source !== 'sf' && (await hostsFor(username, target, ports)).length > 0;
}

/** The hosts for one user of the target's sandbox, with what sf has stored of that user or of the sandbox. */
export async function hostsFor(
  username: string,
  target: Asked & Pick<LoginTarget, 'username'>,
  ports: Ports,
): Promise<string[]> {
  const domains = await sandboxDomains(target, ports);
  for (const name of new Set([username, target.username])) {
    const stored = await ports.sfOrgs.read(name);
    if (stored !== undefined && stored !== 'unreadable') return knownHosts(target, domains, stored);
  }
  return knownHosts(target, domains);
}
