import { expect } from 'chai';
import { emptyRegistry } from '../../../../src/registry/registry.js';
import {
  findInProduction,
  findUnasked,
  registerIn,
  registerInProject,
} from '../../../../src/sandboxes/register/registrations.js';
import { acme, productionOrgId, productionUsername, state } from '../../../support/fakes.js';

const found = [
  { sandboxName: 'UAT', asked: 'uat' },
  { sandboxName: 'dev', asked: 'dev' },
];
const terms = { productionUsername, productionLabel: 'prod', alias: undefined, ofSf: new Map() };
const registry = { ...acme(), sandboxes: [] };

describe('registrations', () => {
  it('depend on what is given only: whoever changed the registry meanwhile, they are made anew', () => {
    const first = registerIn(registry, found, terms);
    expect(registry.sandboxes).to.deep.equal([]);
    expect(first.sandboxes.map(({ alias, status }) => [alias, status])).to.deep.equal([
      ['uat', 'registered'],
      ['dev', 'registered'],
    ]);
    expect(registerIn(registry, found, terms)).to.deep.equal(first);
    const again = registerIn(first.registry, found, terms);
    expect(again.sandboxes.map(({ status }) => status)).to.deep.equal(['already-registered', 'already-registered']);
    expect(again.registry).to.deep.equal(first.registry);
  });

  it('in the project carry the id of production, and leave a layer alone that has them', () => {
    const empty = { sandboxes: [], environments: [] };
    const { layer, sandboxes } = registerInProject(empty, found, terms, productionOrgId, registry.productionOrgs);
    expect(layer.sandboxes.map((one) => [one.alias, one.productionOrgId])).to.deep.equal([
      ['uat', productionOrgId],
      ['dev', productionOrgId],
    ]);
    expect(sandboxes.map(({ status }) => status)).to.deep.equal(['registered', 'registered']);
    expect(registerInProject(layer, found, terms, productionOrgId, registry.productionOrgs).layer).to.equal(layer);
    expect(emptyRegistry.sandboxes).to.deep.equal([]);
  });

  it('are of what production has, by whom it was made, and tell which names are left out', () => {
    const states = [
      state('UAT', { createdById: '0055g0000000001AAA' }),
      state('not-a-name'),
      state('old', { status: 'Deleted' }),
    ];
    const skipped: string[] = [];
    const asker = { username: productionUsername, userId: '0055g0000000002AAA' };
    const all = findInProduction(states, 'all', asker, (name) => skipped.push(name));
    expect(all).to.deep.equal([
      { sandboxName: 'UAT', asked: 'UAT', sandboxStatus: states[0]!.status, createdByAnotherUser: true },
    ]);
    expect(skipped).to.deep.equal(['not-a-name']);
    expect(() => findInProduction(states, ['uta'], asker, () => undefined)).to.throw('SandboxNotFound');
    expect(() => findInProduction(states, ['old'], asker, () => undefined)).to.throw('SandboxDeleted');
    expect(() => findUnasked('all')).to.throw('InputInvalid');
    expect(() => findUnasked(['not-a-name'])).to.throw('InputInvalid');
  });
});

describe('a sandbox that the project has of another user', () => {
  const [uat] = acme().sandboxes;
  const theirs = { ...uat!, productionUsername: 'ops@other.example', alias: 'theirs' };
  const names = (theirOrgId: string | undefined, orgId: string | undefined): unknown => {
    const layer = { sandboxes: [{ ...theirs, productionOrgId: theirOrgId }], environments: [] };
    const { sandboxes } = registerInProject(layer, found, terms, orgId, acme().productionOrgs).layer;
    return sandboxes.map((one) => [one.sandboxName.toLowerCase(), one.productionUsername]);
  };

  it('is this one only where both are known to be of the same production org', () => {
    const dev = ['dev', productionUsername];
    expect(names(productionOrgId, productionOrgId)).to.deep.equal([['uat', 'ops@other.example'], dev]);
    for (const [theirOrgId, orgId] of [
      [undefined, undefined],
      [productionOrgId, undefined],
      [undefined, productionOrgId],
      ['00D5g0000000009EAA', productionOrgId],
    ] as const) {
      expect(names(theirOrgId, orgId), `${theirOrgId}, ${orgId}`).to.deep.equal([
        ['uat', 'ops@other.example'],
        ['uat', productionUsername],
        dev,
      ]);
    }
  });
});
