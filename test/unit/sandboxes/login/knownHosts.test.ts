import { expect } from 'chai';
import type { ProductionLogin } from '../../../../src/production/productionCredentials.js';
import { knownHosts } from '../../../../src/sandboxes/login/knownHosts.js';

const production = (loginUrl: string, instanceUrl?: string): ProductionLogin => ({
  username: 'admin@acme.example',
  loginUrl,
  clientId: '3MVG9',
  key: { source: 'env', name: 'K' },
  from: 'registration',
  ...(instanceUrl === undefined
    ? {}
    : {
        registered: {
          username: 'admin@acme.example',
          orgId: '00D5g0000000001EAA',
          instanceUrl,
          loginUrl,
          clientId: '3MVG9',
          key: { source: 'env', name: 'K' },
        },
      }),
});
const login = 'https://login.salesforce.com';
const test = 'https://test.salesforce.com';
const mine = 'https://acme--uat.sandbox.my.salesforce.com';

describe('where a sandbox is logged in to, without production', () => {
  const hosts = (...[org, stored]: [ProductionLogin, { loginUrl?: string; instanceUrl?: string }?]): string[] =>
    knownHosts({ sandboxName: 'UAT', production: org }, stored);

  it('is where the last login was', () => {
    const org = production(login, 'https://acme.my.salesforce.com');
    expect(hosts(org, { loginUrl: `${mine}/` })).to.deep.equal([mine]);
    expect(hosts(org, { instanceUrl: mine })).to.deep.equal([mine]);
  });

  it("is the My Domain of production's sandbox, and the host of all sandboxes after it", () => {
    expect(hosts(production(login, 'https://acme.my.salesforce.com'))).to.deep.equal([mine, test]);
    expect(hosts(production('https://acme.my.salesforce.com'))).to.deep.equal([mine, test]);
    expect(hosts(production(login))).to.deep.equal([test]);
    expect(hosts(production(login, 'https://na1.salesforce.com'))).to.deep.equal([test]);
  });

  for (const evil of [
    'https://evil.example',
    'https://salesforce.com.evil.example',
    'http://acme.my.salesforce.com',
    'https://localhost:8443',
    'no URL',
  ]) {
    it(`is never ${evil} of a stored login, nor of production`, () => {
      const org = production(login, 'https://acme.my.salesforce.com');
      expect(hosts(org, { loginUrl: evil })).to.deep.equal([mine, test]);
      expect(hosts(production(login, evil)).every((url) => [mine, test].includes(url))).to.equal(true);
      expect(hosts(production(evil))).to.deep.equal([]);
    });
  }

  it('is nothing that could be told for the stand-in, but where the last login was', () => {
    const org = production('https://localhost:8443', 'https://localhost:8444');
    expect(hosts(org)).to.deep.equal([]);
    expect(hosts(org, { loginUrl: 'https://localhost:9000' })).to.deep.equal(['https://localhost:9000']);
    expect(hosts(org, { loginUrl: mine })).to.deep.equal([]);
  });
});
