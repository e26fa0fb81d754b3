import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { isMeant } from '../../../terminal/confirmation.js';
import type { EnvironmentResult } from '../../../environments/environmentView.js';
import { environmentResult } from '../../../environments/environmentView.js';
import { environments } from '../../../wiring/environments.js';
import { jit } from '../../../wiring/jit.js';
import { nonEmpty } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.environment.delete');

export type JitEnvironmentDeleteResult = {
  /** The environment that was deleted; null when the question was answered with no. */
  environment: EnvironmentResult | null;
};

export default class JitEnvironmentDelete extends SfCommand<JitEnvironmentDeleteResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    name: Flags.string({ summary: messages.getMessage('flags.name.summary'), required: true, parse: nonEmpty }),
    'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public async run(): Promise<JitEnvironmentDeleteResult> {
    const { flags } = await this.parse(JitEnvironmentDelete);
    const { environment } = await environments.find(flags.name);
    const message = messages.getMessage('confirm', [environment.name, environment.sandboxName]);
    const noPrompt = flags['no-prompt'];
    if (!(await isMeant(this, { noPrompt, canAsk: jit.canAsk(), message }))) return { environment: null };
    const deleted = await environments.delete(environment.name);
    this.logSuccess(messages.getMessage(`success.${deleted.layer}`, [deleted.name]));
    return { environment: environmentResult(deleted) };
  }
}
