import { expect } from 'chai';
import { attempts, otherWayMayCure } from '../../../src/domain/signIn.js';
import type { AuthType, LoginRecord, StoredOrg } from '../../../src/domain/storedOrg.js';
import { credentialDigest, isMintedByPlugin, sameOrgId, storedSandbox } from '../../../src/domain/storedOrg.js';
import { JitFailure } from '../../../src/domain/failures.js';
import { failureOf } from '../../support/rejection.js';

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
  it('has the credential of its kind and no other', () => {
    const jwt = storedSandbox({ ...login, authType: 'jwt' }, undefined, false);
    expect(jwt).to.include({ privateKey: '/k', clientId: '3MVG9' }).and.not.to.have.property('refreshToken');
    const token = storedSandbox({ ...login, authType: 'access-token' }, undefined, false);
    expect(token).not.to.have.any.keys('refreshToken', 'clientId', 'privateKey');
    const url = storedSandbox({ ...login, authType: 'sfdx-auth-url' }, undefined, false);
    expect(url).to.include({ refreshToken: 'refresh', clientId: '3MVG9' }).and.not.to.have.property('privateKey');
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
      expect(isMintedByPlugin(stored, record(stored, authType))).to.equal(true);
    });

    it(`is the user's without a record, and after a web login (${authType})`, () => {
      expect(isMintedByPlugin(stored, undefined)).to.equal(false);
      expect(isMintedByPlugin({ ...stored, accessToken: 'w', refreshToken: 'web' }, record(stored, authType))).to.equal(
        false,
      );
    });
  }

  it("stays the plugin's when sf renews the session of a JWT login, or of one with a refresh token", () => {
    for (const authType of ['jwt', 'sfdx-auth-url'] as const) {
      const stored = storedSandbox({ ...login, authType }, undefined, false);
      expect(isMintedByPlugin({ ...stored, accessToken: 'renewed' }, record(stored, authType)), authType).to.equal(
        true,
      );
    }
  });
});

describe('ways of signing in', () => {
  it('are JWT first with a key file, and the code first without', () => {
    expect(attempts(undefined, { source: 'file', path: '/k' })).to.deep.equal([
      { way: 'jwt', authType: 'jwt' },
      { way: 'authorization-code', authType: 'access-token' },
    ]);
    expect(attempts(undefined, { source: 'env', name: 'K' }).map(({ way }) => way)).to.deep.equal([
      'authorization-code',
      'jwt',
    ]);
    expect(attempts(undefined, { source: 'sf' })).to.deep.equal([
      { way: 'authorization-code', authType: 'access-token' },
    ]);
  });

  it('leave a refresh token only through the code', () => {
    expect(attempts('sfdx-auth-url', { source: 'file', path: '/k' })).to.have.length(1);
  });

  it('cannot be jwt when sf could not renew it', () => {
    expect(failureOf(() => attempts('jwt', { source: 'env', name: 'K' })).name).to.equal('InputInvalid');
  });

  it('are tried in turn only for reasons that concern the way', () => {
    const failure = (name: 'AppNotInSandbox' | 'ServerUnavailable'): JitFailure =>
      new JitFailure(name as 'ServerUnavailable', { org: 'o', host: 'h', status: '503' });
    expect(otherWayMayCure('jwt', failure('AppNotInSandbox'))).to.equal(true);
    expect(otherWayMayCure('jwt', failure('ServerUnavailable'))).to.equal(false);
    expect(otherWayMayCure('jwt', new Error('x'))).to.equal(false);
  });
});
