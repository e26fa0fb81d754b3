import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import { otherWayLine, otherWayNotStored } from '../../../../src/sandboxes/login/otherWayView.js';
import { uatLogin } from '../../../support/fakes.js';

const refused = new JitFailure('AppNotInSandbox', { org: 'sandbox uat', host: 'h', answer: 'secret words' });

describe('what is said of another way of signing in', () => {
  it('is nothing when none was refused, however it was signed in', () => {
    for (const signedInBy of ['jwt', 'code', 'own-key', 'platform-cli'] as const) {
      expect(otherWayLine('uat', { ...uatLogin, signedInBy }, undefined)).to.equal(undefined);
    }
  });

  it("is one line for sf's app and for the key alone, with the class of the refusal and the user", () => {
    expect(otherWayLine('uat', { ...uatLogin, signedInBy: 'platform-cli' }, refused)).to.equal(
      "Sandbox uat: production's app was refused (AppNotInSandbox), so admin@acme.example.uat was signed in with sf's own app, PlatformCLI.",
    );
    const notCreator = new JitFailure('NotSandboxCreator', { sandbox: 'uat', production: 'p', user: 'u' });
    expect(otherWayLine('uat', { ...uatLogin, signedInBy: 'own-key' }, notCreator)).to.equal(
      "Sandbox uat: production does not vouch for it (NotSandboxCreator), so admin@acme.example.uat was signed in with production's key alone.",
    );
  });

  it('is the whole refusal and what is stored for the code', () => {
    const line = otherWayLine('uat', { ...uatLogin, authType: 'access-token', signedInBy: 'code' }, refused);
    expect(line).to.match(/^Sandbox uat: .*\(stored as access-token\)/);
    expect(line).to.contain('does not exist in sandbox uat');
  });

  it('shows no control characters of a name', () => {
    const line = otherWayLine('u\u001b[1mat', { ...uatLogin, username: 'a\nb', signedInBy: 'own-key' }, refused);
    expect(line).not.to.match(/[\u001b\n]/);
  });

  it('is the same for a login that is not stored, and shows none of its tokens', () => {
    const { username, orgId, instanceUrl, loginUrl } = uatLogin;
    const freshLogin = {
      ...{ username, orgId, instanceUrl, loginUrl, clientId: 'PlatformCLI', authType: 'access-token' as const },
      ...{ accessToken: 'the-access-token', refreshToken: 'the-refresh-token' },
    };
    const refusals = [{ way: 'jwt', at: 'sandbox', failure: refused }] as const;
    const line = otherWayNotStored('uat', { freshLogin, signedInBy: 'platform-cli', refusals });
    expect(line).to.equal(otherWayLine('uat', { ...uatLogin, signedInBy: 'platform-cli' }, refused));
    expect(line).not.to.contain('token');
    expect(otherWayNotStored('uat', { freshLogin, signedInBy: 'jwt', refusals: [] })).to.equal(undefined);
  });
});
