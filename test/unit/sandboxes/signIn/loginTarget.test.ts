import { expect } from 'chai';
import type { LoginTargetRequest } from '../../../../src/sandboxes/signIn/loginTarget.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import type { Registry } from '../../../../src/registry/registry.js';
import { acme, productionUsername } from '../../../support/fakes.js';
import { failureOf } from '../../../support/rejection.js';

const callbackUrl = 'http://localhost:1717/OauthRedirect';
const otherUsername = 'admin@other.example';
const request = (more: Partial<LoginTargetRequest> = {}): LoginTargetRequest => ({
  sandbox: 'uat',
  variables: { hasPrivateKey: false },
  callbackUrl,
  ...more,
});

const [production] = acme().productionOrgs;
const [uat] = acme().sandboxes;

/** Two production orgs, each with a sandbox uat. */
const two: Registry = {
  ...acme(),
  productionOrgs: [production!, { ...production!, username: otherUsername, alias: 'other', callbackUrl: 'http://own' }],
  sandboxes: [
    { ...uat!, alias: 'acme-uat', username: 'renamed@acme.example.uat' },
    { ...uat!, alias: 'other-uat', username: `${otherUsername}.uat`, productionUsername: otherUsername },
  ],
};

describe('the sandbox to log in to', () => {
  const found = (more: Partial<LoginTargetRequest>, registry: Registry): unknown => {
    const target = findLoginTarget(request(more), registry);
    return [target.sandboxName, target.alias, target.username, target.production.username];
  };
  const ofAcme = ['uat', 'acme-uat', 'renamed@acme.example.uat', productionUsername];
  const ofOther = ['uat', 'other-uat', `${otherUsername}.uat`, otherUsername];

  for (const [title, more, expected] of [
    ['by its alias', { sandbox: 'ACME-uat' }, ofAcme],
    ['by its username', { sandbox: 'renamed@acme.example.uat' }, ofAcme],
    ['by its name, of the production org that -p names', { production: 'other' }, ofOther],
    ['by its name, of the production org whose username -p names', { production: productionUsername }, ofAcme],
    ['by its registration rather than by the default', { sandbox: 'acme-uat', defaultProduction: 'other' }, ofAcme],
  ] as const) {
    it(`is found ${title}`, () => {
      expect(found(more, two)).to.deep.equal(expected);
    });
  }

  it('is expected under the usual username when it is not registered', () => {
    const expected = (username: string): unknown => ['DEV', 'DEV', `${username}.dev`, username];
    expect(found({ sandbox: 'DEV', defaultProduction: 'other' }, two)).to.deep.equal(expected(otherUsername));
    expect(found({ sandbox: 'DEV', defaultProduction: 'other', production: 'prod' }, two)).to.deep.equal(
      expected(productionUsername),
    );
  });

  for (const [title, more, name] of [
    ['its name fits sandboxes of two production orgs', {}, 'AmbiguousSandbox'],
    ['nothing says which of two production orgs', { sandbox: 'dev' }, 'AmbiguousProductionOrg'],
    ['the production org is not registered', { production: 'nobody' }, 'ProductionOrgNotRegistered'],
    ['no sandbox can have that name', { sandbox: 'acme-dev', production: 'prod' }, 'SandboxNotRegistered'],
    ['the alias is of another production org', { sandbox: 'acme-uat', production: 'other' }, 'SandboxNotRegistered'],
  ] as const) {
    it(`is not guessed when ${title}`, () => {
      expect(failureOf(() => findLoginTarget(request(more), two)).name).to.equal(name);
    });
  }

  it('gets the alias that is asked for, and knows its registration', () => {
    const target = findLoginTarget(request({ alias: 'mine' }), acme());
    expect(target).to.deep.include({ alias: 'mine', registered: uat });
    expect(target.user).to.equal(undefined);
  });

  it("is answered at the production org's own callback URL, else at that of sf", () => {
    expect(findLoginTarget(request({ sandbox: 'other-uat' }), two).callbackUrl).to.equal('http://own');
    expect(findLoginTarget(request({ sandbox: 'acme-uat' }), two).callbackUrl).to.equal(callbackUrl);
  });

  describe('as another user', () => {
    for (const [title, sandbox, user, expected] of [
      ['gets the suffix of the sandbox', 'uat', 'tester@acme.example', 'tester@acme.example.uat'],
      ['gets it in lower case', 'DEV', 'tester@acme.example', 'tester@acme.example.dev'],
      ['keeps the suffix', 'uat', 'tester@acme.example.uat', 'tester@acme.example.uat'],
      ['keeps it in any letter case', 'uat', 'Tester@acme.example.UAT', 'Tester@acme.example.UAT'],
      ['gets it after that of another sandbox', 'uat', 'tester@acme.example.dev', 'tester@acme.example.dev.uat'],
      ['gets it although the name ends alike', 'uat', 'tester@acme.equat', 'tester@acme.equat.uat'],
    ] as const) {
      it(title, () => {
        expect(findLoginTarget(request({ sandbox, user }), acme()).user).to.equal(expected);
      });
    }

    it('leaves the alias where it is, unless one is asked for', () => {
      const user = 'tester@acme.example';
      expect(findLoginTarget(request({ user }), acme()).alias).to.equal(undefined);
      expect(findLoginTarget(request({ user, alias: 'tester' }), acme()).alias).to.equal('tester');
    });
  });
});
