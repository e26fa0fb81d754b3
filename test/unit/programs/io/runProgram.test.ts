import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import type { ProgramRun } from '../../../../src/programs/io/runProgram.js';
import { runProgram } from '../../../../src/programs/io/runProgram.js';
import { rejection } from '../../../support/rejection.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporaryDirectory.js';

describe('a program that has to do with a key', function () {
  let folder: TemporaryDirectory;
  before(async () => (folder = await temporaryDirectory()));
  after(() => folder?.remove());

  const node = (code: string, input?: string, milliseconds = 20_000, bytes = 1000): Promise<ProgramRun> =>
    runProgram([process.execPath, '-e', code], input === undefined ? undefined : Buffer.from(input), {
      signal: AbortSignal.timeout(milliseconds),
      bytes,
    });

  it('gets its input, and tells what it printed and how it ended', async () => {
    const code = `process.stdin.on('data', (d) => { console.log(String(d) + '!'); console.error('e'); process.exitCode = 3; })`;
    const { end, stdout, stderr } = await node(code, 'x');
    expect([end, stdout.toString(), stderr.toString()]).to.deep.equal([{ exitCode: 3 }, 'x!\n', 'e\n']);
  });

  it('has an empty standard input when it gets none, and may end without reading', async () => {
    const { stdout } = await node(`process.stdin.on('data', () => 0).on('end', () => console.log('end'))`);
    expect(stdout.toString()).to.equal('end\n');
    expect((await node('', 'x'.repeat(1_000_000))).end).to.deep.equal({ exitCode: 0 });
  });

  it('runs in the home folder, whatever folder sf is run in', async () => {
    expect((await node('console.log(process.cwd())')).stdout.toString()).to.equal(`${await realpath(homedir())}\n`);
  });

  it('has no terminal to ask on', async function () {
    if (process.platform === 'win32') this.skip();
    const { stdout } = await node(
      `try { fs.openSync('/dev/tty', 'r+'); console.log('open') } catch { console.log('none') }`,
    );
    expect(stdout.toString()).to.equal('none\n');
  });

  it('is ended with all that it started when its time is over', async function () {
    if (process.platform === 'win32') this.skip();
    const beats = join(folder.path, 'beats');
    const beat = `setInterval(() => require('fs').appendFileSync(process.argv[1], 'x'), 20)`;
    const code = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(beat)}, ${JSON.stringify(beats)}]); ${beat}`;
    const limits = { signal: AbortSignal.timeout(2000), bytes: 1000 };
    const { end } = await runProgram([process.execPath, '-e', code, `${beats}-own`], undefined, limits);
    expect(end).to.equal('stopped');
    const counted = async (): Promise<number[]> =>
      Promise.all([beats, `${beats}-own`].map(async (file) => (await readFile(file)).length));
    const before = await counted();
    await setTimeout(200);
    expect(await counted()).to.deep.equal(before);
  });

  it('is ended when it prints too much', async () => {
    const { end } = await node(`setInterval(() => process.stdout.write('x'.repeat(500)), 1)`);
    expect(end).to.equal('flooded');
  });

  it('is not waited for because of something that it leaves running', async function () {
    if (process.platform === 'win32') this.skip();
    const { end, stdout } = await runProgram(['/bin/sh', '-c', 'sleep 8 & echo done'], undefined, {
      signal: AbortSignal.timeout(5000),
      bytes: 1000,
    });
    expect([end, stdout.toString()]).to.deep.equal([{ exitCode: 0 }, 'done\n']);
  });

  it('is never taken from the folder that sf is run in', async function () {
    if (process.platform === 'win32') this.skip();
    const [cwd, path] = [process.cwd(), process.env['PATH']];
    const bad = join(folder.path, 'repository');
    await mkdir(bad);
    await writeFile(join(bad, 'op'), '#!/bin/sh\necho stolen\n', { mode: 0o755 });
    process.chdir(bad);
    process.env['PATH'] = `.:${path}:`;
    try {
      const run = runProgram(['op'], undefined, { signal: AbortSignal.timeout(5000), bytes: 1000 });
      expect((await rejection(run)).name).to.equal('CommandNotFound');
    } finally {
      process.chdir(cwd);
      process.env['PATH'] = path;
    }
  });
});
