import { JitFailure } from '../../failures/failures.js';
import type { Ports } from '../../ports.js';
import { productionContext, withProduction } from '../../production/openProduction.js';
import { otherCreators } from '../../production/otherCreators.js';
import { isoDate } from '../../salesforce/sandboxState.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';
import type { LoginTarget } from '../signIn/loginTarget.js';

/** When a copy of a sandbox was done, and who had it made; what production does not tell is absent. */
export type LastRefresh = {
  /** ISO 8601. */
  readonly refreshedAt?: string;
  /** Username in production. */
  readonly refreshedBy?: string;
};

/**
 * What production's records say of the copy that was signed in to: one query, and another one when somebody else than the registered user made it.
 * To be asked only after a refresh was noticed. Never fails: the login is made, and all that is missing is a part of a sentence.
 *
 * @param orgId of the copy
 */
export async function lastRefresh(
  { production }: Pick<LoginTarget, 'production'>,
  orgId: string,
  ports: Ports,
): Promise<LastRefresh> {
  const context = productionContext(production);
  try {
    return await withProduction(production, ports, async (session) => {
      const states = await ports.salesforce.sandboxStates(session, context);
      const copy = states.find(({ sandboxOrgId }) => sandboxOrgId !== undefined && sameOrgId(sandboxOrgId, orgId));
      if (!copy) return {};
      const refreshedAt = isoDate(copy.endDate ?? copy.createdDate);
      const { createdById: id } = copy;
      if (id !== undefined && session.userId !== undefined && sameOrgId(id, session.userId)) {
        return { refreshedAt, refreshedBy: production.username };
      }
      const [other] = (await otherCreators([copy], session.userId, session, context, ports)).values();
      return { refreshedAt, ...(other === undefined ? {} : { refreshedBy: other }) };
    });
  } catch (error) {
    if (error instanceof JitFailure) return {};
    throw error;
  }
}
