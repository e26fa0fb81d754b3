import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { OrgRow, SandboxCheck } from '../../../sandboxes/list/orgRow.js';
import { credentialVariables } from '../../../terminal/helpSections.js';
import { loadTables, shownRows } from '../../../terminal/tables.js';
import { jit } from '../../../wiring/jit.js';
import { waitingOf } from '../../../wiring/waiting.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.list');

export type JitSandboxListResult = { orgs: OrgRow[] };

export default class JitSandboxList extends SfCommand<JitSandboxListResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    check: Flags.boolean({ summary: messages.getMessage('flags.check.summary'), default: false }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public async run(): Promise<JitSandboxListResult> {
    const { flags } = await this.parse(JitSandboxList);
    const orgs = flags.check
      ? await waitingOf(this).during(messages.getMessage('waiting'), () => jit.listOrgs(true))
      : await jit.listOrgs(false);
    if (orgs.length === 0) this.log(messages.getMessage('none'));
    else {
      await loadTables();
      this.table({
        data: shownRows(
          orgs.map((org) => ({
            kind: messages.getMessage(`kind.${org.kind}`),
            alias: org.alias ?? '',
            sandbox: org.sandboxName ?? '',
            username: org.username,
            state: messages.getMessage(`state.${org.state}`),
            lastLogin: org.lastLogin ?? '',
            layer: org.layer ?? '',
            check: checkWords(org.check),
          })),
        ),
        columns: [
          { key: 'kind', name: 'Kind' },
          { key: 'alias', name: 'Alias' },
          { key: 'sandbox', name: 'Sandbox' },
          { key: 'username', name: 'Username' },
          { key: 'state', name: 'State' },
          { key: 'lastLogin', name: 'Last login' },
          { key: 'layer', name: 'Layer' },
          ...(flags.check ? [{ key: 'check' as const, name: 'Production says' }] : []),
        ],
      });
    }
    return { orgs };
  }
}

/** What production says, in a few words. */
function checkWords(check: SandboxCheck | undefined): string {
  if (!check) return '';
  const { problem, sandboxStatus, nearest, refreshed } = check;
  const words = [
    problem ?? messages.getMessage('check.ready'),
    sandboxStatus !== null && sandboxStatus !== 'Completed' ? sandboxStatus : [],
    nearest === null
      ? []
      : messages.getMessage(problem === 'SandboxRenamed' ? 'check.renamed' : 'check.nearest', [nearest]),
    refreshed ? messages.getMessage('check.refreshed') : [],
  ];
  return words.flat().join(', ');
}
