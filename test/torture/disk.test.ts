import { execFile } from 'node:child_process';
import { cp, mkdir, open, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import sinon from 'sinon';
import { JitFailure } from '../../src/failures/failures.js';
import { findLogins, logoutSandboxes } from '../../src/sandboxes/logout/logoutSandboxes.js';
import { registerSandboxes } from '../../src/sandboxes/register/registerSandboxes.js';
import { differences, variables, expectExplained, loginFailure, realPorts, useHomes } from './support/home.js';
import { ownTime } from '../support/ownTime.js';

const run = promisify(execFile);

const register = async (project: boolean): Promise<JitFailure | undefined> => {
  try {
    await registerSandboxes({ sandboxes: ['late'], variables, verify: false, project }, realPorts());
    return undefined;
  } catch (error) {
    if (error instanceof JitFailure) return error;
    throw error;
  }
};

const commands: Readonly<Record<string, () => Promise<JitFailure | undefined>>> = {
  login: () => loginFailure('uat'),
  'login by code': () => loginFailure('uat', { authType: 'sfdx-auth-url' }),
  'first login': () => loginFailure('late', { production: 'prod' }),
  register: () => register(false),
  'register --project': () => register(true),
};

describe('a home folder that cannot be written to', () => {
  const on = useHomes({ sandboxes: ['uat', 'dev', 'late'] });
  beforeEach(() => on.homes.next());
  afterEach(() => {
    sinon.restore();
  });

  /** Every command ends in FileNotWritable, says why, and leaves every file as it was. */
  const expectRefused = async (says: RegExp, names = Object.keys(commands)): Promise<void> => {
    for (const name of names) {
      const before = await on.homes.snapshot();
      const milliseconds = ownTime();
      const failure = await commands[name]!();
      expect(milliseconds(), 'milliseconds: nothing is waited for').to.be.below(3000);
      expect(failure?.name, name).to.equal('FileNotWritable');
      expectExplained(failure!);
      expect(failure?.facts.problem).to.match(says);
      expect(differences(before, await on.homes.snapshot()), name).to.deep.equal([]);
    }
  };

  it('because the disk refuses to take more: at every file that is written, in turn', async () => {
    const file = await open(on.homes.at('.sf', 'jit.json'));
    const prototype = Object.getPrototypeOf(file) as { writeFile: (content: string) => Promise<void> };
    await file.close();
    const { writeFile: write } = prototype;
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    for (let taken = 0; taken < 4; taken += 1) {
      let files = 0;
      sinon.replace(prototype, 'writeFile', function (this: unknown, content: string) {
        files += 1;
        return files > taken ? Promise.reject(full) : write.call(this as typeof prototype, content);
      });
      const before = await on.homes.snapshot();
      const failure = await loginFailure('uat');
      sinon.restore();
      expect(failure?.name, `after ${taken} files`).to.equal('FileNotWritable');
      expect(failure?.facts.problem).to.contain('the disk is full');
      expect(differences(before, await on.homes.snapshot())).to.deep.equal([]);
    }
    expect(await loginFailure('uat'), 'when there is space again').to.equal(undefined);
  });

  it('because it is not there, and cannot be made', async () => {
    const nowhere = join(on.homes.at('.sf', 'jit.json'), 'home');
    const { clientId, loginUrl, username, keyFile } = on.homes.emulator.info;
    await writeFile(
      join(on.homes.project, '.sfconnect.json'),
      JSON.stringify({ instanceUrl: loginUrl, clientId, username, privateKeyPath: keyFile }),
    );
    process.env['HOME'] = nowhere;
    const before = await on.homes.snapshot();
    const configFile = { path: join(on.homes.project, '.sfconnect.json'), text: '', isNamed: false };
    for (const failure of [await register(false), await loginFailure('uat', { configFile })]) {
      expect(failure).to.be.instanceOf(JitFailure);
      expectExplained(failure!);
    }
    expect(differences(before, await on.homes.snapshot())).to.deep.equal([]);
  });

  describe('on a file system of its own', () => {
    let mounted = '';
    /** Puts the home folder on a small file system. Only root may; elsewhere these tests are skipped, and say so. */
    beforeEach(async function () {
      const folder = on.homes.at('..', 'disk');
      await mkdir(folder);
      try {
        await run('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
      } catch {
        this.skip();
      }
      mounted = folder;
      await cp(on.homes.home, join(folder, 'home'), { recursive: true });
      on.homes.home = join(folder, 'home');
      process.env['HOME'] = on.homes.home;
    });
    afterEach(async () => {
      if (mounted !== '') await run('umount', [mounted]);
      mounted = '';
    });

    /** Leaves so many blocks free. */
    const fill = async (blocks: number): Promise<void> => {
      await rm(join(mounted, 'filler'), { force: true });
      const { bfree, bsize } = await statfs(mounted);
      await writeFile(join(mounted, 'filler'), Buffer.alloc((bfree - blocks) * bsize));
    };

    it('that is full: every command says so and loses nothing', async () => {
      await fill(0);
      await expectRefused(/the disk is full/, ['login', 'login by code', 'first login', 'register']);
    });

    it('that gets full in the middle of a login', async () => {
      for (const blocks of [1, 2, 3]) {
        await fill(blocks);
        await expectRefused(/the disk is full/, ['login', 'first login']);
      }
    });

    it('that is read-only', async () => {
      await run('mount', ['-o', 'remount,ro', mounted]);
      await expectRefused(/read-only/, ['login', 'first login', 'register']);
      const ports = realPorts();
      const [outcome] = await logoutSandboxes(await findLogins({ sandboxes: ['uat'] }, ports), ports);
      expect(outcome?.failure?.name).to.equal('FileNotWritable');
    });
  });
});
