import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import { valuesToShow } from '../../../failures/untrustedText.js';
import { isMeant } from '../../../terminal/confirmation.js';
import { productionOrgVariable } from '../../../terminal/helpSections.js';
import { jit } from '../../../wiring/jit.js';
import { productionOrg } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.unregister');

export type JitOrgUnregisterResult = {
  /** Username of the org whose registration was removed; null when the question was answered with no. */
  username: string | null;
  /** Names of the sandboxes whose registrations were removed with it. */
  sandboxes: string[];
  /** Names of the environments that were removed with it, of this machine and of the project. */
  environments: string[];
};

export default class JitOrgUnregister extends SfCommand<JitOrgUnregisterResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
    cascade: Flags.boolean({ summary: messages.getMessage('flags.cascade.summary'), default: false }),
    'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public async run(): Promise<JitOrgUnregisterResult> {
    const { flags } = await this.parse(JitOrgUnregister);
    const found = await jit.findProductionOrgToUnregister(flags['production-org'], flags.cascade);
    const { org, sandboxes, environments } = found;
    const counts = valuesToShow([org.username, sandboxes.length, environments.length]);
    const message = messages.getMessage('confirm', counts);
    if (!(await isMeant(this, { noPrompt: flags['no-prompt'], canAsk: jit.canAsk(), message }))) {
      return { username: null, sandboxes: [], environments: [] };
    }
    await jit.unregisterProductionOrg(org.username, flags.cascade);
    this.logSuccess(messages.getMessage('success', counts));
    return {
      username: org.username,
      sandboxes: sandboxes.map(({ sandboxName }) => sandboxName),
      environments: environments.map(({ name }) => name),
    };
  }
}
