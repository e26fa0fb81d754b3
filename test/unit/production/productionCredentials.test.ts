import { resolve } from 'node:path';
import { expect } from 'chai';
import { readCredentialVariables, resolveProduction } from '../../../src/production/productionCredentials.js';
import { registerInput } from '../../../src/production/registerInput.js';
import { emptyRegistry } from '../../../src/registry/registry.js';
import { acme, productionUsername, testKeyObject } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';
import { loginOrigin } from '../../../src/salesforce/loginUrl.js';

const none = { hasPrivateKey: false };
const full = {
  username: 'ci@acme.example',
  clientId: '3MVG9ci',
  instanceUrl: 'https://acme.example',
  hasPrivateKey: true,
};

describe('the credential variables', () => {
  it('count as absent when they are empty, as undefined CI secrets are', () => {
    expect(readCredentialVariables({ SF_USERNAME: ' ', SF_CLIENT_ID: '', SF_PRIVATE_KEY: '' })).to.deep.equal({
      username: undefined,
      clientId: undefined,
      instanceUrl: undefined,
      hasPrivateKey: false,
    });
  });

  it('are taken without what surrounds them, and say that there is a key', () => {
    const env = { SF_INSTANCE_URL: ' https://acme.example\n', SF_PRIVATE_KEY: 'a key' };
    expect(readCredentialVariables(env)).to.include({ instanceUrl: 'https://acme.example', hasPrivateKey: true });
  });

  it('refuse the key in a place where it would be sent and shown', () => {
    const pem = testKeyObject.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const [name, expected] of [
      ['SF_CLIENT_ID', 'the consumer key of the app'],
      ['SF_USERNAME', 'a username'],
    ] as const) {
      for (const key of [pem, pem.replaceAll('\n', '\\n'), Buffer.from(pem).toString('base64')]) {
        const failure = failureOf(() => readCredentialVariables({ [name]: key, SF_PRIVATE_KEY: key }));
        expect(failure.name).to.equal('KeyInvalid');
        expect(failure.facts).to.deep.equal({
          problem: `the key itself was given to ${name}, which takes ${expected}`,
        });
      }
    }
  });

  it('are not read for the key itself', () => {
    expect(JSON.stringify(readCredentialVariables({ SF_PRIVATE_KEY: 'secret' }))).not.to.contain('secret');
  });
});

describe('which production org is logged in to, and how', () => {
  it('is the one of the environment when nothing is named', () => {
    expect(resolveProduction(acme(), full, undefined)).to.include({ username: 'ci@acme.example', from: 'environment' });
    expect(resolveProduction(emptyRegistry, full, undefined)).to.deep.include({
      key: { source: 'env', name: 'SF_PRIVATE_KEY' },
    });
  });

  it('is logged in to where the environment says, else at the general login host, and nowhere without encryption', () => {
    expect(resolveProduction(emptyRegistry, full, undefined).loginUrl).to.equal('https://acme.example');
    const general = resolveProduction(emptyRegistry, { ...full, instanceUrl: undefined }, undefined);
    expect(general.loginUrl).to.equal('https://login.salesforce.com');
    const open = { ...full, instanceUrl: 'http://acme.example' };
    expect(failureOf(() => resolveProduction(emptyRegistry, open, undefined)).facts.field).to.equal('SF_INSTANCE_URL');
    const [prod] = acme().productionOrgs;
    const edited = { ...acme(), productionOrgs: [{ ...prod!, loginUrl: 'http://acme.example' }] };
    expect(failureOf(() => resolveProduction(edited, none, undefined)).facts.field).to.contain(productionUsername);
  });

  it('keeps what is registered of the org that the environment describes', () => {
    const login = resolveProduction(acme(), { ...full, username: productionUsername }, undefined);
    expect([login.from, login.registered?.alias]).to.deep.equal(['environment', 'prod']);
  });

  it('is the named one, also when the environment describes another', () => {
    expect(resolveProduction(acme(), full, 'prod')).to.include({ username: productionUsername, from: 'registration' });
  });

  it('takes the environment before the registration of the same org', () => {
    const login = resolveProduction(acme(), { ...full, username: productionUsername.toUpperCase() }, 'prod');
    expect(login).to.include({ from: 'environment', clientId: '3MVG9ci' });
    expect(login.registered?.alias).to.equal('prod');
  });

  it('does not take a part of the variables for a login', () => {
    for (const missing of ['username', 'clientId'] as const) {
      expect(resolveProduction(acme(), { ...full, [missing]: undefined }, undefined).from).to.equal('registration');
    }
    expect(resolveProduction(acme(), { ...full, hasPrivateKey: false }, undefined).from).to.equal('registration');
  });

  it('can be named by the username that the environment gives, without a registration', () => {
    expect(resolveProduction(emptyRegistry, full, 'ci@acme.example').from).to.equal('environment');
  });

  it('fails for a name that nobody knows', () => {
    expect(failureOf(() => resolveProduction(acme(), none, 'other')).name).to.equal('ProductionOrgNotRegistered');
  });
});

describe('a login URL', () => {
  it('is reduced to its origin', () => {
    expect(loginOrigin('https://acme.my.salesforce.com/services/oauth2/token', '-r')).to.equal(
      'https://acme.my.salesforce.com',
    );
    expect(loginOrigin('acme.my.salesforce.com', '-r')).to.equal('https://acme.my.salesforce.com');
    expect(loginOrigin('http://localhost:8080', '-r')).to.equal('http://localhost:8080');
  });

  const wrong: Array<[string, RegExp]> = [
    ['http://acme.my.salesforce.com', /https/],
    ['https://user:pass@acme.my.salesforce.com', /user name or password/],
    ['https://acme.lightning.force.com', /my\.salesforce\.com/],
    ['https://', /not a URL/],
    ['javascript:alert(1)', /https|not a URL/],
  ];
  for (const [url, problem] of wrong) {
    it(`is refused when it is ${url}`, () => {
      const failure = failureOf(() => loginOrigin(url, '--instance-url'));
      expect(failure.name).to.equal('InputInvalid');
      expect(failure.facts.problem).to.match(problem);
      expect(failure.facts.field).to.equal('--instance-url');
    });
  }
});

describe('what org register is told', () => {
  const flags = { username: 'a@b.example', 'client-id': '3MVG9', 'jwt-key-file': 'server.key' };

  it('is a stored org, or a JWT login with an absolute key path', () => {
    expect(registerInput({ 'target-org': 'prod' }, none)).to.deep.equal({ way: 'stored-org', aliasOrUsername: 'prod' });
    expect(registerInput(flags, none)).to.deep.equal({
      way: 'jwt',
      username: 'a@b.example',
      clientId: '3MVG9',
      loginUrl: 'https://login.salesforce.com',
      key: { source: 'file', path: resolve('server.key') },
      sources: { username: 'flags', clientId: 'flags', loginUrl: 'default', key: 'flags' },
    });
  });

  it('takes flags before the environment', () => {
    expect(registerInput({ ...flags, 'instance-url': 'https://x.example' }, full)).to.include({
      username: 'a@b.example',
      clientId: '3MVG9',
      loginUrl: 'https://x.example',
    });
    expect(registerInput({}, full)).to.deep.include({
      username: 'ci@acme.example',
      key: { source: 'env', name: 'SF_PRIVATE_KEY' },
    });
  });

  it('knows standard input and the name of a variable', () => {
    expect(registerInput({ ...flags, 'jwt-key-file': '-' }, none)).to.deep.include({ key: { source: 'stdin' } });
    const named = { username: 'a@b.example', 'client-id': '3MVG9', 'jwt-key-env': 'PROD_KEY' };
    expect(registerInput(named, none)).to.deep.include({ key: { source: 'env', name: 'PROD_KEY' } });
    expect(failureOf(() => registerInput({ ...named, 'jwt-key-env': '$PROD_KEY' }, none)).name).to.equal(
      'InputInvalid',
    );
  });

  it('names everything that is missing at once', () => {
    const { field } = failureOf(() => registerInput({}, none)).facts;
    expect(field).to.contain('--username').and.to.contain('--client-id').and.to.contain('--jwt-key-file');
  });

  it('is refused when the key itself is in the place of its path or its variable, without repeating it', () => {
    const pem = testKeyObject.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const flag of ['jwt-key-file', 'jwt-key-env'] as const) {
      const failure = failureOf(() => registerInput({ username: 'a@b', 'client-id': 'c', [flag]: pem }, none));
      expect(failure.name).to.equal('KeyInvalid');
      expect(JSON.stringify(failure.facts)).not.to.contain(pem.split('\n')[1]);
    }
  });
});
