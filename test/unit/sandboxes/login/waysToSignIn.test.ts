import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../../src/failures/failures.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import { attempts, otherWayMayCure } from '../../../../src/sandboxes/login/waysToSignIn.js';
import { failureOf } from '../../../support/rejection.js';
import type { KeySource } from '../../../../src/keys/keySource.js';

const file: KeySource = { source: 'file', path: '/k' };
const env: KeySource = { source: 'env', name: 'K' };
const stdin: KeySource = { source: 'stdin' };
const sf: KeySource = { source: 'sf' };

describe('ways of signing in', () => {
  const ways = (...args: Parameters<typeof attempts>): string[] =>
    attempts(...args).map(({ way, authType }) => `${way} for ${authType}`);
  const jwtForToken = ['jwt for access-token', 'authorization-code for access-token'];
  const jwtThenCode = ['jwt for jwt', 'authorization-code for access-token'];

  for (const [wanted, key, expected] of [
    [undefined, file, jwtThenCode],
    ['jwt', file, jwtThenCode],
    [undefined, env, jwtForToken],
    [undefined, stdin, jwtForToken],
    ['access-token', file, jwtForToken],
    [undefined, sf, ['authorization-code for sfdx-auth-url']],
    ['access-token', sf, ['authorization-code for access-token']],
    ['sfdx-auth-url', file, ['authorization-code for sfdx-auth-url']],
    ['sfdx-auth-url', sf, ['authorization-code for sfdx-auth-url']],
  ] as const) {
    it(`are ${expected.join(', then ')}, with the key from ${key.source} and --auth-type ${wanted ?? 'left out'}`, () => {
      expect(ways(wanted, key)).to.deep.equal(expected);
    });
  }

  it('leave the access token alone where no refresh token is given, unless one was asked for', () => {
    expect(attempts(undefined, sf)[0].withoutRefreshToken).to.equal('access-token');
    expect(attempts('sfdx-auth-url', sf)[0].withoutRefreshToken).to.equal(undefined);
  });

  for (const key of [env, stdin, sf]) {
    it(`cannot be jwt with the key from ${key.source}, since sf could not renew the login`, () => {
      const failure = failureOf(() => attempts('jwt', key));
      expect(failure.name).to.equal('InputInvalid');
      expect(failure.facts.field).to.match(/kind of login jwt/);
      expect(failure.facts.problem).to.match(/no key file/);
    });
  }

  describe('as another user', () => {
    for (const [wanted, key, expected] of [
      [undefined, file, 'jwt for jwt'],
      ['jwt', file, 'jwt for jwt'],
      ['access-token', file, 'jwt for access-token'],
      [undefined, env, 'jwt for access-token'],
      [undefined, stdin, 'jwt for access-token'],
    ] as const) {
      it(`are ${expected} alone, with the key from ${key.source} and --auth-type ${wanted ?? 'left out'}`, () => {
        expect(ways(wanted, key, true)).to.deep.equal([expected]);
      });
    }

    for (const [title, wanted, key, field, problem] of [
      ['without a key', undefined, sf, '--user', /without one; register it by JWT$/],
      ['with a refresh token', 'sfdx-auth-url', file, '--auth-type sfdx-auth-url', /no refresh token$/],
    ] as const) {
      it(`do not exist ${title}`, () => {
        const failure = failureOf(() => attempts(wanted, key, true));
        expect(failure.name).to.equal('InputInvalid');
        expect(failure.facts.field).to.equal(field);
        expect(failure.facts.problem).to.match(problem);
      });
    }

    it('do not leave a login that sf could not renew as one that it could', () => {
      const failure = failureOf(() => attempts('jwt', env, true));
      expect(failure.facts.field).to.match(/kind of login jwt/);
    });
  });
});

describe('a refusal that the other way of signing in may cure', () => {
  const failure = (name: FailureName): JitFailure =>
    new JitFailure(name, { org: 'o', host: 'h', user: 'u', clientId: 'c', callbackUrl: 'b' } as FailureFacts);

  for (const [name, afterJwt, afterCode] of [
    ['AppNotInSandbox', true, true],
    ['InvalidClientId', true, true],
    ['InvalidGrant', true, true],
    ['UserNotApproved', true, false],
    ['InvalidSignature', true, false],
    ['CertificateExpired', true, false],
    ['AudienceInvalid', true, false],
    ['AssertionExpired', true, false],
    ['GrantTypeNotSupported', true, false],
    ['AuthorizationCodeExpired', false, true],
    ['CallbackUrlMismatch', false, true],
    ['ClientSecretRequired', false, true],
    ['PkceRequired', false, true],
    ['InactiveUser', false, false],
    ['IpRestricted', false, false],
    ['LoginRateExceeded', false, false],
    ['ServerUnavailable', false, false],
  ] as const) {
    it(`${afterJwt ? 'is' : 'is not'} ${name} after JWT, and ${afterCode ? 'is' : 'is not'} after the code`, () => {
      expect(otherWayMayCure('jwt', failure(name))).to.equal(afterJwt);
      expect(otherWayMayCure('authorization-code', failure(name))).to.equal(afterCode);
    });
  }

  it('is no error of the program', () => {
    const bug = Object.assign(new Error('bug'), { name: 'InvalidGrant' });
    expect(otherWayMayCure('jwt', bug)).to.equal(false);
  });
});
