import { Messages } from '@salesforce/core/messages';
import type { FailureName, JitFailure } from '../../failures/failures.js';
import type { LoginOutcome, LoginProgress, SandboxLogin } from './sandboxLogin.js';
import { otherWayLine } from './otherWayView.js';
import type { SandboxRegistration } from '../../registry/sandboxFields.js';
import { refreshWarning, refreshWords } from './refreshView.js';
import { toFailedLogin, isPassedOver } from './sandboxLogin.js';
import { joinNames } from '../../registry/registry.js';
import { showable, valuesToShow } from '../../failures/untrustedText.js';
import { failureText } from '../../failures/failureView.js';
import { shellWord } from '../../failures/shellWord.js';
import type { Waiting } from '../../terminal/waiting.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'sandboxLogins');

/** What of an `SfCommand` the view needs. */
type Screen = {
  logSuccess(message: string): void;
  logToStderr(message: string): void;
  warn(message: string): unknown;
  confirm(options: { message: string }): Promise<boolean>;
  jsonEnabled(): boolean;
};

/** One sandbox in the JSON result. */
export function loginEntry(outcome: LoginOutcome): SandboxLogin {
  if ('login' in outcome) {
    const { login, refusedFirst } = outcome;
    return refusedFirst ? { ...login, refusedFirst: refusedFirst.name } : login;
  }
  if ('failure' in outcome) return toFailedLogin(outcome.sandbox, 'failed', withName(outcome.failure));
  return toFailedLogin(outcome.sandbox, 'not-tried', withName(outcome.notTried));
}

function withName(failure: JitFailure): { name: string; message: string; actions: string[] } {
  return { name: failure.name, ...failureText(failure) };
}

/** How a registered sandbox is offered for a choice. */
export function sandboxChoice(sandbox: SandboxRegistration): { name: string; description: string } {
  const { alias, sandboxName, productionUsername } = sandbox;
  const name = alias === sandboxName ? alias : `${alias} (${sandboxName})`;
  return { name: showable(name, 100), description: showable(`${sandbox.username}, of ${productionUsername}`, 200) };
}

/** Shows logins while they go on: live on a terminal, a line each otherwise. */
export class LoginView {
  private failed = 0;

  /** @param mayAsk whether there is a terminal to ask on, at both ends, and the user did not forbid it */
  public constructor(
    private readonly screen: Screen,
    private readonly waiting: Waiting,
    private readonly mayAsk: boolean,
  ) {}

  /** Takes what is going on, and shows it. Failures are shown at the end, by `showFailures`. */
  public readonly show = (progress: LoginProgress): void => {
    switch (progress.kind) {
      case 'started':
        this.start(progress.sandboxes);
        return;
      case 'warning':
        this.screen.warn(showable(progress.text, 1000));
        return;
      case 'takes-alias': {
        const { alias, other } = progress;
        const [name, sandbox, production] = valuesToShow([alias, other.sandboxName, other.productionUsername]);
        const user = shellWord(showable(other.username));
        this.screen.warn(messages.getMessage('takes-alias', [name, sandbox, production, user]));
        return;
      }
      case 'waiting':
        this.showPause(progress);
        return;
      case 'finished':
        this.finish(progress);
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
    if (!this.mayAsk || this.screen.jsonEnabled()) return outcomes;
    const agreed: string[] = [];
    for (const outcome of outcomes) {
      if (!('failure' in outcome) || outcome.failure.name !== 'TraditionalOrgStored') continue;
      const { user } = outcome.failure.facts;
      const message = messages.getMessage('replace', valuesToShow([user, outcome.sandbox]));
      if (await this.screen.confirm({ message })) agreed.push(outcome.sandbox);
    }
    if (agreed.length === 0) return outcomes;
    const replaced = new Map((await again(agreed)).map((outcome) => [outcome.sandbox, outcome]));
    return outcomes.map((outcome) => replaced.get(outcome.sandbox) ?? outcome);
  }

  /** The failures of several logins, each with its actions; what was not tried, in one line for each reason; and a line that sums it up. */
  public showFailures(outcomes: readonly LoginOutcome[]): void {
    if (this.screen.jsonEnabled()) return;
    for (const outcome of outcomes) {
      if (!('failure' in outcome)) continue;
      const { message, actions } = failureText(outcome.failure);
      const text = [
        messages.getMessage('failed', [showable(outcome.sandbox), outcome.failure.name, message]),
        ...actions,
      ];
      this.screen.logToStderr(`${text.join('\n  ')}\n`);
    }
    this.showNotTried(outcomes);
    if (outcomes.length > 1) this.screen.logToStderr(summary(outcomes));
  }

  private showNotTried(outcomes: readonly LoginOutcome[]): void {
    const names = new Map<FailureName, string[]>();
    for (const outcome of outcomes) {
      if (!('notTried' in outcome)) continue;
      const { name } = outcome.notTried;
      const others = names.get(name);
      if (others) others.push(outcome.sandbox);
      else names.set(name, [outcome.sandbox]);
    }
    for (const [reason, sandboxes] of names) {
      const all = showable(joinNames(sandboxes), 500);
      this.screen.logToStderr(
        reason === 'TraditionalOrgStored'
          ? messages.getMessage('passed-over', [all, shellWord(showable(sandboxes[0] ?? ''))])
          : messages.getMessage('not-tried', [sandboxes.length, reason, all]),
      );
    }
  }

  private start(sandboxes: readonly string[]): void {
    const [first, ...others] = sandboxes;
    if (first === undefined) return;
    this.failed = 0;
    this.waiting.start(
      others.length === 0
        ? messages.getMessage('started.one', [showable(first)])
        : messages.getMessage('started', [sandboxes.length]),
    );
  }

  /** One line beside the spinner, all that is known where lines stay. */
  private showPause({ seconds, sandbox, failure }: LoginProgress & { kind: 'waiting' }): void {
    const { message } = failureText(failure);
    const line = (text: string): string => messages.getMessage('waiting', [seconds, showable(sandbox), text]);
    this.waiting.say(line(message.split('\n')[0] ?? ''), line(message));
  }

  private finish({ outcome, done, of }: LoginProgress & { kind: 'finished' }): void {
    if (!('login' in outcome)) this.failed += 1;
    const isLast = done === of;
    // what is said of several stands above the spinner, of a single one below
    if (isLast && of === 1) this.waiting.stop(this.failed > 0 ? messages.getMessage('stopped') : undefined);
    else this.waiting.say(messages.getMessage('done', [done, of]));
    this.showOutcome(outcome);
    if (isLast && of > 1) {
      this.waiting.stop(this.failed > 0 ? messages.getMessage('stopped.some', [of - this.failed, of]) : undefined);
    }
  }

  private showOutcome(outcome: LoginOutcome): void {
    if (!('login' in outcome)) return;
    const { login, refusedFirst } = outcome;
    const otherWay = otherWayLine(login.sandboxName, login, refusedFirst);
    if (otherWay !== undefined) this.screen.warn(otherWay);
    const key =
      login.status === 'already-logged-in' ? 'already-logged-in' : login.refreshed ? 'refreshed' : 'logged-in';
    const name = shellWord(showable(login.alias ?? login.username));
    const refresh = login.refreshed ? [refreshWords(login)] : [];
    const values = [...valuesToShow([login.sandboxName, ...refresh, login.username, login.orgId]), name];
    this.screen.logSuccess(messages.getMessage(key, values));
    const warning = login.refreshed ? refreshWarning(login, refusedFirst) : undefined;
    if (warning !== undefined) this.screen.warn(warning);
  }
}

function summary(outcomes: readonly LoginOutcome[]): string {
  const meant = outcomes.filter((outcome) => !isPassedOver(outcome));
  const worked = meant.filter((outcome) => 'login' in outcome).length;
  const failed = meant.flatMap((outcome) => ('failure' in outcome ? [outcome.sandbox] : []));
  return failed.length === 0
    ? messages.getMessage('summary', [worked, meant.length])
    : messages.getMessage('summary.failed', [worked, meant.length, showable(joinNames(failed), 500)]);
}
