import type { LoginTarget } from './loginTarget.js';
import type { Ports } from '../../ports.js';
import { isSalesforceHost, isThisMachine, loginOrigin } from '../../salesforce/loginUrl.js';
import type { StoredOrg } from '../../sfStore/storedOrg.js';

/**
 * Where a user of a sandbox logs in, told without asking production, in the order in which it is tried: where the last login was; the My Domain
 * that a sandbox of this production org has; the host of all sandboxes. None of them is anybody's but Salesforce's: an assertion is sent there. For the
 * stand-in on this machine, where only its own answers tell addresses, there is none but the last login's.
 *
 * @param stored a login of that sandbox, if there is one
 */
export function knownHosts(
  { sandboxName, production }: Pick<LoginTarget, 'sandboxName' | 'production'>,
  stored?: Pick<StoredOrg, 'loginUrl' | 'instanceUrl'>,
): string[] {
  const isStandIn = isThisMachine(production.loginUrl);
  const last = stored?.loginUrl ?? stored?.instanceUrl;
  if (last !== undefined && URL.canParse(last)) {
    if (isStandIn ? isThisMachine(last) : isSalesforceHost(last)) return [loginOrigin(last, 'The stored login URL')];
  }
  if (!isSalesforceHost(production.loginUrl)) return [];
  const addresses = [production.registered?.instanceUrl ?? '', production.loginUrl];
  const myDomain = addresses.map((url) => sandboxDomain(url, sandboxName)).find((url) => url !== undefined);
  return [...(myDomain === undefined ? [] : [myDomain]), 'https://test.salesforce.com'];
}

/** My Domain of a sandbox (docs/salesforce.md, Sandbox names and users); undefined when production's address is no My Domain. */
function sandboxDomain(productionUrl: string, sandboxName: string): string | undefined {
  const host = URL.parse(productionUrl)?.hostname ?? '';
  const [, name, domain] = /^([a-z0-9-]+)\.my\.(salesforce\.(?:com|mil))$/.exec(host) ?? [];
  return name === undefined ? undefined : `https://${name}--${sandboxName.toLowerCase()}.sandbox.my.${domain}`;
}

/** The hosts for one user of the target's sandbox, with what sf has stored of that user or of the sandbox. */
export async function hostsFor(
  username: string,
  target: LoginTarget,
  { sfOrgs }: Pick<Ports, 'sfOrgs'>,
): Promise<string[]> {
  for (const name of new Set([username, target.username])) {
    const stored = await sfOrgs.read(name);
    if (stored !== undefined && stored !== 'unreadable') return knownHosts(target, stored);
  }
  return knownHosts(target);
}
