import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** How a command ends that a signal ended, as shells say it. */
const endings = { SIGINT: 130, SIGBREAK: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Lets a signal, and Ctrl-C or Ctrl-D at a question, end this process at once and in one line. SfCommand's own listeners throw, which
 * Node shows as a crash, with its stack and exit code 1; and a question that is broken off is an error to sf (sf-plugins-core,
 * `SfCommand._run`; inquirer, `ExitPromptError`). Called before both are there, because whoever listens first comes first. Files are replaced
 * whole or not at all, so there is nothing to clean up. `exec` and `emulator start` take the signals over.
 */
export function endWhenInterrupted(): void {
  for (const [signal, exitCode] of Object.entries(endings)) {
    process.once(signal, () => {
      end(exitCode);
    });
  }
  // a question reads keys: then the terminal makes no signal of Ctrl-C
  if (!isatty(0)) return;
  process.stdin.on('keypress', (_text: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && (key.name === 'c' || key.name === 'd')) end(endings.SIGINT);
  });
}

function end(exitCode: number): never {
  try {
    // not one of messages/, because nothing must be loaded for it; a list to choose from hides the cursor
    writeSync(2, `${isatty(2) ? '\u001b[?25h' : ''}\nInterrupted.\n`);
  } catch {
    // the terminal is gone
  }
  process.exit(exitCode);
}
