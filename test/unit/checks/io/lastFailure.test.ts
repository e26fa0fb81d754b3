import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { lastFailure } from '../../../../src/checks/io/lastFailure.js';
import { useHome } from '../../../support/home.js';

describe('the note of the last failure', () => {
  const home = useHome();

  it('holds the class and the time, for this user only', async () => {
    const failure = { name: 'KeyInvalid', at: '2026-11-22T10:00:00.000Z', facts: { problem: 'secret' } };
    await lastFailure.keep(failure);
    const file = join(home.path, '.sf', 'jit', 'last-failure.json');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await lastFailure.read()).to.deep.equal({ name: 'KeyInvalid', at: failure.at });
    const asked = { name: 'InvalidGrant', at: failure.at, requestId: '4bf92f3577b34da6a3ce929d0e0e4736' };
    await lastFailure.keep(asked);
    expect(await lastFailure.read()).to.deep.equal(asked);
    await writeFile(file, JSON.stringify({ ...asked, requestId: 'x\u001b[31m' }));
    expect(await lastFailure.read()).to.deep.equal({ name: 'InvalidGrant', at: failure.at });
  });

  it('is left out where it cannot be written, and is nothing where it is damaged', async () => {
    await writeFile(join(home.path, '.sf'), 'a file where the folder should be');
    await lastFailure.keep({ name: 'KeyInvalid', at: 'x' });
    expect(await lastFailure.read()).to.equal(undefined);
    process.env['HOME'] = join(home.path, 'other');
    await mkdir(join(home.path, 'other', '.sf', 'jit'), { recursive: true });
    for (const text of ['{', '[]', '{"name":"a b","at":"2026-01-01"}', '{"name":"X","at":"never"}']) {
      await writeFile(join(home.path, 'other', '.sf', 'jit', 'last-failure.json'), text);
      expect(await lastFailure.read(), text).to.equal(undefined);
    }
  });
});
