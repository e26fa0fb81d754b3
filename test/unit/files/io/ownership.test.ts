import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { replaceFiles } from '../../../../src/files/io/files.js';
import { newFiles } from '../../../../src/files/io/newFiles.js';
import { rejection } from '../../../support/rejection.js';
import type { TemporaryDirectory } from '../../../support/temporaryDirectory.js';
import { temporaryDirectory } from '../../../support/temporaryDirectory.js';

const [user, group] = [4711, 4712];
const isRoot = process.getuid?.() === 0;
const busy = Object.assign(new Error('EBUSY'), { code: 'EBUSY' });

describe('files of another user, written by root', function () {
  let folder: TemporaryDirectory;
  const at = (name: string): string => join(folder.path, name);
  const ownerOf = async (name: string): Promise<[number, number]> => {
    const { uid, gid } = await stat(at(name));
    return [uid, gid];
  };
  before(function () {
    if (!isRoot) this.skip();
  });
  beforeEach(async () => {
    folder = await temporaryDirectory();
  });
  afterEach(() => folder?.remove());

  it('stay theirs', async () => {
    await writeFile(at('alias.json'), 'old', { mode: 0o640 });
    await chown(at('alias.json'), user, group);
    await replaceFiles([{ path: at('alias.json'), content: 'new' }]);
    expect(await readFile(at('alias.json'), 'utf8')).to.equal('new');
    expect(await ownerOf('alias.json')).to.deep.equal([user, group]);
    expect((await stat(at('alias.json'))).mode & 0o777).to.equal(0o640);
  });

  it("are the folder's owner's when they are new, with the folders above them", async () => {
    await chown(folder.path, user, group);
    await replaceFiles([{ path: at('.sf/jit/logins/a.json'), content: 'new' }]);
    await newFiles.create([{ path: at('certs/server.key'), content: 'key', mode: 0o600 }]);
    for (const name of ['.sf', '.sf/jit', '.sf/jit/logins', '.sf/jit/logins/a.json', 'certs', 'certs/server.key']) {
      expect(await ownerOf(name), name).to.deep.equal([user, group]);
    }
  });

  it('are refused, and left as they are, when they cannot be given back', async () => {
    await mkdir(at('shared'));
    await chmod(folder.path, 0o755);
    await chmod(at('shared'), 0o777);
    await writeFile(at('shared/alias.json'), 'old', { mode: 0o644 });
    await writeFile(at('shared/mine.json'), 'old');
    await chown(at('shared/mine.json'), user, group);
    const change = ['mine', 'alias'].map((name) => ({ path: at(`shared/${name}.json`), content: 'new' }));
    // the one that is asked for, without the rights of root
    process.setegid?.(group);
    process.seteuid?.(user);
    try {
      const failure = await rejection(replaceFiles(change));
      expect(failure.name).to.equal('FileNotWritable');
      expect(failure.facts).to.include({ file: at('shared/alias.json') });
      expect(failure.facts.problem).to.contain('belongs to user 0');
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
    for (const { path } of change) expect(await readFile(path, 'utf8')).to.equal('old');
    expect((await readdir(at('shared'))).sort()).to.deep.equal(['alias.json', 'mine.json']);
  });

  it('are written in place where they are mounted by themselves', async function () {
    await writeFile(at('outside'), 'something longer than the new text');
    await writeFile(at('key.json'), '');
    try {
      execFileSync('mount', ['--bind', at('outside'), at('key.json')], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
    try {
      await replaceFiles([
        { path: at('beside'), content: 'new' },
        { path: at('key.json'), content: 'new' },
      ]);
      expect(await readFile(at('outside'), 'utf8')).to.equal('new');
      expect((await readdir(folder.path)).sort()).to.deep.equal(['beside', 'key.json', 'outside']);
    } finally {
      execFileSync('umount', [at('key.json')]);
    }
  });
});

describe('a file that cannot be replaced because it is busy', () => {
  let folder: TemporaryDirectory;
  beforeEach(async () => {
    folder = await temporaryDirectory();
  });
  afterEach(() => folder.remove());

  it('is written in place, and gets its old text back when a later one is refused', async () => {
    const [first, last] = [join(folder.path, 'first'), join(folder.path, 'last')];
    await writeFile(first, 'an older and longer text');
    await writeFile(last, 'old');
    const refused = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const seen: string[] = [];
    const move = async (_from: string, to: string): Promise<void> => {
      seen.push(await readFile(first, 'utf8'));
      throw to === last ? refused : busy;
    };
    const change = [first, last].map((path) => ({ path, content: 'new' }));
    expect((await rejection(replaceFiles(change, move))).facts.problem).to.contain('EACCES');
    expect(seen.slice(0, 2)).to.deep.equal(['an older and longer text', 'new']);
    expect(await readFile(first, 'utf8')).to.equal('an older and longer text');
    await replaceFiles(change, () => Promise.reject(busy));
    expect([await readFile(first, 'utf8'), await readFile(last, 'utf8')]).to.deep.equal(['new', 'new']);
    expect((await readdir(folder.path)).sort()).to.deep.equal(['first', 'last']);
  });

  it('is refused when it is not there: nothing would be left of a new file that is half written', async () => {
    const path = join(folder.path, 'fresh');
    const failure = await rejection(replaceFiles([{ path, content: 'new' }], () => Promise.reject(busy)));
    expect(failure.name).to.equal('FileNotWritable');
    expect(await readdir(folder.path)).to.deep.equal([]);
  });
});
