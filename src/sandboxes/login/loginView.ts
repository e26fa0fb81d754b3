import { Messages } from '@salesforce/core/messages';
import type { JitFailure } from '../../failures/failures.js';
import type { LoginOutcome, LoginProgress, SandboxLogin } from './sandboxLogin.js';
import type { SandboxRegistration } from '../../registry/registry.js';
import { failedLogin } from './sandboxLogin.js';
import { showable, shownValues } from '../../failures/untrustedText.js';
import { failureText } from '../../failures/failureView.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'sandboxLogins');

/** What of an `SfCommand` the view needs. */
type Screen = {
  logSuccess(message: string): void;
  logToStderr(message: string): void;
  warn(message: string): unknown;
  confirm(options: { message: string }): Promise<boolean>;
  jsonEnabled(): boolean;
  readonly spinner: {
    start(action: string, status?: string): void;
    stop(message?: string): void;
    status: string | undefined;
  };
};

/** One sandbox in the JSON result. */
export function loginEntry(outcome: LoginOutcome): SandboxLogin {
  if ('login' in outcome) {
    const { login, refusedFirst } = outcome;
    return refusedFirst ? { ...login, refusedFirst: refusedFirst.name } : login;
  }
  return failedLogin(outcome.sandbox, { name: outcome.failure.name, ...failureText(outcome.failure) });
}

/** How a registered sandbox is offered for a choice. */
export function sandboxChoice(sandbox: SandboxRegistration): { name: string; description: string } {
  const { alias, sandboxName, productionUsername } = sandbox;
  const name = alias === sandboxName ? alias : `${alias} (${sandboxName})`;
  return { name: showable(name, 100), description: showable(`${sandbox.username}, of ${productionUsername}`, 200) };
}

/** Shows logins while they go on: live on a terminal, a line each otherwise. */
export class LoginView {
  private readonly live: boolean;
  private readonly asks: boolean;
  private spinning = false;

  /**
   * @param terminal whether output goes to a terminal
   * @param canAsk whether there is a terminal to ask on, at both ends
   */
  public constructor(
    private readonly screen: Screen,
    terminal: boolean,
    canAsk: boolean,
  ) {
    this.live = terminal && !screen.jsonEnabled();
    this.asks = this.live && canAsk;
  }

  /** Takes what is going on, and shows it. Failures are shown at the end, by `showFailures`. */
  public readonly show = (progress: LoginProgress): void => {
    switch (progress.kind) {
      case 'started':
        if (this.live && progress.of > 1) this.spin(messages.getMessage('started', [progress.of]));
        return;
      case 'warning':
        this.screen.warn(showable(progress.text, 1000));
        return;
      case 'waiting':
        this.showStatus(
          messages.getMessage('waiting', [
            progress.seconds,
            showable(progress.sandbox),
            failureText(progress.failure).message,
          ]),
        );
        return;
      case 'finished':
        if (this.spinning) this.screen.spinner.status = messages.getMessage('done', [progress.done, progress.of]);
        if (progress.outcome) this.showOutcome(progress.outcome);
        if (this.spinning && progress.done === progress.of) this.stop();
    }
  };

  /**
   * Asks about logins that the user made, and repeats those that may be replaced. Asks nothing with `--json` or without a terminal.
   *
   * @param again logs in to these sandboxes, replacing
   */
  public async replaceAfterAsking(
    outcomes: LoginOutcome[],
    again: (sandboxes: string[]) => Promise<LoginOutcome[]>,
  ): Promise<LoginOutcome[]> {
    if (!this.asks) return outcomes;
    const agreed: string[] = [];
    for (const outcome of outcomes) {
      if (!('failure' in outcome) || outcome.failure.name !== 'TraditionalOrgStored') continue;
      const { user } = outcome.failure.facts;
      const message = messages.getMessage('replace', shownValues([user, outcome.sandbox]));
      if (await this.screen.confirm({ message })) agreed.push(outcome.sandbox);
    }
    if (agreed.length === 0) return outcomes;
    const replaced = new Map((await again(agreed)).map((outcome) => [outcome.sandbox, outcome]));
    return outcomes.map((outcome) => replaced.get(outcome.sandbox) ?? outcome);
  }

  /** The failures of several logins, each with its actions. */
  public showFailures(outcomes: readonly LoginOutcome[]): void {
    for (const outcome of outcomes) {
      if (!('failure' in outcome)) continue;
      const { message, actions } = failureText(outcome.failure);
      const text = [
        messages.getMessage('failed', [showable(outcome.sandbox), outcome.failure.name, message]),
        ...actions,
      ];
      if (!this.screen.jsonEnabled()) this.screen.logToStderr(`${text.join('\n  ')}\n`);
    }
  }

  private spin(action: string): void {
    this.spinning = true;
    this.screen.spinner.start(action);
  }

  private stop(): void {
    this.spinning = false;
    this.screen.spinner.stop();
  }

  private showStatus(status: string): void {
    if (this.spinning) this.screen.spinner.status = status;
    else if (this.live) this.spin(status);
    else if (!this.screen.jsonEnabled()) this.screen.logToStderr(status);
  }

  private showOutcome(outcome: LoginOutcome): void {
    if ('failure' in outcome) return;
    const { login, refusedFirst } = outcome;
    if (refusedFirst) this.screen.warn(refusal(login.sandboxName, login.authType, refusedFirst));
    const key =
      login.status === 'already-logged-in' ? 'already-logged-in' : login.refreshed ? 'refreshed' : 'logged-in';
    const name = login.alias ?? login.username;
    const values = shownValues([login.sandboxName, login.username, login.orgId, name]);
    this.screen.logSuccess(messages.getMessage(key, values));
  }
}

function refusal(sandbox: string, authType: string, refusedFirst: JitFailure): string {
  return messages.getMessage('refused-first', [showable(sandbox), authType, failureText(refusedFirst).message]);
}
