import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../../src/failures/failures.js';
import { failureClasses, JitFailure } from '../../../../src/failures/failures.js';
import type { SignInWay } from '../../../../src/registry/signInWay.js';
import { signInWays } from '../../../../src/registry/signInWay.js';
import type { Refused } from '../../../../src/sandboxes/signIn/otherWays.js';
import { mayCure, mayDoWithoutWord, refusalToTell } from '../../../../src/sandboxes/signIn/otherWays.js';

const refused = (way: SignInWay, at: Refused['at'], name: FailureName, facts = {}): Refused => ({
  way,
  at,
  failure: new JitFailure(name, facts as FailureFacts),
});
const cures = (...args: Parameters<typeof refused>): string =>
  signInWays.filter((way) => way !== args[0] && mayCure(way, refused(...args))).join(' ');

describe('a refusal that another way of signing in may cure', () => {
  describe('by production, for its own app', () => {
    for (const [name, expected] of [
      ['NotSandboxCreator', 'own-key'],
      ['SandboxPermissionMissing', 'own-key'],
      ['SandboxAuthFailed', 'own-key platform-cli'],
      ['AppBlocked', 'platform-cli'],
      ['AppNotInSandbox', 'platform-cli'],
      ['CallbackUrlMismatch', ''],
      ['InvalidClientId', 'platform-cli'],
      ['SandboxNotFound', ''],
      ['SandboxNotReady', ''],
      ['SandboxDeleted', ''],
      ['UnexpectedAnswer', ''],
      ['ServerUnavailable', ''],
      ['Timeout', ''],
    ] as const) {
      it(`is ${name}: by ${expected || 'none'}`, () => {
        expect(cures('jwt', 'vouching', name)).to.equal(expected);
        expect(mayDoWithoutWord(name)).to.equal(expected !== '');
      });
    }

    it('by the key alone is none of a user who made the sandbox, by the records', () => {
      expect(cures('jwt', 'vouching', 'SandboxAuthFailed', { creator: 'ada' })).to.equal('platform-cli');
      expect(cures('jwt', 'vouching', 'SandboxPermissionMissing', { creator: 'ada' })).to.equal('');
      expect(cures('jwt', 'vouching', 'NotSandboxCreator', { creator: 'eve' })).to.equal('own-key');
    });
  });

  it("by production, for sf's app, may be cured by production's app", () => {
    expect(cures('platform-cli', 'vouching', 'AppBlocked')).to.equal('jwt code');
    expect(cures('platform-cli', 'vouching', 'NotSandboxCreator')).to.equal('own-key');
  });

  describe('by the sandbox', () => {
    for (const [name, afterKey, afterCode, afterOwnKey, afterSfApp] of [
      ['AppNotInSandbox', 'code platform-cli', 'jwt platform-cli', 'code platform-cli', 'jwt code'],
      ['InvalidClientId', 'code platform-cli', 'jwt platform-cli', 'code platform-cli', 'jwt code'],
      ['InvalidGrant', 'code platform-cli', 'jwt platform-cli', 'jwt code platform-cli', 'jwt code'],
      ['GrantTypeNotSupported', 'code platform-cli', 'jwt platform-cli', 'code platform-cli', 'jwt code'],
      ['UserNotApproved', 'code platform-cli', 'platform-cli', 'jwt code platform-cli', 'jwt code'],
      ['InvalidSignature', 'code platform-cli', '', 'jwt code platform-cli', ''],
      ['CertificateExpired', 'code platform-cli', '', 'code platform-cli', ''],
      ['AudienceInvalid', 'code platform-cli', '', 'jwt code platform-cli', ''],
      ['AssertionExpired', 'code platform-cli', '', 'code platform-cli', ''],
      ['AuthorizationCodeExpired', '', 'jwt platform-cli', '', 'jwt code'],
      ['CallbackUrlMismatch', '', 'jwt', '', 'jwt code'],
      ['ClientSecretRequired', '', 'jwt platform-cli', '', 'jwt code'],
      ['PkceRequired', '', 'jwt platform-cli', '', 'jwt code'],
      ['AppBlocked', '', 'platform-cli', '', 'jwt code'],
      ['ScopeMissing', '', 'platform-cli', '', 'jwt code'],
      ['HostNotFound', '', '', 'jwt code platform-cli', ''],
      ['OrgGone', '', '', 'jwt code platform-cli', ''],
      ['SandboxUnconfirmed', '', '', 'jwt code platform-cli', ''],
    ] as const) {
      it(`is ${name}: of the key by ${afterKey || 'none'}, of the code by ${afterCode || 'none'}`, () => {
        expect(cures('jwt', 'sandbox', name)).to.equal(afterKey);
        expect(cures('code', 'sandbox', name)).to.equal(afterCode);
        expect(cures('own-key', 'sandbox', name)).to.equal(afterOwnKey);
        expect(cures('platform-cli', 'sandbox', name)).to.equal(afterSfApp);
      });
    }

    for (const name of [
      'InactiveUser',
      'IpRestricted',
      'LoginRateExceeded',
      'ServerUnavailable',
      'Timeout',
      'TlsUntrusted',
      'SignedInToProduction',
      'SandboxOfOtherProduction',
      'TraditionalOrgStored',
      'KeyInvalid',
    ] as const) {
      it(`is never ${name}`, () => {
        for (const way of signInWays) expect(cures(way, 'sandbox', name)).to.equal('');
      });
    }
  });

  it('is none before production could be asked', () => {
    for (const name of Object.keys(failureClasses) as FailureName[]) expect(cures('jwt', 'asking', name)).to.equal('');
  });
});

describe('the refusal that is told when no way worked', () => {
  it('is the only one, as it is', () => {
    const only = refused('jwt', 'vouching', 'NotSandboxCreator');
    expect(refusalToTell([only])).to.equal(only.failure);
  });

  it('is that of the first in the usual order, and knows the others', () => {
    const last = refused('jwt', 'sandbox', 'AppNotInSandbox', { host: 'h' });
    const failure = refusalToTell([
      refused('platform-cli', 'sandbox', 'AppBlocked'),
      last,
      refused('code', 'sandbox', 'InvalidGrant'),
    ]);
    expect(failure.name).to.equal('AppNotInSandbox');
    expect(failure.facts).to.deep.equal({ host: 'h', alsoTried: 'platform-cli: AppBlocked; code: InvalidGrant' });
    expect((failure.cause as JitFailure).name).to.equal('InvalidGrant');
  });
});
