import { isTerminal } from '../terminal/io/terminal.js';
import { passingSpinner } from '../terminal/io/passingSpinner.js';
import type { WaitingScreen } from '../terminal/waiting.js';
import { Waiting } from '../terminal/waiting.js';

/** After how many milliseconds a terminal shows what is waited for, where it leaves nothing behind. Loading this took as long before. */
const passingMs = 200;

/** What shows, for this command, what it waits for. */
export function showWaiting(screen: WaitingScreen): Waiting {
  return new Waiting(screen, {
    isTerminal: isTerminal(),
    after: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => {
        clearTimeout(timer);
      };
    },
  });
}

/**
 * The same, leaving nothing behind on a terminal: what comes after it belongs to another command.
 *
 * @param isSilent whether nothing is to be shown at all
 */
export function showPassingWaiting(isSilent: boolean, say: (line: string) => void): Waiting {
  return showWaiting({ jsonEnabled: () => isSilent, logToStderr: say, spinner: passingSpinner(passingMs) });
}
