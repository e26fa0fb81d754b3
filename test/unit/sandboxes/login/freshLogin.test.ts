import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { LoginTarget } from '../../../../src/sandboxes/login/loginTarget.js';
import { findLoginTarget } from '../../../../src/sandboxes/login/loginTarget.js';
import type { Attempt } from '../../../../src/sandboxes/login/waysToSignIn.js';
import { getFreshLogin } from '../../../../src/sandboxes/login/freshLogin.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername, state } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const username = `${productionUsername}.uat`;
const callbackUrl = 'http://localhost:1717/OauthRedirect';
const target = (user?: string): LoginTarget =>
  findLoginTarget({ sandbox: 'uat', user, variables: { hasPrivateKey: false }, callbackUrl }, acme());
const jwt: Attempt = { way: 'jwt', authType: 'jwt' };
const code: Attempt = { way: 'authorization-code', authType: 'access-token' };

describe('getFreshLogin', () => {
  let ports: FakePorts;
  beforeEach(async () => {
    ports = fakePorts();
    const cached = { username: productionUsername, ...grantFor(productionUsername), clientId: '3MVG9test' };
    await ports.sfOrgs.storeProduction(cached, undefined);
  });

  const withWrongKey = (): FakePorts => ({
    ...ports,
    keys: { ...ports.keys, read: () => Promise.reject(new JitFailure('KeyInvalid', { problem: 'empty' })) },
  });

  it('sends nothing with a wrong key, also when production is open already', async () => {
    expect((await rejection(getFreshLogin(target(), [jwt], withWrongKey()))).name).to.equal('KeyInvalid');
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('needs no key for the authorization code', async () => {
    const { freshLogin } = await getFreshLogin(target(), [code], withWrongKey());
    expect(freshLogin).to.include({ username, authType: 'access-token' });
  });

  it('stores nothing', async () => {
    const before = [...ports.sfOrgs.orgs];
    await getFreshLogin(target(), [jwt], ports);
    expect([...ports.sfOrgs.orgs]).to.deep.equal(before);
    expect(ports.sfOrgs.records.size).to.equal(0);
  });

  describe('without production, by key', () => {
    const notCreator = new JitFailure('NotSandboxCreator', {
      sandbox: 'uat',
      production: productionUsername,
      user: 'u',
    });
    const sandboxUrl = 'https://acme--uat.sandbox.my.salesforce.com';
    beforeEach(async () => {
      await ports.sfOrgs.storeProduction({ username, loginUrl: sandboxUrl }, undefined);
      ports.salesforce.states = [state('uat', { createdById: '0055g0000000009AAA' })];
      ports.salesforce.vouch = () => {
        throw notCreator;
      };
    });
    const atSalesforce = (user?: string): LoginTarget => {
      const found = target(user);
      return { ...found, production: { ...found.production, loginUrl: 'https://login.salesforce.com' } };
    };

    it('signs in another user, in one request', async () => {
      const { freshLogin } = await getFreshLogin(atSalesforce('tester@acme.example'), [jwt], ports);
      expect(freshLogin).to.include({ username: 'tester@acme.example.uat', loginUrl: sandboxUrl });
      expect(ports.salesforce.calls).to.deep.equal([`jwt tester@acme.example.uat at ${sandboxUrl}`]);
    });

    it("signs in the user's own name when somebody else made the sandbox, and says so", async () => {
      const { freshLogin, refusedFirst } = await getFreshLogin(atSalesforce(), [jwt, code], ports);
      expect(freshLogin).to.include({ username, authType: 'jwt' });
      expect(refusedFirst?.name).to.equal('NotSandboxCreator');
    });

    it('keeps the refusal, and tells what else was tried, when the key does not let that name in', async () => {
      ports.salesforce.jwt = () => {
        throw new JitFailure('UserNotApproved', { org: 'sandbox uat', user: username, host: 'h' });
      };
      const { name, facts } = await rejection(getFreshLogin(atSalesforce(), [jwt, code], ports));
      expect([name, facts.alsoTried]).to.deep.equal(['NotSandboxCreator', 'jwt: UserNotApproved']);
      expect(ports.salesforce.calls.some((call) => call.startsWith('code'))).to.equal(false);
    });

    it('tries no key where there is none', async () => {
      expect((await rejection(getFreshLogin(atSalesforce(), [code], ports))).name).to.equal('NotSandboxCreator');
      expect(ports.salesforce.calls.some((call) => call.startsWith('jwt'))).to.equal(false);
    });

    it('goes on to the host of all sandboxes when the My Domain is not known, and only then', async () => {
      ports.sfOrgs.orgs.delete(username);
      const asked: string[] = [];
      const { production, ...found } = atSalesforce('tester@acme.example');
      const myDomain = { ...production, loginUrl: 'https://acme.my.salesforce.com', registered: undefined };
      ports.salesforce.jwt = (name, url) => {
        asked.push(url);
        if (url === sandboxUrl) throw new JitFailure('HostNotFound', { org: 'sandbox uat', host: 'h' });
        return grantFor(name);
      };
      await getFreshLogin({ ...found, production: myDomain }, [jwt], ports);
      expect(asked).to.deep.equal([sandboxUrl, 'https://test.salesforce.com']);
    });
  });

  for (const [title, user, expected, calls] of [
    ['that Salesforce names', undefined, username, [`sandboxAuth uat for ${callbackUrl}`]],
    ['of another user who was asked for', 'tester@acme.example', 'tester@acme.example.uat', []],
  ] as const) {
    it(`lets a username be refused before the sandbox is asked: the one ${title}`, async () => {
      const refused = new JitFailure('TraditionalOrgStored', { sandbox: 'uat', user: expected });
      const seen: string[] = [];
      const failure = await rejection(
        getFreshLogin(target(user), [jwt], ports, async (name) => {
          seen.push(name);
          throw refused;
        }),
      );
      expect(failure.name).to.equal(refused.name);
      expect(failure.facts).to.include(refused.facts);
      expect(seen).to.deep.equal([expected]);
      expect(ports.salesforce.calls).to.deep.equal(calls);
    });
  }
});
