import { createInterface } from 'node:readline';
import type { Questions } from '../questions.js';

/** Whether there is somebody to ask: both ends must be a terminal (`isTTY` is undefined for anything else). */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Whether somebody watches what is going on. */
export function isTerminal(): boolean {
  return process.stderr.isTTY;
}

/** Lets the user choose one of several. The list is drawn on standard error. @throws ExitPromptError after Ctrl-C, as sf's own prompts do */
export async function choose(
  question: string,
  choices: ReadonlyArray<{ value: string; name: string; description: string }>,
): Promise<string> {
  const { default: select } = await import('@inquirer/select');
  return select({ message: question, choices, pageSize: 12 }, { output: process.stderr });
}

/** Lets `work` ask questions, on standard error, so that standard output holds results only. */
export async function withTerminal<T>(work: (questions: Questions) => Promise<T>): Promise<T> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let ended = false;
  lines.once('close', () => (ended = true));
  // One iterator for all questions: it keeps lines that were pasted ahead.
  const typed = lines[Symbol.asyncIterator]();
  try {
    return await work({
      async ask(question, preset, problemOf) {
        for (;;) {
          if (ended) return undefined;
          lines.setPrompt(`${question}${preset === undefined ? '' : ` (${preset})`}: `);
          lines.prompt();
          const line = await typed.next();
          if (line.done) return undefined;
          const answer = line.value.trim() || (preset ?? '');
          const problem = problemOf(answer);
          if (problem === undefined) return answer;
          process.stderr.write(`  ${problem}\n`);
        }
      },
    });
  } finally {
    lines.close();
  }
}
