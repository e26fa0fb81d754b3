import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { noteProcess } from '../support/explainFailures.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { environmentOf, sfProgram, typed } from '../support/runSf.js';
import type { Stage } from '../support/stage.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

type End = { readonly code: number | null; readonly output: string };

/** Starts sf. @returns with what it says on standard error */
async function started(
  [program, ...args]: [string, ...string[]],
  stage: Stage,
): Promise<{ child: ChildProcessWithoutNullStreams; output: () => string }> {
  const { dataDirectory, compileCache } = await packedPlugin();
  const env = {
    ...environmentOf({ home: stage.home }),
    SF_DATA_DIR: dataDirectory,
    NODE_COMPILE_CACHE: compileCache,
    NODE_EXTRA_CA_CERTS: stage.info.caFile,
  };
  const child = spawn(program, args, { cwd: stage.home, env, stdio: 'pipe' });
  noteProcess(child, program === process.execPath ? typed(args) : `${program} ${args.join(' ')}`);
  let output = '';
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  return { child, output: () => output };
}

/** Starts sf, has it interrupted, and waits for its end. */
async function interrupted(
  command: [string, ...string[]],
  stage: Stage,
  interrupt: (child: ChildProcessWithoutNullStreams, output: () => string) => Promise<void>,
): Promise<End> {
  const { child, output: errors } = await started(command, stage);
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const output = (): string => printed + errors();
  const end = new Promise<number | null>((resolve) => child.once('close', resolve));
  await interrupt(child, output);
  return { code: await end, output: output() };
}

const sf = (...args: string[]): [string, ...string[]] => [process.execPath, '--no-deprecation', sfProgram, ...args];

describe('an interrupted command', () => {
  const holder = useStage(async (stage) => {
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat');
  });

  it('ends with 130 and one line while it waits for Salesforce, and leaves every file whole', async function () {
    // Windows has no signal that another process could send
    if (process.platform === 'win32') this.skip();
    const { stage } = holder;
    const before = await stage.snapshot();
    await stage.control.setFault({ path: 'sandboxAuth', action: { kind: 'hang' } });
    const login = sf('jit', 'sandbox', 'login', '-n', 'uat');
    const { code, output } = await interrupted(login, stage, async (child) => {
      while (!(await stage.control.log()).some(({ path }) => path.includes('sandboxAuth'))) await setTimeout(50);
      child.kill('SIGINT');
    });
    await stage.control.clearFaults();
    expect({ code, lines: output.trim().split('\n').slice(-1) }).to.deep.equal({ code: 130, lines: ['Interrupted.'] });
    expect(output).to.not.match(/\n\s+at /);
    const after = await stage.snapshot();
    // what it kept of production, it may keep
    for (const file of ['.sf/jit.json', '.sfdx/alias.json']) expect(after[file], file).to.equal(before[file]);
    await stage.ok('jit sandbox login -n uat');
  });

  it('ends with 130 and one line while it prints a table to a program that does not read', async function () {
    if (process.platform === 'win32') this.skip();
    const { stage } = holder;
    const file = join(stage.home, '.sf', 'jit.json');
    const before = await readFile(file, 'utf8');
    const registry = JSON.parse(before) as { sandboxes: Array<Record<string, string>> };
    const [uat] = registry.sandboxes;
    // more than a pipe holds
    registry.sandboxes = Array.from({ length: 8000 }, (_, number) => {
      const name = `s${number}`;
      return { ...uat, sandboxName: name, alias: name, username: `${stage.info.username}.${name}` };
    });
    await writeFile(file, JSON.stringify(registry));
    try {
      const { child, output } = await started(sf('jit', 'sandbox', 'list'), stage);
      child.stdout.once('data', () => child.stdout.pause());
      while (!child.stdout.isPaused()) await setTimeout(50);
      const end = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = (await end) as [number | null];
      expect([code, output()]).to.deep.equal([130, '\nInterrupted.\n']);
      child.stdout.destroy();
    } finally {
      await writeFile(file, before);
    }
  });

  for (const [name, key] of [
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ]) {
    it(`ends with 130 and one line after ${name} at a question`, async function () {
      // util-linux's `script` gives the command a terminal
      if (process.platform !== 'linux' || !existsSync('/usr/bin/script')) this.skip();
      const { stage } = holder;
      const command = sf('jit', 'config', 'init')
        .map((word) => `'${word}'`)
        .join(' ');
      const { code, output } = await interrupted(
        ['script', '-qec', command, '/dev/null'],
        stage,
        async (child, shown) => {
          while (!shown().includes('URL of the org')) await setTimeout(50);
          child.stdin.write(key);
        },
      );
      expect(output)
        .to.match(/Interrupted\.\s*$/)
        .and.not.match(/Error|\n\s+at /);
      expect(code).to.equal(130);
      expect(existsSync(join(stage.home, '.sfconnect.json'))).to.equal(false);
    });
  }

  leavesNoSecret(holder);
});
