import { expect } from 'chai';
import type { Registry } from '../../../src/registry/registry.js';
import type { AliasTarget, OrgOfSf } from '../../../src/registry/takenAlias.js';
import { freeAlias, orgWithAlias, refuseTakenAlias } from '../../../src/registry/takenAlias.js';
import { orgOfSf } from '../../../src/sfStore/orgOfSf.js';
import { acme, fakeSfOrgs, productionUsername } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const production = `production org ${productionUsername}`;
const sit = { sandboxName: 'SIT', alias: 'integration', username: `${productionUsername}.sit`, productionUsername };
const registry: Registry = {
  ...acme(),
  sandboxes: [...acme().sandboxes, { ...sit, isJitRegistration: true }],
  environments: [{ name: 'acceptance', sandboxName: 'uat', productionUsername, branches: [], category: 'x' }],
};
const dev: AliasTarget = { sandboxName: 'dev', productionUsername, username: `${productionUsername}.dev` };
const ops: AliasTarget = { productionUsername: 'ops@other.example' };

const taken = (alias: string, target: AliasTarget, ofSf?: OrgOfSf, isChosen = true): string | undefined =>
  orgWithAlias(alias, target, registry, { ofSf, isChosen });

describe('an alias that means another org', () => {
  const cases: Array<[what: string, alias: string, ofSf: OrgOfSf | undefined, org: string]> = [
    ['the alias of production', 'Prod', undefined, production],
    ['the username of production', productionUsername.toUpperCase(), undefined, production],
    ['an alias that sf has for production', 'known', { username: productionUsername, isProduction: true }, production],
    [
      'an alias that sf has for an org like production',
      'x',
      { username: 'a@b.c', isProduction: true },
      'production org a@b.c',
    ],
    ['the alias of another sandbox', 'Integration', undefined, `sandbox SIT of ${productionUsername}`],
    ['the name of another sandbox', 'sit', undefined, `sandbox SIT of ${productionUsername}`],
    ['the username of another sandbox', sit.username, undefined, `sandbox SIT of ${productionUsername}`],
    [
      'an alias that sf has for another sandbox',
      'y',
      { username: sit.username, isProduction: false },
      `sandbox SIT of ${productionUsername}`,
    ],
    ['the environment of another sandbox', 'Acceptance', undefined, `sandbox uat of ${productionUsername}`],
  ];
  for (const [what, alias, ofSf, org] of cases) {
    it(`is refused: ${what}`, () => {
      expect(taken(alias, dev, ofSf)).to.equal(org);
      expect(taken(alias, ops, ofSf), 'for another production org').to.equal(org);
    });
  }

  it('is refused with one that is free', () => {
    const freeFor = (alias: string, target: AliasTarget): string | undefined =>
      failureOf(() => {
        refuseTakenAlias(alias, target, registry);
      }).facts.free;
    expect(freeFor('prod', dev)).to.equal('dev');
    expect(freeFor('prod', { ...dev, sandboxName: 'UAT2' })).to.equal('uat2');
    // another sandbox has the name itself as its alias
    expect(freeFor('uat', { sandboxName: 'UAT', productionUsername: 'ops@other.example' })).to.equal('other-uat');
    expect(freeFor('prod', ops)).to.equal('production');
    // what comes to mind first is taken, or is the name or the environment of another sandbox
    const [uat] = acme().sandboxes;
    const named = (alias: string) => ({ ...uat!, sandboxName: 'x1', alias });
    const free = (target: AliasTarget, ...aliases: string[]): string | undefined =>
      freeAlias('prod', target, { ...registry, sandboxes: [...registry.sandboxes, ...aliases.map(named)] });
    expect(free(dev, 'dev')).to.equal('prod-dev');
    expect(free(dev, 'dev', 'prod-dev')).to.equal('acme-dev');
    expect(free(dev, 'dev', 'prod-dev', 'acme-dev')).to.equal(undefined);
    expect(free({ ...dev, sandboxName: 'acceptance' })).to.equal('prod-acceptance');
    expect(free(ops, 'production')).to.equal('other');
    expect(free(ops, 'production', 'other')).to.equal('other-production');
    expect(freeAlias('DEV', dev, registry)).to.equal('prod-dev');
  });

  it('is refused with the org that asked for it', () => {
    const factsFor = (target: AliasTarget) =>
      failureOf(() => {
        refuseTakenAlias('integration', target, registry);
      }).facts;
    expect(factsFor(dev)).to.deep.equal({
      alias: 'integration',
      org: `sandbox SIT of ${productionUsername}`,
      free: 'dev',
      sandbox: 'dev',
      production: productionUsername,
    });
    expect(factsFor(ops)).to.deep.include({ user: 'ops@other.example' }).and.not.have.property('sandbox');
  });

  it('is judged as one that somebody typed unless it is said otherwise', () => {
    expect(
      failureOf(() => {
        refuseTakenAlias('sit', dev, registry);
      }).name,
    ).to.equal('AliasTaken');
    refuseTakenAlias('sit', dev, registry, { isChosen: false });
  });

  it('is given to the org that has it, and when it means none or one that is only in sf and not production', () => {
    const uat: AliasTarget = { sandboxName: 'UAT', productionUsername, username: `${productionUsername}.uat` };
    for (const alias of ['uat', 'acceptance', 'new']) expect(taken(alias, uat), alias).to.equal(undefined);
    expect(taken('x', uat, { username: uat.username!, isProduction: true })).to.equal(undefined);
    // an environment that was linked to another sandbox before
    expect(taken('acceptance', uat, { username: sit.username, isProduction: false })).to.equal(undefined);
    expect(taken('x', dev, { username: 'scratch@acme.example', isProduction: false })).to.equal(undefined);
    expect(taken('prod', { productionUsername })).to.equal(undefined);
    expect(taken('x', { productionUsername }, { username: productionUsername, isProduction: true })).to.equal(
      undefined,
    );
  });

  it('is judged less strictly when nobody typed it: only the alias itself, and production', () => {
    expect(taken('sit', dev, undefined, false)).to.equal(undefined);
    expect(taken('y', dev, { username: sit.username, isProduction: false }, false)).to.equal(undefined);
    expect(taken('integration', dev, undefined, false)).to.equal(`sandbox SIT of ${productionUsername}`);
    expect(taken('x', dev, { username: 'a@b.c', isProduction: true }, false)).to.equal('production org a@b.c');
  });
});

describe('the org of sf to which a name leads', () => {
  const orgs = fakeSfOrgs();
  const username = 'admin@sf.example';
  const kind = async (more: object): Promise<boolean | undefined> => {
    orgs.orgs.set(username, { username, ...more });
    return (await orgOfSf('x', orgs))?.isProduction;
  };

  it('is production unless sf or its address says otherwise', async () => {
    orgs.names.set('x', username);
    expect(await kind({ instanceUrl: 'https://acme.my.salesforce.com' })).to.equal(true);
    expect(await kind({ isSandbox: true })).to.equal(false);
    expect(await kind({ isScratch: true })).to.equal(false);
    expect(await kind({ instanceUrl: 'https://acme--uat.sandbox.my.salesforce.com' })).to.equal(false);
  });

  it('is found by its username too, and is not production where nothing is stored', async () => {
    expect((await orgOfSf(username, orgs))?.username).to.equal(username);
    orgs.names.set('stale', 'gone@acme.example');
    expect(await orgOfSf('stale', orgs)).to.deep.equal({ username: 'gone@acme.example', isProduction: false });
    for (const name of ['unknown', 'nobody@acme.example']) {
      expect(await orgOfSf(name, orgs), name).to.equal(undefined);
    }
  });
});
