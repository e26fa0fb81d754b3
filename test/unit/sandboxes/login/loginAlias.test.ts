import { expect } from 'chai';
import { branchPatterns } from '../../../../src/environments/io/branchPatterns.js';
import { findEnvironmentToLogin } from '../../../../src/environments/manageEnvironments.js';
import { loginIfNeeded } from '../../../../src/autoLogin/loginIfNeeded.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const callbackUrl = 'http://localhost:1717/OauthRedirect';
const request = { sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl };
const username = `${productionUsername}.uat`;
const [uat] = acme().sandboxes;
const found = {
  path: '/evil/.sfconnect.json',
  text: JSON.stringify({
    instanceUrl: 'https://evil.my.salesforce.com',
    clientId: '3MVG9evil',
    username: 'evil@evil.example',
    privateKeyPath: './server.key',
  }),
  isNamed: false,
};

describe('a repository that names a sandbox', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts({ ...acme(), sandboxes: [] });
    ports.registry.project = { sandboxes: [uat!], environments: [] };
  });
  const hook = () => loginIfNeeded('uat', async () => request, ports);

  it('leaves no alias in the registry of this machine, only the true username', async () => {
    ports.salesforce.vouch = () => ({
      authUserName: 'true@acme.example.uat',
      authCode: 'code',
      instanceUrl: 'https://uat.example',
      loginUrl: 'https://uat.example',
    });
    await loginSandbox(request, ports);
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
    expect(ports.registry.current.usernames).to.deep.equal([
      { sandboxName: 'uat', productionUsername, username: 'true@acme.example.uat' },
    ]);
    expect((await ports.registry.read()).sandboxes[0]).to.include({ username: 'true@acme.example.uat' });
    expect(Object.fromEntries(ports.sfOrgs.names)).to.deep.equal({ uat: 'true@acme.example.uat' });
  });

  it('does not move an alias that sf has for another org, stored or not', async () => {
    ports.sfOrgs.names.set('uat', 'somebody@else.example');
    for (const store of [() => undefined, () => ports.sfOrgs.orgs.set('somebody@else.example', 'unreadable')]) {
      store();
      const failure = await rejection(loginSandbox(request, ports));
      expect(failure.name).to.equal('AliasTaken');
      expect(failure.facts.org).to.contain('somebody@else.example');
      expect(await hook()).to.deep.equal({ kind: 'nothing' });
      expect(Object.fromEntries(ports.sfOrgs.names)).to.deep.equal({ uat: 'somebody@else.example' });
    }
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('may have the alias where the user says so, and where it is this sandbox already', async () => {
    ports.sfOrgs.names.set('uat', 'somebody@else.example');
    expect((await loginSandbox({ ...request, alias: 'uat' }, ports)).login.username).to.equal(username);
    expect((await loginSandbox(request, ports)).login.alias).to.equal('uat');
    // logged in to as another user: it is still that sandbox
    ports.sfOrgs.records.set('tester@acme.example.uat', {
      ...ports.sfOrgs.records.get(username)!,
      username: 'tester@acme.example.uat',
    });
    ports.sfOrgs.names.set('uat', 'tester@acme.example.uat');
    expect((await loginSandbox(request, ports)).login.alias).to.equal('uat');
  });

  describe('by the name of an environment', () => {
    const other = 'somebody@else.example';
    const environment = { name: 'dev', sandboxName: 'uat', productionUsername, branches: [], category: 'development' };
    beforeEach(() => {
      ports.registry.project = { sandboxes: [], environments: [environment] };
      ports.registry.current = acme();
    });
    const logIn = async () => {
      const environments = { ...ports, patterns: branchPatterns, currentBranch: { name: async () => 'main' } };
      const { login } = await findEnvironmentToLogin('dev', environments);
      const [sandbox = ''] = login.sandboxes;
      return loginSandbox({ ...request, ...login, sandbox }, ports);
    };

    it('does not move an alias that sf has for an org that is registered nowhere, stored or not', async () => {
      ports.sfOrgs.names.set('dev', other);
      for (const store of [() => undefined, () => ports.sfOrgs.orgs.set(other, { username: other, isSandbox: true })]) {
        store();
        const failure = await rejection(logIn());
        expect(failure.name).to.equal('AliasTaken');
        expect(failure.facts).to.deep.equal({
          alias: 'dev',
          org: `the org ${other}`,
          sandbox: 'uat',
          production: productionUsername,
          free: 'uat',
          moved: 'dev',
        });
        expect(await loginIfNeeded('dev', async () => request, ports)).to.deep.equal({ kind: 'nothing' });
        expect(Object.fromEntries(ports.sfOrgs.names)).to.deep.equal({ dev: other });
      }
      expect(ports.salesforce.calls).to.deep.equal([]);
    });

    it('moves none either when the repository links it to another sandbox than before', async () => {
      await logIn();
      const sit = { ...acme().sandboxes[0]!, sandboxName: 'sit', alias: 'sit', username: `${productionUsername}.sit` };
      ports.registry.current = { ...acme(), sandboxes: [...acme().sandboxes, sit] };
      ports.registry.project = { sandboxes: [], environments: [{ ...environment, sandboxName: 'sit' }] };
      const failure = await rejection(logIn());
      expect(failure.name).to.equal('AliasTaken');
      expect(ports.sfOrgs.names.get('dev')).to.equal(username);
    });

    it('sets an alias that nobody has, and one that leads to this sandbox already', async () => {
      expect((await logIn()).login).to.include({ alias: 'dev', username });
      expect((await logIn()).login).to.include({ alias: 'dev', username });
    });

    it('may move it where the environment is of this machine', async () => {
      ports.registry.project = { sandboxes: [], environments: [] };
      ports.registry.current = { ...acme(), environments: [environment] };
      ports.sfOrgs.names.set('dev', other);
      expect((await logIn()).login).to.include({ alias: 'dev', username });
    });
  });

  it('is never served by a file that was found beside it', async () => {
    ports.registry.current = { ...ports.registry.current, productionOrgs: [] };
    ports.registry.project = {
      sandboxes: [{ ...uat!, productionUsername: 'evil@evil.example' }],
      environments: [],
    };
    const failure = await rejection(loginSandbox({ ...request, configFile: found }, ports));
    expect(failure.name).to.equal('ProductionOfProjectUnknown');
    expect(failure.facts).to.deep.equal({ sandbox: 'uat', production: 'evil@evil.example', alias: 'evil-prod' });
    expect(ports.salesforce.calls).to.deep.equal([]);
  });
});

describe('a file that was found, in a login that the user asks for', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts({ ...acme(), productionOrgs: [], sandboxes: [] });
    ports.salesforce.vouch = () => ({
      authUserName: 'evil@evil.example.uat',
      authCode: 'code',
      instanceUrl: 'https://uat.example',
      loginUrl: 'https://uat.example',
    });
  });

  it('serves where this machine knows no production org, says so, and leaves no login of production', async () => {
    const told: string[] = [];
    const foundFile = (path: string): void => void told.push(path);
    const { login } = await loginSandbox({ ...request, configFile: found, foundFile }, ports);
    expect(login).to.include({ productionUsername: 'evil@evil.example', alias: 'uat' });
    expect(told).to.deep.equal([found.path]);
    expect([...ports.sfOrgs.orgs.keys()]).to.deep.equal(['evil@evil.example.uat']);
  });

  it('does not move an alias that sf has for another org', async () => {
    ports.sfOrgs.names.set('uat', 'somebody@else.example');
    expect((await rejection(loginSandbox({ ...request, configFile: found }, ports))).name).to.equal('AliasTaken');
    expect(ports.salesforce.calls).to.deep.equal([]);
  });
});

describe('an alias that somebody typed', () => {
  const dev = { ...uat!, sandboxName: 'dev', alias: 'development', username: `${productionUsername}.dev` };
  const registry = { ...acme(), sandboxes: [{ ...uat!, alias: 'dev' }, dev] };
  const logIn = (more: object = {}) =>
    loginSandbox({ ...request, sandbox: uat!.username, ...more }, fakePorts(registry));

  it('is refused where it is the name of another sandbox, which an alias that is registered may be', async () => {
    expect((await rejection(logIn({ alias: 'DEV' }))).facts).to.include({
      org: `sandbox dev of ${productionUsername}`,
    });
    expect((await logIn()).login.alias).to.equal('dev');
    expect((await logIn({ alias: 'DEV', isAliasKnown: true })).login.alias).to.equal('DEV');
  });
});

describe('a login of a registered production org', () => {
  it('tells of no file', async () => {
    const told: unknown[] = [];
    await loginSandbox({ ...request, foundFile: (path) => told.push(path) }, fakePorts());
    expect(told).to.deep.equal([]);
  });
});
