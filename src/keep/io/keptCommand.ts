import { spawn } from 'node:child_process';
import type { CommandEnd } from '../../exec/commandRun.js';
import { forwardedSignals, comesFromTerminal, endOfCommand, endOfSignal } from '../../exec/io/commands.js';
import type { Program } from '../../programs/io/findProgram.js';

const windows = process.platform === 'win32';

/** Milliseconds between two looks at whether the parent process is still there. */
const parentCheck = 2000;

/**
 * The signals of this process, from now on: they go to the command while one runs, and else end the keeper.
 */
export class KeeperLife {
  private pass: ((signal: NodeJS.Signals) => void) | undefined;
  private end: (end: CommandEnd) => void = () => undefined;
  /** How the keeper was told to end, when no command was there to be told. */
  private readonly told = new Promise<CommandEnd>((resolve) => (this.end = resolve));

  public constructor() {
    for (const signal of forwardedSignals) {
      // SfCommand's own listeners would end this process at once, and the command would live on
      process.removeAllListeners(signal);
      process.on(signal, () => {
        if (this.pass) this.pass(signal);
        else this.end(endOfSignal(signal));
      });
    }
  }

  /** Waits for the work, or until the keeper is told to end. @returns how, if it was */
  public async orTold(work: Promise<void>): Promise<CommandEnd | undefined> {
    return Promise.race([work.then(() => undefined), this.told]);
  }

  /**
   * Runs the command with this process's own standard input and outputs, to its end. Its exit decides: it also gets the signals.
   *
   * @param env all of its environment
   * @throws CommandNotRunnable
   */
  public async run({ file, args, verbatim }: Program, name: string, env: NodeJS.ProcessEnv): Promise<CommandEnd> {
    const child = spawn(file, args, { stdio: 'inherit', env, windowsVerbatimArguments: verbatim });
    this.pass = (signal) => {
      // Windows has no signals: its console tells every program by itself, and `kill` would end the command at once
      if (!windows && !comesFromTerminal(signal)) child.kill(signal);
    };
    try {
      return await endOfCommand(child, name);
    } finally {
      this.pass = undefined;
    }
  }

  /** Waits until the keeper is told to end, or its terminal or whoever else started it is gone. */
  public async untilTold(): Promise<CommandEnd> {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid !== parent) this.end(endOfSignal('SIGHUP'));
    }, parentCheck);
    try {
      return await this.told;
    } finally {
      clearInterval(watch);
    }
  }
}
