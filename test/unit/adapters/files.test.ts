import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { replaceFiles } from '../../../src/adapters/files.js';
import { rejection } from '../../support/rejection.js';

describe('files that are replaced as one step', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sf-plugin-jit-files-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are as before when one of them is refused', async () => {
    const at = (name: string): string => join(folder, name);
    await writeFile(at('known'), 'old', { mode: 0o640 });
    await writeFile(at('removed'), 'still there');
    const content = 'new';
    const failure = await rejection(
      replaceFiles([
        { path: at('known'), content },
        { path: at('added'), content },
        { path: at('removed'), content: null },
        // becomes a folder while the next one is prepared, and no file can take the place of a folder
        { path: at('folder'), content },
        { path: at('folder/file'), content },
      ]),
    );
    expect(failure.name).to.equal('FileNotWritable');
    expect(failure.facts).to.include({ file: at('folder') });
    expect((await readdir(folder, { recursive: true })).sort()).to.deep.equal(['folder', 'known', 'removed']);
    expect(await readFile(at('known'), 'utf8')).to.equal('old');
    expect((await stat(at('known'))).mode & 0o777).to.equal(process.platform === 'win32' ? 0o666 : 0o640);
    expect(await readFile(at('removed'), 'utf8')).to.equal('still there');
  });
});
