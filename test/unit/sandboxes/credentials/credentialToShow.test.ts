import { expect } from 'chai';
import {
  formatCredential,
  maskLine,
  secretsOf,
  credentialToShow,
} from '../../../../src/sandboxes/credentials/credentialToShow.js';
import type { FreshLogin } from '../../../../src/sfStore/storedOrg.js';

const login: FreshLogin = {
  username: 'admin@acme.example.uat',
  orgId: '00D5g0000000005EAA',
  accessToken: '00D5g0000000005!AQ.secret',
  refreshToken: '5Aep861secret',
  instanceUrl: 'https://acme--uat.sandbox.my.salesforce.com:8443',
  loginUrl: 'https://test.salesforce.com',
  clientId: '3MVG9test',
  authType: 'access-token',
};
const issuedAt = new Date('2026-11-22T10:00:00.000Z');
const whose = { username: login.username, orgId: login.orgId, issuedAt: '2026-11-22T10:00:00.000Z' };

describe('credentialToShow', () => {
  it('is an access token with its instance URL', () => {
    const shown = credentialToShow(login, 'access-token', issuedAt);
    expect(shown).to.deep.equal({ ...whose, accessToken: login.accessToken, instanceUrl: login.instanceUrl });
    expect(secretsOf(shown)).to.deep.equal([login.accessToken]);
  });

  it('is an auth URL as core writes it, with or without the secret of the app', () => {
    const sfdxAuthUrl = 'force://3MVG9test::5Aep861secret@acme--uat.sandbox.my.salesforce.com:8443';
    const shown = credentialToShow(login, 'sfdx-auth-url', issuedAt);
    expect(shown).to.deep.equal({ ...whose, sfdxAuthUrl });
    expect(secretsOf(shown)).to.deep.equal([sfdxAuthUrl, login.refreshToken]);
    const secret = credentialToShow({ ...login, clientSecret: 'app-secret' }, 'sfdx-auth-url', issuedAt);
    expect(secretsOf(secret).slice(1)).to.deep.equal([login.refreshToken, 'app-secret']);
  });

  it('is JSON, or lines of variables, for programs', () => {
    const token = credentialToShow(login, 'access-token', issuedAt);
    expect(JSON.parse(formatCredential(token, 'json'))).to.deep.equal(token);
    expect(formatCredential(token, 'env').split('\n')).to.deep.equal([
      'SF_ACCESS_TOKEN=00D5g0000000005!AQ.secret',
      'SF_ORG_INSTANCE_URL=https://acme--uat.sandbox.my.salesforce.com:8443',
      'SF_JIT_USERNAME=admin@acme.example.uat',
      'SF_JIT_ORG_ID=00D5g0000000005EAA',
    ]);
    const url = credentialToShow(login, 'sfdx-auth-url', issuedAt);
    expect(formatCredential(url, 'env')).to.match(/^SFDX_AUTH_URL=force:\/\/3MVG9test::5Aep861secret@/);
  });

  it('gets no line of its own into the variables of others', () => {
    const odd = credentialToShow({ ...login, username: 'a@b.example\nSF_TARGET_ORG=other' }, 'access-token', issuedAt);
    expect(formatCredential(odd, 'env').split('\n')).to.have.length(4);
  });

  it('is masked in one line, whatever is in it', () => {
    expect(maskLine('a%b\r\nc')).to.equal('::add-mask::a%25b%0D%0Ac');
  });
});
