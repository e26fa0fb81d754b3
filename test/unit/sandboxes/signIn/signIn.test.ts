import { expect } from 'chai';
import type { LoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import type { Attempt } from '../../../../src/sandboxes/signIn/waysToSignIn.js';
import type { Entrance } from '../../../../src/sandboxes/signIn/signIn.js';
import { sandboxContext, signIn } from '../../../../src/sandboxes/signIn/signIn.js';
import type { FakePorts } from '../../../support/fakes.js';
import { fakePorts, grantFor, loginUrl, productionUsername, testKey } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';
import type { KeySource } from '../../../../src/keys/keySource.js';
import type { OrgContext, CodeExchangeRequest } from '../../../../src/salesforce/salesforce.js';

const username = `${productionUsername}.uat`;
const sandboxUrl = 'https://uat.example';
const callbackUrl = 'http://localhost:1717/OauthRedirect';
const keyFile: KeySource = { source: 'file', path: '/keys/server.key' };
const app = { clientId: '3MVG9test', callbackUrl };
const byKey: Entrance = { username, loginUrl: sandboxUrl, app };
const byCode: Entrance = { ...byKey, code: 'the code' };
const context = {
  org: 'sandbox uat',
  side: 'sandbox',
  user: username,
  sandbox: 'uat',
  production: productionUsername,
};

const targetWith = (key: KeySource): LoginTarget => ({
  sandboxName: 'uat',
  username,
  production: { username: productionUsername, loginUrl, clientId: '3MVG9test', key, from: 'registration' },
  callbackUrl,
  callbackUrlOfSf: callbackUrl,
});

const jwt: Attempt = { way: 'jwt', authType: 'jwt' };
const code: Attempt = { way: 'code', authType: 'access-token' };

describe('signing in to a sandbox', () => {
  let ports: FakePorts;
  /** What the sandbox was asked, with the words for failures. */
  let asked: Array<[request: unknown, about: OrgContext]>;
  let keysRead: Array<[KeySource, string]>;

  beforeEach(() => {
    asked = [];
    keysRead = [];
    ports = fakePorts();
    const { salesforce } = ports;
    salesforce.jwtLogin = async (request, words) => {
      asked.push([request, words]);
      return salesforce.jwt(request.username, request.loginUrl);
    };
    salesforce.exchangeCode = async (request, words) => {
      asked.push([request, words]);
      return salesforce.code();
    };
    ports = {
      ...ports,
      keys: {
        ...ports.keys,
        read: async (source, production) => {
          keysRead.push([source, production]);
          return testKey;
        },
      },
    };
  });

  it('by JWT asks as the user and at the login URL that production named', async () => {
    const freshLogin = await signIn(byKey, jwt, targetWith(keyFile), testKey, ports);
    expect(asked).to.deep.equal([[{ loginUrl: sandboxUrl, clientId: '3MVG9test', username, key: testKey }, context]]);
    expect(freshLogin).to.deep.equal({
      ...grantFor(username),
      username,
      loginUrl: sandboxUrl,
      clientId: '3MVG9test',
      clientSecret: undefined,
      authType: 'jwt',
      keyFile: '/keys/server.key',
    });
  });

  it('by JWT uses the key that was read already, and reads it only when it was not', async () => {
    const known = { ...testKey };
    await signIn(byKey, jwt, targetWith(keyFile), known, ports);
    expect(asked[0]?.[0]).to.have.property('key').that.equals(known);
    expect(keysRead).to.deep.equal([]);
    await signIn(byKey, jwt, targetWith(keyFile), undefined, ports);
    expect(asked[1]?.[0]).to.have.property('key').that.equals(testKey);
    expect(keysRead).to.deep.equal([[keyFile, productionUsername]]);
  });

  it('by code sends the callback URL that production was given, and no key', async () => {
    const freshLogin = await signIn(byCode, code, targetWith({ source: 'env', name: 'K' }), undefined, ports);
    expect(asked).to.deep.equal([
      [
        { loginUrl: sandboxUrl, clientId: '3MVG9test', clientSecret: undefined, code: 'the code', callbackUrl },
        context,
      ],
    ]);
    expect(freshLogin).to.include({ authType: 'access-token', keyFile: undefined });
    expect(keysRead).to.deep.equal([]);
  });

  describe('with an app that has a secret', () => {
    const secretSent = async (key: KeySource): Promise<[sent: unknown, kept: unknown]> => {
      const freshLogin = await signIn(byCode, code, targetWith(key), undefined, ports);
      return [(asked[0]?.[0] as CodeExchangeRequest).clientSecret, freshLogin.clientSecret];
    };

    it('sends the one that sf keeps with production', async () => {
      ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername, clientSecret: 'secret' });
      expect(await secretSent({ source: 'sf' })).to.deep.equal(['secret', 'secret']);
    });

    it('never sends it for a production org that has a key', async () => {
      ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername, clientSecret: 'secret' });
      expect(await secretSent(keyFile)).to.deep.equal([undefined, undefined]);
    });

    it("never sends it for sf's own app, which is not production's", async () => {
      ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername, clientSecret: 'secret' });
      const entrance = { ...byCode, app: { clientId: 'PlatformCLI', callbackUrl: 'http://localhost:1718/O' } };
      const freshLogin = await signIn(entrance, code, targetWith({ source: 'sf' }), undefined, ports);
      expect(asked[0]?.[0]).to.include({ clientId: 'PlatformCLI', callbackUrl: 'http://localhost:1718/O' });
      expect((asked[0]?.[0] as CodeExchangeRequest).clientSecret).to.equal(undefined);
      expect(freshLogin).to.include({ clientId: 'PlatformCLI', clientSecret: undefined });
    });

    for (const [title, stored] of [
      ['is not stored', undefined],
      ['cannot be read', 'unreadable'],
      ['has an empty secret', { username: productionUsername, clientSecret: '' }],
      ['has no secret', { username: productionUsername }],
    ] as const) {
      it(`sends none when production ${title}`, async () => {
        if (stored !== undefined) ports.sfOrgs.orgs.set(productionUsername, stored);
        expect(await secretSent({ source: 'sf' })).to.deep.equal([undefined, undefined]);
      });
    }
  });

  describe('checks the host of the sandbox', () => {
    let checked: Array<[string, OrgContext]>;
    beforeEach(() => {
      checked = [];
      ports.salesforce.checkHost = async (instanceUrl, words) => void checked.push([instanceUrl, words]);
    });

    it('when it is another one than answered', async () => {
      const instanceUrl = 'https://acme--uat.my.example';
      ports.salesforce.jwt = () => ({ ...grantFor(username), instanceUrl });
      await signIn(byKey, jwt, targetWith(keyFile), testKey, ports);
      expect(checked).to.deep.equal([[instanceUrl, context]]);
    });

    it('not when it just answered', async () => {
      ports.salesforce.jwt = () => ({ ...grantFor(username), instanceUrl: `${sandboxUrl}/` });
      await signIn(byKey, jwt, targetWith(keyFile), testKey, ports);
      expect(checked).to.deep.equal([]);
    });
  });

  it('fails without a refresh token only when one is asked for, and names the scope that the app lacks', async () => {
    ports.salesforce.code = () => grantFor(username);
    const url: Attempt = { way: 'code', authType: 'sfdx-auth-url' };
    const failure = await rejection(signIn(byCode, url, targetWith(keyFile), undefined, ports));
    expect(failure).to.deep.include({
      name: 'InputInvalid',
      facts: {
        field: '--auth-type sfdx-auth-url',
        problem: 'Salesforce gave no refresh token: the app 3MVG9test needs the scope refresh_token',
      },
    });
    const freshLogin = await signIn(byCode, code, targetWith(keyFile), undefined, ports);
    expect(freshLogin.refreshToken).to.equal(undefined);
  });

  it('is spoken of in one way', () => {
    expect(sandboxContext(targetWith(keyFile), username)).to.deep.equal(context);
  });
});
