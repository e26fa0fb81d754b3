import { expect } from 'chai';
import type { ProductionLogin } from '../../../../src/production/productionCredentials.js';
import { canSignInByKey, hostsFor, knownHosts, sandboxDomains } from '../../../../src/sandboxes/signIn/knownHosts.js';
import { fakePorts } from '../../../support/fakes.js';

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
  const domains = async (org: ProductionLogin, session?: string): Promise<string[]> => {
    const ports = fakePorts();
    const open = {
      session: { accessToken: 't', instanceUrl: session ?? '', orgId: '00D5g0000000001EAA' },
      fresh: true,
    };
    if (session !== undefined) ports.sessions.set(`${org.username} ${org.clientId}`, Promise.resolve(open));
    return sandboxDomains({ sandboxName: 'UAT', production: org }, ports);
  };
  const hosts = async (
    ...[org, stored, session]: [ProductionLogin, { loginUrl?: string; instanceUrl?: string }?, string?]
  ): Promise<string[]> => knownHosts({ production: org }, await domains(org, session), stored);

  it('is where the last login was, and where that host is gone, at the others', async () => {
    const org = production(login, 'https://acme.my.salesforce.com');
    expect(await hosts(org, { loginUrl: `${mine}/` })).to.deep.equal([mine, test]);
    expect(await hosts(org, { instanceUrl: mine })).to.deep.equal([mine, test]);
    const old = 'https://old--uat.sandbox.my.salesforce.com';
    expect(await hosts(org, { loginUrl: old })).to.deep.equal([old, mine, test]);
  });

  it("is the My Domain of production's sandbox, and the host of all sandboxes after it", async () => {
    expect(await hosts(production(login, 'https://acme.my.salesforce.com'))).to.deep.equal([mine, test]);
    expect(await hosts(production('https://acme.my.salesforce.com'))).to.deep.equal([mine, test]);
    expect(await hosts(production(login))).to.deep.equal([test]);
    expect(await hosts(production(login, 'https://na1.salesforce.com'))).to.deep.equal([test]);
    for (const none of ['https://x.acme.my.salesforce.com', 'https://acme.my.salesforce.com.example']) {
      expect(await hosts(production(login, none)), none).to.deep.equal([test]);
    }
  });

  it('is told by the session of production, before what was registered', async () => {
    expect(await hosts(production(login), undefined, 'https://acme.my.salesforce.com')).to.deep.equal([mine, test]);
    const moved = 'https://new--uat.sandbox.my.salesforce.com';
    const org = production(login, 'https://acme.my.salesforce.com');
    expect(await hosts(org, undefined, 'https://new.my.salesforce.com')).to.deep.equal([moved, mine, test]);
  });

  for (const evil of [
    'https://evil.example',
    'https://salesforce.com.evil.example',
    'https://acme.my.salesforce.com.evil.example',
    'http://acme.my.salesforce.com',
    'https://localhost:8443',
    'no URL',
  ]) {
    it(`is never ${evil} of a stored login, a session, nor of production`, async () => {
      const org = production(login, 'https://acme.my.salesforce.com');
      expect(await hosts(org, { loginUrl: evil })).to.deep.equal([mine, test]);
      expect(await hosts(org, undefined, evil)).to.deep.equal([mine, test]);
      expect((await hosts(production(login, evil))).every((url) => [mine, test].includes(url))).to.equal(true);
      expect(await hosts(production(evil))).to.deep.equal([]);
    });
  }

  it('is nothing that could be told for the stand-in, but where the last login was', async () => {
    const org = production('https://localhost:8443', 'https://localhost:8444');
    expect(await hosts(org)).to.deep.equal([]);
    expect(await hosts(org, { loginUrl: 'https://localhost:9000' })).to.deep.equal(['https://localhost:9000']);
    expect(await hosts(org, { loginUrl: mine })).to.deep.equal([]);
  });
});

describe('where one user of a sandbox is logged in to', () => {
  const org = production(login, 'https://acme.my.salesforce.com');
  const target = { sandboxName: 'uat', production: org, username: 'admin@acme.example.uat' };
  const old = (name: string): string => `https://${name}--uat.sandbox.my.salesforce.com`;

  it('is where that user was, else where the user of the sandbox was, else what is known without a login', async () => {
    const ports = fakePorts();
    const { orgs } = ports.sfOrgs;
    const hosts = () => hostsFor('tester@acme.example.uat', target, ports);
    expect(await hosts()).to.deep.equal([mine, test]);
    orgs.set(target.username, { username: target.username, loginUrl: old('own') });
    expect(await hosts()).to.deep.equal([old('own'), mine, test]);
    orgs.set('tester@acme.example.uat', 'unreadable');
    expect(await hosts()).to.deep.equal([old('own'), mine, test]);
    orgs.set('tester@acme.example.uat', { username: 'tester@acme.example.uat', loginUrl: old('theirs') });
    expect(await hosts()).to.deep.equal([old('theirs'), mine, test]);
    expect(await hostsFor(target.username, target, ports)).to.deep.equal([old('own'), mine, test]);
  });

  it('can be done by key alone where there is a key and a host', async () => {
    const can = (more: Partial<ProductionLogin>) =>
      canSignInByKey(target.username, { ...target, production: { ...org, ...more } }, fakePorts());
    expect(await can({})).to.equal(true);
    expect(await can({ key: { source: 'sf' } })).to.equal(false);
    expect(await can({ loginUrl: 'https://localhost:8443', registered: undefined })).to.equal(false);
  });
});
