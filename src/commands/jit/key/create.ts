import { shellWord } from '../../../failures/shellWord.js';
import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { certificateFlags, certificateSubject } from '../../../flags/certificateFlags.js';
import type { KeySize } from '../../../keys/keyPair.js';
import { keySizes } from '../../../keys/keyPair.js';
import { showable } from '../../../failures/untrustedText.js';
import { keys } from '../../../wiring/keys.js';
import { nonEmpty } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.key.create');

export type JitKeyCreateResult = {
  keyFile: string;
  certificateFile: string;
  keySize: number;
  /** SHA-256 of the certificate, hex digits in pairs with colons, as openssl prints it. */
  fingerprintSha256: string;
  /** ISO 8601: when the certificate expires. */
  expiresAt: string;
  subject: string;
  /** The .gitignore that names both files; null outside a git work tree. */
  gitignore: string | null;
};

export default class JitKeyCreate extends SfCommand<JitKeyCreateResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'output-dir': Flags.string({
      parse: nonEmpty,
      char: 'd',
      summary: messages.getMessage('flags.output-dir.summary'),
      default: 'certs',
    }),
    'key-size': Flags.option({ options: keySizes.map(String) })({
      summary: messages.getMessage('flags.key-size.summary'),
      default: '2048',
    }),
    ...certificateFlags,
  };

  public async run(): Promise<JitKeyCreateResult> {
    const { flags } = await this.parse(JitKeyCreate);
    const created = await keys.createKeyPair({
      outputDir: flags['output-dir'],
      days: flags.days,
      keySize: Number(flags['key-size']) as KeySize,
      subject: certificateSubject(flags),
    });
    this.logSuccess(messages.getMessage('success.key', [created.keyFile, created.keySize]));
    this.logSuccess(messages.getMessage('success.certificate', [created.certificateFile, created.expiresAt]));
    this.log(messages.getMessage('fingerprint', [created.fingerprintSha256, showable(created.subject)]));
    if (created.gitignore === null) this.warn(messages.getMessage('warning.noGit'));
    else this.log(messages.getMessage('gitignore', [created.gitignore]));
    this.log(`\n${messages.getMessage('next', [created.certificateFile, shellWord(showable(created.keyFile))])}`);
    return { ...created };
  }
}
