import { chmod, cp, mkdtemp, open, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { lock } from 'proper-lockfile';
import sinon from 'sinon';
import { sfOrgs } from '../../../src/sfStore/io/orgFiles.js';
import type { LoginRecord, StoredOrg } from '../../../src/sfStore/storedOrg.js';
import { fakeSfOrgs } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';
import type { HeldToken, SfOrgs } from '../../../src/sfStore/sfOrgs.js';

const username = 'admin@acme.example.uat';
const sandbox: StoredOrg = {
  username,
  orgId: '00D5g0000000005EAA',
  accessToken: '00D5g0000000005!secret-access-token',
  refreshToken: 'secret-refresh-token',
  instanceUrl: 'https://uat.example',
  isSandbox: true,
  isScratch: false,
  tracksSource: true,
};
const record: LoginRecord = {
  username,
  sandboxName: 'uat',
  productionUsername: 'admin@acme.example',
  orgId: '00D5g0000000005EAA',
  authType: 'jwt',
  signedInBy: 'own-key',
  startWith: { way: 'own-key', clientId: '3MVG9test' },
  earlierLogins: ['2026-11-21T10:00:00.000Z'],
  loggedInAt: '2026-11-22T10:00:00.000Z',
  checkedAt: '2026-11-22T10:00:00.000Z',
  credentialDigest: 'digest',
};

/** One suite for the fake that unit tests use and for the adapter on real files, so that the fake can be trusted (cli/cli). */
function contract(name: string, make: () => Promise<SfOrgs>): void {
  describe(`sf's store: ${name}`, () => {
    let orgs: SfOrgs;
    beforeEach(async () => {
      orgs = await make();
    });

    it('has no org at first', async () => {
      expect(await orgs.read(username)).to.equal(undefined);
      expect(await orgs.list()).to.deep.equal([]);
      expect(await orgs.loginRecord(username)).to.equal(undefined);
      expect(await orgs.loginRecords()).to.deep.equal([]);
    });

    it('holds refresh tokens that are to be revoked, and lets go of them', async () => {
      const held = (refreshToken: string, use: HeldToken['use']): HeldToken => ({
        use,
        refreshToken,
        instanceUrl: 'https://uat.example',
        orgId: '00D5g0000000005EAA',
      });
      expect(await orgs.heldTokens(username)).to.deep.equal([]);
      const tokens = [held('secret-refresh-token', 'login'), held('another-secret-refresh-token', 'replaced')];
      await orgs.holdTokens(username, tokens);
      expect(await orgs.heldTokens(username)).to.deep.equal(tokens);
      expect(await orgs.heldTokens('other@acme.example')).to.deep.equal([]);
      await orgs.holdTokens(username, []);
      expect(await orgs.heldTokens(username)).to.deep.equal([]);
      expect(await orgs.list()).to.deep.equal([]);
    });

    it('finds one org as it lists it', async () => {
      expect(await orgs.find(username)).to.equal(undefined);
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect([await orgs.find(username)]).to.deep.equal(await orgs.list());
    });

    it('gives back what was stored, decrypted', async () => {
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await orgs.read(username)).to.include({ ...sandbox });
    });

    it('replaces an org whole: a field that is left out is gone', async () => {
      await orgs.storeSandbox({ org: { ...sandbox, instanceApiVersion: '66.0' }, record, alias: 'uat' });
      await orgs.read(username);
      await orgs.storeSandbox({ org: { ...sandbox, refreshToken: undefined }, record, alias: 'uat' });
      expect(await orgs.read(username)).not.to.have.any.keys('refreshToken', 'instanceApiVersion');
    });

    it('changes an org that is stored, and nothing else', async () => {
      await orgs.storeSandbox({ org: { ...sandbox, clientSecret: 'secret' }, record, alias: 'uat' });
      await orgs.update(username, (current) => {
        expect(current).to.include({ ...sandbox, clientSecret: 'secret' });
        return { ...(current as StoredOrg), accessToken: 'new', refreshToken: 'rotated' };
      });
      expect(await orgs.read(username)).to.include({
        ...sandbox,
        clientSecret: 'secret',
        accessToken: 'new',
        refreshToken: 'rotated',
      });
      expect(await orgs.usernameOf('uat')).to.equal(username);
      expect(await orgs.loginRecord(username)).to.deep.equal(record);
    });

    it('leaves an org as it is when nothing is to be changed, also one that there is not', async () => {
      await orgs.update(username, (current) => void expect(current).to.equal(undefined));
      expect(await orgs.read(username)).to.equal(undefined);
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      await orgs.update(username, () => undefined);
      expect(await orgs.read(username)).to.include({ ...sandbox });
    });

    it('forgets what the plugin remembers of a user, and nothing that sf has', async () => {
      const other = { ...record, username: 'int@acme.example.uat' };
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      await orgs.keepSandbox(other, undefined);
      const { orgId } = record;
      await orgs.holdTokens(username, [
        { use: 'login', refreshToken: 'secret', instanceUrl: 'https://uat.example', orgId },
      ]);
      for (let times = 1; times <= 2; times += 1) {
        await orgs.forgetLogin(username);
        expect(await orgs.loginRecords()).to.deep.equal([other]);
        expect(await orgs.heldTokens(username)).to.deep.equal([]);
        expect(await orgs.read(username)).to.include({ orgId });
        expect(await orgs.usernameOf('uat')).to.equal(username);
      }
    });

    it('gives what is done while a renewal is held, and how it fails', async () => {
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await orgs.holdRenewal(username, async () => (await orgs.read(username)) !== undefined)).to.equal(true);
      const failing = orgs.holdRenewal(username, () => Promise.reject(new RangeError('bug')));
      expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(RangeError);
      expect(await orgs.holdRenewal(username, () => Promise.resolve(7))).to.equal(7);
    });

    it('finds an org by alias, and takes what is no alias for a username', async () => {
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await orgs.usernameOf('uat')).to.equal(username);
      expect(await orgs.usernameOf('other')).to.equal('other');
    });

    it('keeps other aliases', async () => {
      await orgs.storeProduction({ username: 'admin@acme.example', orgId: '00D5g0000000001EAA' }, 'prod');
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      await orgs.storeSandbox({ org: sandbox, record, alias: 'acceptance' });
      expect(await orgs.usernameOf('prod')).to.equal('admin@acme.example');
      expect((await orgs.list()).find((org) => org.username === username)?.aliases).to.have.members([
        'uat',
        'acceptance',
      ]);
    });

    it('lists what is stored', async () => {
      await orgs.storeProduction({ username: 'admin@acme.example', orgId: '00D5g0000000001EAA' }, undefined);
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await orgs.list()).to.have.deep.members([
        {
          username: 'admin@acme.example',
          orgId: '00D5g0000000001EAA',
          instanceUrl: undefined,
          isSandbox: false,
          isScratch: false,
          aliases: [],
        },
        {
          username,
          orgId: sandbox.orgId,
          instanceUrl: sandbox.instanceUrl,
          isSandbox: true,
          isScratch: false,
          aliases: ['uat'],
        },
      ]);
    });

    it('lists in the order of usernames, however the folder has them', async () => {
      const usernames = Array.from({ length: 20 }, (_, index) => `${(index * 7) % 20}@acme.example`);
      for (const each of usernames) await orgs.storeProduction({ username: each }, undefined);
      expect((await orgs.list()).map((org) => org.username)).to.deep.equal(usernames.sort());
    });

    it('remembers the login', async () => {
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await orgs.loginRecord(username)).to.deep.equal(record);
      expect(await orgs.loginRecords()).to.deep.equal([record]);
    });

    it('removes an org with its alias and its login record', async () => {
      await orgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      await orgs.remove(username);
      expect(await orgs.read(username)).to.equal(undefined);
      expect(await orgs.usernameOf('uat')).to.equal('uat');
      expect(await orgs.loginRecord(username)).to.equal(undefined);
    });
  });
}

contract('the fake', () => Promise.resolve(fakeSfOrgs()));

describe('on real files', () => {
  const { HOME, SF_USE_GENERIC_UNIX_KEYCHAIN } = process.env;
  let home: string;
  const newHome = async (): Promise<SfOrgs> => {
    home = await mkdtemp(join(tmpdir(), 'sf-plugin-jit-home-'));
    process.env['HOME'] = home;
    process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] = 'true';
    return sfOrgs;
  };
  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });
  after(() => {
    process.env['HOME'] = HOME;
    if (SF_USE_GENERIC_UNIX_KEYCHAIN === undefined) delete process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'];
    else process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] = SF_USE_GENERIC_UNIX_KEYCHAIN;
  });

  contract('the adapter', newHome);

  describe("sf's store: its files", () => {
    beforeEach(newHome);
    const file = (name: string): string => join(home, '.sfdx', name);
    const read = async (name: string): Promise<Record<string, unknown>> =>
      JSON.parse(await readFile(file(name), 'utf8')) as Record<string, unknown>;

    it('hold no token in clear, and are for their owner only', async () => {
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      const { orgId = '', instanceUrl = '' } = sandbox;
      await sfOrgs.holdTokens(username, [{ use: 'login', refreshToken: 'secret-refresh-token', orgId, instanceUrl }]);
      expect((await stat(join(home, '.sf/jit/held', `${encodeURIComponent(username)}.json`))).mode & 0o777).to.equal(
        0o600,
      );
      for (const folder of ['.sfdx', '.sf', '.sf/jit/logins', '.sf/jit/held']) {
        for (const entry of await readdir(join(home, folder), { withFileTypes: true })) {
          if (!entry.isFile()) continue;
          const text = await readFile(join(home, folder, entry.name), 'utf8');
          expect(text, entry.name).not.to.match(/secret-(access|refresh)-token/);
        }
      }
      expect((await stat(file(`${username}.json`))).mode & 0o777).to.equal(0o600);
    });

    it('have a sandbox record as core writes it, and lose that of the copy which is replaced', async () => {
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await read('00D5g0000000005EAA.sandbox.json')).to.include({
        sandboxUsername: username,
        sandboxOrgId: sandbox.orgId,
        prodOrgUsername: 'admin@acme.example',
        sandboxName: 'uat',
      });
      const org = { ...sandbox, orgId: '00D5g0000000099EAA' };
      await sfOrgs.storeSandbox({ org, record, alias: 'uat', replacedOrgIds: ['00D5g0000000005EAA'] });
      expect((await readdir(join(home, '.sfdx'))).filter((name) => name.endsWith('.sandbox.json'))).to.deep.equal([
        '00D5g0000000099EAA.sandbox.json',
      ]);
    });

    it('keep alias groups that are not ours', async () => {
      await sfOrgs.storeProduction({ username: 'admin@acme.example' }, 'prod');
      await writeFile(file('alias.json'), '{"orgs":{"prod":"admin@acme.example"},"else":{"a":"b"}}');
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await read('alias.json')).to.deep.equal({
        orgs: { prod: 'admin@acme.example', uat: username },
        else: { a: 'b' },
      });
    });

    it('may name a way of signing in that another version knows, which is then none', async () => {
      await sfOrgs.keepSandbox(record, undefined);
      const path = join(home, '.sf/jit/logins', `${encodeURIComponent(username)}.json`);
      const written = await readFile(path, 'utf8');
      await writeFile(path, written.replaceAll('own-key', 'by-magic'));
      const { signedInBy, startWith, ...rest } = record;
      expect([signedInBy, startWith?.way]).to.deep.equal(['own-key', 'own-key']);
      expect(await sfOrgs.loginRecord(username)).to.deep.equal(rest);
      for (const damaged of ['"startWith":7', '"startWith":{"way":"own-key"}', '"startWith":null']) {
        await writeFile(path, written.replace(/"startWith":\s*\{[^}]*\}/, damaged));
        expect(await sfOrgs.loginRecord(username), damaged).to.deep.equal({ ...rest, signedInBy });
      }
    });

    it('may say of earlier logins what is no time, which is passed over', async () => {
      const earlierLogins = ['soon', 7, '2026-11-21T10:00:00.000Z'] as string[];
      await sfOrgs.keepSandbox({ ...record, earlierLogins }, undefined);
      expect(await sfOrgs.loginRecord(username)).to.deep.equal(record);
      await sfOrgs.keepSandbox({ ...record, earlierLogins: 'often' as unknown as string[] }, undefined);
      expect(await sfOrgs.loginRecord(username)).not.to.have.property('earlierLogins');
    });

    it('that are damaged make an org unreadable, and it can be replaced', async () => {
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      await writeFile(file(`${username}.json`), '{"accessToken": "0123');
      expect(await sfOrgs.read(username)).to.equal('unreadable');
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      expect(await sfOrgs.read(username)).to.include({ accessToken: sandbox.accessToken });
    });

    it('keep what core encrypts within other fields, and what sf stored since', async () => {
      await sfOrgs.storeProduction({ ...sandbox, clientApps: { app: { refreshToken: 'inner-secret' } } }, undefined);
      const before = await read(`${username}.json`);
      await writeFile(file(`${username}.json`), JSON.stringify({ ...before, instanceApiVersion: '67.0' }));
      await sfOrgs.update(username, (current) => ({ ...(current as StoredOrg), accessToken: 'new-secret' }));
      expect(await readFile(file(`${username}.json`), 'utf8')).to.not.match(/inner-secret|new-secret/);
      expect(await sfOrgs.read(username)).to.deep.include({
        clientApps: { app: { refreshToken: 'inner-secret' } },
        instanceApiVersion: '67.0',
        accessToken: 'new-secret',
      });
      expect((await readdir(join(home, '.sfdx'))).filter((name) => /\.lock$|\.tmp$/.test(name))).to.deep.equal([]);
    });

    for (const [title, damage] of [
      ['the file of the org', async () => writeFile(file(`${username}.json`), '{"accessToken":')],
      ['the key of the encryption', async () => writeFile(file('key.json'), '{"service":"sfdx","key":"1234secret"')],
      ['who may read that key', async () => chmod(file('key.json'), 0o644)],
      ['that key is another one', async () => rm(file('key.json'))],
    ] as const) {
      it(`are no org that could be changed when they are damaged: ${title}`, async () => {
        await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
        const before = home;
        // core keeps the key of a home folder in memory: as a new process, it meets it anew
        await newHome();
        await cp(before, home, { recursive: true });
        await rm(before, { recursive: true });
        await damage();
        expect(await sfOrgs.read(username)).to.equal('unreadable');
        await sfOrgs.update(username, (current) => void expect(current).to.equal('unreadable'));
      });
    }

    it('are not renewed while stock sf renews them', async () => {
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      // core's name for the lock (authInfo, tryRotateOrAdopt)
      const release = await lock(file(`${username}.json.token-rotation`), { realpath: false });
      let held = true;
      const renewal = sfOrgs.holdRenewal(username, () => Promise.resolve(held));
      await setTimeout(300);
      held = false;
      await release();
      expect(await renewal).to.equal(false);
    });

    it('must be writable before a renewal begins', async () => {
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      const handle = await open(file(`${username}.json`));
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      sinon.replace(Object.getPrototypeOf(handle) as { writeFile: unknown }, 'writeFile', () => Promise.reject(full));
      await handle.close();
      let begun = false;
      try {
        const failure = await rejection(sfOrgs.holdRenewal(username, async () => void (begun = true)));
        expect(failure.name).to.equal('FileNotWritable');
      } finally {
        sinon.restore();
      }
      expect(begun).to.equal(false);
      expect((await readdir(join(home, '.sfdx'))).filter((name) => /\.lock$|\.tmp$/.test(name))).to.deep.equal([]);
    });

    it('that stock sf is just writing are read when it has done so', async () => {
      await sfOrgs.storeSandbox({ org: sandbox, record, alias: 'uat' });
      const whole = await readFile(file(`${username}.json`), 'utf8');
      const release = await lock(file(`${username}.json`), { realpath: false });
      await writeFile(file(`${username}.json`), '');
      const found = sfOrgs.read(username);
      await setTimeout(300);
      await writeFile(file(`${username}.json`), whole);
      await release();
      expect(await found).to.include({ ...sandbox });
      expect((await readdir(join(home, '.sfdx'))).filter((name) => name.endsWith('.lock'))).to.deep.equal([]);
    });
  });
});
