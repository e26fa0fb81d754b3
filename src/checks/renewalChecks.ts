import type { Finding, Variables } from './checks.js';
import { finding } from './checks.js';
import { platformCli } from '../production/productionCredentials.js';
import type { StoredOrg } from '../sfStore/storedOrg.js';

/** What decides whether a stored login goes on being renewed. */
export type RenewalFacts = {
  /** The org as sf has stored it. */
  readonly stored: StoredOrg;
  /** Name of the CI system that this runs on. */
  readonly ci?: string;
  readonly env: Variables;
  /** Whether a renewal that was just seen brought another refresh token; undefined when none was seen. */
  readonly rotated?: boolean;
};

/**
 * Whether the refresh token of a production org that sf logged in to is in one place only. An app that rotates refresh tokens makes each good for
 * one renewal, and ends the whole login when an old one is used (docs/salesforce.md, Refresh token). Whether an app rotates cannot be read by
 * its users (docs/salesforce.md, Apps), so a renewal that was seen is the only proof; whether other machines have a copy, only the
 * environment of this one hints at.
 */
export function renewalFindings({ stored, ci, env, rotated }: RenewalFacts): Finding[] {
  const { username, refreshToken, privateKey, clientId = platformCli } = stored;
  if (!refreshToken) return privateKey ? [] : [finding('refresh-token', 'warn', 'none', username, username)];
  return [whereItIs(stored, clientId, { ci, copies: authUrlVariables(env, stored) }), ...seen(clientId, rotated)];
}

function whereItIs(
  { username }: StoredOrg,
  clientId: string,
  { ci, copies }: { readonly ci: string | undefined; readonly copies: readonly string[] },
): Finding {
  if (ci !== undefined) return finding('refresh-token', 'warn', 'on-ci', username, clientId, ci, username);
  return copies.length > 0
    ? finding('refresh-token', 'warn', 'shared', username, clientId, copies.join(', '), username)
    : finding('refresh-token', 'pass', 'here', username, clientId);
}

function seen(clientId: string, rotated: boolean | undefined): Finding[] {
  if (rotated === undefined) return [];
  return rotated
    ? [finding('refresh-token', 'pass', 'rotates', clientId)]
    : [finding('refresh-token', 'pass', 'kept', clientId)];
}

/** The variables with an sfdx auth URL of this org: a copy of its refresh token, older or the same, that every machine has which has the variable. */
function authUrlVariables(env: Variables, { instanceUrl, refreshToken }: StoredOrg): string[] {
  const ownHost = URL.parse(instanceUrl ?? '')?.host;
  return Object.entries(env)
    .filter(([, value]) => {
      const [, token, host] =
        /^force:\/\/(?:[^:@\s]*:[^:@\s]*:)?([^@\s]+)@([^/\s]+)\/?$/.exec(value?.trim() ?? '') ?? [];
      return token !== undefined && (token === refreshToken || host === ownHost);
    })
    .map(([name]) => name)
    .sort();
}
