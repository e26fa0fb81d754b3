import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { aliasGroups } from '../../../src/sfStore/io/aliasFile.js';
import { certificates } from '../../../src/keys/io/certificates.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import { certificateOf } from '../../../src/keys/io/keyCertificates.js';
import { lastFailure } from '../../../src/checks/io/lastFailure.js';
import { sfconnectFile } from '../../../src/production/io/sfconnectFile.js';
import { setup } from '../../../src/checks/io/setup.js';
import { createPrivateKey } from 'node:crypto';
import { fileModeFinding } from '../../../src/checks/setupChecks.js';
import { checkOf } from '../../../src/checks/checkView.js';
import { failureText } from '../../../src/failures/failureView.js';
import { rejection } from '../../support/rejection.js';
import type { TemporaryDirectory } from '../../support/temporaryDirectory.js';
import { temporaryDirectory } from '../../support/temporaryDirectory.js';

let temporary: TemporaryDirectory;
const saved = { HOME: process.env['HOME'], cwd: process.cwd(), generic: process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] };

beforeEach(async () => {
  temporary = await temporaryDirectory('jit-home-');
  process.env['HOME'] = temporary.path;
});

afterEach(async () => {
  process.chdir(saved.cwd);
  process.env['HOME'] = saved.HOME;
  if (saved.generic === undefined) delete process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'];
  else process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] = saved.generic;
  await temporary.remove();
});

describe('the note of the last failure', () => {
  it('holds the class and the time, for this user only', async () => {
    const failure = { name: 'KeyInvalid', at: '2026-11-22T10:00:00.000Z', facts: { problem: 'secret' } };
    await lastFailure.keep(failure);
    const file = join(temporary.path, '.sf', 'jit', 'last-failure.json');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await lastFailure.read()).to.deep.equal({ name: 'KeyInvalid', at: failure.at });
    const asked = { name: 'InvalidGrant', at: failure.at, requestId: '4bf92f3577b34da6a3ce929d0e0e4736' };
    await lastFailure.keep(asked);
    expect(await lastFailure.read()).to.deep.equal(asked);
    await writeFile(file, JSON.stringify({ ...asked, requestId: 'x\u001b[31m' }));
    expect(await lastFailure.read()).to.deep.equal({ name: 'InvalidGrant', at: failure.at });
  });

  it('is left out where it cannot be written, and is nothing where it is damaged', async () => {
    await writeFile(join(temporary.path, '.sf'), 'a file where the folder should be');
    await lastFailure.keep({ name: 'KeyInvalid', at: 'x' });
    expect(await lastFailure.read()).to.equal(undefined);
    process.env['HOME'] = join(temporary.path, 'other');
    await mkdir(join(temporary.path, 'other', '.sf', 'jit'), { recursive: true });
    for (const text of ['{', '[]', '{"name":"a b","at":"2026-01-01"}', '{"name":"X","at":"never"}']) {
      await writeFile(join(temporary.path, 'other', '.sf', 'jit', 'last-failure.json'), text);
      expect(await lastFailure.read(), text).to.equal(undefined);
    }
  });
});

describe('the alias file', () => {
  it("that is damaged is sf's, so it is to be repaired and never to be moved away", async () => {
    await mkdir(join(temporary.path, '.sfdx'));
    await writeFile(join(temporary.path, '.sfdx', 'alias.json'), '{"orgs": ');
    const { message, actions } = failureText(await rejection(aliasGroups()));
    expect(message).to.match(/^The file .*alias\.json is damaged: /);
    expect(actions.join('\n'))
      .to.match(/Repair .*alias\.json/)
      .and.not.to.match(/mv |no secrets|git diff/);
  });
});

describe('the .sfconnect.json', () => {
  it('is found in the current folder, else in that of the project, and nowhere else', async () => {
    const project = join(temporary.path, 'project');
    const inner = join(project, 'force-app', 'main');
    await mkdir(inner, { recursive: true });
    await writeFile(join(temporary.path, '.sfconnect.json'), 'above');
    process.chdir(inner);
    expect(await sfconnectFile.find()).to.equal(undefined);
    await writeFile(join(project, 'sfdx-project.json'), '{}');
    await writeFile(join(project, '.sfconnect.json'), 'project');
    expect(await sfconnectFile.find()).to.deep.include({ text: 'project', isNamed: false });
    await writeFile(join(inner, '.sfconnect.json'), 'here');
    expect(await sfconnectFile.find()).to.deep.include({ text: 'here' });
  });

  it('that is named must be there, and be a file', async () => {
    const missing = await rejection(sfconnectFile.named(join(temporary.path, 'none.json')));
    expect(missing).to.have.nested.property('facts.problems', 'there is no such file');
    expect((await rejection(sfconnectFile.named(temporary.path))).facts.problems).to.equal('it is a folder');
    await writeFile(join(temporary.path, 'some.json'), 'x');
    expect(await sfconnectFile.named(join(temporary.path, 'some.json'))).to.deep.include({ isNamed: true, text: 'x' });
  });
});

describe('the certificate beside a key', () => {
  it('is the one of its name that belongs to it; whatever is no certificate is not there', async () => {
    const request = { keySize: 2048, days: 10, subject: { commonName: 'x' }, now: new Date() } as const;
    const [own, other] = [await certificates.create(request), await certificates.create(request)];
    const key = signingKey(createPrivateKey(own.key));
    const path = (name: string): string => join(temporary.path, name);
    const beside = (name: string): ReturnType<typeof certificateOf> =>
      certificateOf({ source: 'file', path: path(name) }, key);
    expect(await beside('server.key')).to.equal(undefined);
    await writeFile(path('server.pem'), own.key);
    expect(await beside('server.key')).to.equal(undefined);
    await writeFile(path('server.crt'), other.certificate);
    expect(await beside('server.key')).to.include({ belongsToKey: false });
    await writeFile(path('server.cer'), own.certificate);
    expect(await beside('server.key')).to.deep.equal({
      file: path('server.cer'),
      expiresAt: own.expiresAt,
      belongsToKey: true,
    });
    expect(await beside('server.pem')).to.include({ file: path('server.cer') });
  });
});

describe('what the doctor looks at', () => {
  it('is the mode of every file with a login or a registration', async () => {
    expect(await setup.openFiles()).to.deep.equal([]);
    await mkdir(join(temporary.path, '.sfdx'));
    await mkdir(join(temporary.path, '.sf', 'jit', 'logins'), { recursive: true });
    for (const [name, mode] of [
      ['.sfdx/d@b.example.json', 0o644],
      ['.sfdx/a@b.example.json', 0o644],
      ['.sfdx/b@b.example.json', 0o644],
      ['.sfdx/c@d.example.json', 0o600],
      ['.sfdx/alias.json', 0o644],
      ['.sf/jit.json', 0o640],
      ['.sf/jit/logins/x.json', 0o604],
    ] as const) {
      await writeFile(join(temporary.path, name), '{}');
      await chmod(join(temporary.path, name), mode);
    }
    const open = (await setup.openFiles()).map((path) => path.slice(temporary.path.length + 1));
    expect(open).to.deep.equal([
      '.sf/jit.json',
      '.sfdx/a@b.example.json',
      '.sfdx/b@b.example.json',
      '.sfdx/d@b.example.json',
      '.sf/jit/logins/x.json',
    ]);
    expect(await readdir(temporary.path)).to.have.members(['.sf', '.sfdx']);
  });

  it('is closed by the command that the doctor names, be it one file or many, of whatever kind', async () => {
    const all = ['.sfdx/a@b.example.json', '.sfdx/key.json', '.sf/jit/last-failure.json', '.sf/jit/logins/x.json'];
    await mkdir(join(temporary.path, '.sfdx'));
    await mkdir(join(temporary.path, '.sf', 'jit', 'logins'), { recursive: true });
    for (const names of [...all.map((name) => [name]), all]) {
      for (const name of names) {
        await writeFile(join(temporary.path, name), '{}');
        await chmod(join(temporary.path, name), 0o644);
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
    await mkdir(join(temporary.path, '.sfdx'));
    await writeFile(join(temporary.path, '.sfdx', 'key.json'), '{}', { mode: 0o600 });
    expect(await setup.keychain()).to.include({ kind: 'file', mode: 0o600 });
  });

  it('may be a home folder in which nothing is as it should be', async () => {
    await symlink('nowhere', join(temporary.path, '.sfdx'));
    await writeFile(join(temporary.path, '.sf'), '');
    expect(await setup.openFiles()).to.deep.equal([]);
    expect(await setup.keychain()).to.include({ mode: undefined });
  });
});
