import type { OrgKind } from '../salesforce/salesforce.js';
import { Messages } from '@salesforce/core/messages';
import { showable } from '../failures/untrustedText.js';
import type { Verification } from './verification.js';
import type { Check } from './checkView.js';
import { checkLine, checkOf } from './checkView.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.verify');

/** What `sf jit org verify --json` gives; what could not be found out is null. */
export type VerificationResult = {
  authenticated: boolean;
  /** Where the credentials came from. */
  source: 'flags' | 'environment' | 'config-file' | 'registration' | null;
  instanceUrl: string | null;
  /** Such as `v59.0`: that of the `.sfconnect.json`, else the newest of the org. */
  apiVersion: string | null;
  username: string | null;
  orgId: string | null;
  orgKind: OrgKind | null;
  checks: Check[];
};

export function verificationResult(verification: Verification): VerificationResult {
  const { authenticated, source, username, findings } = verification;
  const { instanceUrl, apiVersion, orgId, orgKind } = authenticated
    ? verification
    : { instanceUrl: null, apiVersion: null, orgId: null, orgKind: null };
  return {
    authenticated,
    source: source ?? null,
    instanceUrl,
    apiVersion,
    username: username ?? null,
    orgId,
    orgKind,
    checks: findings.map(checkOf),
  };
}

/** The lines for a terminal: the four that everybody looks for first, when the login worked, then a line for each check. */
export function verificationLines({
  authenticated,
  instanceUrl,
  apiVersion,
  username,
  checks,
}: VerificationResult): string[] {
  const shown = (text: string | null): string[] => [showable(text ?? '')];
  const success = [
    messages.getMessage('success'),
    messages.getMessage('success.instanceUrl', shown(instanceUrl)),
    messages.getMessage('success.apiVersion', shown(apiVersion)),
    messages.getMessage('success.username', shown(username)),
  ];
  return [...(authenticated ? success : []), ...checks.map(checkLine)];
}
