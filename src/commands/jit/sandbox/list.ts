import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { Unasked } from '../../../sandboxes/list/orgListView.js';
import { checkAdvice, orgTable } from '../../../sandboxes/list/orgListView.js';
import type { OrgRow } from '../../../sandboxes/list/orgRow.js';
import { credentialVariables } from '../../../terminal/helpSections.js';
import { jit } from '../../../wiring/jit.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showTable } from '../../../wiring/table.js';
import { showWaiting } from '../../../wiring/waiting.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.list');

export type JitSandboxListResult = RequestMark & { orgs: OrgRow[] };

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
    const unasked: Unasked[] = [];
    const words = flags.check ? messages.getMessage('waiting') : undefined;
    const orgs = await showWaiting(this).during(words, () => jit.listOrgs(flags.check, (org) => unasked.push(org)));
    if (orgs.length === 0) this.log(messages.getMessage('none'));
    else {
      showTable(this, orgTable(orgs, flags.check));
      const advice = checkAdvice(orgs, unasked);
      if (advice.length > 0) this.log(`\n${advice.join('\n')}`);
    }
    return { orgs, ...requestMark() };
  }
}
