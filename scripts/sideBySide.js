/*
 * Runs npm scripts two at a time, in the order given, and prints what each one said when it has ended: most of them keep one core busy, and
 * machines have two. Nothing more is begun once one has failed. Ends with 1 then, else with 0.
 *
 *     node scripts/sideBySide.js lint test:unit typecheck
 */
import { spawn } from 'node:child_process';
import process from 'node:process';

const waiting = process.argv.slice(2);
let failed = false;

/** @param {string} script @returns {Promise<void>} when it has ended */
async function run(script) {
  const started = performance.now();
  // npm says where it is; by its name alone it cannot be started on Windows without a shell
  const npm = process.env.npm_execpath;
  const [program, ...args] = npm ? [process.execPath, npm] : ['npm'];
  const child = spawn(program, [...args, 'run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => output.push(part));
  const end = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `\n> ${script}: ${end === 0 ? 'done' : `FAILED (${end})`}, ${seconds} s\n${Buffer.concat(output)}`,
  );
  if (end !== 0) failed = true;
}

async function lane() {
  while (!failed && waiting.length > 0) await run(waiting.shift());
}

await Promise.all([lane(), lane()]);
process.exitCode = failed ? 1 : 0;
