import { shellWord } from '../../../failures/shellWord.js';
import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import { showable, valuesToShow } from '../../../failures/untrustedText.js';
import { credentialFlagNames, credentialFlags } from '../../../flags/credentialFlags.js';
import { credentialVariables } from '../../../terminal/helpSections.js';
import { productionOrgResult, registrationWarning } from '../../../production/productionOrgView.js';
import { jit } from '../../../wiring/jit.js';
import type { KeySource } from '../../../keys/keySource.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showWaiting } from '../../../wiring/waiting.js';
import { nonEmpty } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.register');

export type JitOrgRegisterResult = RequestMark & {
  username: string;
  alias: string | null;
  orgId: string;
  instanceUrl: string;
  loginUrl: string;
  clientId: string;
  callbackUrl: string | null;
  /** Where production's key is found; never the key. */
  key: KeySource;
  canManageSandboxes: boolean;
};

export default class JitOrgRegister extends SfCommand<JitOrgRegisterResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'target-org': Flags.string({
      parse: nonEmpty,
      // eslint-disable-next-line sf-plugin/dash-o -- it is target-org; not orgFlag, which would take the default org when absent
      char: 'o',
      summary: messages.getMessage('flags.target-org.summary'),
      exclusive: credentialFlagNames,
    }),
    'config-file': Flags.string({ summary: messages.getMessage('flags.config-file.summary'), parse: nonEmpty }),
    ...credentialFlags,
    'instance-url': Flags.string({ char: 'r', summary: messages.getMessage('flags.instance-url.summary') }),
    'callback-url': Flags.string({ summary: messages.getMessage('flags.callback-url.summary') }),
    alias: Flags.string({ char: 'a', summary: messages.getMessage('flags.alias.summary') }),
    'set-default': Flags.boolean({ char: 's', summary: messages.getMessage('flags.set-default.summary') }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public async run(): Promise<JitOrgRegisterResult> {
    const { flags } = await this.parse(JitOrgRegister);
    const { org, name, warnings } = await showWaiting(this).during(messages.getMessage('waiting'), () =>
      jit.registerProductionOrg(flags),
    );
    warnings.forEach((warning) => this.warn(registrationWarning(warning)));
    this.logSuccess(messages.getMessage('success', valuesToShow([name, org.username, org.orgId])));
    // without a key at hand, the next command would fail; the warning says what to do first
    const calledBy = org.alias ?? flags['target-org'] ?? org.username;
    if (org.key.source !== 'stdin') this.log(messages.getMessage('next', [shellWord(showable(calledBy))]));
    const canManageSandboxes = !warnings.some(({ kind }) => kind === 'cannot-manage-sandboxes');
    return { ...productionOrgResult(org), canManageSandboxes, ...requestMark() };
  }
}
