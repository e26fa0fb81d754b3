import { Messages } from '@salesforce/core/messages';
import { SfError } from '@salesforce/core/sfError';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type {
  CredentialFormat,
  CredentialType,
  ShownCredential,
} from '../../../sandboxes/credentials/credentialToShow.js';
import { formatCredential, maskLine, secretsOf } from '../../../sandboxes/credentials/credentialToShow.js';
import { valuesToShow } from '../../../failures/untrustedText.js';
import { credentialExitCodes, credentialVariables, productionOrgVariable } from '../../../terminal/helpSections.js';
import { otherWayNotStored } from '../../../sandboxes/login/otherWayView.js';
import { jit } from '../../../wiring/jit.js';
import { showWaiting } from '../../../wiring/waiting.js';
import { productionOrg, sandboxName } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.show-credentials');

/** How long the question waits for an answer; as in sf org auth show-access-token. */
const answerWithinMs = 30_000;

export type JitSandboxShowCredentialsResult = ShownCredential;

export default class JitSandboxShowCredentials extends SfCommand<JitSandboxShowCredentialsResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'sandbox-name': sandboxName({ summary: messages.getMessage('flags.sandbox-name.summary') }),
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
    'auth-type': Flags.option({
      options: ['access-token', 'sfdx-auth-url'] as const satisfies CredentialType[],
      default: 'access-token' as const,
      summary: messages.getMessage('flags.auth-type.summary'),
    })(),
    format: Flags.option({
      options: ['text', 'json', 'env'] as const satisfies CredentialFormat[],
      default: 'text' as const,
      summary: messages.getMessage('flags.format.summary'),
      description: messages.getMessage('flags.format.description'),
    })(),
    'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public static readonly configurationVariablesSection = toHelpSection(
    'CONFIGURATION VARIABLES',
    productionOrgVariable,
  );

  public static readonly errorCodes = toHelpSection('ERROR CODES', credentialExitCodes);

  public async run(): Promise<JitSandboxShowCredentialsResult> {
    const { flags } = await this.parse(JitSandboxShowCredentials);
    const type = flags['auth-type'];
    const request = { sandbox: flags['sandbox-name'], production: flags['production-org'], type };
    const waiting = showWaiting(this);
    const { credential, signedIn } = await waiting.during(undefined, () =>
      jit.showCredentials(request, async (username) => {
        const consent = await this.consent(type, username, flags['no-prompt']);
        if (consent === 'yes') waiting.start(messages.getMessage('waiting', valuesToShow([request.sandbox])));
        return consent;
      }),
    );
    const otherWay = otherWayNotStored(request.sandbox, signedIn);
    if (otherWay !== undefined) this.warn(otherWay);
    await this.mask(secretsOf(credential), flags.format);
    this.show(credential, flags.format);
    return credential;
  }

  private async consent(type: CredentialType, username: string, noPrompt: boolean): Promise<'yes' | { no: string }> {
    if (this.jsonEnabled() || noPrompt) {
      this.warn(messages.getMessage(`warning.${type}`));
      return 'yes';
    }
    if (!jit.canAsk()) return { no: messages.getMessage('no-terminal') };
    const message = messages.getMessage(`prompt.${type}`, valuesToShow([username]));
    if (await this.confirm({ message, ms: answerWithinMs })) return 'yes';
    // as stock sf ends: a line and exit code 1, so that a script does not go on without the credential (plugin-org, show-access-token)
    throw new SfError(messages.getMessage('denied', valuesToShow([username])), 'NotConfirmed');
  }

  /** On standard output, so that the mask comes first for certain, unless a program reads that. */
  private async mask(secrets: string[], format: CredentialFormat): Promise<void> {
    if (this.jsonEnabled() || format !== 'text') await jit.maskOnStandardError(secrets);
    else if (jit.masksSecrets()) this.log(secrets.map(maskLine).join('\n'));
  }

  /** A line each and no table, which would break a long secret over several. */
  private show(credential: ShownCredential, format: CredentialFormat): void {
    if (format !== 'text') {
      this.log(formatCredential(credential, format));
      return;
    }
    for (const [field, value] of Object.entries(credential)) this.log(messages.getMessage(`shown.${field}`, [value]));
  }
}
