import { isTerminal } from '../terminal/io/terminal.js';
import type { WaitingScreen } from '../terminal/waiting.js';
import { Waiting } from '../terminal/waiting.js';

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
