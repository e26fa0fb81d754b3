/*
 * One login, in a process of its own: what `sf jit sandbox login` does without the second or two that sf itself takes to start.
 *
 * Usage: [--if-needed | --before-command] <sandbox>…; `workers.ts` makes one file of it and starts that.
 * With --before-command, it is what the hook does before another command that uses them.
 * Prints `ready` when all is loaded, begins when it gets anything on standard input, and prints a line of JSON for each login as it ends.
 */
import { once } from 'node:events';
import type { LoginOutcome } from '../../../src/sandboxes/login/sandboxLogin.js';
import { autoLogin } from '../../../src/wiring/autoLogin.js';
import { jit } from '../../../src/wiring/jit.js';

const [...words] = process.argv.slice(2);
const ifNeeded = words.includes('--if-needed');
const sandboxes = words.filter((word) => !word.startsWith('--'));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function beforeCommand(): Promise<void> {
  const flags = { 'target-org': { type: 'option', char: 'o' } } as const;
  for (const sandbox of sandboxes) {
    const said: string[] = [];
    const began = performance.now();
    await autoLogin({ id: 'data:query', flags, argv: ['-o', sandbox] }, (line) => said.push(line));
    say(JSON.stringify({ sandbox, said, took: (performance.now() - began) / 1000 }));
  }
}

async function login(): Promise<void> {
  const outcome = (one: LoginOutcome): object =>
    'failure' in one
      ? { sandbox: one.sandbox, failure: one.failure.name, facts: one.failure.facts }
      : { sandbox: one.sandbox, status: 'login' in one ? one.login.status : 'not-tried' };
  await jit.loginSandboxes({ sandboxes, ifNeeded, wait: 0, concurrency: 10 }, (progress) => {
    if (progress.kind === 'finished') say(JSON.stringify(outcome(progress.outcome)));
  });
}

say('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
await (words.includes('--before-command') ? beforeCommand() : login());
