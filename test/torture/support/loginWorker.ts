/*
 * One login, in a process of its own: what `sf jit sandbox login` does without the second or two that sf itself takes to start.
 *
 * Usage: node --import tsx loginWorker.ts [--if-needed] <sandbox>…
 * Prints `ready` when all is loaded, begins when it gets anything on standard input, and prints a line of JSON for each outcome.
 */
import { once } from 'node:events';
import { jit } from '../../../src/wiring/jit.js';

const [...words] = process.argv.slice(2);
const ifNeeded = words.includes('--if-needed');
const sandboxes = words.filter((word) => !word.startsWith('--'));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

say('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
const outcomes = await jit.loginSandboxes({ sandboxes, ifNeeded, wait: 0, concurrency: 5 }, () => undefined);
for (const outcome of outcomes) {
  say(
    JSON.stringify(
      'failure' in outcome
        ? { sandbox: outcome.sandbox, failure: outcome.failure.name, facts: outcome.failure.facts }
        : { sandbox: outcome.sandbox, status: 'login' in outcome ? outcome.login.status : 'not-tried' },
    ),
  );
}
