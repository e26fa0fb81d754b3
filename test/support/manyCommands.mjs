/*
 * Runs command lines of sf one after another in one process, with the stock CLI as it is installed: a command costs what it does, not two
 * seconds of starting. Reads a list of argument lists as JSON from standard input, and prints for each how it ended and what it printed.
 *
 * For commands that end by themselves. What the first command of a process leaves in memory, the next one finds: so this compares two
 * builds of the plugin, and proves nothing of one alone.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [cli] = process.argv.slice(2);
const { run, Config } = createRequire(join(cli, 'package.json'))('@oclif/core');
const commandLines = JSON.parse(readFileSync(0, 'utf8'));
const write = { stdout: process.stdout.write, stderr: process.stderr.write };

/** What one command line does. */
async function seen(argv) {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    process[name].write = (text, ...rest) => {
      output[name] += text.toString();
      rest.find((one) => typeof one === 'function')?.();
      return true;
    };
  }
  process.exitCode = undefined;
  let error;
  try {
    await run(argv, await Config.load({ root: dirname(join(cli, 'package.json')) }));
  } catch (thrown) {
    error = { name: thrown.name, exit: thrown.oclif?.exit ?? thrown.exitCode ?? null };
  } finally {
    Object.assign(process.stdout, { write: write.stdout });
    Object.assign(process.stderr, { write: write.stderr });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP']) process.removeAllListeners(signal);
  }
  return { argv: argv.join(' '), error, exitCode: process.exitCode ?? 0, ...output };
}

const results = [];
for (const argv of commandLines) results.push(await seen(argv));
process.exitCode = 0;
write.stdout.call(process.stdout, JSON.stringify(results));
