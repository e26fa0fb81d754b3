import { expect } from 'chai';
import type { OrgState } from '../../../../src/sandboxes/list/orgRow.js';
import { displaySandbox, listOrgs } from '../../../../src/sandboxes/list/listOrgs.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionOrgId, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';
import type { KeySource } from '../../../../src/keys/keySource.js';

const username = `${productionUsername}.uat`;
const now = '2026-11-22T10:00:00.000Z';
const nothingSet = { isSet: () => false };

const loggedIn = async (): Promise<FakePorts> => {
  const ports = fakePorts();
  await loginSandbox({ sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://c' }, ports);
  return ports;
};
const [prod] = acme().productionOrgs;
const [uat] = acme().sandboxes;

/** The sandbox as {@link loggedIn} leaves it, but for the layer. */
const loggedInRow = {
  kind: 'jit',
  alias: 'uat',
  username,
  sandboxName: 'uat',
  productionUsername,
  orgId: '00D5g0000000005EAA',
  instanceUrl: 'https://uat.example',
  state: 'logged-in',
  lastLogin: now,
  signedInBy: 'jwt',
};

describe('the list of orgs', () => {
  it('has every field of a production org, and of a sandbox that the plugin logged in to', async () => {
    const ports = await loggedIn();
    expect(await listOrgs(ports, nothingSet)).to.deep.equal([
      {
        kind: 'production',
        alias: 'prod',
        username: productionUsername,
        sandboxName: null,
        productionUsername: null,
        orgId: productionOrgId,
        instanceUrl: 'https://acme.example',
        state: 'ready',
        lastLogin: null,
        signedInBy: null,
        layer: 'global',
      },
      { ...loggedInRow, layer: 'global' },
    ]);
  });

  it('knows nothing of a sandbox that is not logged in, though a login is remembered', async () => {
    const ports = await loggedIn();
    ports.sfOrgs.orgs.delete(username);
    expect(await displaySandbox('uat', ports)).to.deep.include({
      state: 'not-logged-in',
      orgId: null,
      instanceUrl: null,
      lastLogin: null,
      signedInBy: null,
    });
  });

  it('tells how the plugin signed in, not of a login of its own that an earlier version or another command made', async () => {
    const ports = await loggedIn();
    const { signedInBy, ...record } = ports.sfOrgs.records.get(username)!;
    expect(signedInBy).to.equal('jwt');
    ports.sfOrgs.records.set(username, { ...record, signedInBy: 'platform-cli' });
    expect((await displaySandbox('uat', ports)).signedInBy).to.equal('platform-cli');
    ports.sfOrgs.records.set(username, record);
    expect((await displaySandbox('uat', ports)).signedInBy).to.equal(null);
  });

  it('does not tell how the plugin signed in before the user logged in himself', async () => {
    const ports = await loggedIn();
    ports.sfOrgs.orgs.set(username, { ...grantFor(username), username, refreshToken: 'mine' });
    expect((await displaySandbox('uat', ports)).signedInBy).to.equal(null);
  });

  it('shows what is known of a login that the user made, and that the plugin never did', async () => {
    const ports = fakePorts();
    ports.sfOrgs.orgs.set(username, { ...grantFor(username), username });
    expect(await displaySandbox('uat', ports)).to.deep.include({
      state: 'own-login',
      orgId: '00D5g0000000005EAA',
      instanceUrl: 'https://uat.example',
      lastLogin: null,
    });
    ports.sfOrgs.orgs.set(username, { username });
    expect(await displaySandbox('uat', ports)).to.deep.include({ orgId: null, instanceUrl: null });
  });

  it('takes a login that the user put in the place of ours for his own', async () => {
    const ports = await loggedIn();
    ports.sfOrgs.orgs.set(username, { ...grantFor(username), username, refreshToken: 'mine' });
    expect((await displaySandbox('uat', ports)).state).to.equal('own-login');
  });

  it('shows a login that cannot be read, or is removed meanwhile, as none', async () => {
    const ports = await loggedIn();
    ports.sfOrgs.orgs.set(username, 'unreadable');
    expect((await displaySandbox('uat', ports)).state).to.equal('not-logged-in');
    const stored = await ports.sfOrgs.list();
    ports.sfOrgs.list = async () => stored;
    ports.sfOrgs.orgs.delete(username);
    expect((await displaySandbox('uat', ports)).state).to.equal('not-logged-in');
  });

  it('matches usernames without regard to letter case, and shows each org once', async () => {
    const ports = await loggedIn();
    ports.registry.current = {
      ...acme(),
      productionOrgs: [{ ...prod!, username: productionUsername.toUpperCase() }],
      sandboxes: [{ ...uat!, username: username.toUpperCase() }],
    };
    expect((await listOrgs(ports, nothingSet)).map(({ kind, state }) => [kind, state])).to.deep.equal([
      ['production', 'ready'],
      ['jit', 'logged-in'],
    ]);
  });

  it('tells which sandboxes the project shares', async () => {
    const ports = fakePorts();
    ports.registry.project = { sandboxes: [{ ...uat!, sandboxName: 'UAT' }], environments: [] };
    ports.registry.current = {
      ...acme(),
      sandboxes: [uat!, { ...uat!, sandboxName: 'dev', alias: 'dev', username: `${productionUsername}.dev` }],
    };
    const sandboxes = (await listOrgs(ports, nothingSet)).filter(({ kind }) => kind === 'jit');
    expect(sandboxes.map(({ sandboxName, layer }) => [sandboxName, layer])).to.deep.equal([
      ['UAT', 'project'],
      ['dev', 'global'],
    ]);
  });

  describe('of production', () => {
    const stateWith = async (key: KeySource, set: string[], stored: boolean): Promise<OrgState | undefined> => {
      const ports = fakePorts({ ...acme(), productionOrgs: [{ ...prod!, key }] });
      if (stored) ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername });
      return (await listOrgs(ports, { isSet: (name) => set.includes(name) }))[0]?.state;
    };
    const cases: Array<[KeySource, string[], boolean, OrgState]> = [
      [{ source: 'file', path: '/k' }, [], false, 'ready'],
      [{ source: 'sf' }, [], true, 'ready'],
      [{ source: 'sf' }, ['SF_PRIVATE_KEY'], false, 'not-logged-in'],
      [{ source: 'env', name: 'K' }, ['K'], false, 'ready'],
      [{ source: 'env', name: 'K' }, ['SF_PRIVATE_KEY'], true, 'key-needed'],
      [{ source: 'stdin' }, ['SF_PRIVATE_KEY'], false, 'ready'],
      [{ source: 'stdin' }, ['K'], true, 'key-needed'],
    ];
    for (const [key, set, stored, expected] of cases) {
      const where = `a key from ${key.source}, ${set.join() || 'nothing'} set and ${stored ? 'a' : 'no'} stored login`;
      it(`shows ${where} as ${expected}`, async () => {
        expect(await stateWith(key, set, stored)).to.equal(expected);
      });
    }

    it('takes the alias of the registration, else the first one that sf has, else none', async () => {
      const ports = fakePorts({ ...acme(), productionOrgs: [{ ...prod!, alias: undefined }] });
      const alias = async (): Promise<string | null | undefined> => (await listOrgs(ports, nothingSet))[0]?.alias;
      expect(await alias()).to.equal(null);
      ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername });
      expect(await alias()).to.equal(null);
      ports.sfOrgs.names.set('main', productionUsername).set('other', productionUsername);
      expect(await alias()).to.equal('main');
      ports.registry.current = acme();
      expect(await alias()).to.equal('prod');
    });
  });

  describe('of what is not registered', () => {
    const only = async (ports: FakePorts) => {
      ports.registry.current = { ...acme(), sandboxes: [] };
      return (await listOrgs(ports, nothingSet)).slice(1);
    };

    it('still tells the sandbox of a login that the plugin made', async () => {
      expect(await only(await loggedIn())).to.deep.equal([{ ...loggedInRow, layer: null }]);
    });

    it('takes an org for traditional once the user has logged in to it himself', async () => {
      const ports = await loggedIn();
      ports.sfOrgs.orgs.set(username, { ...grantFor(username), username, refreshToken: 'mine' });
      expect((await only(ports))[0]).to.include({
        kind: 'traditional',
        state: 'own-login',
        sandboxName: null,
        productionUsername: null,
        lastLogin: null,
      });
    });

    it('takes one that cannot be read for traditional, unless the plugin made it', async () => {
      const ports = await loggedIn();
      ports.sfOrgs.orgs.set('me@else.example', 'unreadable').set(username, 'unreadable');
      expect((await only(ports)).map(({ kind, state, lastLogin }) => [kind, state, lastLogin])).to.deep.equal([
        ['jit', 'not-logged-in', now],
        ['traditional', 'own-login', null],
      ]);
    });

    it('shows no more of a traditional org than sf has of it', async () => {
      const ports = fakePorts();
      ports.sfOrgs.orgs.set('me@else.example', { username: 'me@else.example' });
      expect(await only(ports)).to.deep.equal([
        {
          kind: 'traditional',
          alias: null,
          username: 'me@else.example',
          sandboxName: null,
          productionUsername: null,
          orgId: null,
          instanceUrl: null,
          state: 'own-login',
          lastLogin: null,
          signedInBy: null,
          layer: null,
        },
      ]);
    });
  });
});

describe('the display of a sandbox', () => {
  it('is the one that was meant, by alias, sandbox name or username', async () => {
    const ports = fakePorts({
      ...acme(),
      sandboxes: [{ ...uat!, sandboxName: 'dev', alias: 'd', username: `${productionUsername}.dev` }, uat!],
    });
    for (const name of ['uat', 'UAT', username]) {
      expect((await displaySandbox(name, ports)).sandboxName, name).to.equal('uat');
    }
    expect((await displaySandbox('D', ports)).sandboxName).to.equal('dev');
  });

  it('fails for one that is not registered, although sf has an org of that name', async () => {
    const ports = await loggedIn();
    ports.registry.current = { ...acme(), sandboxes: [] };
    const { name, facts } = await rejection(displaySandbox('uat', ports));
    expect([name, facts.sandbox]).to.deep.equal(['SandboxNotRegistered', 'uat']);
  });
});
