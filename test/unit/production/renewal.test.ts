import { expect } from 'chai';
import { readableOrg, renewalOf, renewedOrg } from '../../../src/production/renewal.js';
import type { StoredOrg } from '../../../src/sfStore/storedOrg.js';
import { failureOf } from '../../support/rejection.js';

const username = 'admin@acme.example';
const web: StoredOrg = {
  username,
  orgId: '00D5g0000000001EAA',
  accessToken: 'old',
  refreshToken: 'r1',
  clientId: '3MVG9web',
  loginUrl: 'https://login.example/',
  instanceUrl: 'https://acme.example',
  tracksSource: true,
};
const session = { accessToken: 'new', instanceUrl: 'https://moved.example', orgId: '00D5g0000000001EAA' };

describe('renewing the session of an org that sf logged in to', () => {
  it('asks the origin of the stored login URL, with the refresh token', () => {
    expect(renewalOf(web)).to.deep.equal({
      way: 'refresh-token',
      loginUrl: 'https://login.example',
      clientId: '3MVG9web',
      refreshToken: 'r1',
    });
  });

  it('asks the instance when no login URL is stored, and the general login host when nothing is', () => {
    expect(renewalOf({ ...web, loginUrl: undefined }).loginUrl).to.equal('https://acme.example');
    expect(renewalOf({ ...web, loginUrl: undefined, instanceUrl: undefined }).loginUrl).to.equal(
      'https://login.salesforce.com',
    );
  });

  it('asks as the app that logged in, with its secret if there is one', () => {
    expect(renewalOf({ ...web, clientSecret: 'hush' })).to.include({ clientId: '3MVG9web', clientSecret: 'hush' });
    expect(renewalOf({ ...web, clientSecret: '' })).to.not.have.property('clientSecret');
    const older = renewalOf({ ...web, clientId: undefined, clientSecret: 'of another app' });
    expect(older).to.include({ clientId: 'PlatformCLI' }).and.not.have.property('clientSecret');
  });

  it('takes the key when there is no refresh token, and the refresh token when there are both', () => {
    const both = { ...web, privateKey: '/keys/server.key' };
    expect(renewalOf(both).way).to.equal('refresh-token');
    expect(renewalOf({ ...both, refreshToken: undefined })).to.deep.equal({
      way: 'jwt',
      loginUrl: 'https://login.example',
      clientId: '3MVG9web',
      keyFile: '/keys/server.key',
    });
    expect(renewalOf({ ...both, refreshToken: '', loginUrl: undefined }).loginUrl).to.equal(
      'https://login.salesforce.com',
    );
  });

  it('sends no credential to an address without encryption', () => {
    for (const org of [web, { ...web, refreshToken: undefined, privateKey: '/k' }]) {
      const { name, facts } = failureOf(() => renewalOf({ ...org, loginUrl: 'http://acme.example' }));
      expect([name, facts.field]).to.deep.equal(['InputInvalid', 'The stored login URL']);
    }
  });

  it('says what is missing', () => {
    const token = { ...web, refreshToken: undefined };
    expect(failureOf(() => renewalOf(token))).to.deep.include({
      name: 'SessionInvalid',
      facts: {
        org: `production org ${username}`,
        side: 'production',
        user: username,
        production: username,
        host: 'acme.example',
        problem: 'it cannot be renewed, because sf has neither a refresh token nor a key for this org',
      },
    });
    expect(failureOf(() => renewalOf({ ...token, privateKey: '/k', clientId: undefined })).name).to.equal(
      'SessionInvalid',
    );
    expect(failureOf(() => renewalOf({ ...token, instanceUrl: undefined })).facts.host).to.equal(undefined);
    const empty = failureOf(() => renewalOf({ ...token, accessToken: undefined }));
    expect(empty.name).to.equal('OrgNotStored');
    expect(empty.facts.problem).to.match(/holds no session/);
  });

  it('takes an org that could be read, and tells why there is none', () => {
    expect(readableOrg(web, 'mine')).to.equal(web);
    expect(failureOf(() => readableOrg(undefined, 'mine'))).to.deep.include({
      name: 'OrgNotStored',
      facts: { user: 'mine' },
    });
    const { name, facts } = failureOf(() => readableOrg('unreadable', 'mine'));
    expect([name, facts.user]).to.deep.equal(['OrgNotStored', 'mine']);
    expect(facts.problem).to.match(/cannot be read/);
  });
});

describe('an org after its session was renewed', () => {
  it('has the new session, and all else as it was', () => {
    expect(renewedOrg(web, web, session)).to.deep.equal({ ...web, ...session });
    expect(renewedOrg(web, { ...web, userId: '005u' }, session)).to.include({ userId: '005u' });
    expect(renewedOrg(web, web, { ...session, userId: '005v' })).to.include({ userId: '005v' });
  });

  it('has the refresh token that took the place of the old one', () => {
    expect(renewedOrg(web, web, { ...session, refreshToken: 'r2' })).to.include({ refreshToken: 'r2' });
    expect(renewedOrg(web, web, { ...session, refreshToken: '' })).to.include({ refreshToken: 'r1' });
  });

  it('keeps what was stored meanwhile', () => {
    const meanwhile = { ...web, isDevHub: true, accessToken: 'of another process' };
    expect(renewedOrg(web, meanwhile, session)).to.deep.equal({ ...web, isDevHub: true, ...session });
  });

  it('is left as it is after a logout or another login', () => {
    expect(renewedOrg(web, undefined, session)).to.equal(undefined);
    for (const other of [
      { refreshToken: 'r9' },
      { refreshToken: undefined },
      { clientId: 'x' },
      { privateKey: '/k' },
    ]) {
      expect(renewedOrg(web, { ...web, ...other }, session), JSON.stringify(other)).to.equal(undefined);
    }
  });

  it('is put back whole when its file was damaged meanwhile, since the new refresh token is nowhere else', () => {
    expect(renewedOrg(web, 'unreadable', { ...session, refreshToken: 'r2' })).to.deep.equal({
      ...web,
      ...session,
      refreshToken: 'r2',
    });
  });
});
