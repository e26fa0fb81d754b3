import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { LoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import type { Attempt } from '../../../../src/sandboxes/signIn/waysToSignIn.js';
import { getFreshLogin } from '../../../../src/sandboxes/signIn/freshLogin.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const username = `${productionUsername}.uat`;
const callbackUrl = 'http://localhost:1717/OauthRedirect';
const target = (user?: string): LoginTarget =>
  findLoginTarget({ sandbox: 'uat', user, variables: { hasPrivateKey: false }, callbackUrl }, acme());
const jwt: Attempt = { way: 'jwt', authType: 'jwt' };
const ownKey: Attempt = { way: 'own-key', authType: 'jwt' };
const code: Attempt = { way: 'code', authType: 'access-token' };

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

  for (const [title, user, expected, calls] of [
    ['that Salesforce names', undefined, username, [`sandboxAuth uat for ${callbackUrl}`]],
    ['of another user who was asked for', 'tester@acme.example', 'tester@acme.example.uat', []],
  ] as const) {
    it(`lets a username be refused before the sandbox is asked: the one ${title}`, async () => {
      const refused = new JitFailure('TraditionalOrgStored', { sandbox: 'uat', user: expected });
      const seen: string[] = [];
      const failure = await rejection(
        getFreshLogin(target(user), [user === undefined ? jwt : ownKey], ports, async (name) => {
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
