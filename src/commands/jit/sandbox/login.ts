import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { AuthType } from '../../../domain/storedOrg.js';
import type { SandboxLogin } from '../../../domain/sandboxLogin.js';
import { failedLogin } from '../../../domain/sandboxLogin.js';
import { failureText } from '../../../presentation.js';
import { jit } from '../../../wiring/jit.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.login');

export type JitSandboxLoginResult = { sandboxes: SandboxLogin[] };

export default class JitSandboxLogin extends SfCommand<JitSandboxLoginResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'sandbox-name': Flags.string({
      char: 'n',
      summary: messages.getMessage('flags.sandbox-name.summary'),
      required: true,
    }),
    'production-org': Flags.string({ char: 'p', summary: messages.getMessage('flags.production-org.summary') }),
    alias: Flags.string({ char: 'a', summary: messages.getMessage('flags.alias.summary') }),
    'set-default': Flags.boolean({ char: 's', summary: messages.getMessage('flags.set-default.summary') }),
    'auth-type': Flags.option({
      options: ['jwt', 'access-token', 'sfdx-auth-url'] as const satisfies AuthType[],
      summary: messages.getMessage('flags.auth-type.summary'),
    })(),
    replace: Flags.boolean({ summary: messages.getMessage('flags.replace.summary') }),
  };

  public async run(): Promise<JitSandboxLoginResult> {
    const { flags } = await this.parse(JitSandboxLogin);
    const { login, refusedFirst } = await withFailedResult(
      flags['sandbox-name'],
      jit.loginSandbox({
        sandbox: flags['sandbox-name'],
        production: flags['production-org'],
        alias: flags.alias,
        setDefault: flags['set-default'],
        authType: flags['auth-type'],
        replace: flags.replace,
      }),
    );
    if (refusedFirst)
      this.warn(messages.getMessage('warning.refused-first', [login.authType, failureText(refusedFirst).message]));
    if (login.refreshed) this.log(messages.getMessage('refreshed', [login.sandboxName]));
    this.logSuccess(
      messages.getMessage('success', [login.sandboxName, login.username, login.orgId, login.alias ?? login.username]),
    );
    return { sandboxes: [login] };
  }
}

/** `--json` has the same `result` whether the login worked or not (spec §4); sf adds the error's own fields beside it. */
async function withFailedResult<T>(sandboxName: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const result: JitSandboxLoginResult = { sandboxes: [failedLogin(sandboxName, error)] };
    throw Object.assign(error, { result });
  }
}
