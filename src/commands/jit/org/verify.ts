import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import { credentialFlagNames, credentialFlags } from '../../../flags/credentialFlags.js';
import { credentialVariables, productionOrgVariable } from '../../../terminal/helpSections.js';
import type { VerificationResult } from '../../../checks/verificationView.js';
import { verificationLines, verificationResult } from '../../../checks/verificationView.js';
import { failureWith } from '../../../wiring/failureText.js';
import { verification } from '../../../wiring/verify.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showWaiting } from '../../../wiring/waiting.js';
import { nonEmpty } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.verify');

export type JitOrgVerifyResult = VerificationResult & RequestMark;

export default class JitOrgVerify extends SfCommand<JitOrgVerifyResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'production-org': Flags.string({
      parse: nonEmpty,
      char: 'p',
      summary: messages.getMessage('flags.production-org.summary'),
      exclusive: credentialFlagNames,
    }),
    'config-file': Flags.string({ summary: messages.getMessage('flags.config-file.summary'), parse: nonEmpty }),
    ...credentialFlags,
    'instance-url': Flags.string({ char: 'r', summary: messages.getMessage('flags.instance-url.summary') }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public async run(): Promise<JitOrgVerifyResult> {
    const { flags } = await this.parse(JitOrgVerify);
    const verified = await showWaiting(this).during(messages.getMessage('waiting'), () =>
      verification.verifyOrg(flags),
    );
    const result = { ...verificationResult(verified), ...requestMark() };
    verificationLines(result).forEach((line) => {
      this.log(line);
    });
    if (!verified.authenticated) throw failureWith(result, verified.failure);
    return result;
  }
}
