import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { newFiles } from '../../../../src/files/io/newFiles.js';
import type { JitFailure } from '../../../../src/failures/failures.js';

describe('newFiles', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jit-new-files-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const failureOf = async (work: Promise<unknown>): Promise<JitFailure> =>
    (await work.catch((reason: unknown) => reason)) as JitFailure;
  const file = (path: string, content = 'new', mode = 0o600) => ({ path: join(folder, path), content, mode });

  it('creates files in new folders with their modes, and leaves nothing else behind', async () => {
    await newFiles.create([file('a/b/server.key'), file('a/b/server.crt', 'cert', 0o644)]);
    expect(await readFile(join(folder, 'a/b/server.key'), 'utf8')).to.equal('new');
    expect((await stat(join(folder, 'a/b/server.key'))).mode & 0o777).to.equal(0o600);
    expect((await stat(join(folder, 'a/b/server.crt'))).mode & 0o077).to.equal(0o044);
    expect((await readdir(join(folder, 'a/b'))).sort()).to.deep.equal(['server.crt', 'server.key']);
  });

  it('never writes over a file or through a link, and takes back what it made before', async () => {
    await writeFile(join(folder, 'there'), 'old');
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));
    for (const path of ['there', 'link']) {
      expect(await newFiles.exists(join(folder, path))).to.equal(true);
      const failure = await failureOf(newFiles.create([file('first'), file(path)]));
      expect(failure.name).to.equal('FileExists');
      expect(failure.facts.file).to.equal(join(folder, path));
    }
    expect(await readFile(join(folder, 'there'), 'utf8')).to.equal('old');
    expect((await readdir(folder)).sort()).to.deep.equal(['link', 'there']);
    expect(await newFiles.exists(join(folder, 'first'))).to.equal(false);
  });

  it('lets one of many at once win', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => newFiles.create([file('key', `${index}`)])),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await readdir(folder)).to.deep.equal(['key']);
  });

  it('says why a file cannot be written', async () => {
    await writeFile(join(folder, 'plain'), '');
    const failure = await failureOf(newFiles.create([file('plain/server.key')]));
    expect(failure.name).to.equal('FileNotWritable');
    expect(failure.facts.problem).to.match(/not a folder/);
    if (process.getuid?.() === 0) return;
    await mkdir(join(folder, 'closed'));
    await chmod(join(folder, 'closed'), 0o500);
    expect((await failureOf(newFiles.create([file('closed/server.key')]))).facts.problem).to.equal(
      'no permission (EACCES)',
    );
  });

  it('adds to the .gitignore of the work tree, once', async () => {
    await mkdir(join(folder, '.git'));
    await mkdir(join(folder, 'sub'));
    const paths = [join(folder, 'sub/certs/server.key')];
    expect(await newFiles.ignore(paths)).to.match(/\.gitignore$/);
    await newFiles.ignore(paths);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).to.equal('/sub/certs/server.key\n');
  });

  it('knows a linked work tree by its .git file, and keeps the mode and the lines of .gitignore', async () => {
    await writeFile(join(folder, '.git'), 'gitdir: elsewhere\n');
    await writeFile(join(folder, '.gitignore'), 'a\r\n', { mode: 0o644 });
    await newFiles.ignore([join(folder, '.sfconnect.json')]);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).to.equal('a\r\n/.sfconnect.json\r\n');
    expect((await stat(join(folder, '.gitignore'))).mode & 0o777).to.equal(0o644);
  });

  it('leaves everything alone outside a work tree', async () => {
    expect(await newFiles.ignore([join(folder, 'server.key')])).to.equal(null);
    expect(await readdir(folder)).to.deep.equal([]);
  });
});
