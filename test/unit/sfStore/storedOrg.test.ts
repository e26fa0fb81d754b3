import { expect } from 'chai';
import type { AuthType, LoginRecord, StoredOrg } from '../../../src/sfStore/storedOrg.js';
import {
  markChecked,
  credentialDigest,
  credentialOf,
  isLoginOfPlugin,
  sameOrgId,
  storedSandbox,
} from '../../../src/sfStore/storedOrg.js';

const login = {
  username: 'a@b.example.uat',
  orgId: '00D5g0000000005EAA',
  accessToken: 'token',
  refreshToken: 'refresh',
  instanceUrl: 'https://uat.example',
  loginUrl: 'https://uat.example',
  clientId: '3MVG9',
  keyFile: '/k',
};
const record = (stored: StoredOrg, authType: AuthType): LoginRecord => ({
  username: stored.username,
  sandboxName: 'uat',
  productionUsername: 'a@b.example',
  orgId: login.orgId,
  authType,
  loggedInAt: '',
  checkedAt: '',
  credentialDigest: credentialDigest(stored, authType),
});

describe('what is stored for a sandbox', () => {
  for (const [authType, credential] of [
    ['jwt', { clientId: '3MVG9', privateKey: '/k' }],
    ['access-token', {}],
    ['sfdx-auth-url', { clientId: '3MVG9', refreshToken: 'refresh' }],
  ] as const) {
    it(`is a sandbox with its session, and the credential of its kind alone (${authType})`, () => {
      const before = {
        username: login.username,
        orgId: login.orgId,
        isSandbox: false,
        isScratch: true,
        isDevHub: true,
      };
      expect(storedSandbox({ ...login, authType }, before, false)).to.deep.equal({
        username: login.username,
        orgId: login.orgId,
        accessToken: 'token',
        instanceUrl: login.instanceUrl,
        loginUrl: login.loginUrl,
        isSandbox: true,
        isScratch: false,
        isDevHub: false,
        ...credential,
      });
    });
  }

  it('has the user id when Salesforce told it, and keeps the one that is known when it did not', () => {
    const before = { username: login.username, orgId: login.orgId, userId: '005old' };
    const told = storedSandbox({ ...login, userId: '005new', authType: 'jwt' }, before, false);
    expect(told.userId).to.equal('005new');
    expect(storedSandbox({ ...login, authType: 'jwt' }, before, false).userId).to.equal('005old');
  });

  it('has the secret of the app only beside a refresh token, which cannot be used without', () => {
    const withSecret = { ...login, clientSecret: 'secret' };
    expect(storedSandbox({ ...withSecret, authType: 'sfdx-auth-url' }, undefined, false).clientSecret).to.equal(
      'secret',
    );
    for (const authType of ['jwt', 'access-token'] as const) {
      expect(storedSandbox({ ...withSecret, authType }, undefined, false)).not.to.have.property('clientSecret');
    }
  });

  it('never takes over a credential of the login before', () => {
    const previous = {
      username: login.username,
      orgId: login.orgId,
      refreshToken: 'old',
      privateKey: '/old',
      password: 'x',
      clientApps: {},
    };
    const stored = storedSandbox({ ...login, authType: 'access-token' }, previous, false);
    expect(stored).not.to.have.any.keys('refreshToken', 'privateKey', 'password', 'clientApps');
  });

  it('compares org ids by their first 15 characters', () => {
    expect(sameOrgId('00D5g0000000005', '00D5g0000000005EAA')).to.equal(true);
    expect(sameOrgId('00D5g0000000005', '00d5g0000000005')).to.equal(false);
  });
});

describe('whose login it is', () => {
  for (const authType of ['jwt', 'access-token', 'sfdx-auth-url'] as const) {
    const stored = storedSandbox({ ...login, authType }, undefined, false);
    it(`is the plugin's as it stored it (${authType})`, () => {
      expect(isLoginOfPlugin(stored, record(stored, authType))).to.equal(true);
    });

    it(`is the user's without a record, and after a web login (${authType})`, () => {
      expect(isLoginOfPlugin(stored, undefined)).to.equal(false);
      expect(isLoginOfPlugin({ ...stored, accessToken: 'w', refreshToken: 'web' }, record(stored, authType))).to.equal(
        false,
      );
    });
  }

  it("is the plugin's when a kill came between the record of a new login and the org, and is remembered when it is good", () => {
    const old = storedSandbox({ ...login, authType: 'access-token' }, undefined, false);
    const fresh = storedSandbox({ ...login, accessToken: 'new', authType: 'sfdx-auth-url' }, old, false);
    const before = record(old, 'access-token');
    const after = { ...record(fresh, 'sfdx-auth-url'), replaces: credentialOf(old, before) };
    expect(isLoginOfPlugin(old, after)).to.equal(true);
    expect(isLoginOfPlugin(fresh, after)).to.equal(true);
    expect(isLoginOfPlugin({ ...old, accessToken: 'of the user' }, after)).to.equal(false);
    const now = new Date('2026-11-22T12:00:00Z');
    const { replaces, ...accepted } = markChecked(old, after, now);
    expect(replaces).to.equal(undefined);
    expect(accepted).to.deep.equal({ ...before, checkedAt: now.toISOString() });
    const { authType, credentialDigest: digest } = markChecked(fresh, after, now);
    expect([authType, digest]).to.deep.equal(['sfdx-auth-url', after.credentialDigest]);
  });

  it("stays the plugin's when sf renews the session of a JWT login, or of one with a refresh token", () => {
    for (const authType of ['jwt', 'sfdx-auth-url'] as const) {
      const stored = storedSandbox({ ...login, authType }, undefined, false);
      expect(isLoginOfPlugin({ ...stored, accessToken: 'renewed' }, record(stored, authType)), authType).to.equal(true);
    }
  });
});
