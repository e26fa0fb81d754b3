import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { LoginOutcome, SandboxLogin } from '../../../sandboxes/login/sandboxLogin.js';
import { showable } from '../../../failures/untrustedText.js';
import { authTypeVariable, credentialVariables } from '../../../terminal/helpSections.js';
import { loginEntry, LoginView } from '../../../sandboxes/login/loginView.js';
import { environments } from '../../../wiring/environments.js';
import { failureWith } from '../../../wiring/failureText.js';
import { jit } from '../../../wiring/jit.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showWaiting } from '../../../wiring/waiting.js';
import { nonEmpty, refuseNegative } from '../../../flags/orgFlags.js';
import { loginFlags } from '../../../flags/loginFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.environment.login');

export type JitEnvironmentLoginResult = RequestMark & {
  environment: string;
  /** The branch that the environment was found by; null when it was named. */
  branch: string | null;
  /** Always one. */
  sandboxes: SandboxLogin[];
};

export default class JitEnvironmentLogin extends SfCommand<JitEnvironmentLoginResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    name: Flags.string({ summary: messages.getMessage('flags.name.summary'), parse: nonEmpty }),
    'set-default': Flags.boolean({ char: 's', summary: messages.getMessage('flags.set-default.summary') }),
    ...loginFlags,
  };

  public static readonly envVariablesSection = toHelpSection('ENVIRONMENT VARIABLES', credentialVariables);

  public static readonly configurationVariablesSection = toHelpSection('CONFIGURATION VARIABLES', authTypeVariable);

  public static readonly errorCodes = toHelpSection('ERROR CODES', {
    '0': messages.getMessage('exit.0'),
    '1': messages.getMessage('exit.1'),
    '69': messages.getMessage('exit.69'),
  });

  public async run(): Promise<JitEnvironmentLoginResult> {
    const { flags } = await this.parse(JitEnvironmentLogin);
    refuseNegative('--wait', flags.wait);
    const { environment, branch, login } = await environments.findToLogin(flags.name);
    const { name } = environment;
    if (branch !== null) this.log(messages.getMessage('chosen', [name, showable(branch)]));
    const view = new LoginView(this, showWaiting(this), jit.canAsk() && !flags['no-prompt']);
    const logIn = (replace: boolean): Promise<LoginOutcome[]> =>
      jit.loginSandboxes(
        {
          ...login,
          setDefault: flags['set-default'],
          authType: flags['auth-type'],
          replace,
          ifNeeded: flags['if-needed'],
          wait: flags.wait.milliseconds,
          concurrency: 1,
        },
        view.show,
      );
    const outcomes = await view.replaceAfterAsking(await logIn(flags.replace), () => logIn(true));
    const result = { environment: name, branch, sandboxes: outcomes.map(loginEntry), ...requestMark() };
    for (const outcome of outcomes) {
      if ('failure' in outcome) throw failureWith(result, outcome.failure);
    }
    return result;
  }
}
