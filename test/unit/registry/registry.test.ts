import { expect } from 'chai';
import type { Registry } from '../../../src/registry/registry.js';
import {
  chooseProductionOrg,
  emptyRegistry,
  findSandbox,
  joinNames,
  productionOrgNotRegistered,
  requireSandbox,
  withoutProductionOrg,
  withoutSandboxes,
  withProductionOrg,
  withSandboxes,
} from '../../../src/registry/registry.js';
import { expectedSandboxUsername, isSandboxName } from '../../../src/registry/sandboxName.js';
import { parseRegistry, registryText } from '../../../src/registry/registryFile.js';
import { acme, productionUsername } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const uat = acme().sandboxes[0]!;
const prod = acme().productionOrgs[0]!;
const globex = { ...prod, username: 'admin@globex.example', alias: 'globex' };
const globexUat = {
  ...uat,
  productionUsername: globex.username,
  username: `${globex.username}.uat`,
  alias: 'globex-uat',
};
const two: Registry = { productionOrgs: [prod, globex], sandboxes: [uat, globexUat], environments: [] };

describe('finding a registered sandbox', () => {
  it('goes by alias, sandbox name or username, whatever the letter case', () => {
    for (const term of ['uat', 'UAT', uat.username, uat.username.toUpperCase()]) {
      expect(findSandbox(acme(), term)?.username, term).to.equal(uat.username);
    }
  });

  it('prefers an alias to a sandbox name', () => {
    const dev = { ...uat, sandboxName: 'dev', username: `${productionUsername}.dev`, alias: 'other' };
    const registry = { ...acme(), sandboxes: [{ ...uat, alias: 'dev' }, dev] };
    expect(findSandbox(registry, 'dev')?.sandboxName).to.equal('uat');
  });

  it('does not guess between production orgs that have a sandbox of the same name', () => {
    const both = {
      ...two,
      sandboxes: [
        { ...uat, alias: 'a' },
        { ...globexUat, alias: 'b' },
      ],
    };
    const failure = failureOf(() => findSandbox(both, 'uat'));
    expect(failure.name).to.equal('AmbiguousSandbox');
    expect(failure.facts.names).to.contain(globex.username);
    expect(findSandbox(both, 'uat', globex.username)?.alias).to.equal('b');
  });

  it('offers the nearest name when nothing fits', () => {
    const failure = failureOf(() => requireSandbox(acme(), 'uatt'));
    expect(failure.name).to.equal('SandboxNotRegistered');
    expect(failure.facts.nearest).to.equal('uat');
    expect(failureOf(() => requireSandbox(acme(), 'something-else')).facts.nearest).to.equal(undefined);
  });
});

describe('choosing the production org', () => {
  it('takes the named one, by alias or username', () => {
    expect(chooseProductionOrg(two, 'GLOBEX').username).to.equal(globex.username);
    expect(chooseProductionOrg(two, globex.username).alias).to.equal('globex');
  });

  it('takes the only one when none is named', () => {
    expect(chooseProductionOrg(acme(), undefined).username).to.equal(productionUsername);
  });

  it('fails for none, for several, and for one that is not registered', () => {
    expect(failureOf(() => chooseProductionOrg(emptyRegistry, undefined)).name).to.equal('NoProductionOrg');
    expect(failureOf(() => chooseProductionOrg(two, undefined)).facts.names).to.equal('prod, globex');
    const failure = failureOf(() => chooseProductionOrg(two, 'globx'));
    expect(failure.name).to.equal('ProductionOrgNotRegistered');
    expect(failure.facts.nearest).to.equal('globex');
  });
});

describe('changing the registry', () => {
  it('replaces what is the same and adds what is not, keeping the order', () => {
    const changed = withSandboxes(two, [
      { ...uat, sandboxName: 'UAT', alias: 'new' },
      { ...uat, sandboxName: 'dev', alias: 'dev' },
    ]);
    expect(changed.sandboxes.map(({ alias }) => alias)).to.deep.equal(['new', 'globex-uat', 'dev']);
    const renamed = withProductionOrg(two, { ...prod, username: productionUsername.toUpperCase(), alias: 'new' });
    expect(renamed.productionOrgs.map(({ alias }) => alias)).to.deep.equal(['new', 'globex']);
  });

  it('removes a production org with its sandboxes, and a sandbox alone', () => {
    expect(withoutProductionOrg(two, productionUsername)).to.deep.equal({
      productionOrgs: [globex],
      sandboxes: [globexUat],
      environments: [],
    });
    expect(withoutSandboxes(two, [uat]).sandboxes).to.deep.equal([globexUat]);
  });

  it('never changes what it was given', () => {
    const before = JSON.stringify(two);
    withSandboxes(two, [{ ...uat, alias: 'x' }]);
    withoutSandboxes(two, [uat]);
    withProductionOrg(two, { ...prod, alias: 'x' });
    withoutProductionOrg(two, productionUsername);
    expect(JSON.stringify(two)).to.equal(before);
  });
});

describe('the registry file', () => {
  it('gives back every kind of entry', () => {
    const keys = [
      { source: 'file', path: '/k' },
      { source: 'env', name: 'K' },
      { source: 'stdin' },
      { source: 'sf' },
    ] as const;
    const registry: Registry = {
      productionOrgs: keys.map((key, index) => ({
        ...prod,
        username: `u${index}@x.example`,
        key,
        callbackUrl: 'https://c',
      })),
      sandboxes: [uat],
      environments: [],
    };
    expect(parseRegistry(registryText(registry))).to.deep.equal(registry);
  });

  it('drops unknown fields of an entry rather than trusting them, a credential among them', () => {
    const text = registryText({ ...acme(), sandboxes: [{ ...uat, accessToken: 'secret' } as typeof uat] });
    expect(JSON.stringify(parseRegistry(text))).not.to.contain('secret');
  });

  it('does not let a file reach the prototype of objects', () => {
    const text = registryText(acme()).replace('"version": 1', '"version": 1, "__proto__": {"polluted": true}');
    parseRegistry(text);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });
});

describe('names', () => {
  it('of sandboxes are letters and digits, ten at most', () => {
    expect(['uat', 'UAT2', 'abcdefghij'].every(isSandboxName)).to.equal(true);
    expect(['', 'abcdefghijk', "u'at", 'u at', 'uat_1', 'ü'].some(isSandboxName)).to.equal(false);
  });

  it('of sandbox users are those of production with the sandbox name in lower case', () => {
    expect(expectedSandboxUsername('a@b.c', 'UAT')).to.equal('a@b.c.uat');
  });

  it('are listed ten at most', () => {
    expect(joinNames(['a', 'b'])).to.equal('a, b');
    expect(joinNames(Array.from({ length: 12 }, (_, index) => String(index)))).to.match(/9 and 2 more$/);
  });
});

describe('what was learned of sandboxes that only a project registers', () => {
  it('goes with their production org, and with no other', () => {
    const known = [uat, globexUat].map(({ sandboxName, username, productionUsername: of }) => ({
      sandboxName,
      username,
      productionUsername: of,
    }));
    expect(withoutProductionOrg({ ...two, usernames: known }, globex.username.toUpperCase()).usernames).to.deep.equal([
      known[0],
    ]);
    expect(withoutProductionOrg(two, globex.username)).to.not.have.property('usernames');
  });
});

describe('a production org that is not registered', () => {
  it('is not said to come from a setting when somebody typed it', () => {
    const { facts } = productionOrgNotRegistered(acme(), 'prot');
    expect(facts).to.include({ production: 'prot', nearest: 'prod', setting: undefined, field: undefined });
  });
});

it('ten names are all told, and of eleven ten', () => {
  const names = Array.from({ length: 11 }, (_, index) => `n${index}`);
  expect(joinNames(names.slice(0, 10))).to.equal(names.slice(0, 10).join(', '));
  expect(joinNames(names)).to.equal(`${names.slice(0, 10).join(', ')} and 1 more`);
});
