import { expect } from 'chai';
import type { ConfigFile } from '../../../src/production/configFile.js';
import { configFileWarnings, foundFileWarnings, readConfigFile } from '../../../src/production/configFile.js';
import { hostKind, isTrustedLoginHost } from '../../../src/salesforce/loginUrl.js';
import { resolveProduction } from '../../../src/production/productionCredentials.js';
import { registerInput } from '../../../src/production/registerInput.js';
import type { Registry } from '../../../src/registry/registry.js';
import { emptyRegistry } from '../../../src/registry/registry.js';
import { acme, productionUsername } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const fields = {
  instanceUrl: 'https://acme.my.salesforce.com',
  clientId: '3MVG9file',
  username: 'file@acme.example',
  privateKeyPath: './server.key',
};

const file = (more: object = {}, isNamed = false): ConfigFile => ({
  path: '/project/.sfconnect.json',
  text: JSON.stringify({ ...fields, ...more }),
  isNamed,
});

const elsewhere = { instanceUrl: 'https://login.evil.example' };
const none = { hasPrivateKey: false };
const full = { username: 'env@acme.example', clientId: '3MVG9env', hasPrivateKey: true };

describe('a .sfconnect.json that was found', () => {
  it('may send a login to Salesforce and to this machine only', () => {
    expect(readConfigFile(file()).config.username).to.equal('file@acme.example');
    expect(readConfigFile(file({ instanceUrl: 'https://localhost:8443' })).config.loginUrl).to.contain('8443');
    const { name, facts } = failureOf(() => readConfigFile(file(elsewhere)));
    expect(name).to.equal('ConfigInvalid');
    expect(facts.problems).to.contain('login.evil.example').and.to.contain('--config-file');
  });

  it('may send it anywhere once the user has named it', () => {
    expect(readConfigFile(file(elsewhere, true)).config.loginUrl).to.equal('https://login.evil.example');
  });

  it('is warned about only when it can be used', () => {
    expect(configFileWarnings(file({ usernam: 'x' }))[0])
      .to.contain('/project/.sfconnect.json')
      .and.contain('username');
    expect(configFileWarnings({ ...file(), text: '{' })).to.deep.equal([]);
    expect(configFileWarnings(undefined)).to.deep.equal([]);
  });
});

it('a .sfconnect.json says in which API version production is asked, or leaves it open', () => {
  for (const [more, expected] of [
    [{ apiVersion: 'v61.0' }, { apiVersion: 'v61.0' }],
    [{}, {}],
  ] as const) {
    for (const login of [
      resolveProduction(emptyRegistry, none, undefined, file(more, true)),
      registerInput({}, none, file(more, true)),
    ]) {
      expect('apiVersion' in login ? { apiVersion: login.apiVersion } : {}).to.deep.equal(expected);
    }
  }
});

describe('login hosts', () => {
  it('are Salesforce when they end in one of its domains, not when they merely contain one', () => {
    const urls = {
      'https://login.salesforce.com': true,
      'https://acme--uat.sandbox.my.salesforce.com': true,
      'https://127.0.0.1:1': true,
      'https://login.salesforce.com.evil.example': false,
      'https://evilsalesforce.com': false,
      'https://evil.example/.salesforce.com': false,
      'no url': false,
    };
    for (const [url, trusted] of Object.entries(urls)) expect(isTrustedLoginHost(url), url).to.equal(trusted);
  });

  it('tell sandboxes from production as far as they can', () => {
    expect(hostKind('https://test.salesforce.com')).to.equal('sandbox');
    expect(hostKind('https://acme--uat.sandbox.my.salesforce.com')).to.equal('sandbox');
    expect(hostKind('https://login.salesforce.com')).to.equal('production');
    expect(hostKind('https://acme.my.salesforce.com')).to.equal('unknown');
    expect(hostKind('')).to.equal('unknown');
  });
});

describe('the .sfconnect.json among the sources', () => {
  const login = (registry: Registry, named?: string, more: object = {}, isNamed = false) =>
    resolveProduction(registry, none, named, file(more, isNamed));

  it('comes after environment and registration when it was found, and before both when it was named', () => {
    expect(resolveProduction(emptyRegistry, full, undefined, file())).to.include({ from: 'environment' });
    expect(login(acme())).to.include({ from: 'registration' });
    expect(login(emptyRegistry)).to.deep.include({
      from: 'config-file',
      username: 'file@acme.example',
      loginUrl: 'https://acme.my.salesforce.com',
      key: { source: 'file', path: '/project/server.key' },
      foundIn: '/project/.sfconnect.json',
    });
    expect(resolveProduction(acme(), full, undefined, file({}, true))).to.include({ from: 'config-file' });
    expect(login(acme(), undefined, {}, true).foundIn).to.equal(undefined);
  });

  it('decides about the org that it names, and about no other', () => {
    expect(login(acme(), 'prod')).to.include({ from: 'registration' });
    expect(login(emptyRegistry, 'FILE@acme.example').from).to.equal('config-file');
    expect(login(acme(), 'file@acme.example').from).to.equal('config-file');
    expect(failureOf(() => login(acme(), 'other@acme.example')).name).to.equal('ProductionOrgNotRegistered');
  });

  it('never replaces host, app or key of a registered org by being found', () => {
    const same = { username: productionUsername.toUpperCase() };
    for (const named of [undefined, 'prod', productionUsername]) {
      expect(login(acme(), named, same)).to.deep.include({
        from: 'registration',
        clientId: '3MVG9test',
        key: { source: 'file', path: '/keys/server.key' },
      });
    }
    expect(login(acme(), 'prod', same, true)).to.include({ from: 'config-file', clientId: '3MVG9file' });
  });

  it('is not chosen among several registered orgs because it lies in the folder', () => {
    const [one] = acme().productionOrgs;
    const two = { ...acme(), productionOrgs: [one!, { ...one!, username: 'ops@other.example', alias: 'other' }] };
    expect(failureOf(() => login(two)).name).to.equal('AmbiguousProductionOrg');
  });

  it('is not even read where something else decides', () => {
    const broken = { ...file(), text: '{' };
    expect(resolveProduction(acme(), full, undefined, broken).from).to.equal('environment');
    expect(resolveProduction(acme(), none, undefined, broken).from).to.equal('registration');
    expect(failureOf(() => resolveProduction(emptyRegistry, none, undefined, broken)).name).to.equal('ConfigInvalid');
    expect(registerInput({}, full, broken)).to.include({ way: 'jwt', clientId: '3MVG9env' });
    expect(failureOf(() => registerInput({}, none, broken)).name).to.equal('ConfigInvalid');
  });

  it('is told in one line when it serves, with what is odd in it', () => {
    const [used, odd, ...more] = foundFileWarnings(file({ usernam: 'x' }));
    expect(used).to.contain('file@acme.example').and.to.contain('acme.my.salesforce.com');
    expect(used).to.contain('/project/.sfconnect.json').and.not.to.contain('\n');
    expect(odd).to.contain('usernam');
    expect(more).to.deep.equal([]);
    expect(foundFileWarnings(undefined)).to.deep.equal([]);
  });

  it('fills in what flags and environment leave open; a named one comes before the environment', () => {
    const flags = { username: 'flag@acme.example' };
    const partial = { ...none, clientId: '3MVG9env' };
    expect(registerInput(flags, partial, file())).to.deep.include({
      username: 'flag@acme.example',
      clientId: '3MVG9env',
      loginUrl: 'https://acme.my.salesforce.com',
      sources: { username: 'flags', clientId: 'environment', key: 'config-file', loginUrl: 'config-file' },
    });
    expect(registerInput(flags, full, file({}, true))).to.deep.include({
      username: 'flag@acme.example',
      clientId: '3MVG9file',
      key: { source: 'file', path: '/project/server.key' },
    });
  });

  it('never lends its login host to a key that is not its own, unless the host is trusted', () => {
    const environment = { ...none, hasPrivateKey: true };
    expect(failureOf(() => registerInput({}, environment, file(elsewhere))).name).to.equal('ConfigInvalid');
  });
});
