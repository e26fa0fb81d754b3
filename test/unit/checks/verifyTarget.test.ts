import { resolve } from 'node:path';
import { expect } from 'chai';
import type { ConfigFile } from '../../../src/production/configFile.js';
import { emptyRegistry } from '../../../src/registry/registry.js';
import type { VerifyRequest } from '../../../src/checks/verifyTarget.js';
import { findVerifyTarget } from '../../../src/checks/verifyTarget.js';
import { acme, productionUsername } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const none = { hasPrivateKey: false };
const full = { username: 'env@acme.example', clientId: '3MVG9env', hasPrivateKey: true };
const flags = { username: 'flag@acme.example', 'client-id': '3MVG9flag', 'jwt-key-file': 'flag.key' };
const everyPart = <T>(source: T) => ({ username: source, clientId: source, key: source, loginUrl: source });

const file = (isNamed = false): ConfigFile => ({
  path: '/project/.sfconnect.json',
  text: JSON.stringify({
    instanceUrl: 'https://acme.my.salesforce.com',
    clientId: '3MVG9file',
    username: 'file@acme.example',
    privateKeyPath: './server.key',
  }),
  isNamed,
});

const target = (request: Partial<VerifyRequest>, registry = acme()) =>
  findVerifyTarget({ flags: {}, variables: none, ...request }, registry);

describe('the login that is tested', () => {
  it('is the one that is named, whatever else describes a login', () => {
    const found = target({ production: 'prod', variables: full, configFile: file(), defaultProduction: 'other' });
    expect(found.login).to.include({ username: productionUsername, from: 'registration' });
    expect(found.sources).to.deep.equal(everyPart('registration'));
    const { name } = failureOf(() => target({ production: 'other', variables: full }));
    expect(name).to.equal('ProductionOrgNotRegistered');
  });

  it('is that of the flags before that of the environment, and the environment fills the gaps', () => {
    const { login, sources } = target({ flags, variables: full, configFile: file() });
    expect(login).to.deep.equal({
      username: 'flag@acme.example',
      clientId: '3MVG9flag',
      loginUrl: 'https://login.salesforce.com',
      key: { source: 'file', path: resolve('flag.key') },
      from: 'flags',
      registered: undefined,
    });
    expect(sources).to.deep.equal({ ...everyPart('flags'), loginUrl: 'default' });
    const mixed = target({ flags: { 'client-id': '3MVG9flag' }, variables: full });
    expect(mixed.login).to.include({ username: 'env@acme.example', clientId: '3MVG9flag', from: 'environment' });
    expect(mixed.sources).to.include({ username: 'environment', clientId: 'flags', key: 'environment' });
  });

  it('knows the registration of an org that the flags describe', () => {
    const username = productionUsername.toUpperCase();
    expect(target({ flags: { ...flags, username } }).login.registered).to.deep.equal(acme().productionOrgs[0]);
  });

  it('is that of a file that the user named before that of the environment', () => {
    const { login, sources } = target({ variables: full, configFile: file(true) });
    expect(login).to.deep.include({
      username: 'file@acme.example',
      key: { source: 'file', path: '/project/server.key' },
      from: 'config-file',
    });
    expect(sources).to.deep.equal(everyPart('config-file'));
  });

  it('asks in the API version of the file that a part of it is from', () => {
    const named = file(true);
    const text = JSON.stringify({ ...(JSON.parse(named.text) as object), apiVersion: 'v61.0' });
    const { login, sources } = target({ flags: { username: 'flag@acme.example' }, configFile: { ...named, text } });
    expect(login).to.include({ username: 'flag@acme.example', clientId: '3MVG9file', apiVersion: 'v61.0' });
    expect(sources).to.include({ username: 'flags', clientId: 'config-file' });
    const without = target({ flags: { username: 'flag@acme.example' }, configFile: named });
    expect(without.login).to.not.have.property('apiVersion');
  });

  it('is that of the environment before a file that was found, the default and the registration', () => {
    for (const registry of [acme(), emptyRegistry]) {
      const { login, sources } = target({ variables: full, configFile: file(), defaultProduction: 'prod' }, registry);
      expect(login).to.include({ username: 'env@acme.example', from: 'environment' });
      expect(sources).to.deep.equal(everyPart('environment'));
    }
  });

  it('is that of a file that was found before the default and the registration, none of it mixed with a variable', () => {
    const environment = { ...none, username: 'env@acme.example' };
    for (const registry of [acme(), emptyRegistry]) {
      const { login, sources } = target(
        { variables: environment, configFile: file(), defaultProduction: 'prod' },
        registry,
      );
      expect(login).to.include({ username: 'file@acme.example', clientId: '3MVG9file', from: 'config-file' });
      expect(sources).to.deep.equal(everyPart('config-file'));
    }
  });

  it('is the registered one when nothing else describes a whole login; flags without a value are none', () => {
    const other = { ...acme().productionOrgs[0]!, username: 'other@acme.example', alias: 'other' };
    const two = { ...acme(), productionOrgs: [...acme().productionOrgs, other] };
    for (const environment of [none, { ...none, username: 'env@acme.example' }, { hasPrivateKey: true }]) {
      const { login, sources } = target({ flags: { username: undefined }, variables: environment });
      expect(login).to.include({ username: productionUsername, from: 'registration' });
      expect(sources).to.deep.equal(everyPart('registration'));
      expect(target({ variables: environment, defaultProduction: 'other' }, two).login.username).to.equal(
        'other@acme.example',
      );
    }
  });
});

describe('without a login to test', () => {
  it('a part of the variables is answered with what is missing beside it', () => {
    const parts: Array<[environment: object, missing: string[]]> = [
      [{ username: 'env@acme.example' }, ['SF_CLIENT_ID', 'SF_PRIVATE_KEY']],
      [{ clientId: '3MVG9env' }, ['SF_USERNAME', 'SF_PRIVATE_KEY']],
      [{ hasPrivateKey: true }, ['SF_USERNAME', 'SF_CLIENT_ID']],
    ];
    for (const [part, missing] of parts) {
      const { name, facts } = failureOf(() => target({ variables: { ...none, ...part } }, emptyRegistry));
      expect(name).to.equal('FlagMissing');
      expect(facts.field?.match(/SF_[A-Z_]+/g)).to.deep.equal(missing);
    }
  });

  it('a part of the flags is answered so, even where an org is registered', () => {
    const { name, facts } = failureOf(() => target({ flags: { username: 'flag@acme.example' } }));
    expect(name).to.equal('FlagMissing');
    expect(facts.field).to.contain('--client-id').and.not.contain('--username');
  });

  it('no variables at all, or a login URL alone, mean that there is no production org', () => {
    for (const environment of [none, { ...none, instanceUrl: 'https://acme.example' }]) {
      expect(failureOf(() => target({ variables: environment }, emptyRegistry)).name).to.equal('NoProductionOrg');
    }
  });
});
