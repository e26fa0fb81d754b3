import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../../src/failures/failures.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { KeySource } from '../../../../src/keys/keySource.js';
import type { RememberedWay, SignInWay } from '../../../../src/registry/signInWay.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import type { Attempt } from '../../../../src/sandboxes/signIn/waysToSignIn.js';
import { attempts, wayToRemember } from '../../../../src/sandboxes/signIn/waysToSignIn.js';
import type { AuthType } from '../../../../src/sfStore/storedOrg.js';
import { acme } from '../../../support/fakes.js';
import { failureOf } from '../../../support/rejection.js';

const file: KeySource = { source: 'file', path: '/k' };
const env: KeySource = { source: 'env', name: 'K' };
const stdin: KeySource = { source: 'stdin' };
const sf: KeySource = { source: 'sf' };

type More = { readonly user?: string; readonly clientId?: string; readonly signedInBy?: RememberedWay };

function attemptsWith(wanted: AuthType | undefined, key: KeySource, more: More = {}): readonly Attempt[] {
  const { user, clientId = '3MVG9test', signedInBy } = more;
  const registry = acme();
  const sandboxes = registry.sandboxes.map((sandbox) => ({ ...sandbox, ...(signedInBy && { signedInBy }) }));
  const productionOrgs = registry.productionOrgs.map((org) => ({ ...org, key, clientId }));
  const request = { sandbox: 'uat', user, variables: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/O' };
  return attempts(findLoginTarget(request, { ...registry, sandboxes, productionOrgs }), wanted);
}

describe('ways of signing in', () => {
  const ways = (...args: Parameters<typeof attemptsWith>): string[] =>
    attemptsWith(...args).map(({ way, authType }) => `${way} for ${authType}`);
  const byKeyForToken = [
    'jwt for access-token',
    'code for access-token',
    'own-key for access-token',
    'platform-cli for access-token',
  ];
  const byKey = ['jwt for jwt', 'code for access-token', 'own-key for jwt', 'platform-cli for access-token'];
  const forUrl = ['code for sfdx-auth-url', 'platform-cli for sfdx-auth-url'];
  const forToken = ['code for access-token', 'platform-cli for access-token'];

  for (const [wanted, key, expected] of [
    [undefined, file, byKey],
    ['jwt', file, byKey],
    [undefined, env, byKeyForToken],
    [undefined, stdin, byKeyForToken],
    ['access-token', file, byKeyForToken],
    [undefined, sf, forUrl],
    ['access-token', sf, forToken],
    ['sfdx-auth-url', file, forUrl],
    ['sfdx-auth-url', sf, forUrl],
  ] as const) {
    it(`are ${expected.join(', then ')}, with the key from ${key.source} and --auth-type ${wanted ?? 'left out'}`, () => {
      expect(ways(wanted, key)).to.deep.equal(expected);
    });
  }

  it("do not end with sf's own app where production is logged in to with it", () => {
    expect(ways(undefined, sf, { clientId: 'PlatformCLI' })).to.deep.equal(['code for sfdx-auth-url']);
  });

  it('leave the access token alone where no refresh token is given, unless one was asked for', () => {
    const instead = (wanted?: AuthType): unknown[] =>
      attemptsWith(wanted, sf).map(({ withoutRefreshToken }) => withoutRefreshToken);
    expect(instead()).to.deep.equal(['access-token', 'access-token']);
    expect(instead('sfdx-auth-url')).to.deep.equal([undefined, undefined]);
  });

  describe('that the registration remembers', () => {
    for (const signedInBy of ['code', 'own-key', 'platform-cli'] as const) {
      it(`come first, and the usual ones after it: ${signedInBy}`, () => {
        const [first = '', ...others] = ways(undefined, env, { signedInBy });
        expect(first).to.equal(`${signedInBy} for access-token`);
        expect(others).to.deep.equal(byKeyForToken.filter((way) => way !== first));
      });
    }

    it('do not come first where they cannot bring what is asked for', () => {
      expect(ways('jwt', file, { signedInBy: 'platform-cli' })).to.deep.equal(byKey);
      expect(ways('jwt', file, { signedInBy: 'own-key' })[0]).to.equal('own-key for jwt');
      expect(ways('sfdx-auth-url', file, { signedInBy: 'own-key' })).to.deep.equal(forUrl);
    });

    it('do not count without a key, or with another app, that they would need', () => {
      expect(ways(undefined, sf, { signedInBy: 'own-key' })).to.deep.equal(forUrl);
      expect(ways(undefined, sf, { signedInBy: 'platform-cli', clientId: 'PlatformCLI' })).to.deep.equal([
        'code for sfdx-auth-url',
      ]);
    });
  });

  for (const key of [env, stdin, sf]) {
    it(`cannot be jwt with the key from ${key.source}, since sf could not renew the login`, () => {
      const failure = failureOf(() => attemptsWith('jwt', key));
      expect(failure.name).to.equal('InputInvalid');
      expect(failure.facts.field).to.match(/kind of login jwt/);
      expect(failure.facts.problem).to.match(/no key file/);
    });
  }

  describe('as another user', () => {
    const user = 'tester@acme.example';
    for (const [wanted, key, expected] of [
      [undefined, file, 'own-key for jwt'],
      ['jwt', file, 'own-key for jwt'],
      ['access-token', file, 'own-key for access-token'],
      [undefined, env, 'own-key for access-token'],
      [undefined, stdin, 'own-key for access-token'],
    ] as const) {
      it(`are ${expected} alone, with the key from ${key.source} and --auth-type ${wanted ?? 'left out'}`, () => {
        expect(ways(wanted, key, { user })).to.deep.equal([expected]);
      });
    }

    for (const [title, wanted, key, field, problem] of [
      ['without a key', undefined, sf, '--user', /without one; register it by JWT$/],
      ['with a refresh token', 'sfdx-auth-url', file, '--auth-type sfdx-auth-url', /no refresh token$/],
    ] as const) {
      it(`do not exist ${title}`, () => {
        const failure = failureOf(() => attemptsWith(wanted, key, { user }));
        expect(failure.name).to.equal('InputInvalid');
        expect(failure.facts.field).to.equal(field);
        expect(failure.facts.problem).to.match(problem);
      });
    }

    it('do not leave a login that sf could not renew as one that it could', () => {
      const failure = failureOf(() => attemptsWith('jwt', env, { user }));
      expect(failure.facts.field).to.match(/kind of login jwt/);
    });
  });
});

describe('the way that the next login starts with', () => {
  const refused = (...names: FailureName[]) =>
    names.map((name) => ({ way: 'jwt', at: 'sandbox', failure: new JitFailure(name, {} as FailureFacts) }) as const);
  for (const [title, signedInBy, names, before, refreshed, expected] of [
    ['the usual one, where that works', 'jwt', [], undefined, false, undefined],
    ['the usual one, where it works again', 'jwt', ['AppBlocked'], 'platform-cli', false, undefined],
    ['the code, where the sandbox lacks the app', 'code', ['AppNotInSandbox'], undefined, false, 'code'],
    ['the usual one, where the code is it', 'code', [], undefined, false, undefined],
    ['no way that helped for the moment', 'code', ['UserNotApproved'], undefined, false, undefined],
    [
      'no way that helped for the moment, even if another refusal lasts',
      'platform-cli',
      ['InvalidGrant', 'AppNotInSandbox'],
      undefined,
      false,
      undefined,
    ],
    ["sf's app", 'platform-cli', ['AppNotInSandbox', 'AppNotInSandbox'], undefined, false, 'platform-cli'],
    ["sf's app, as before", 'platform-cli', [], 'platform-cli', false, 'platform-cli'],
    [
      "the usual one after a refresh, which may have brought production's app",
      'platform-cli',
      [],
      'platform-cli',
      true,
      undefined,
    ],
    ["sf's app, where a refresh did not", 'platform-cli', ['AppNotInSandbox'], undefined, true, 'platform-cli'],
    ['the key alone', 'own-key', ['NotSandboxCreator'], undefined, false, 'own-key'],
    ['the key alone, also after a refresh', 'own-key', [], 'own-key', true, 'own-key'],
  ] as const satisfies ReadonlyArray<
    [string, SignInWay, readonly FailureName[], RememberedWay | undefined, boolean, RememberedWay | undefined]
  >) {
    it(`is ${title}`, () => {
      expect(wayToRemember({ signedInBy, refusals: refused(...names) }, before, refreshed)).to.equal(expected);
    });
  }
});
