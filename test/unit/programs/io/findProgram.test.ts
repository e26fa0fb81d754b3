import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { failureText } from '../../../../src/failures/failureView.js';
import { findProgram } from '../../../../src/programs/io/findProgram.js';
import { rejection } from '../../../support/rejection.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporaryDirectory.js';

describe('findProgram', function () {
  let folder: TemporaryDirectory;
  let path = '';
  before(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await temporaryDirectory();
    for (const [name, mode] of [
      ['first/plain', 0o644],
      ['first/both', 0o644],
      ['second/both', 0o755],
      ['second/tool', 0o755],
    ] as const) {
      await mkdir(join(folder.path, name, '..'), { recursive: true });
      await writeFile(join(folder.path, name), '#!/bin/sh\n');
      await chmod(join(folder.path, name), mode);
    }
    await mkdir(join(folder.path, 'first', 'tool'));
    path = ['first', 'second', 'gone'].map((name) => join(folder.path, name)).join(delimiter);
  });
  after(() => folder?.remove());

  it('takes the first one in PATH that can be run, as a shell does', async () => {
    const file = join(folder.path, 'second', 'both');
    expect(await findProgram(['both', 'a b', '--x'], path)).to.deep.equal({ file, args: ['a b', '--x'] });
    expect((await findProgram(['tool'], path)).file).to.equal(join(folder.path, 'second', 'tool'));
  });

  it('takes a path as it is', async () => {
    const file = join(folder.path, 'second', 'tool');
    expect((await findProgram([file], '')).file).to.equal(file);
  });

  it('advises the path of a file in the current folder where there is one, and of nothing else', async () => {
    const start = process.cwd();
    process.chdir(join(folder.path, 'second'));
    try {
      const advice = async (name: string): Promise<string> =>
        failureText(await rejection(findProgram([name], '/nowhere'))).actions.join('\n');
      expect(await advice('tool')).to.contain('-- ./tool\n');
      for (const name of ['/no/such', './none', 'none', '']) {
        expect(await advice(name), name).to.not.contain('in this folder');
      }
    } finally {
      process.chdir(start);
    }
    const said = async (name: string): Promise<string> =>
      failureText(await rejection(findProgram([name], '/nowhere'))).message;
    expect(await said('/no/such')).to.equal('There is no command "/no/such": there is no such file.');
    expect(await said('none')).to.equal('There is no command "none": no folder that PATH names has it.');
  });

  it('tells what is not there from what cannot be run', async () => {
    for (const name of ['none', './none', '', `${path}/x`]) {
      expect((await rejection(findProgram([name], path))).name, name).to.equal('CommandNotFound');
    }
    for (const [name, problem] of [
      ['plain', 'it is not executable'],
      [join(folder.path, 'first', 'plain'), 'it is not executable'],
      [join(folder.path, 'first'), 'it is a folder'],
    ] as const) {
      // root may read everything, but runs only what is executable
      const failure = await rejection(findProgram([name], path));
      expect(failure.name, name).to.equal('CommandNotRunnable');
      expect(failure.facts).to.deep.equal({ file: name, problem });
    }
  });
});
