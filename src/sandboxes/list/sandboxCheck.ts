import type { SandboxCheck } from './orgRow.js';
import { sameName } from '../../registry/registry.js';
import type { SandboxState } from '../../salesforce/sandboxState.js';
import { isDeleted, isoDate, newestStates } from '../../salesforce/sandboxState.js';
import { verdictOf } from '../signIn/sandboxVerdict.js';
import type { LoginRecord } from '../../sfStore/storedOrg.js';
import { sameOrgId } from '../../sfStore/storedOrg.js';

/**
 * What production's records say about a sandbox, asked before a login rather than after a failed one: the same verdict.
 *
 * @param states every SandboxProcess of production, newest first
 * @param record the plugin's last login to it, if there was one
 * @param mayTryKey whether a login would try production's key alone
 * @param others usernames of the other users who made copies, by the first 15 characters of their ids
 */
export function checkSandbox(
  sandbox: { readonly sandboxName: string; readonly productionUsername: string; readonly userId?: string },
  states: readonly SandboxState[],
  record: LoginRecord | undefined,
  others: ReadonlyMap<string, string> = new Map(),
  mayTryKey = false,
): SandboxCheck {
  const { sandboxName, productionUsername: production, userId } = sandbox;
  const context = { sandbox: sandboxName, production, user: production, userId };
  const verdict = verdictOf(states, context);
  const current = newestStates(states).find(
    (state) => sameName(state.sandboxName, sandboxName) && (!isDeleted(state) || verdict?.name === 'SandboxDeleted'),
  );
  const { createdById: creatorId = '' } = current ?? {};
  const isOwn = userId !== undefined && sameOrgId(creatorId, userId);
  const live = states.find(
    (state) => sameName(state.sandboxName, sandboxName) && state.status === 'Completed',
  )?.sandboxOrgId;
  const refreshed = record === undefined || live === undefined ? null : !sameOrgId(live, record.orgId);
  const isAnothers = verdict?.name === 'NotSandboxCreator';
  const worked = isAnothers && refreshed === false && record?.signedInBy === 'own-key';
  return {
    problem: worked ? null : (verdict?.name ?? null),
    sandboxStatus: current?.status ?? null,
    nearest: verdict?.facts.nearest ?? null,
    refreshed,
    copiedAt: isoDate(current?.createdDate ?? '') ?? null,
    copiedBy: isOwn ? production : (others.get(creatorId.slice(0, 15)) ?? null),
    byKeyAlone: worked ? 'worked' : isAnothers && mayTryKey ? 'untried' : null,
  };
}
