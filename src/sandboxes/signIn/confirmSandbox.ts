import { JitFailure } from '../../failures/failures.js';
import type { Ports } from '../../ports.js';
import { productionContext, withProduction } from '../../production/openProduction.js';
import { sameName } from '../../registry/registry.js';
import type { FreshLogin } from '../../sfStore/storedOrg.js';
import { isLoginOfPlugin, sameOrgId } from '../../sfStore/storedOrg.js';
import { sandboxDomains } from './knownHosts.js';
import type { LoginTarget } from './loginTarget.js';

type SignedInOrg = Pick<FreshLogin, 'username' | 'orgId' | 'instanceUrl'>;

/**
 * Makes sure that an org which was signed in to without production's word is the sandbox of that production org: anybody may have made a
 * user of that name in an org of theirs, to which `test.salesforce.com` then leads. The org's address tells it, which is production's My
 * Domain with the sandbox's name, or the one where the plugin was logged in to this sandbox before. Else production's list of sandboxes
 * is asked for the org id: one query, and a login to production where it has no session.
 *
 * @throws SandboxUnconfirmed
 */
export async function confirmSandbox(org: SignedInOrg, target: LoginTarget, ports: Ports): Promise<void> {
  const origin = new URL(org.instanceUrl).origin;
  if ((await sandboxDomains(target, ports)).includes(origin)) return;
  if (await isKnownAddress(origin, org.username, target, ports)) return;
  const { sandboxName: sandbox, production } = target;
  const facts = { sandbox, production: production.username, user: org.username, host: new URL(origin).host };
  let isListed: boolean;
  try {
    isListed = await isInList(org.orgId, target, ports);
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    throw new JitFailure('SandboxUnconfirmed', { ...facts, problem: error.name }, error);
  }
  if (!isListed) throw new JitFailure('SandboxUnconfirmed', facts);
}

/** Whether the plugin has a login to this sandbox stored that is at this address: its org was confirmed then, or was production's word. */
async function isKnownAddress(
  origin: string,
  username: string,
  { sandboxName, username: own, production }: LoginTarget,
  { sfOrgs }: Pick<Ports, 'sfOrgs'>,
): Promise<boolean> {
  for (const name of new Set([username, own])) {
    const [stored, record] = await Promise.all([sfOrgs.read(name), sfOrgs.loginRecord(name)]);
    if (stored === undefined || stored === 'unreadable' || !record || !isLoginOfPlugin(stored, record)) continue;
    const isSame =
      sameName(record.sandboxName, sandboxName) && sameName(record.productionUsername, production.username);
    const { instanceUrl = '' } = stored;
    if (isSame && URL.parse(instanceUrl)?.origin === origin) return true;
  }
  return false;
}

/** Any copy: while a refresh is under way, the newest is not yet the one that can be logged in to. */
async function isInList(orgId: string, { sandboxName, production }: LoginTarget, ports: Ports): Promise<boolean> {
  const states = await withProduction(production, ports, (session) =>
    ports.salesforce.sandboxStates(session, productionContext(production)),
  );
  return states.some(
    (state) =>
      sameName(state.sandboxName, sandboxName) &&
      state.sandboxOrgId !== undefined &&
      sameOrgId(state.sandboxOrgId, orgId),
  );
}
