import { Messages } from '@salesforce/core/messages';
import { SfCommand } from '@salesforce/sf-plugins-core';
import type { OrgRow } from '../../../sandboxes/list/orgRow.js';
import { wayWords } from '../../../sandboxes/login/otherWayView.js';
import { jit } from '../../../wiring/jit.js';
import { showFields } from '../../../wiring/table.js';
import { sandboxName } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.display');
const listMessages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.list');

export type JitSandboxDisplayResult = OrgRow;

export default class JitSandboxDisplay extends SfCommand<JitSandboxDisplayResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'sandbox-name': sandboxName({ summary: messages.getMessage('flags.sandbox-name.summary') }),
  };

  public async run(): Promise<JitSandboxDisplayResult> {
    const { flags } = await this.parse(JitSandboxDisplay);
    const sandbox = await jit.displaySandbox(flags['sandbox-name']);
    showFields(this, [
      ['Sandbox', sandbox.sandboxName],
      ['Alias', sandbox.alias],
      ['Username', sandbox.username],
      ['Production org', sandbox.productionUsername],
      ['State', listMessages.getMessage(`state.${sandbox.state}`)],
      ['Last login', sandbox.lastLogin],
      ['Signed in by', sandbox.signedInBy && wayWords(sandbox.signedInBy)],
      ['Org ID', sandbox.orgId],
      ['Instance URL', sandbox.instanceUrl],
      ['Layer', sandbox.layer],
    ]);
    return sandbox;
  }
}
