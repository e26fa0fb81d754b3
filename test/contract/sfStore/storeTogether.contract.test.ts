import { createPrivateKey } from 'node:crypto';
import fs, { access, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateAggregator } from '@salesforce/core';
import { expect } from 'chai';
import { lock } from 'proper-lockfile';
import sinon from 'sinon';
import { startEmulator } from '../../../src/emulator/index.js';
import { withTimeLimit } from '../../../src/files/io/timeLimit.js';
import type { JitFailure } from '../../../src/failures/failures.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import type { SandboxRegistration } from '../../../src/registry/sandboxFields.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import { loginSandboxes } from '../../../src/sandboxes/login/loginSandboxes.js';
import { sfOrgs } from '../../../src/sfStore/io/orgFiles.js';
import type { SfOrgs } from '../../../src/sfStore/sfOrgs.js';
import type { LoginRecord, StoredOrg } from '../../../src/sfStore/storedOrg.js';
import { fakePorts, productionUsername } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

const many = 40;
const callbackUrl = 'http://localhost:1717/OauthRedirect';
/** No variable of the tester's decides over production. */
const variables = { hasPrivateKey: false };
const names = Array.from({ length: many }, (_, index) => `box${index}`);
const usernameOf = (name: string): string => `${productionUsername}.${name}`;
const orgIdOf = (name: string): string => `00D5g0000000${name.padStart(6, '0')}`;

/** A place at which everybody waits until so many are there, again and again. */
function barrier(size: number): () => Promise<void> {
  const here: Array<() => void> = [];
  return () =>
    new Promise((resolve) => {
      here.push(resolve);
      if (here.length === size) for (const go of here.splice(0)) go();
    });
}

describe('many logins of one process, stored at once', () => {
  const { HOME, SF_USE_GENERIC_UNIX_KEYCHAIN } = process.env;
  let home: string;
  const file = (name: string): string => join(home, '.sfdx', name);
  const orgFile = (name: string): string => file(`${usernameOf(name)}.json`);
  const aliases = async (): Promise<Record<string, string>> =>
    (JSON.parse(await readFile(file('alias.json'), 'utf8')) as { orgs: Record<string, string> }).orgs;
  const allAliases = (all = names): Record<string, string> =>
    Object.fromEntries(all.map((name) => [name, usernameOf(name)]));

  const store = (name: string, more: Partial<StoredOrg> = {}, alias: string | undefined = name): Promise<void> => {
    const [username, orgId] = [usernameOf(name), orgIdOf(name)];
    const record: LoginRecord = {
      username,
      sandboxName: name,
      productionUsername,
      orgId,
      authType: 'jwt',
      loggedInAt: '2026-11-22T10:00:00.000Z',
      checkedAt: '2026-11-22T10:00:00.000Z',
      credentialDigest: 'digest',
    };
    const org = { username, orgId, accessToken: `${orgId}!secret`, instanceUrl: 'https://box.example', ...more };
    return sfOrgs.storeSandbox({ org, record, alias });
  };

  /** How often a file was put in the place of another one by `work`, by its path. */
  const replacements = async (work: () => Promise<unknown>): Promise<(path: string) => number> => {
    const rename = sinon.spy(fs, 'rename');
    syncBuiltinESMExports();
    try {
      await work();
      const targets = rename.args.map(([, to]) => to as string);
      return (path) => targets.filter((target) => target === path).length;
    } finally {
      rename.restore();
      syncBuiltinESMExports();
    }
  };

  const isThere = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sf-plugin-jit-home-'));
    process.env['HOME'] = home;
    process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] = 'true';
    await sfOrgs.storeProduction({ username: 'other@acme.example' }, 'other');
  });
  afterEach(async () => {
    const left = (await readdir(home, { recursive: true })).filter((name) => /\.(lock|tmp)$/.test(name));
    await rm(home, { recursive: true, force: true });
    expect(left).to.deep.equal([]);
  });
  after(() => {
    process.env['HOME'] = HOME;
    if (SF_USE_GENERIC_UNIX_KEYCHAIN === undefined) delete process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'];
    else process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] = SF_USE_GENERIC_UNIX_KEYCHAIN;
  });

  it('write the alias file together, and each its own files once', async () => {
    const count = await replacements(() => Promise.all(names.map((name) => store(name))));
    expect(count(file('alias.json'))).to.equal(1);
    for (const name of names) expect(count(orgFile(name)), name).to.equal(1);
    expect(await aliases()).to.deep.equal({ other: 'other@acme.example', ...allAliases() });
    const stored = await Promise.all(names.map((name) => sfOrgs.read(usernameOf(name))));
    expect(stored.map((org) => org !== 'unreadable' && org?.accessToken)).to.deep.equal(
      names.map((name) => `${orgIdOf(name)}!secret`),
    );
  });

  it('are one write of the alias file when sandboxes are logged in to, and when they are so again', async () => {
    const emulator = await startEmulator({ sandboxes: names });
    try {
      const { username, orgId, clientId, http, keyFile } = emulator.info;
      const key = { source: 'file', path: keyFile } as const;
      const production = { username, orgId, clientId, loginUrl: http.loginUrl, instanceUrl: http.productionUrl, key };
      const sandboxes = names.map((name): SandboxRegistration => {
        const registered = { sandboxName: name, alias: name, username: `${username}.${name}` };
        return { ...registered, productionUsername: username, isJitRegistration: true };
      });
      const fakes = fakePorts({ productionOrgs: [production], sandboxes, environments: [] });
      const privateKey = signingKey(createPrivateKey(await readFile(keyFile, 'utf8')));
      const keys = { ...fakes.keys, read: () => Promise.resolve(privateKey) };
      const arrived = barrier(many);
      // as many logins as there are at the same moment; without it that depends on the machine
      const storeSandbox: SfOrgs['storeSandbox'] = async (change) => {
        await arrived();
        return sfOrgs.storeSandbox(change);
      };
      const ports = { ...fakes, salesforce, sfOrgs: { ...sfOrgs, storeSandbox }, keys, now: () => new Date() };
      const request = { sandboxes: 'all', wait: 0, concurrency: many, callbackUrl, variables } as const;
      const logIn = async (): Promise<number> => {
        const count = await replacements(async () => {
          const outcomes = await loginSandboxes(request, ports, () => undefined);
          expect(outcomes.filter((outcome) => !('login' in outcome))).to.deep.equal([]);
        });
        return count(file('alias.json'));
      };
      expect(await logIn()).to.equal(1);
      const expected = Object.fromEntries(sandboxes.map((sandbox) => [sandbox.alias, sandbox.username]));
      expect(await aliases()).to.deep.equal({ other: 'other@acme.example', ...expected });
      expect(await logIn()).to.equal(1);
    } finally {
      await emulator.stop();
    }
  });

  it('are each on disk when they are said to be done', async () => {
    const states = await Promise.all(
      names.map(async (name) => {
        await store(name);
        const texts = await Promise.all([orgFile(name), file(`${orgIdOf(name)}.sandbox.json`)].map(isThere));
        return [...texts, (await aliases())[name] === usernameOf(name), await sfOrgs.loginRecord(usernameOf(name))];
      }),
    );
    for (const [org, sandbox, alias, record] of states) {
      expect([org, sandbox, alias]).to.deep.equal([true, true, true]);
      expect(record).to.include({ authType: 'jwt' });
    }
  });

  it('fail by themselves when they cannot be written, and leave the others and what was there before', async () => {
    await mkdir(orgFile('box3'));
    const results = await Promise.allSettled(names.map((name) => store(name)));
    const failed = names.filter((_, index) => results[index]?.status === 'rejected');
    expect(failed).to.deep.equal(['box3']);
    const [failure] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as JitFailure] : []));
    expect(failure?.name).to.equal('FileNotWritable');
    expect(failure?.facts.file).to.equal(orgFile('box3'));
    expect(await aliases()).to.deep.equal({
      other: 'other@acme.example',
      ...allAliases(names.filter((name) => name !== 'box3')),
    });
    expect(await isThere(file(`${orgIdOf('box3')}.sandbox.json`))).to.equal(false);
    expect(await sfOrgs.loginRecord(usernameOf('box3'))).to.equal(undefined);
  });

  it('fail by themselves when what they write cannot be made', async () => {
    const bug = new RangeError('bug');
    const failing = sfOrgs.update(usernameOf('box1'), () => {
      throw bug;
    });
    const stored = Promise.all(names.slice(2).map((name) => store(name)));
    expect(await failing.catch((error: unknown) => error)).to.equal(bug);
    await stored;
    expect(await aliases()).to.include(allAliases(names.slice(2)));
  });

  it('wait for an org that another process is writing, and for no other', async () => {
    await store('box5');
    const release = await lock(orgFile('box5'), { realpath: false });
    let isDone = false;
    const late = store('box5', { accessToken: `${orgIdOf('box5')}!new` }).then(() => (isDone = true));
    const early = names.filter((name) => name !== 'box5').map((name) => store(name));
    // what one process wants written of an org comes in the order in which it is wanted
    const last = sfOrgs.update(usernameOf('box5'), (org) => ({ ...(org as StoredOrg), instanceApiVersion: '67.0' }));
    while (!(await Promise.all(names.map((name) => isThere(orgFile(name))))).every(Boolean)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(isDone).to.equal(false);
    await release();
    await Promise.all([late, last, ...early]);
    expect(await sfOrgs.read(usernameOf('box5'))).to.include({
      accessToken: `${orgIdOf('box5')}!new`,
      instanceApiVersion: '67.0',
    });
  });

  it('lose no alias that sf sets meanwhile, and take none from it', async () => {
    const ofSf = Array.from({ length: 10 }, (_, index) => [`theirs${index}`, `theirs${index}@acme.example`] as const);
    const { aliases: core } = await StateAggregator.create();
    const setBySf = async (): Promise<void> => {
      for (const [alias, username] of ofSf) await core.setAndSave(alias, username);
    };
    const inWaves = async (): Promise<void> => {
      for (let from = 0; from < many; from += 5) {
        await Promise.all(names.slice(from, from + 5).map((name) => store(name)));
      }
    };
    await Promise.all([inWaves(), setBySf()]);
    expect(await aliases()).to.deep.equal({
      other: 'other@acme.example',
      ...allAliases(),
      ...Object.fromEntries(ofSf),
    });
  });

  it('wait for the alias file as long as each has time, and not as long as the first of them', async () => {
    const release = await lock(file('alias.json'), { realpath: false });
    const hurried = rejection(withTimeLimit(AbortSignal.timeout(50), () => store('box0')));
    const others = Promise.all(names.slice(1).map((name) => store(name)));
    expect((await hurried).name).to.equal('Locked');
    await release();
    await others;
    expect(await aliases()).to.deep.equal({ other: 'other@acme.example', ...allAliases(names.slice(1)) });
    expect(await isThere(orgFile('box0'))).to.equal(false);
  });
});
