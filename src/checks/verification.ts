import type { OrgKind } from '../salesforce/salesforce.js';
import type { CheckName, Finding } from './checks.js';
import { finding } from './checks.js';
import { JitFailure } from '../failures/failures.js';
import type { ProductionLogin } from '../production/productionCredentials.js';
import { platformCli } from '../production/productionCredentials.js';
import type { CredentialSources } from '../production/registerInput.js';
import { joinNames } from '../registry/registry.js';
import type { KeySource } from '../keys/keySource.js';
import type { CertificateFacts } from '../keys/keyPair.js';

/** What a login test found; what could not be found out is absent. */
export type Verification = {
  readonly source?: ProductionLogin['from'];
  readonly username?: string;
  readonly findings: readonly Finding[];
} & (
  | {
      readonly authenticated: true;
      readonly source: ProductionLogin['from'];
      readonly username: string;
      readonly instanceUrl: string;
      /** Such as `v59.0`. */
      readonly apiVersion: string;
      readonly orgId: string;
      readonly orgKind: OrgKind;
    }
  | { readonly authenticated: false; readonly failure: JitFailure }
);

/** Days before its end from which a certificate is warned about. */
const certificateWarningDays = 30;

/** Seconds by which clocks may differ: a third of the time for which an assertion is valid (docs/salesforce.md, Assertion). */
const allowedClockSkew = 60;

/** Differences below it are the way of the answer and the resolution of its date. */
const measurableClockSkew = 5;

/** Which source the credentials came from; where they were put together, each part with its own. */
export function credentialsFinding({ username, from }: ProductionLogin, sources: CredentialSources): Finding {
  const { username: user, clientId, key, loginUrl } = sources;
  const mixed = [user, clientId, key, loginUrl].some((source) => source !== from && source !== 'default');
  return mixed
    ? finding('credentials', 'pass', 'mixed', username, key, user, clientId, loginUrl)
    : finding('credentials', 'pass', from, username);
}

/** What the key is, and whether other users of this machine can read it. */
export function keyFindings(source: KeySource, bits: number | undefined, readableByOthers: boolean): Finding[] {
  const size = String(bits ?? '');
  switch (source.source) {
    case 'sf':
      return [finding('key', 'pass', 'sf')];
    case 'env':
      return [finding('key', 'pass', 'env', source.name, size)];
    case 'command':
      return [finding('key', 'pass', 'command', source.command[0], size)];
    case 'agent':
      return [finding('key', 'pass', 'agent', source.fingerprint, size)];
    case 'sign-command':
      return [finding('key', 'pass', 'sign-command', source.command[0], size)];
    case 'stdin':
      return [finding('key', 'pass', 'stdin', size)];
    case 'file':
      return [
        finding('key', 'pass', 'file', source.path, size),
        readableByOthers
          ? finding('key-file-mode', 'warn', 'open', source.path)
          : finding('key-file-mode', 'pass', 'closed'),
      ];
  }
}

/** Whether the certificate belongs to the key, and how long it is valid. */
export function certificateFinding({ file, expiresAt, belongsToKey }: CertificateFacts, now: Date): Finding {
  const day = expiresAt.toISOString().slice(0, 10);
  const days = Math.floor((expiresAt.getTime() - now.getTime()) / 86_400_000);
  if (!belongsToKey) return finding('certificate', 'warn', 'other-key', file);
  if (days < 0) return finding('certificate', 'fail', 'expired', file, day);
  if (days < certificateWarningDays) return finding('certificate', 'warn', 'expires-soon', file, day, String(days));
  return finding('certificate', 'pass', 'valid', file, day, String(days));
}

/** How far the clocks are apart; positive when this machine is ahead. */
export function clockFinding(seconds: number | undefined): Finding[] {
  if (seconds === undefined) return [];
  const apart = String(Math.abs(seconds));
  if (Math.abs(seconds) < measurableClockSkew) return [finding('clock', 'pass', 'right')];
  const status = Math.abs(seconds) < allowedClockSkew ? 'pass' : 'warn';
  return [finding('clock', status, seconds > 0 ? 'ahead' : 'behind', apart)];
}

/** What kind of org answered. A sandbox's own configuration is a good one; it only cannot vouch for other sandboxes. */
export function orgFinding(kind: OrgKind, name: string, orgId: string): Finding {
  return finding('org', kind === 'scratch' ? 'warn' : 'pass', kind, name, orgId);
}

/** Whether production's user may see sandboxes: how many there are, or why not. */
export function sandboxesFinding(found: number | JitFailure): Finding {
  return typeof found === 'number'
    ? finding('sandboxes', 'pass', 'visible', String(found))
    : finding('sandboxes', 'warn', 'refused', found.facts.answer ?? '');
}

/** A registered sandbox, and who had its newest copy made, when that is another user than the registered one. */
export type SandboxCreator = { readonly sandboxName: string; readonly other?: string };

/** Whether production will vouch for the registered sandboxes, or for some of them to another user only. */
export function sandboxCreatorsFinding(creators: readonly SandboxCreator[]): Finding[] {
  if (creators.length === 0) return [];
  const ofOthers = creators.flatMap(({ sandboxName, other }) =>
    other === undefined ? [] : `${sandboxName} (${other})`,
  );
  return ofOthers.length === 0
    ? [finding('sandbox-creators', 'pass', 'own', String(creators.length))]
    : [finding('sandbox-creators', 'warn', 'another', joinNames(ofOthers))];
}

/** What can be told of the app from here. */
export function appFinding(clientId: string, key: KeySource): Finding {
  if (clientId.toLowerCase() === platformCli.toLowerCase()) return finding('app', 'pass', 'platform-cli');
  return key.source === 'sf'
    ? finding('app', 'pass', 'without-key', clientId)
    : finding('app', 'pass', 'certificate', clientId);
}

/**
 * The API version to report: the configured one if the org offers it, else its newest.
 *
 * @param configured such as `v59.0`
 */
export function chooseApiVersion(
  configured: string | undefined,
  offered: readonly string[],
): { apiVersion: string; findings: Finding[] } {
  const newest = `v${offered.at(-1) ?? ''}`;
  if (configured === undefined || offered.includes(configured.slice(1))) {
    return { apiVersion: configured ?? newest, findings: [] };
  }
  return { apiVersion: newest, findings: [finding('api-version', 'warn', 'not-offered', configured, newest)] };
}

/** What to know of the `.sfconnect.json` that was used. */
export function configFileFinding(file: string, warnings: readonly string[]): Finding {
  return warnings.length === 0
    ? finding('config-file', 'pass', 'used', file)
    : finding('config-file', 'warn', 'warnings', warnings.join(' '));
}

/** A `.sfconnect.json` that was found and decides nothing, since flags, variables or a registration come first. It was not even read. */
export function passedOverFinding(file: string): Finding {
  return finding('config-file', 'pass', 'passed-over', file);
}

/**
 * The failure of a login test, explained better by what is known here:
 *
 * - Salesforce has no words of its own for an expired certificate (docs/salesforce.md, Refusals by the token endpoint); the one beside the key tells.
 * - A session that was issued just now and is refused has not expired: the app or the user is kept from the API (docs/salesforce.md, Token request and Policies that stop a working login).
 */
export function explainByFindings(
  failure: JitFailure,
  findings: readonly Finding[],
  isFreshLogin: boolean,
): JitFailure {
  const { org, host, user, ...facts } = failure.facts;
  const has = (name: CheckName, words: string): boolean =>
    findings.some((one) => one.name === name && one.words === words);
  if (['InvalidSignature', 'InvalidGrant'].includes(failure.name) && has('certificate', 'expired') && org && host) {
    return new JitFailure('CertificateExpired', { ...facts, user, org, host }, failure.cause);
  }
  if (failure.name === 'SessionInvalid' && isFreshLogin && org && user) {
    return new JitFailure('ApiAccessBlocked', { ...facts, org, host, user }, failure.cause);
  }
  return failure;
}
