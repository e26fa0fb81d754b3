import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import { emptyRegistry } from '../../../../src/registry/registry.js';
import { displaySandbox, listOrgs } from '../../../../src/sandboxes/list/listOrgs.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import { displayProductionOrg, listProductionOrgs } from '../../../../src/production/productionOrgs.js';
import type { RegisterProductionOrgRequest } from '../../../../src/production/registerProductionOrg.js';
import { registerProductionOrg } from '../../../../src/production/registerProductionOrg.js';
import type { RegisterSandboxesRequest } from '../../../../src/sandboxes/register/registerSandboxes.js';
import { registerSandboxes } from '../../../../src/sandboxes/register/registerSandboxes.js';
import {
  findProductionOrgToUnregister,
  findSandboxesToUnregister,
  unregisterProductionOrg,
  unregisterSandboxes,
} from '../../../../src/sandboxes/register/unregister.js';
import type { FakePorts } from '../../../support/fakes.js';
import {
  acme,
  fakePorts,
  grantFor,
  loginUrl,
  productionOrgId,
  productionUsername,
  state,
} from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';
import type { KeySource } from '../../../../src/keys/keySource.js';

const username = `${productionUsername}.uat`;
const keyPresence = { isSet: () => false };

describe('registerProductionOrg', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts(emptyRegistry);
  });
  const jwt = (key: KeySource): RegisterProductionOrgRequest => ({
    way: 'jwt',
    username: productionUsername,
    clientId: '3MVG9test',
    loginUrl,
    key,
    alias: 'prod',
  });

  it('logs in once, checks the org, and leaves production as an sf org for a key file', async () => {
    await registerProductionOrg(jwt({ source: 'file', path: '/k' }), ports);
    expect(ports.salesforce.calls).to.deep.equal([
      `jwt ${productionUsername} at ${loginUrl}`,
      'organization',
      'sandboxStates',
    ]);
    expect(ports.sfOrgs.orgs.get(productionUsername)).to.include({
      privateKey: '/k',
      clientId: '3MVG9test',
      orgId: productionOrgId,
    });
    expect(ports.sfOrgs.names.get('prod')).to.equal(productionUsername);
    expect(ports.registry.current.productionOrgs[0]).to.deep.include({
      alias: 'prod',
      key: { source: 'file', path: '/k' },
    });
  });

  for (const key of [{ source: 'env', name: 'K' }, { source: 'stdin' }] as const) {
    it(`leaves nothing with sf for a key from ${key.source}`, async () => {
      await registerProductionOrg({ ...jwt(key), keyText: 'pem' } as RegisterProductionOrgRequest, ports);
      expect(ports.sfOrgs.orgs.size).to.equal(0);
      expect(JSON.stringify(ports.registry.current)).not.to.contain('pem');
    });
  }

  for (const [kind, name] of [
    ['sandbox', 'NotAProductionOrg'],
    ['scratch', 'ScratchOrgNotSupported'],
  ] as const) {
    it(`refuses a ${kind} org and writes nothing`, async () => {
      ports.salesforce.org = { ...ports.salesforce.org, kind };
      expect((await rejection(registerProductionOrg(jwt({ source: 'file', path: '/k' }), ports))).name).to.equal(name);
      expect(ports.sfOrgs.orgs.size + ports.registry.current.productionOrgs.length).to.equal(0);
    });
  }

  it('warns when the user may not manage sandboxes', async () => {
    ports.salesforce.states = new JitFailure('SandboxPermissionMissing', {
      production: productionUsername,
      user: productionUsername,
    });
    const { warnings } = await registerProductionOrg(jwt({ source: 'file', path: '/k' }), ports);
    expect(warnings.map(({ kind }) => kind)).to.deep.equal(['cannot-manage-sandboxes']);
  });

  it('warns of a key file that others can read', async () => {
    ports = { ...ports, keys: { ...ports.keys, isReadableByOthers: () => Promise.resolve(true) } };
    const { warnings } = await registerProductionOrg(jwt({ source: 'file', path: '/k' }), ports);
    expect(warnings).to.deep.equal([{ kind: 'key-readable-by-others', file: '/k' }]);
  });

  describe('from an org that sf knows', () => {
    const request = { way: 'stored-org', aliasOrUsername: 'prod' } as const;
    const stored = { username: productionUsername, ...grantFor(productionUsername) };

    it('takes over the key file of a JWT login', async () => {
      await ports.sfOrgs.storeProduction({ ...stored, privateKey: '/k', clientId: '3MVG9', loginUrl }, 'prod');
      const { org } = await registerProductionOrg(request, ports);
      expect(org).to.deep.include({ key: { source: 'file', path: '/k' }, clientId: '3MVG9', loginUrl });
      expect(ports.salesforce.calls).to.deep.equal(['organization', 'sandboxStates']);
    });

    it('leaves a web login as sf stored it, which can be renewed', async () => {
      await ports.sfOrgs.storeProduction({ ...stored, refreshToken: 'r' }, 'prod');
      const { org, warnings } = await registerProductionOrg(request, ports);
      expect(org).to.deep.include({ key: { source: 'sf' }, clientId: 'PlatformCLI' });
      expect(warnings).to.deep.equal([]);
      expect(ports.sfOrgs.orgs.get(productionUsername)).to.deep.equal({ ...stored, refreshToken: 'r' });
    });

    it('warns of a login that nobody can renew', async () => {
      await ports.sfOrgs.storeProduction(stored, 'prod');
      expect((await registerProductionOrg(request, ports)).warnings).to.deep.equal([
        { kind: 'login-cannot-be-renewed' },
      ]);
    });

    it('fails for one that sf does not know', async () => {
      expect((await rejection(registerProductionOrg(request, ports))).name).to.equal('OrgNotStored');
    });
  });
});

describe('registerSandboxes', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts({ ...acme(), sandboxes: [] });
    ports.salesforce.states = [
      state('UAT'),
      state('dev', { createdById: '0055g0000000009AAA' }),
      state('old', { status: 'Deleted' }),
    ];
  });
  const request = (more: Partial<RegisterSandboxesRequest>): RegisterSandboxesRequest => ({
    sandboxes: ['uat'],
    variables: { hasPrivateKey: false },
    verify: true,
    project: false,
    ...more,
  });

  it('takes the sandbox name from production and the alias from what was typed', async () => {
    const [sandbox] = await registerSandboxes(request({}), ports);
    expect(sandbox).to.include({
      sandboxName: 'UAT',
      alias: 'uat',
      username,
      status: 'registered',
      sandboxStatus: 'Completed',
    });
  });

  it('is idempotent, and keeps an alias that was chosen before', async () => {
    await registerSandboxes(request({ alias: 'acceptance' }), ports);
    const before = ports.registry.current;
    const [again] = await registerSandboxes(request({}), ports);
    expect(again).to.include({ status: 'already-registered', alias: 'acceptance' });
    expect(ports.registry.current).to.equal(before);
  });

  it('registers all that are not deleted', async () => {
    expect(
      (await registerSandboxes(request({ sandboxes: 'all' }), ports)).map((sandbox) => sandbox.sandboxName),
    ).to.deep.equal(['UAT', 'dev']);
  });

  it('registers all or none', async () => {
    const failure = await rejection(registerSandboxes(request({ sandboxes: ['uat', 'uta'] }), ports));
    expect(failure).to.include({ name: 'SandboxNotFound' });
    expect(failure.facts.nearest).to.equal('UAT');
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
  });

  it('tells a deleted sandbox from an unknown one, and one of another user', async () => {
    expect((await rejection(registerSandboxes(request({ sandboxes: ['old'] }), ports))).name).to.equal(
      'SandboxDeleted',
    );
    const [dev] = await registerSandboxes(request({ sandboxes: ['dev'] }), ports);
    expect(dev?.createdByAnotherUser).to.equal(true);
  });

  it('asks nothing with --no-verify, but checks the name', async () => {
    await registerSandboxes(request({ verify: false }), ports);
    expect(ports.salesforce.calls).to.deep.equal([]);
    const failure = await rejection(registerSandboxes(request({ verify: false, sandboxes: ["u' OR"] }), ports));
    expect(failure.name).to.equal('InputInvalid');
  });

  it('does not give one alias to two sandboxes', async () => {
    await registerSandboxes(request({ sandboxes: ['dev'], alias: 'uat' }), ports);
    const [uat] = await registerSandboxes(request({}), ports);
    expect(uat?.alias).to.equal('prod-uat');
    const failure = await rejection(registerSandboxes(request({ alias: 'UAT' }), ports));
    expect(failure.name).to.equal('AliasTaken');
  });
});

describe('listing', () => {
  it('shows production, JIT and traditional orgs side by side', async () => {
    const ports = fakePorts();
    await loginSandbox({ sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://c' }, ports);
    ports.sfOrgs.orgs.set('me@else.example', { username: 'me@else.example', orgId: '00D000000000001AAA' });
    const rows = await listOrgs(ports, keyPresence);
    expect(rows.map(({ kind, state: is, layer }) => [kind, is, layer])).to.deep.equal([
      ['production', 'ready', 'global'],
      ['jit', 'logged-in', 'global'],
      ['traditional', 'own-login', null],
    ]);
    expect(rows[1]?.lastLogin).to.equal('2026-11-22T10:00:00.000Z');
  });

  it('shows a registered sandbox with a login of its own as such, and one without as not logged in', async () => {
    const ports = fakePorts();
    expect((await displaySandbox('uat', ports)).state).to.equal('not-logged-in');
    ports.sfOrgs.orgs.set(username, { username, refreshToken: 'mine' });
    expect((await displaySandbox('uat', ports)).state).to.equal('own-login');
    expect((await listOrgs(ports, keyPresence)).filter((row) => row.username === username)).to.have.length(1);
  });

  it('tells when the key must come from the environment', async () => {
    const [prod] = acme().productionOrgs;
    const ports = fakePorts({
      ...emptyRegistry,
      productionOrgs: [{ ...prod!, key: { source: 'env', name: 'K' } }],
    });
    expect((await listOrgs(ports, keyPresence))[0]?.state).to.equal('key-needed');
    expect((await listOrgs(ports, { isSet: (name) => name === 'K' }))[0]?.state).to.equal('ready');
  });

  it('asks Salesforce nothing', async () => {
    const ports = fakePorts();
    await listOrgs(ports, keyPresence);
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('marks the default production org: the configured one, else the only one', async () => {
    const ports = fakePorts();
    expect((await listProductionOrgs(undefined, ports))[0]).to.deep.include({ isDefault: true, sandboxes: ['uat'] });
    expect((await listProductionOrgs('other', ports))[0]?.isDefault).to.equal(false);
    expect((await displayProductionOrg(undefined, 'prod', ports)).username).to.equal(productionUsername);
  });
});

describe('unregistering', () => {
  it('refuses to leave sandboxes without production, unless they go with it', async () => {
    const ports = fakePorts();
    const failure = await rejection(unregisterProductionOrg('prod', false, ports));
    expect(failure.name).to.equal('SandboxesDepend');
    expect(failure.facts.names).to.equal('uat');
    const found = await findProductionOrgToUnregister('prod', true, ports);
    expect(found.sandboxes).to.have.length(1);
    await unregisterProductionOrg('prod', true, ports);
    expect(ports.registry.current).to.deep.equal(emptyRegistry);
  });

  it('keeps the sf org of a sandbox, or removes it when asked', async () => {
    for (const logout of [false, true]) {
      const ports = fakePorts();
      await loginSandbox({ sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://c' }, ports);
      const found = await findSandboxesToUnregister(['uat'], ports);
      const [removed] = await unregisterSandboxes(found, logout, ports);
      expect(removed?.loggedOut).to.equal(logout);
      expect(ports.sfOrgs.orgs.has(username)).to.equal(!logout);
      expect(ports.registry.current.sandboxes).to.deep.equal([]);
    }
  });

  it('never removes a login that the user made', async () => {
    const ports = fakePorts();
    ports.sfOrgs.orgs.set(username, { username, refreshToken: 'mine' });
    const [removed] = await unregisterSandboxes(await findSandboxesToUnregister('all', ports), true, ports);
    expect(removed?.loggedOut).to.equal(false);
    expect(ports.sfOrgs.orgs.has(username)).to.equal(true);
  });
});
