import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { CredentialType } from '../../../../src/sandboxes/credentials/credentialToShow.js';
import type { Consent } from '../../../../src/sandboxes/credentials/showCredentials.js';
import { showCredentials } from '../../../../src/sandboxes/credentials/showCredentials.js';
import type { FakePorts } from '../../../support/fakes.js';
import { fakePorts, grantFor, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const username = `${productionUsername}.uat`;

describe('showCredentials', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
  });

  const show = (type: CredentialType, consent: Consent = 'yes') => {
    const asked = ports.salesforce.calls.length;
    return showCredentials(
      {
        sandbox: 'uat',
        type,
        variables: { hasPrivateKey: false },
        callbackUrl: 'http://localhost:1717/OauthRedirect',
      },
      ports,
      async (whom) => {
        expect(whom).to.equal(username);
        expect(ports.salesforce.calls, 'asked before any request').to.have.lengthOf(asked);
        return consent;
      },
    );
  };

  it('makes a login, tells when, and stores nothing', async () => {
    const { credential, signedIn } = await show('access-token');
    expect(credential).to.include({
      username,
      accessToken: `token of ${username}`,
      instanceUrl: 'https://uat.example',
    });
    expect(credential.issuedAt).to.equal('2026-11-22T10:00:00.000Z');
    expect([signedIn.signedInBy, signedIn.refusals]).to.deep.equal(['jwt', []]);
    expect(ports.sfOrgs.orgs.has(username)).to.equal(false);
  });

  it('makes an auth URL of the refresh token', async () => {
    const { credential } = await show('sfdx-auth-url');
    expect(credential).to.include({ sfdxAuthUrl: 'force://3MVG9test::refresh-token@uat.example' });
  });

  it('asks nothing of Salesforce without consent, and says why', async () => {
    const { name, facts } = await rejection(show('access-token', { no: 'nobody there' }));
    expect(name).to.equal('NotConfirmed');
    expect(facts).to.deep.equal({ user: username, problem: 'nobody there' });
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  describe('where only the authorization code is left', () => {
    beforeEach(() => {
      ports.salesforce.jwt = (name) => {
        if (name === username) throw new JitFailure('InvalidGrant', { org: 'sandbox uat', host: 'uat.example' });
        return grantFor(name);
      };
      let count = 0;
      ports.salesforce.code = () => ({ ...grantFor(username), refreshToken: `refresh ${(count += 1)}` });
    });
    const revoked = (): string[] => ports.salesforce.calls.filter((call) => call.startsWith('revoke'));

    it('tells, and holds the refresh token that nobody asked for until the next one is shown', async () => {
      const { signedInBy, refusals } = (await show('access-token')).signedIn;
      expect([signedInBy, refusals.map(({ failure }) => failure.name)]).to.deep.equal(['code', ['InvalidGrant']]);
      expect(ports.sfOrgs.held.get(username)).to.deep.equal([
        { use: 'shown', refreshToken: 'refresh 1', instanceUrl: 'https://uat.example', orgId: '00D5g0000000005EAA' },
      ]);
      expect(revoked()).to.deep.equal([]);
      await show('access-token');
      expect(revoked()).to.deep.equal(['revoke refresh 1 at https://uat.example']);
      expect(ports.sfOrgs.held.get(username)?.map(({ refreshToken }) => refreshToken)).to.deep.equal(['refresh 2']);
    });

    it('holds none that was shown', async () => {
      await show('sfdx-auth-url');
      expect([ports.sfOrgs.held.size, revoked()]).to.deep.equal([0, []]);
    });
  });
});
