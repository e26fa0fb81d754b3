import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockOfPlugin, withFileLock } from '../../../../src/files/io/fileLock.js';
import { replaceFiles } from '../../../../src/files/io/files.js';
import { rejection } from '../../../support/rejection.js';
import { ownTime } from '../../../support/ownTime.js';

describe('files that are replaced as one step', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sf-plugin-jit-files-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keep the mode that they have, whatever the mask of the process, and are for their owner only when they are new', async () => {
    if (process.platform === 'win32') return;
    const [shared, fresh] = [join(folder, 'shared'), join(folder, 'fresh')];
    await writeFile(shared, 'old');
    await chmod(shared, 0o664);
    const mask = process.umask(0o022);
    try {
      await replaceFiles([shared, fresh].map((path) => ({ path, content: 'new' })));
    } finally {
      process.umask(mask);
    }
    expect((await stat(shared)).mode & 0o777).to.equal(0o664);
    expect((await stat(fresh)).mode & 0o777).to.equal(0o600);
  });

  it('stay links: what a link leads to is replaced, and a link that leads nowhere becomes a file', async () => {
    const [target, link, lost] = [join(folder, 'target'), join(folder, 'link'), join(folder, 'lost')];
    await writeFile(target, 'old');
    await symlink('target', link);
    await symlink('nowhere', lost);
    await replaceFiles([link, lost].map((path) => ({ path, content: 'new' })));
    expect((await lstat(link)).isSymbolicLink()).to.equal(true);
    expect(await readFile(target, 'utf8')).to.equal('new');
    expect(await readFile(lost, 'utf8')).to.equal('new');
    expect((await readdir(folder)).sort()).to.deep.equal(['link', 'lost', 'target']);
  });

  it('cannot be locked in a folder that cannot be made, which is said at once', async () => {
    await symlink('nowhere', join(folder, '.sf'));
    const milliseconds = ownTime();
    const failure = await rejection(withFileLock(join(folder, '.sf', 'jit.json'), lockOfPlugin, async () => undefined));
    expect(failure.name).to.equal('FileNotWritable');
    expect(milliseconds()).to.be.below(lockOfPlugin.waitSeconds * 500);
  });

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
