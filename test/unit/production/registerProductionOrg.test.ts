import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import { emptyRegistry, withoutProductionOrg } from '../../../src/registry/registry.js';
import { parseRegistry, registryText } from '../../../src/registry/registryFile.js';
import type { StoredOrg } from '../../../src/sfStore/storedOrg.js';
import type { RegisterProductionOrgRequest } from '../../../src/production/registerProductionOrg.js';
import { registerProductionOrg } from '../../../src/production/registerProductionOrg.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, grantFor, loginUrl, productionUsername, testKey } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';
import type { KeySource } from '../../../src/keys/keySource.js';

type JwtRequest = Extract<RegisterProductionOrgRequest, { way: 'jwt' }>;

describe('registering production', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts(emptyRegistry);
  });
  const request = (more: Partial<JwtRequest> = {}): JwtRequest => ({
    way: 'jwt',
    username: productionUsername,
    clientId: '3MVG9test',
    loginUrl,
    key: { source: 'file', path: '/k' },
    ...more,
  });
  const written = () => [ports.registry.current.productionOrgs.length, ports.sfOrgs.orgs.size, ports.chosen];

  describe('again', () => {
    const known = { ...acme().productionOrgs[0]!, callbackUrl: 'http://localhost:1718/OauthRedirect' };
    const other = { ...known, username: 'ops@other.example', alias: 'other', callbackUrl: 'http://localhost:9/' };
    beforeEach(() => {
      ports.registry.current = { ...acme(), productionOrgs: [other, known] };
    });

    it('keeps the alias and the callback URL that nothing is said of', async () => {
      const { org } = await registerProductionOrg(request({ username: productionUsername.toUpperCase() }), ports);
      expect(org).to.include({ alias: 'prod', callbackUrl: known.callbackUrl });
      expect(ports.registry.current.productionOrgs).to.deep.equal([other, org]);
      expect(ports.registry.current.sandboxes).to.deep.equal(acme().sandboxes);
    });

    it('is not done by a file that was found and says another host, app or key', async () => {
      const found = { ...request({ key: known.key }), foundIn: '/evil/.sfconnect.json' };
      for (const change of [
        { clientId: '3MVG9evil' },
        { loginUrl: 'https://evil.my.salesforce.com' },
        { key: { source: 'file', path: '/evil/server.key' } },
      ] as const) {
        const failure = await rejection(registerProductionOrg({ ...found, ...change }, ports));
        expect([failure.name, failure.facts.file]).to.deep.equal(['ConfigInvalid', '/evil/.sfconnect.json']);
        expect(failure.facts.problems).to.contain('--config-file').and.to.contain(`username: ${productionUsername} is`);
      }
      expect(ports.salesforce.calls).to.deep.equal([]);
      expect(ports.registry.current.productionOrgs).to.deep.equal([other, known]);
      expect((await registerProductionOrg(found, ports)).org).to.deep.equal(known);
    });

    it('takes those that are given instead', async () => {
      const given = { alias: 'main', callbackUrl: 'http://localhost:1719/OauthRedirect' };
      expect((await registerProductionOrg(request(given), ports)).org).to.include(given);
    });
  });

  it('keeps what sf calls an org as its alias, and an alias that was given or registered before that', async () => {
    const stored = { username: productionUsername, ...grantFor(productionUsername), clientId: 'PlatformCLI' };
    const named = { way: 'stored-org', aliasOrUsername: 'mine' } as const;
    await ports.sfOrgs.storeProduction(stored, 'mine');
    ports.registry.current = emptyRegistry;
    expect((await registerProductionOrg({ ...named, aliasOrUsername: productionUsername }, ports)).org.alias).to.equal(
      undefined,
    );
    expect((await registerProductionOrg(named, ports)).org.alias).to.equal('mine');
    expect((await registerProductionOrg({ ...named, alias: 'prod' }, ports)).org.alias).to.equal('prod');
    expect((await registerProductionOrg({ ...named, alias: 'PROD' }, ports)).org.alias).to.equal('PROD');
    expect((await registerProductionOrg({ ...named, alias: 'prod' }, ports)).org.alias).to.equal('prod');
    expect((await registerProductionOrg(named, ports)).org.alias).to.equal('prod');
    const taken = { ...acme().sandboxes[0]!, alias: 'mine' };
    for (const sandbox of [taken, { ...taken, alias: 'x', sandboxName: 'mine' }]) {
      ports.registry.current = { ...emptyRegistry, sandboxes: [sandbox] };
      expect((await registerProductionOrg(named, ports)).org.alias).to.equal(undefined);
    }
  });

  it('takes no name of sf for an alias that could not be typed as one here', async () => {
    await ports.sfOrgs.storeProduction({ username: productionUsername, ...grantFor(productionUsername) }, '-x');
    const { org } = await registerProductionOrg({ way: 'stored-org', aliasOrUsername: '-x' }, ports);
    expect(org).to.include({ username: productionUsername, alias: undefined });
  });

  it('asks in the API version that is given', async () => {
    const versions: unknown[] = [];
    const { organization } = ports.salesforce;
    ports.salesforce.organization = (session, context) => {
      versions.push(session.apiVersion);
      return organization(session, context);
    };
    await registerProductionOrg(request({ apiVersion: 'v61.0' }), ports);
    await registerProductionOrg(request(), ports);
    expect(versions).to.deep.equal(['v61.0', undefined]);
  });

  describe('under an alias that another org has', () => {
    const [prod] = acme().productionOrgs;
    const other = { ...prod!, username: 'ops@other.example' };

    it('does not take it from another production org, registered or only in sf, and asks nothing', async () => {
      ports.registry.current = { ...emptyRegistry, productionOrgs: [other] };
      const { name, facts } = await rejection(registerProductionOrg(request({ alias: 'Prod' }), ports));
      expect([name, facts.org, facts.free]).to.deep.equal([
        'AliasTaken',
        'production org ops@other.example',
        'production',
      ]);
      ports.registry.current = emptyRegistry;
      ports.sfOrgs.orgs.set(other.username, { username: other.username });
      ports.sfOrgs.names.set('prod', other.username);
      expect((await rejection(registerProductionOrg(request({ alias: 'prod' }), ports))).name).to.equal('AliasTaken');
      expect(ports.salesforce.calls).to.deep.equal([]);
      expect(Object.fromEntries(ports.sfOrgs.names)).to.deep.equal({ prod: other.username });
    });

    it('keeps its own', async () => {
      ports.registry.current = emptyRegistry;
      await registerProductionOrg(request({ alias: 'prod' }), ports);
      expect((await registerProductionOrg(request({ alias: 'Prod' }), ports)).org.alias).to.equal('Prod');
      expect((await registerProductionOrg(request(), ports)).org.alias).to.equal('Prod');
    });

    it('does not take it from a sandbox, also from one that came to be meanwhile, and asks nothing', async () => {
      ports.registry.current = { ...acme(), productionOrgs: [] };
      const { name, facts } = await rejection(registerProductionOrg(request({ alias: 'UAT' }), ports));
      expect([name, facts.org]).to.deep.equal(['AliasTaken', `sandbox uat of ${productionUsername}`]);
      expect(ports.salesforce.calls).to.deep.equal([]);
      expect(written()).to.deep.equal([0, 0, {}]);
      ports.registry.current = emptyRegistry;
      const { update } = ports.registry;
      ports.registry.update = async (change) => {
        ports.registry.current = { ...acme(), productionOrgs: [] };
        return update(change);
      };
      expect((await rejection(registerProductionOrg(request({ alias: 'uat' }), ports))).name).to.equal('AliasTaken');
      expect(ports.registry.current.productionOrgs).to.deep.equal([]);
    });

    it('has it although a project asks for it', async () => {
      ports.registry.project = { sandboxes: [{ ...acme().sandboxes[0]!, alias: 'prod' }], environments: [] };
      expect((await registerProductionOrg(request({ alias: 'prod' }), ports)).org.alias).to.equal('prod');
    });
  });

  it('refuses an alias and a callback URL that are none, before anything is asked', async () => {
    for (const [more, field] of [
      [{ alias: '' }, '--alias'],
      [{ alias: '-x' }, '--alias'],
      [{ callbackUrl: '' }, '--callback-url'],
      [{ callbackUrl: ' ' }, '--callback-url'],
    ] as const) {
      const { name, facts } = await rejection(registerProductionOrg(request(more), ports));
      expect([name, facts.field]).to.deep.equal(['InputInvalid', field]);
    }
    expect(ports.salesforce.calls).to.deep.equal([]);
    expect(written()).to.deep.equal([0, 0, {}]);
  });

  it('makes it the default org only when asked, in the registry and by its username, whatever it is called later', async () => {
    ports = fakePorts(emptyRegistry);
    await registerProductionOrg(request({ alias: 'prod' }), ports);
    expect(ports.registry.current.defaultProductionOrg).to.equal(undefined);
    await registerProductionOrg(request({ setDefault: true }), ports);
    await registerProductionOrg(request({ alias: 'live' }), ports);
    expect(ports.registry.current.defaultProductionOrg).to.equal(productionUsername);
    expect(parseRegistry(registryText(ports.registry.current))).to.deep.equal(
      parseRegistry(JSON.stringify({ version: 1, ...ports.registry.current })),
    );
    expect(withoutProductionOrg(ports.registry.current, 'ops@other.example').defaultProductionOrg).to.equal(
      productionUsername,
    );
    expect(withoutProductionOrg(ports.registry.current, productionUsername)).to.deep.equal(emptyRegistry);
  });

  describe('by JWT', () => {
    const piped = { ...testKey };
    let read: unknown[];
    let parsed: unknown[];
    let signed: unknown[];
    beforeEach(() => {
      [read, parsed, signed] = [[], [], []];
      const { jwtLogin } = ports.salesforce;
      ports.salesforce.jwtLogin = async (login, context) => {
        signed.push(login.key);
        return jwtLogin(login, context);
      };
      ports.keys.read = async (...given) => {
        read.push(given);
        return testKey;
      };
      ports.keys.parse = (...given) => {
        parsed.push(given);
        return piped;
      };
      ports.keys.isReadableByOthers = async () => true;
    });

    it('reads the key where it is kept', async () => {
      const key: KeySource = { source: 'env', name: 'K' };
      await registerProductionOrg(request({ key }), ports);
      expect([read, parsed, signed]).to.deep.equal([[[key, productionUsername]], [], [testKey]]);
    });

    it('takes a key that was piped in, and reads none', async () => {
      await registerProductionOrg(request({ key: { source: 'stdin' }, keyText: 'pem' }), ports);
      expect([read, parsed]).to.deep.equal([[], [['pem', { production: productionUsername }]]]);
      expect(signed[0]).to.equal(piped);
    });

    it('warns of no file where there is none, but of a piped key, which the next login will not find', async () => {
      const warnings = async (key: KeySource) => (await registerProductionOrg(request({ key }), ports)).warnings;
      expect(await warnings({ source: 'env', name: 'K' })).to.deep.equal([]);
      expect(await warnings({ source: 'stdin' })).to.deep.equal([{ kind: 'key-not-kept' }]);
    });

    it('warns of a key file that others can read, and of no other', async () => {
      const warnings = async () => (await registerProductionOrg(request(), ports)).warnings;
      expect(await warnings()).to.deep.equal([{ kind: 'key-readable-by-others', file: '/k' }]);
      ports.keys.isReadableByOthers = async () => false;
      expect(await warnings()).to.deep.equal([]);
    });
  });

  it('tells which org is of the wrong kind, and writes nothing', async () => {
    ports.salesforce.org = { ...ports.salesforce.org, kind: 'sandbox' };
    const sandbox = await rejection(registerProductionOrg(request({ setDefault: true }), ports));
    expect(sandbox.name).to.equal('NotAProductionOrg');
    expect(sandbox.facts).to.deep.equal({ user: productionUsername, host: 'acme.example' });
    ports.salesforce.org = { ...ports.salesforce.org, kind: 'scratch' };
    const scratch = await rejection(registerProductionOrg(request({ setDefault: true }), ports));
    expect(scratch.name).to.equal('ScratchOrgNotSupported');
    expect(scratch.facts).to.deep.equal({ user: productionUsername });
    expect(written()).to.deep.equal([0, 0, {}]);
  });

  it('works with a warning when sandboxes cannot be managed, or nobody can tell', async () => {
    for (const reason of [
      new JitFailure('SandboxPermissionMissing', { production: productionUsername, user: productionUsername }),
      new JitFailure('UnexpectedAnswer', { org: 'production', host: 'acme.example' }),
    ]) {
      ports = fakePorts(emptyRegistry);
      ports.salesforce.states = reason;
      const { warnings } = await registerProductionOrg(request(), ports);
      expect(warnings).to.deep.equal([{ kind: 'cannot-manage-sandboxes', reason }]);
      expect(ports.registry.current.productionOrgs).to.have.lengthOf(1);
    }
  });

  it('fails when the question for sandboxes fails for any other reason, and writes nothing', async () => {
    ports.salesforce.states = new JitFailure('ApiLimitReached', { org: 'production' });
    const failure = await rejection(registerProductionOrg(request({ setDefault: true }), ports));
    expect(failure.name).to.equal('ApiLimitReached');
    expect(written()).to.deep.equal([0, 0, {}]);
  });

  describe('from an org that sf knows', () => {
    const stored: StoredOrg = { username: productionUsername, ...grantFor(productionUsername), loginUrl };
    const register = async (org: StoredOrg | 'unreadable' | undefined) => {
      if (org) ports.sfOrgs.orgs.set(productionUsername, org);
      ports.sfOrgs.names.set('mine', productionUsername);
      return registerProductionOrg({ way: 'stored-org', aliasOrUsername: 'mine' }, ports);
    };

    it('fails by the name that was given when sf has none, or one that cannot be read', async () => {
      for (const org of [undefined, 'unreadable'] as const) {
        const { name, facts } = await rejection(register(org));
        expect([name, facts.user], org).to.deep.equal(['OrgNotStored', 'mine']);
        expect(facts.problem === undefined, 'whether there is more to say').to.equal(org === undefined);
      }
      expect(ports.registry.current).to.deep.equal(emptyRegistry);
    });

    it('warns of nothing for a login with a key file, which can be renewed', async () => {
      const { org, warnings } = await register({ ...stored, clientId: '3MVG9', privateKey: '/k' });
      expect(warnings).to.deep.equal([]);
      expect(org.key).to.deep.equal({ source: 'file', path: '/k' });
    });

    it('takes what sf renews it by, and warns of a login that nothing can renew', async () => {
      for (const [more, key, warned] of [
        [{ refreshToken: 'r' }, { source: 'sf' }, []],
        [{ refreshToken: 'r', privateKey: '/k' }, { source: 'sf' }, []],
        [{}, { source: 'sf' }, [{ kind: 'login-cannot-be-renewed' }]],
      ] as const) {
        const { org, warnings } = await register({ ...stored, ...more });
        expect([org.key, warnings], JSON.stringify(more)).to.deep.equal([key, warned]);
      }
    });

    it('sends assertions to the origin of its login URL, and to no place that is none', async () => {
      expect((await register({ ...stored, loginUrl: `${loginUrl}/` })).org.loginUrl).to.equal(loginUrl);
      expect((await register({ ...stored, loginUrl: undefined })).org.loginUrl).to.equal(
        'https://login.salesforce.com',
      );
      const { name, facts } = await rejection(register({ ...stored, loginUrl: 'http://acme.example' }));
      expect([name, facts.field]).to.deep.equal(['InputInvalid', 'loginUrl of the stored org']);
    });
  });
});
