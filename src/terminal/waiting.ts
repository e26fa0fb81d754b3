import type { SfCommand } from '@salesforce/sf-plugins-core';

/** What of a command is needed to show what it waits for. */
export type WaitingScreen = Pick<SfCommand<unknown>, 'jsonEnabled' | 'logToStderr'> & {
  readonly spinner: Pick<SfCommand<unknown>['spinner'], 'start' | 'stop' | 'status'>;
};

/** What has to be known of the machine for it. */
export type WaitingMachine = {
  /** Whether standard error is a terminal. */
  readonly isTerminal: boolean;
  /** Does something once that much time has passed. @returns what calls it off */
  readonly after: (milliseconds: number, then: () => void) => () => void;
};

/** How long nobody needs to hear anything where there is no spinner. */
const quietMs = 2000;

/**
 * Shows what a command waits for, on standard error: a spinner on a terminal, at once; elsewhere one line, and only if it takes long.
 * Nothing with `--json`. When the command fails meanwhile, sf ends the spinner (sf-plugins-core, `SfCommand.catch`).
 */
export class Waiting {
  private started: string | undefined;
  private callOff: () => void = () => undefined;

  public constructor(
    private readonly screen: WaitingScreen,
    private readonly machine: WaitingMachine,
  ) {}

  /** @param words what is being done, without a full stop */
  public start(words: string): void {
    if (this.screen.jsonEnabled()) return;
    this.started = words;
    if (this.machine.isTerminal) this.screen.spinner.start(words);
    else {
      this.callOff = this.machine.after(quietMs, () => {
        this.screen.logToStderr(`${words}...`);
      });
    }
  }

  /**
   * Shows how it goes.
   *
   * @param line the same for where lines stay; nothing if left out
   */
  public say(status: string, line?: string): void {
    if (this.started === undefined) return;
    if (this.machine.isTerminal) this.screen.spinner.status = status;
    else if (line !== undefined) {
      this.callOff();
      this.screen.logToStderr(line);
    }
  }

  /** Has a line written while the waiting goes on, above a spinner that leaves nothing behind; elsewhere that line is as good as the words. */
  public aside(write: () => void): void {
    this.callOff();
    const { started } = this;
    const isDrawn = started !== undefined && this.machine.isTerminal;
    if (isDrawn) this.screen.spinner.stop();
    write();
    if (isDrawn) this.screen.spinner.start(started);
  }

  /** @param ending how it went; `done` unless given */
  public stop(ending?: string): void {
    this.callOff();
    if (this.started !== undefined && this.machine.isTerminal) this.screen.spinner.stop(ending);
    this.started = undefined;
  }

  /**
   * Shows what is waited for while `work` goes on.
   *
   * @param words left out when `work` calls {@link start} itself, after a question for example
   */
  public async during<T>(words: string | undefined, work: () => Promise<T>): Promise<T> {
    if (words !== undefined) this.start(words);
    try {
      const result = await work();
      this.stop();
      return result;
    } finally {
      this.callOff();
      this.started = undefined;
    }
  }
}
