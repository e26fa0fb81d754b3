import type { Finding } from './checks.js';
import { finding } from './checks.js';
import { productionOrgSetting, variableOf } from '../sfStore/settingNames.js';

/** Where sf keeps the key that it encrypts logins with (sfdx-core, keyChain). */
export type KeychainFacts = {
  /** `desktop` is secret-tool on Linux. */
  readonly kind: 'file' | 'system' | 'desktop';
  /** Whether there is a desktop session that can unlock a desktop keychain. */
  readonly hasDesktopSession: boolean;
  /** Path of the key file. */
  readonly file: string;
  /** Permissions of the key file; undefined when there is none, or the system has no such thing. */
  readonly mode?: number;
};

export function keychainFinding({ kind, hasDesktopSession, file, mode }: KeychainFacts): Finding {
  switch (kind) {
    case 'system':
      return finding('keychain', 'pass', 'system');
    case 'desktop':
      return hasDesktopSession ? finding('keychain', 'pass', 'system') : finding('keychain', 'warn', 'out-of-reach');
    case 'file':
      // core takes no other mode (keyChainImpl, genericKeychainInvalidPermsError)
      return mode === undefined || mode === 0o600
        ? finding('keychain', 'pass', 'file', file)
        : finding('keychain', 'fail', 'wrong-mode', file);
  }
}

/**
 * Settings of this plugin in sf's own files, which programs that do not know the plugin misread.
 *
 * @param files of sf's configuration, with the names of those that stand in them; the same name may stand in several
 */
export function settingsFindings(
  files: ReadonlyArray<{ readonly file: string; readonly names: readonly string[] }>,
): Finding[] {
  const firstFile = new Map<string, string>();
  for (const { file, names } of files) for (const name of names) if (!firstFile.has(name)) firstFile.set(name, file);
  return [...firstFile].map(([name, file]) =>
    name === productionOrgSetting
      ? finding('settings', 'warn', 'production-org-misread', file)
      : finding('settings', 'warn', 'misread', name, file, variableOf(name), name),
  );
}

/** @param open files that other users can read */
export function fileModeFinding(open: readonly string[]): Finding {
  const [first, second] = open;
  if (first === undefined) return finding('file-modes', 'pass', 'closed');
  return second === undefined
    ? finding('file-modes', 'warn', 'open', first)
    : finding('file-modes', 'warn', 'open-many', String(open.length), first);
}

/** Class and time (ISO 8601) of a failure, and the id of its request where Salesforce may have it in its logs; nothing of what it was about. */
export type LastFailure = { readonly name: string; readonly at: string; readonly requestId?: string };

/** The last failure is worth a look, but it may be solved: a warning at most. */
export function lastFailureFinding(last: LastFailure | undefined): Finding {
  if (!last) return finding('last-failure', 'pass', 'none');
  const { name, at, requestId } = last;
  return requestId === undefined
    ? finding('last-failure', 'warn', 'known', name, at)
    : finding('last-failure', 'warn', 'known-to-salesforce', name, at, requestId);
}
