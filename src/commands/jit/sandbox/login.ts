import type { Interfaces } from '@oclif/core';
import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { SandboxLogin } from '../../../sandboxes/login/sandboxLogin.js';
import { loginExitCode } from '../../../sandboxes/login/sandboxLogin.js';
import { credentialVariables, loginVariables } from '../../../terminal/helpSections.js';
import { loginEntry, LoginView, sandboxChoice } from '../../../sandboxes/login/loginView.js';
import { failureWith } from '../../../wiring/failureText.js';
import { jit } from '../../../wiring/jit.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showWaiting } from '../../../wiring/waiting.js';
import { nonEmpty, productionOrg, refuseNegative } from '../../../flags/orgFlags.js';
import { loginFlags } from '../../../flags/loginFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.login');

export type JitSandboxLoginResult = RequestMark & { sandboxes: SandboxLogin[] };

export default class JitSandboxLogin extends SfCommand<JitSandboxLoginResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'sandbox-name': Flags.string({
      parse: nonEmpty,
      char: 'n',
      summary: messages.getMessage('flags.sandbox-name.summary'),
      multiple: true,
      exclusive: ['all'],
    }),
    all: Flags.boolean({ summary: messages.getMessage('flags.all.summary') }),
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
    alias: Flags.string({ char: 'a', summary: messages.getMessage('flags.alias.summary'), exclusive: ['all'] }),
    'set-default': Flags.boolean({
      char: 's',
      summary: messages.getMessage('flags.set-default.summary'),
      exclusive: ['all'],
    }),
    ...loginFlags,
    user: Flags.string({ summary: messages.getMessage('flags.user.summary'), parse: nonEmpty }),
    concurrency: Flags.integer({
      min: 1,
      max: 50,
      default: 8,
      summary: messages.getMessage('flags.concurrency.summary'),
    }),
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public static readonly configurationVariablesSection = toHelpSection('CONFIGURATION VARIABLES', loginVariables);

  public static readonly errorCodes = toHelpSection('ERROR CODES', {
    '0': messages.getMessage('exit.0'),
    '1': messages.getMessage('exit.1'),
    '68': messages.getMessage('exit.68'),
    '69': messages.getMessage('exit.69'),
  });

  public async run(): Promise<JitSandboxLoginResult> {
    const { flags } = await this.parse(JitSandboxLogin);
    refuseNegative('--wait', flags.wait);
    const asks = !flags['no-prompt'] && !this.jsonEnabled() && jit.canAsk();
    const names = flags['sandbox-name'] ?? (flags.all || !asks ? [] : await this.choose());
    if (names.length === 0 && !flags.all) throw messages.createError('error.WhichSandbox', [], [], 2);
    if (names.length > 1 && (flags.alias !== undefined || flags['set-default'])) {
      throw messages.createError('error.OneSandbox', [], [], 2);
    }
    const view = new LoginView(this, showWaiting(this), jit.canAsk() && !flags['no-prompt']);
    const first = await jit.loginSandboxes(requestFrom(flags, flags.all ? 'all' : names), view.show);
    const outcomes = await view.replaceAfterAsking(first, (agreed) =>
      jit.loginSandboxes(requestFrom({ ...flags, replace: true }, agreed), view.show),
    );
    if (outcomes.length === 0) this.log(messages.getMessage('none'));
    const result = { sandboxes: outcomes.map(loginEntry), ...requestMark() };
    const [only, ...others] = outcomes;
    if (only && 'failure' in only && others.length === 0) throw failureWith(result, only.failure);
    view.showFailures(outcomes);
    process.exitCode = loginExitCode(outcomes);
    return result;
  }

  /** Lets the user choose among the registered sandboxes. None, if there is none. */
  private async choose(): Promise<string[]> {
    const sandboxes = await jit.registeredSandboxes();
    if (sandboxes.length === 0) throw messages.createError('error.NoneRegistered');
    const choices = sandboxes.map((sandbox) => ({ value: sandbox.alias, ...sandboxChoice(sandbox) }));
    return [await jit.choose(messages.getMessage('choose'), choices)];
  }
}

type LoginFlags = Interfaces.InferredFlags<typeof JitSandboxLogin.flags>;

function requestFrom(
  flags: LoginFlags,
  sandboxes: readonly string[] | 'all',
): Parameters<typeof jit.loginSandboxes>[0] {
  return {
    sandboxes,
    production: flags['production-org'],
    alias: flags.alias,
    setDefault: flags['set-default'],
    authType: flags['auth-type'],
    user: flags.user,
    replace: flags.replace,
    ifNeeded: flags['if-needed'],
    wait: flags.wait.milliseconds,
    concurrency: flags.concurrency,
    mayUseFoundFile: true,
  };
}
