import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { showable, valuesToShow } from '../../../failures/untrustedText.js';
import { isMeant } from '../../../terminal/confirmation.js';
import { failureText } from '../../../failures/failureView.js';
import { jit } from '../../../wiring/jit.js';
import { sandboxNames } from '../../../flags/orgFlags.js';
import { showWaiting } from '../../../wiring/waiting.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.unregister');

export type JitSandboxUnregisterResult = {
  sandboxes: Array<{
    sandboxName: string;
    alias: string;
    username: string;
    productionUsername: string;
    loggedOut: boolean;
  }>;
};

export default class JitSandboxUnregister extends SfCommand<JitSandboxUnregisterResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'sandbox-name': sandboxNames({ summary: messages.getMessage('flags.sandbox-name.summary') }),
    all: Flags.boolean({ summary: messages.getMessage('flags.all.summary'), exactlyOne: ['sandbox-name', 'all'] }),
    logout: Flags.boolean({ summary: messages.getMessage('flags.logout.summary'), default: false }),
    'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public async run(): Promise<JitSandboxUnregisterResult> {
    const { flags } = await this.parse(JitSandboxUnregister);
    const found = await jit.findSandboxesToUnregister(flags.all ? 'all' : (flags['sandbox-name'] ?? []));
    const names = found.map(({ sandboxName }) => showable(sandboxName)).join(', ');
    const noPrompt = flags['no-prompt'] || found.length === 0;
    const message = messages.getMessage('confirm', [names]);
    if (!(await isMeant(this, { noPrompt, canAsk: jit.canAsk(), message }))) return { sandboxes: [] };
    const words = flags.logout && found.length > 0 ? messages.getMessage('waiting') : undefined;
    const removed = await showWaiting(this).during(words, () => jit.unregisterSandboxes(found, flags.logout));
    if (removed.length === 0) this.log(messages.getMessage('none'));
    for (const { sandboxName, loggedOut, logoutFailure } of removed) {
      const shown = valuesToShow([sandboxName]);
      this.logSuccess(messages.getMessage(loggedOut ? 'success.logout' : 'success', shown));
      if (!logoutFailure) continue;
      const why = [...shown, logoutFailure.name, failureText(logoutFailure).message];
      this.warn(messages.getMessage(loggedOut ? 'not-revoked' : 'not-logged-out', why));
    }
    return {
      sandboxes: removed.map(({ sandboxName, alias, username, productionUsername, loggedOut }) => ({
        sandboxName,
        alias,
        username,
        productionUsername,
        loggedOut,
      })),
    };
  }
}
