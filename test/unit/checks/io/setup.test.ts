import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkOf } from '../../../../src/checks/checkView.js';
import { setup } from '../../../../src/checks/io/setup.js';
import { fileModeFinding } from '../../../../src/checks/setupChecks.js';
import { useHome } from '../../../support/home.js';

describe('what the doctor looks at', () => {
  const home = useHome();

  it('is the mode of every file with a login or a registration', async () => {
    expect(await setup.openFiles()).to.deep.equal([]);
    await mkdir(join(home.path, '.sfdx'));
    await mkdir(join(home.path, '.sf', 'jit', 'logins'), { recursive: true });
    for (const [name, mode] of [
      ['.sfdx/d@b.example.json', 0o644],
      ['.sfdx/a@b.example.json', 0o644],
      ['.sfdx/b@b.example.json', 0o644],
      ['.sfdx/c@d.example.json', 0o600],
      ['.sfdx/alias.json', 0o644],
      ['.sf/jit.json', 0o640],
      ['.sf/jit/logins/x.json', 0o604],
    ] as const) {
      await writeFile(join(home.path, name), '{}');
      await chmod(join(home.path, name), mode);
    }
    const open = (await setup.openFiles()).map((path) => path.slice(home.path.length + 1));
    expect(open).to.deep.equal([
      '.sf/jit.json',
      '.sfdx/a@b.example.json',
      '.sfdx/b@b.example.json',
      '.sfdx/d@b.example.json',
      '.sf/jit/logins/x.json',
    ]);
    expect(await readdir(home.path)).to.have.members(['.sf', '.sfdx']);
  });

  it('is closed by the command that the doctor names, be it one file or many, of whatever kind', async () => {
    const all = ['.sfdx/a@b.example.json', '.sfdx/key.json', '.sf/jit/last-failure.json', '.sf/jit/logins/x.json'];
    await mkdir(join(home.path, '.sfdx'));
    await mkdir(join(home.path, '.sf', 'jit', 'logins'), { recursive: true });
    for (const names of [...all.map((name) => [name]), all]) {
      for (const name of names) {
        await writeFile(join(home.path, name), '{}');
        await chmod(join(home.path, name), 0o644);
      }
      const { message } = checkOf(fileModeFinding(await setup.openFiles()));
      // what is not there is reported by find, and does not keep it from the rest
      spawnSync('sh', ['-c', message.split('Run: ')[1]!], { stdio: 'ignore' });
      expect(await setup.openFiles(), message).to.deep.equal([]);
    }
  });

  it('is the place of the key with which sf encrypts', async () => {
    process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] = 'true';
    expect(await setup.keychain()).to.include({ kind: 'file', mode: undefined });
    await mkdir(join(home.path, '.sfdx'));
    await writeFile(join(home.path, '.sfdx', 'key.json'), '{}', { mode: 0o600 });
    expect(await setup.keychain()).to.include({ kind: 'file', mode: 0o600 });
  });

  it('may be a home folder in which nothing is as it should be', async () => {
    await symlink('nowhere', join(home.path, '.sfdx'));
    await writeFile(join(home.path, '.sf'), '');
    expect(await setup.openFiles()).to.deep.equal([]);
    expect(await setup.keychain()).to.include({ mode: undefined });
  });
});
