import { Messages } from '@salesforce/core/messages';
import type { FailureName, JitFailure } from '../../failures/failures.js';
import { shellWord } from '../../failures/shellWord.js';
import { failureText } from '../../failures/failureView.js';
import { showable, valuesToShow } from '../../failures/untrustedText.js';
import { sameName } from '../../registry/registry.js';
import { expectedSandboxUsername } from '../../registry/sandboxName.js';
import { shortDate, tellingColumns } from '../../terminal/columns.js';
import type { OrgRow, SandboxCheck } from './orgRow.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.list');

/** A production org that could not be asked about its sandboxes. */
export type Unasked = { readonly productionUsername: string; readonly failure: JitFailure };

type Cell = 'kind' | 'production' | 'alias' | 'sandbox' | 'username' | 'state' | 'lastLogin' | 'layer' | 'check';

/** The table: production first, then by production org and name. What goes without saying is left out, so that it fits a terminal. */
export function orgTable(
  orgs: readonly OrgRow[],
  checked: boolean,
): { data: Array<Record<Cell, string>>; columns: Array<{ key: Cell; name: string }> } {
  const productionOf = productionNames(orgs);
  const data = [...orgs].sort(inOrder(productionOf)).map((org): Record<Cell, string> => {
    const { alias, sandboxName, username } = org;
    return {
      kind: messages.getMessage(`kind.${org.kind}`),
      production: productionOf(org),
      alias: alias ?? (checked ? username : ''),
      sandbox: sandboxName === null || sameName(sandboxName, alias ?? '') ? '' : sandboxName,
      username: checked || isExpected(org) ? '' : username,
      state: messages.getMessage(`state.${org.state}`),
      lastLogin: checked ? '' : shortDate(org.lastLogin),
      layer: org.layer ?? '',
      check: checked && org.check ? checkWords(org.check) : '',
    };
  });
  const columns = tellingColumns<Cell>(
    [
      { key: 'kind', name: 'Kind' },
      { key: 'production', name: 'Production' },
      { key: 'alias', name: 'Alias' },
      { key: 'sandbox', name: 'Sandbox' },
      { key: 'username', name: 'Username' },
      { key: 'state', name: 'State' },
      { key: 'lastLogin', name: 'Last login' },
      { key: 'layer', name: 'Layer', plain: 'global' },
      { key: 'check', name: 'Production says' },
    ],
    data,
  );
  return { data, columns };
}

/** What stands below the table of `--check`: for each kind of trouble what it means and what to do, and which sandboxes have it. */
export function checkAdvice(orgs: readonly OrgRow[], unasked: readonly Unasked[]): string[] {
  const checked = [...orgs].sort(inOrder(productionNames(orgs))).filter(({ check }) => check !== undefined);
  const having = (has: (check: SandboxCheck) => boolean): OrgRow[] =>
    checked.filter(({ check }) => check && has(check));
  const lines = advised.flatMap((problem) => {
    const rows = having((check) => check.problem === problem && check.byKeyAlone === null);
    return rows.length === 0 ? [] : [advice(`advice.${problem}`, rows)];
  });
  for (const by of ['untried', 'worked'] as const) {
    const rows = having(({ byKeyAlone }) => byKeyAlone === by);
    if (rows.length > 0) lines.push(advice(`advice.by-key-${by}`, rows));
  }
  const coming = checked.filter((row) => row.check?.problem === 'SandboxNotReady' && isCopiedByAnother(row));
  if (coming.length > 0) lines.push(advice('advice.copying-for-another', coming));
  for (const { alias, sandboxName, check, productionUsername } of having(
    ({ problem }) => problem === 'SandboxRenamed',
  )) {
    const [name = '', now = '', production = '', old = ''] = valuesToShow([
      alias,
      check?.nearest,
      productionUsername,
      alias ?? sandboxName,
    ]).map(String);
    const values = [name, now, shellWord(now), shellWord(production), shellWord(old)];
    lines.push(messages.getMessage('advice.SandboxRenamed', values));
  }
  const refreshed = having(({ problem, refreshed: is }) => problem === null && is === true);
  if (refreshed.length > 0) lines.push(advice('advice.refreshed', refreshed));
  return [...lines, ...unasked.map(unaskedLine)];
}

/** Kinds of trouble for which one sentence serves all sandboxes that have it. */
const advised = [
  'SandboxNotFound',
  'SandboxDeleted',
  'SandboxNotReady',
  'NotSandboxCreator',
] as const satisfies FailureName[];

/** Whether another user than the registered one asked for the newest copy: production will vouch for that user alone. */
function isCopiedByAnother({ check, productionUsername }: OrgRow): boolean {
  const { copiedBy = null } = check ?? {};
  return copiedBy !== null && !sameName(copiedBy, productionUsername ?? '');
}

/** The sentence for these sandboxes; `%s` is their names, with the other user who made each, then the flags that name them. */
function advice(
  key: `advice.${(typeof advised)[number] | 'by-key-untried' | 'by-key-worked' | 'copying-for-another' | 'refreshed'}`,
  rows: readonly OrgRow[],
): string {
  const names = rows.map(({ alias, sandboxName }) => showable(alias ?? sandboxName ?? ''));
  const owned = rows.map((row, at) =>
    isCopiedByAnother(row) ? `${names[at] ?? ''}: ${showable(row.check?.copiedBy ?? '', 100)}` : (names[at] ?? ''),
  );
  return messages.getMessage(key, [
    owned.join(', '),
    names.map((name) => `--sandbox-name ${shellWord(name)}`).join(' '),
  ]);
}

function unaskedLine({ productionUsername, failure }: Unasked): string {
  const { message, actions } = failureText(failure);
  const [first = ''] = actions;
  const values = [showable(productionUsername), failure.name, message.replaceAll('\n', ' '), first];
  return messages.getMessage('advice.unasked', values);
}

/** What production says, in a few words. */
function checkWords({ problem, sandboxStatus, nearest, refreshed, byKeyAlone }: SandboxCheck): string {
  if (byKeyAlone !== null) return messages.getMessage(`check.by-key-${byKeyAlone}`);
  const values = valuesToShow([problem === 'SandboxNotReady' ? sandboxStatus : nearest]);
  switch (problem) {
    case null:
      return messages.getMessage(refreshed ? 'check.refreshed' : 'check.ready');
    case 'SandboxNotFound':
      return messages.getMessage(nearest === null ? 'check.SandboxNotFound' : 'check.nearest', values);
    case 'SandboxRenamed':
    case 'SandboxDeleted':
    case 'SandboxNotReady':
    case 'NotSandboxCreator':
      return messages.getMessage(`check.${problem}`, values);
    default:
      return messages.getMessage('check.unasked');
  }
}

/** The name of a sandbox's production org, when sandboxes of several are there; else nothing. */
function productionNames(orgs: readonly OrgRow[]): (org: OrgRow) => string {
  const usernames = new Set(orgs.flatMap(({ productionUsername }) => productionUsername?.toLowerCase() ?? []));
  if (usernames.size < 2) return () => '';
  return ({ productionUsername }) =>
    orgs.find(({ kind, username }) => kind === 'production' && sameName(username, productionUsername ?? ''))?.alias ??
    productionUsername ??
    '';
}

function inOrder(productionOf: (org: OrgRow) => string): (one: OrgRow, other: OrgRow) => number {
  const kinds: ReadonlyArray<OrgRow['kind']> = ['production', 'jit', 'traditional'];
  const name = ({ alias, username }: OrgRow): string => alias ?? username;
  return (one, other) =>
    kinds.indexOf(one.kind) - kinds.indexOf(other.kind) ||
    productionOf(one).localeCompare(productionOf(other), 'en') ||
    name(one).localeCompare(name(other), 'en', { numeric: true });
}

/** A sandbox whose username is production's with its name at the end, as in nearly all of them. */
function isExpected({ alias, sandboxName, username, productionUsername }: OrgRow): boolean {
  if (alias === null || sandboxName === null || productionUsername === null) return false;
  return sameName(username, expectedSandboxUsername(productionUsername, sandboxName));
}
