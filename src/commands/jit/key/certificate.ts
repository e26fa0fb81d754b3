import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { certificateFlags, certificateSubject } from '../../../flags/certificateFlags.js';
import { nonEmpty } from '../../../flags/orgFlags.js';
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
      parse: nonEmpty,
      char: 'd',
      summary: messages.getMessage('flags.output-dir.summary'),
      default: 'certs',
    }),
    ...certificateFlags,
  };

  public async run(): Promise<JitKeyCertificateResult> {
    const { flags } = await this.parse(JitKeyCertificate);
    const created = await keys.createCertificate(
      {
        outputDir: flags['output-dir'],
        days: flags.days,
        subject: certificateSubject(flags),
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
