import { Messages } from '@salesforce/core/messages';
import { Flags, SfCommand, toHelpSection } from '@salesforce/sf-plugins-core';
import type { SandboxLogout } from '../../../sandboxes/logout/sandboxLogout.js';
import { logoutExitCode } from '../../../sandboxes/logout/sandboxLogout.js';
import { showable, valuesToShow } from '../../../failures/untrustedText.js';
import { logoutEntry } from '../../../sandboxes/logout/logoutView.js';
import { failureWith } from '../../../wiring/failureText.js';
import { jit } from '../../../wiring/jit.js';
import type { RequestMark } from '../../../wiring/requests.js';
import { requestMark } from '../../../wiring/requests.js';
import { showWaiting } from '../../../wiring/waiting.js';
import { productionOrg, sandboxNames } from '../../../flags/orgFlags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.logout');

export type JitSandboxLogoutResult = RequestMark & { sandboxes: SandboxLogout[] };

export default class JitSandboxLogout extends SfCommand<JitSandboxLogoutResult> {
  public static readonly summary = messages.getMessage('summary');
  public static readonly description = messages.getMessage('description');
  public static readonly examples = messages.getMessages('examples');

  public static readonly flags = {
    'sandbox-name': sandboxNames({ summary: messages.getMessage('flags.sandbox-name.summary') }),
    all: Flags.boolean({ summary: messages.getMessage('flags.all.summary'), exactlyOne: ['sandbox-name', 'all'] }),
    'production-org': productionOrg({ summary: messages.getMessage('flags.production-org.summary') }),
    'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public static readonly errorCodes = toHelpSection('ERROR CODES', {
    '0': messages.getMessage('exit.0'),
    '1': messages.getMessage('exit.1'),
    '68': messages.getMessage('exit.68'),
  });

  public async run(): Promise<JitSandboxLogoutResult> {
    const { flags } = await this.parse(JitSandboxLogout);
    const sandboxes = flags.all ? 'all' : (flags['sandbox-name'] ?? []);
    const found = await jit.findLogins({ sandboxes, production: flags['production-org'] });
    const usernames = found.targets.map(({ username }) => username);
    const ask = usernames.length > 0 && !flags['no-prompt'] && !this.jsonEnabled() && jit.canAsk();
    if (
      ask &&
      !(await this.confirm({
        message: messages.getMessage('confirm', [usernames.map((name) => showable(name)).join(', ')]),
      }))
    ) {
      return { sandboxes: [] };
    }
    const words = usernames.length > 0 ? messages.getMessage('waiting') : undefined;
    const outcomes = await showWaiting(this).during(words, () => jit.logoutSandboxes(found));
    if (outcomes.length === 0) this.log(messages.getMessage('none'));
    const result = { sandboxes: outcomes.map(logoutEntry), ...requestMark() };
    const [only, ...others] = outcomes;
    if (only?.status === 'failed' && others.length === 0) throw failureWith(result, only.failure);
    result.sandboxes.forEach((entry) => {
      this.show(entry);
    });
    process.exitCode = logoutExitCode(outcomes);
    return result;
  }

  private show({ status, revoked, error, ...login }: SandboxLogout): void {
    const [sandboxName, username] = valuesToShow([login.sandboxName, login.username]);
    if (status === 'not-logged-in') this.log(messages.getMessage('not-logged-in', [sandboxName]));
    else if (status === 'failed') {
      const text = [
        messages.getMessage('failed', [sandboxName, error?.name, error?.message]),
        ...(error?.actions ?? []),
      ];
      if (!this.jsonEnabled()) this.logToStderr(`${text.join('\n  ')}\n`);
    } else if (revoked) this.logSuccess(messages.getMessage('logged-out', [sandboxName, username]));
    else {
      this.logSuccess(messages.getMessage('logged-out.local', [sandboxName, username]));
      this.warn(messages.getMessage('not-revoked', [sandboxName, error?.name, error?.message]));
    }
  }
}
