import { showable } from '../../../failures/untrustedText.js';
import { shellWord } from '../../../failures/shellWord.js';
import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { defaultApiVersion } from '../../../production/sfconnect.js';
import { keys } from '../../../wiring/keys.js';
import { nonEmpty } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.config.init');

export type JitConfigInitResult = {
  file: string;
  instanceUrl: string;
  apiVersion: string;
  authType: 'jwt';
  tokenUrl: string;
  clientId: string;
  username: string;
  /** Relative to the file, or absolute. */
  privateKeyPath: string;
  algorithm: 'RS256';
  /** The .gitignore that names the file; null outside a git work tree. */
  gitignore: string | null;
};

export default class JitConfigInit extends SfCommand<JitConfigInitResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'instance-url': Flags.string({ char: 'r', summary: messages.getMessage('flags.instance-url.summary') }),
    'token-url': Flags.string({ summary: messages.getMessage('flags.token-url.summary') }),
    username: Flags.string({ summary: messages.getMessage('flags.username.summary') }),
    'client-id': Flags.string({ char: 'i', summary: messages.getMessage('flags.client-id.summary') }),
    'jwt-key-file': Flags.string({ char: 'f', summary: messages.getMessage('flags.jwt-key-file.summary') }),
    'api-version': Flags.string({
      summary: messages.getMessage('flags.api-version.summary'),
      default: defaultApiVersion,
    }),
    'output-dir': Flags.string({
      char: 'd',
      summary: messages.getMessage('flags.output-dir.summary'),
      default: '.',
      parse: nonEmpty,
    }),
    'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public async run(): Promise<JitConfigInitResult> {
    const { flags } = await this.parse(JitConfigInit);
    const { keyFileMissing, ...written } = await keys.writeSfconnect(
      {
        outputDir: flags['output-dir'],
        instanceUrl: flags['instance-url'],
        tokenUrl: flags['token-url'],
        username: flags.username,
        clientId: flags['client-id'],
        privateKeyPath: flags['jwt-key-file'],
        apiVersion: flags['api-version'],
      },
      !this.jsonEnabled() && !flags['no-prompt'],
    );
    this.logSuccess(messages.getMessage('success', [written.file]));
    if (written.gitignore === null) this.warn(messages.getMessage('warning.noGit'));
    if (keyFileMissing) this.warn(messages.getMessage('warning.noKey', [written.privateKeyPath]));
    this.log(messages.getMessage('next', [shellWord(showable(written.file))]));
    return written;
  }
}
