import { expect } from 'chai';
import { registerMade } from '../../../src/autoRegister/autoRegister.js';
import type { SandboxNote, SandboxOrder } from '../../../src/autoRegister/coreSandboxes.js';
import type { MadeSandbox } from '../../../src/autoRegister/stockCommands.js';
import { isLoginOfPlugin, type StoredOrg } from '../../../src/sfStore/storedOrg.js';
import { acme, fakePorts, productionUsername } from '../../support/fakes.js';

const username = `${productionUsername}.qa`;
const since = new Date('2026-11-22T10:00:00.000Z');
const orgId = '00D5g0000000009EAA';
const made: MadeSandbox = { sandboxName: 'qa', username, sandboxOrgId: orgId.slice(0, 15), status: 'Completed' };
const org: StoredOrg = {
  username,
  orgId,
  accessToken: '00D!token',
  instanceUrl: 'https://qa.example',
  clientId: '3MVG9test',
  privateKey: '/keys/server.key',
  isSandbox: true,
};
const note: SandboxNote = {
  sandboxName: 'qa',
  sandboxUsername: username,
  prodOrgUsername: productionUsername,
  timestamp: '2026-11-22T10:05:00.000Z',
};

/** sf's side of it: what it stored, noted and was told to call the sandbox. */
type Stock = { org?: StoredOrg; note?: SandboxNote; order?: SandboxOrder; aliases?: string[] };

function after(stock: Stock = { org, note }) {
  const ports = fakePorts();
  if (stock.org) ports.sfOrgs.orgs.set(username, stock.org);
  for (const alias of stock.aliases ?? []) ports.sfOrgs.names.set(alias, username);
  const coreSandboxes = {
    note: async (id: string) => (id === orgId ? stock.note : undefined),
    order: async (name: string) => (name === 'qa' ? stock.order : undefined),
  };
  return { ...ports, coreSandboxes };
}

const registered = (ports: ReturnType<typeof after>): unknown =>
  ports.registry.current.sandboxes.find(({ sandboxName }) => sandboxName === 'qa');

describe('a sandbox that a stock command made', () => {
  it('is registered on this machine under the alias that it got', async () => {
    const ports = after({ org, note, aliases: ['quality'] });
    const done = await registerMade(made, since, ports);
    expect(done.kind).to.equal('registered');
    expect(registered(ports)).to.deep.equal({
      sandboxName: 'qa',
      username,
      alias: 'quality',
      productionUsername,
      isJitRegistration: true,
    });
  });

  it('without an alias is registered under its name, and sf gets no alias', async () => {
    const ports = after();
    await registerMade(made, since, ports);
    expect(registered(ports)).to.include({ alias: 'qa' });
    expect([...ports.sfOrgs.names]).to.deep.equal([]);
  });

  it('asks Salesforce nothing', async () => {
    const ports = after();
    await registerMade(made, since, ports);
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('keeps the alias and the username that Salesforce gave, also when it is registered already', async () => {
    const other = `ops@acme.example.qa`;
    const ports = after();
    ports.registry.current = {
      ...acme(),
      sandboxes: [{ sandboxName: 'QA', username: other, alias: 'old', productionUsername, isJitRegistration: true }],
    };
    expect((await registerMade(made, since, ports)).kind).to.equal('nothing');
    expect(ports.registry.current.sandboxes).to.deep.equal([
      { sandboxName: 'QA', username, alias: 'old', productionUsername, isJitRegistration: true },
    ]);
  });

  it('that is registered already, by the same user, is written nowhere', async () => {
    const ports = after();
    await registerMade(made, since, ports);
    const before = ports.registry.current;
    expect((await registerMade(made, since, ports)).kind).to.equal('nothing');
    expect(ports.registry.current).to.equal(before);
  });

  it('keeps the username that is registered while nobody has logged in to the new copy', async () => {
    const known = { ...acme().sandboxes[0]!, sandboxName: 'qa', username: 'ops@acme.example.qa', alias: 'old' };
    const ports = after({ order: { prodOrgUsername: productionUsername } });
    ports.registry.current = { ...acme(), sandboxes: [known] };
    expect((await registerMade(made, since, ports)).kind).to.equal('nothing');
    expect(ports.registry.current.sandboxes).to.deep.equal([known]);
  });

  it('is left as another process registered it meanwhile', async () => {
    const ports = after();
    const { update } = ports.registry;
    const theirs = { ...acme().sandboxes[0]!, sandboxName: 'qa', username, alias: 'theirs' };
    ports.registry.update = async (change) => {
      ports.registry.current = { ...acme(), sandboxes: [...acme().sandboxes, theirs] };
      return update(change);
    };
    expect((await registerMade(made, since, ports)).kind).to.equal('nothing');
    expect(ports.registry.current.sandboxes).to.deep.equal([...acme().sandboxes, theirs]);
  });

  for (const [what, stock] of Object.entries({
    'of a production org that is not registered': { org, note: { ...note, prodOrgUsername: 'ops@acme.example' } },
    'of which sf noted nothing': { org },
    'whose note is of another sandbox': { org, note: { ...note, sandboxName: 'uat' } },
    'whose note is of another user': { org, note: { ...note, sandboxUsername: 'x@acme.example.qa' } },
    'that nobody logged in to and nobody ordered': {},
  })) {
    it(`${what} stays unregistered`, async () => {
      const ports = after(stock);
      expect(await registerMade(made, since, ports)).to.deep.equal({ kind: 'nothing' });
      expect(ports.registry.current).to.deep.equal(acme());
      expect([...ports.sfOrgs.records]).to.deep.equal([]);
    });
  }

  it('whose username is not known, or could be the name of a folder, is not looked up', async () => {
    const ports = after();
    ports.sfOrgs.read = async (name) => {
      throw new Error(`read ${name}`);
    };
    for (const none of ['../x@y.z', undefined]) {
      expect(await registerMade({ ...made, username: none }, since, ports)).to.deep.equal({ kind: 'nothing' });
    }
  });
});

describe('the alias of a sandbox that a stock command made', () => {
  async function aliasOf(stock: Stock, change: (ports: ReturnType<typeof after>) => void = () => undefined) {
    const ports = after({ org, note, ...stock });
    change(ports);
    const done = await registerMade(made, since, ports);
    return 'sandbox' in done ? done.sandbox.alias : done.kind;
  }

  it('is the one of --alias before others that sf has for it', async () => {
    const order = { prodOrgUsername: productionUsername, alias: 'wanted' };
    expect(await aliasOf({ order, aliases: ['older', 'wanted'] })).to.equal('wanted');
  });

  it('is not the one of --alias when that leads elsewhere by now', async () => {
    const order = { prodOrgUsername: productionUsername, alias: 'wanted' };
    expect(await aliasOf({ order }, ({ sfOrgs }) => sfOrgs.names.set('wanted', 'me@other.example'))).to.equal('qa');
  });

  it('is never that of another registered sandbox, even if sf gave it to this one', async () => {
    expect(await aliasOf({ aliases: ['uat'] })).to.equal('qa');
  });

  it('is never that of a production org, registered or only in sf', async () => {
    expect(await aliasOf({ aliases: ['prod'] })).to.equal('qa');
    const change = ({ sfOrgs }: ReturnType<typeof after>): void => {
      sfOrgs.orgs.set('ops@other.example', { username: 'ops@other.example' });
      sfOrgs.names.set('qa', 'ops@other.example');
    };
    expect(await aliasOf({}, change)).to.equal('prod-qa');
  });

  it('is never the name of another registered sandbox, of an environment, or what the project calls another one', async () => {
    const [uat] = acme().sandboxes;
    const registry = (more: object) => (ports: ReturnType<typeof after>) => {
      ports.registry.current = { ...acme(), ...more };
    };
    const order = { prodOrgUsername: productionUsername, alias: 'uat' };
    expect(await aliasOf({ order }, registry({ sandboxes: [{ ...uat!, alias: 'x' }] }))).to.equal('qa');
    const environment = { name: 'quality', sandboxName: 'qa', productionUsername, branches: [], category: 'test' };
    expect(await aliasOf({ aliases: ['quality'] }, registry({ environments: [environment] }))).to.equal('qa');
    const ofProject = (ports: ReturnType<typeof after>): void => {
      ports.registry.project = { sandboxes: [{ ...uat!, sandboxName: 'dev', alias: 'qa' }], environments: [] };
    };
    expect(await aliasOf({}, ofProject)).to.equal('prod-qa');
  });

  it('has the name of production in it where another sandbox is called so', async () => {
    const change = (ports: ReturnType<typeof after>): void => {
      const [uat] = acme().sandboxes;
      ports.registry.current = { ...acme(), sandboxes: [{ ...uat!, alias: 'qa' }] };
    };
    expect(await aliasOf({}, change)).to.equal('prod-qa');
  });

  it('is left to the user where none is free', async () => {
    const change = (ports: ReturnType<typeof after>): void => {
      const [uat] = acme().sandboxes;
      const taken = ['qa', 'prod-qa'].map((alias, at) => ({ ...uat!, alias, sandboxName: `other${at}` }));
      ports.registry.current = { ...acme(), sandboxes: taken };
    };
    expect(await aliasOf({}, change)).to.equal('no-alias');
  });

  it('is one that can be typed', async () => {
    expect(await aliasOf({ aliases: ['-x', '__proto__', 'a\nb'] })).to.equal('qa');
  });
});

describe('the login that a stock command stored', () => {
  for (const [authType, credential] of [
    ['jwt', {}],
    ['sfdx-auth-url', { refreshToken: 'refresh', privateKey: undefined }],
    ['sfdx-auth-url', { refreshToken: 'refresh' }],
    ['access-token', { privateKey: undefined }],
  ] as const) {
    it(`becomes one of the plugin's, as ${authType}: ${Object.keys(credential).join(', ') || 'a key'}`, async () => {
      const stored = { ...org, ...credential };
      const ports = after({ org: stored, note });
      await registerMade(made, since, ports);
      const record = ports.sfOrgs.records.get(username);
      expect(record).to.include({ sandboxName: 'qa', productionUsername, orgId, authType, loggedInAt: note.timestamp });
      expect(isLoginOfPlugin(stored, record)).to.equal(true);
      expect(ports.sfOrgs.orgs.get(username), 'the org itself').to.equal(stored);
    });
  }

  it('takes the place of what the plugin remembers of the copy before', async () => {
    const ports = after();
    await registerMade(made, since, ports);
    const before = ports.sfOrgs.records.get(username)!;
    ports.sfOrgs.records.set(username, { ...before, orgId: '00D5g0000000007EAA' });
    await registerMade(made, since, ports);
    expect(ports.sfOrgs.records.get(username)).to.deep.equal(before);
  });

  it('is taken over while no other login to the sandbox is made, from the moment on in which the command began', async () => {
    const ports = after({ org, note: { ...note, timestamp: since.toISOString() } });
    const held: string[] = [];
    ports.locks.hold = (name, work) => {
      held.push(name);
      return work();
    };
    await registerMade(made, since, ports);
    expect(held).to.deep.equal([`sandbox ${productionUsername} qa`]);
    expect(ports.sfOrgs.records.has(username)).to.equal(true);
  });

  it("stays the user's when it was there before the command", async () => {
    const ports = after({ org, note: { ...note, timestamp: '2026-11-22T09:59:59.000Z' } });
    expect((await registerMade(made, since, ports)).kind).to.equal('registered');
    expect([...ports.sfOrgs.records]).to.deep.equal([]);
  });
});

describe('a sandbox that is still being copied', () => {
  const copying: MadeSandbox = { sandboxName: 'qa', username, status: 'Processing', copyProgress: 45 };
  const order = { prodOrgUsername: productionUsername, alias: 'quality' };

  it('is registered under the alias that it will get', async () => {
    const ports = after({ order });
    expect(await registerMade(copying, since, ports)).to.deep.include({ kind: 'registered-copying', made: copying });
    expect(registered(ports)).to.include({ alias: 'quality', username });
    expect([...ports.sfOrgs.records]).to.deep.equal([]);
  });

  it('has the login of the copy before left alone', async () => {
    const ports = after({ org, note: { ...note, timestamp: '2026-10-01T00:00:00.000Z' }, order });
    expect((await registerMade(copying, since, ports)).kind).to.equal('registered-copying');
    expect([...ports.sfOrgs.records]).to.deep.equal([]);
  });

  it('stays unregistered when it was ordered from a production org that is not registered', async () => {
    const ports = after({ order: { prodOrgUsername: 'ops@acme.example' } });
    expect((await registerMade(copying, since, ports)).kind).to.equal('nothing');
  });
});
