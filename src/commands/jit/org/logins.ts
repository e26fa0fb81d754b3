import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { ShownEvent, ShownLogin } from '../../../loginHistory/loginHistoryView.js';
import { loginHistoryResult, loginNotes, loginTable } from '../../../loginHistory/loginHistoryView.js';
import { nonEmpty, productionOrg } from '../../../flags/orgFlags.js';
import { credentialVariables, productionOrgVariable } from '../../../terminal/helpSections.js';
import { loginHistory } from '../../../wiring/loginHistory.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showTable } from '../../../wiring/table.js';
import { showWaiting } from '../../../wiring/waiting.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.logins');

export type JitOrgLoginsResult = RequestMark & {
  logins: ShownLogin[];
  /** What this machine remembers to have done: the last login to the sandbox, the last failure. */
  thisMachine: ShownEvent[];
};

export default class JitOrgLogins extends SfCommand<JitOrgLoginsResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
    'sandbox-name': Flags.string({
      char: 'n',
      summary: messages.getMessage('flags.sandbox-name.summary'),
      parse: nonEmpty,
    }),
    limit: Flags.integer({ summary: messages.getMessage('flags.limit.summary'), min: 1, max: 200, default: 20 }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public async run(): Promise<JitOrgLoginsResult> {
    const { flags } = await this.parse(JitOrgLogins);
    const { 'production-org': production, 'sandbox-name': sandbox, limit } = flags;
    const history = await showWaiting(this).during(messages.getMessage('waiting'), () =>
      loginHistory.read({ production, sandbox, limit }),
    );
    if (history.rows.length === 0) this.log(messages.getMessage('none'));
    else showTable(this, loginTable(history.rows));
    const notes = loginNotes(history);
    if (notes.length > 0) this.log(notes.join('\n'));
    return { ...loginHistoryResult(history), ...requestMark() };
  }
}
