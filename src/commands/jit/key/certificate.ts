import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { showable } from '../../../failures/untrustedText.js';
import { keys } from '../../../wiring/keys.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.key.certificate');

export type JitKeyCertificateResult = {
  certificateFile: string;
  /** Of the key, in bits. */
  keySize: number;
  /** SHA-256 of the certificate, hex digits in pairs with colons, as openssl prints it. */
  fingerprintSha256: string;
  /** ISO 8601: when the certificate expires. */
  expiresAt: string;
  subject: string;
};

export default class JitKeyCertificate extends SfCommand<JitKeyCertificateResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'jwt-agent': Flags.string({
      summary: messages.getMessage('flags.jwt-agent.summary'),
      exactlyOne: ['jwt-agent', 'jwt-sign-command'],
    }),
    'jwt-sign-command': Flags.string({
      summary: messages.getMessage('flags.jwt-sign-command.summary'),
      dependsOn: ['public-key-file'],
    }),
    'public-key-file': Flags.string({
      summary: messages.getMessage('flags.public-key-file.summary'),
      dependsOn: ['jwt-sign-command'],
    }),
    'output-dir': Flags.string({
      char: 'd',
      summary: messages.getMessage('flags.output-dir.summary'),
      default: 'certs',
    }),
    days: Flags.integer({ summary: messages.getMessage('flags.days.summary'), default: 365, min: 1, max: 3650 }),
    'common-name': Flags.string({
      summary: messages.getMessage('flags.common-name.summary'),
      default: 'sf-plugin-jit',
    }),
    organization: Flags.string({ summary: messages.getMessage('flags.organization.summary') }),
    'organizational-unit': Flags.string({ summary: messages.getMessage('flags.organizational-unit.summary') }),
    country: Flags.string({ summary: messages.getMessage('flags.country.summary') }),
    state: Flags.string({ summary: messages.getMessage('flags.state.summary') }),
    locality: Flags.string({ summary: messages.getMessage('flags.locality.summary') }),
    email: Flags.string({ summary: messages.getMessage('flags.email.summary') }),
  };

  public async run(): Promise<JitKeyCertificateResult> {
    const { flags } = await this.parse(JitKeyCertificate);
    const { organization, country, state, locality, email } = flags;
    const created = await keys.createCertificate(
      {
        outputDir: flags['output-dir'],
        days: flags.days,
        subject: {
          commonName: flags['common-name'],
          organizationalUnit: flags['organizational-unit'],
          ...{ organization, country, state, locality, email },
        },
      },
      {
        'jwt-agent': flags['jwt-agent'],
        'jwt-sign-command': flags['jwt-sign-command'],
        'certificate-file': flags['public-key-file'],
      },
    );
    this.logSuccess(messages.getMessage('success', [created.certificateFile, created.expiresAt]));
    this.log(messages.getMessage('fingerprint', [created.fingerprintSha256, showable(created.subject)]));
    this.log(`\n${messages.getMessage('next', [created.certificateFile])}`);
    return { ...created };
  }
}
