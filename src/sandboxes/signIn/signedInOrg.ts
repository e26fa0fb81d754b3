import { JitFailure } from '../../failures/failures.js';
import { sandboxPhrase } from '../../failures/orgPhrases.js';
import type { Registry } from '../../registry/registry.js';
import { sameName } from '../../registry/registry.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';
import type { LoginTarget } from './loginTarget.js';

/** What this machine knows of orgs when it judges the one that was signed in to. */
export type KnownOrgs = {
  readonly registry: Pick<Registry, 'productionOrgs'>;
  readonly records: readonly LoginRecord[];
  /** Org id of the session with which production was asked. */
  readonly productionOrgId?: string;
};

type Asked = Pick<LoginTarget, 'sandboxName' | 'production'>;

/**
 * Refuses the user that production names before anything is signed: a sandbox's user is never a user of production.
 *
 * @throws SignedInToProduction
 */
export function refuseProductionUser(
  username: string,
  { sandboxName, production }: Asked,
  { productionOrgs }: Pick<Registry, 'productionOrgs'>,
): void {
  const named = [production, ...productionOrgs].find((org) => sameName(org.username, username));
  if (named) throw new JitFailure('SignedInToProduction', { sandbox: sandboxName, production: named.username });
}

/**
 * Refuses the org that was signed in to when it cannot be the sandbox that was asked for: a production org, or a sandbox that belongs to
 * another production org of this machine. An alias that means a sandbox must never come to mean production.
 *
 * @throws SignedInToProduction, SandboxOfOtherProduction
 */
export function refuseWrongOrg(orgId: string, { sandboxName, production }: Asked, known: KnownOrgs): void {
  const { productionOrgs } = known.registry;
  const own = production.registered?.orgId ?? known.productionOrgId;
  const named =
    productionOrgs.find((org) => sameOrgId(org.orgId, orgId))?.username ??
    ([own, known.productionOrgId].some((id) => id !== undefined && sameOrgId(id, orgId))
      ? production.username
      : undefined);
  if (named !== undefined) {
    throw new JitFailure('SignedInToProduction', { sandbox: sandboxName, production: named });
  }
  for (const record of known.records) {
    if (!sameOrgId(record.orgId, orgId)) continue;
    const owner = productionOrgs.find(({ username }) => sameName(username, record.productionUsername));
    // two users of one production org log in to the same sandboxes
    if (!owner || sameName(owner.username, production.username)) continue;
    if (own !== undefined && sameOrgId(owner.orgId, own)) continue;
    throw new JitFailure('SandboxOfOtherProduction', {
      sandbox: sandboxName,
      production: production.username,
      org: sandboxPhrase(record.sandboxName, owner.username),
    });
  }
}
