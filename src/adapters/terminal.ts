import { createInterface } from 'node:readline/promises';
import type { Questions } from '../usecases/writeSfconnect.js';

/** Whether there is somebody to ask: both ends must be a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on standard error, so that standard output holds results only. */
export const terminal: Questions = {
  async ask(question, preset, problemOf) {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const interrupted = new AbortController();
    // In raw mode Ctrl-C is a key like any other; it must still end the command, with 130 (sf-plugins-core does that).
    lines.once('SIGINT', () => {
      interrupted.abort();
      process.kill(process.pid, 'SIGINT');
    });
    try {
      for (;;) {
        const suffix = preset === undefined ? '' : ` (${preset})`;
        const line = (await lines.question(`${question}${suffix}: `, { signal: interrupted.signal })).trim();
        const answer = line === '' && preset !== undefined ? preset : line;
        const problem = problemOf(answer);
        if (problem === undefined) return answer;
        process.stderr.write(`  ${problem}\n`);
      }
    } finally {
      lines.close();
    }
  },
};
