import { expect } from 'chai';
import type { AuthType, LoginRecord, StoredOrg } from '../../../src/sfStore/storedOrg.js';
import {
  markChecked,
  credentialOf,
  isLoginOfPlugin,
  newCredential,
  plainLoginUrl,
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
  loggedInAt: '',
  checkedAt: '',
  ...newCredential(stored, authType),
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
        loginUrl: authType === 'sfdx-auth-url' ? `${login.loginUrl}/.` : login.loginUrl,
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
    it(`is the plugin's as it stored it (${authType})`, () => {
      const stored = storedSandbox({ ...login, authType }, undefined, false);
      expect(isLoginOfPlugin(stored, record(stored, authType))).to.equal(true);
    });

    it(`is the user's without a record, and after a web login (${authType})`, () => {
      const stored = storedSandbox({ ...login, authType }, undefined, false);
      expect(isLoginOfPlugin(stored, undefined)).to.equal(false);
      expect(
        isLoginOfPlugin(
          { ...stored, loginUrl: login.loginUrl, accessToken: 'w', refreshToken: 'web' },
          record(stored, authType),
        ),
      ).to.equal(false);
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

  describe('when the app rotates refresh tokens', () => {
    let stored: StoredOrg;
    let ours: LoginRecord;
    beforeEach(() => {
      stored = storedSandbox({ ...login, authType: 'sfdx-auth-url' }, undefined, false);
      ours = record(stored, 'sfdx-auth-url');
    });
    const { clientId, instanceUrl, loginUrl, orgId, username } = login;
    /** What core writes over the stored fields (sfdx-core, authInfo): a renewal takes login URL and app from there. */
    const renewed = () => ({
      accessToken: 'renewed',
      instanceUrl,
      orgId,
      username,
      loginUrl: stored.loginUrl,
      clientId,
    });
    /** A login takes them from the command line, the auth URL or production's answer. */
    const loggedIn = () => ({ accessToken: 'own', refreshToken: 'own', instanceUrl, orgId, username, clientId });

    for (const [what, written, isOurs] of [
      ['sf renews it with another refresh token', () => ({ ...renewed(), refreshToken: 'rotated' }), true],
      [
        'sf renews it, and writes the org id in 15 characters',
        () => ({ ...renewed(), refreshToken: 'rotated', orgId: orgId.slice(0, 15) }),
        true,
      ],
      [
        'sf org login web, at the address of this very sandbox',
        () => ({ ...loggedIn(), loginUrl, clientSecret: undefined }),
        false,
      ],
      [
        'sf org login web, as sf normalises what is typed',
        () => ({ ...loggedIn(), loginUrl: new URL(loginUrl).href }),
        false,
      ],
      [
        'sf org login web, at the host of all sandboxes',
        () => ({ ...loggedIn(), loginUrl: 'https://test.salesforce.com' }),
        false,
      ],
      ['sf org login sfdx-url', () => ({ ...loggedIn(), loginUrl: instanceUrl, clientSecret: '' }), false],
      ['sf org resume sandbox', () => ({ ...loggedIn(), loginUrl }), false],
      [
        'a login at the same address as another app',
        () => ({ ...renewed(), refreshToken: 'own', clientId: 'other' }),
        false,
      ],
      ['the same of another copy', () => ({ ...renewed(), refreshToken: 'own', orgId: '00D5g0000000009EAA' }), false],
      ['a key beside it', () => ({ ...renewed(), refreshToken: 'own', privateKey: '/own.key' }), false],
    ] as const) {
      it(`${what}: ${isOurs ? 'it stays ours' : "it is the user's"}`, () => {
        expect(isLoginOfPlugin({ ...stored, ...written() }, ours)).to.equal(isOurs);
      });
    }

    it('remembers the new token once the login was found good, so that the one before it is no mark any more', () => {
      const rotated = { ...stored, ...renewed(), refreshToken: 'rotated' };
      const checked = markChecked(rotated, ours, new Date());
      expect(checked.credentialDigest).to.equal(newCredential(rotated, 'sfdx-auth-url').credentialDigest);
      expect(checked.renewalDigest).to.equal(ours.renewalDigest);
    });

    it('is told of no other kind of login, and of no record that an older version wrote', () => {
      const { renewalDigest, ...old } = ours;
      expect(renewalDigest).to.be.a('string');
      expect(isLoginOfPlugin({ ...stored, refreshToken: 'rotated' }, old)).to.equal(false);
      for (const authType of ['jwt', 'access-token'] as const) {
        expect(record(storedSandbox({ ...login, authType }, undefined, false), authType)).not.to.have.property(
          'renewalDigest',
        );
      }
    });

    it('goes to the same place as without the mark, which nobody is shown', () => {
      const url = `${stored.loginUrl}/services/oauth2/token`;
      expect(new URL(url).href).to.equal(`${loginUrl}/services/oauth2/token`);
      expect(plainLoginUrl(stored.loginUrl!)).to.equal(loginUrl);
      expect(plainLoginUrl(loginUrl)).to.equal(loginUrl);
    });
  });
});
