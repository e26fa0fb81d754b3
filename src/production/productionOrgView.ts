import { Messages } from '@salesforce/core/messages';
import type { ProductionOrg } from '../registry/registry.js';
import { shellWord } from '../failures/shellWord.js';
import { showable } from '../failures/untrustedText.js';
import { tellingColumns } from '../terminal/columns.js';
import type { KeySource } from '../keys/keySource.js';
import { commandLine } from '../programs/commandLine.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'productionOrgs');

/** A production org as `--json` shows it: everything that is registered, absent values as null. */
export type ProductionOrgResult = {
  username: string;
  alias: string | null;
  orgId: string;
  instanceUrl: string;
  loginUrl: string;
  clientId: string;
  callbackUrl: string | null;
  key: KeySource;
};

export function productionOrgResult(org: ProductionOrg): ProductionOrgResult {
  const { username, orgId, instanceUrl, loginUrl, clientId, key } = org;
  return {
    username,
    alias: org.alias ?? null,
    orgId,
    instanceUrl,
    loginUrl,
    clientId,
    callbackUrl: org.callbackUrl ?? null,
    key,
  };
}

/** Where the key is, in words. */
export function keyWords(key: KeySource): string {
  switch (key.source) {
    case 'file':
      return messages.getMessage('key.file', [showable(key.path)]);
    case 'env':
      return messages.getMessage('key.env', [showable(key.name)]);
    case 'command':
      return messages.getMessage('key.command', [showable(commandLine(key.command))]);
    case 'agent':
      return messages.getMessage('key.agent', [showable(key.fingerprint)]);
    case 'sign-command':
      return messages.getMessage('key.sign-command', [showable(commandLine(key.command))]);
    case 'stdin':
      return messages.getMessage('key.stdin');
    case 'sf':
      return messages.getMessage('key.sf');
  }
}

type Cell = 'default' | 'alias' | 'username' | 'key' | 'sandboxes';

/** The table of production orgs, by name. Org ID and URLs are left to `sf jit org display`: with them it would not fit a terminal. */
export function productionOrgTable(
  orgs: ReadonlyArray<ProductionOrg & { readonly isDefault: boolean; readonly sandboxes: readonly string[] }>,
): { data: Array<Record<Cell, string | number>>; columns: Array<{ key: Cell; name: string }> } {
  const name = (org: ProductionOrg): string => org.alias ?? org.username;
  const data = [...orgs]
    .sort((one, other) => name(one).localeCompare(name(other), 'en', { numeric: true }))
    .map((org): Record<Cell, string | number> => ({
      default: org.isDefault ? '*' : '',
      alias: org.alias ?? '',
      username: org.username,
      key: keyPlace(org.key),
      sandboxes: org.sandboxes.length,
    }));
  const columns = tellingColumns<Cell>(
    [
      { key: 'default', name: 'Default' },
      { key: 'alias', name: 'Alias' },
      { key: 'username', name: 'Username' },
      { key: 'key', name: 'Key' },
      { key: 'sandboxes', name: 'Sandboxes' },
    ],
    data,
  );
  return { data, columns };
}

/** Where the key is, in two words for a table. */
function keyPlace(key: KeySource): string {
  return key.source === 'sf' || key.source === 'stdin' ? messages.getMessage(`key.${key.source}.short`) : keyWords(key);
}

/** The sentence for what is worth knowing although the registration worked. */
export function registrationWarning(
  warning:
    | { readonly kind: 'cannot-manage-sandboxes'; readonly reason: { readonly facts: { readonly answer?: string } } }
    | { readonly kind: 'key-readable-by-others'; readonly file: string }
    | { readonly kind: 'key-not-kept' | 'login-cannot-be-renewed' }
    | { readonly kind: 'config-file'; readonly text: string },
): string {
  switch (warning.kind) {
    case 'cannot-manage-sandboxes':
      return messages.getMessage('warning.cannot-manage-sandboxes', [showable(warning.reason.facts.answer ?? '')]);
    case 'key-readable-by-others':
      return messages.getMessage('warning.key-readable-by-others', [
        showable(warning.file),
        shellWord(showable(warning.file)),
      ]);
    case 'key-not-kept':
    case 'login-cannot-be-renewed':
      return messages.getMessage(`warning.${warning.kind}`);
    case 'config-file':
      return showable(warning.text, 1000);
  }
}
