import { expect } from 'chai';
import { mergeLayers } from '../../../src/registry/mergeLayers.js';
import type { ProjectLayer } from '../../../src/registry/projectLayer.js';
import { forbiddenFields, parseProjectLayer } from '../../../src/registry/projectLayer.js';
import type { ProductionOrg } from '../../../src/registry/registry.js';
import type { SandboxRegistration } from '../../../src/registry/sandboxFields.js';
import { storedSandbox } from '../../../src/registry/sandboxFields.js';
import { withKnownSandbox } from '../../../src/registry/knownSandbox.js';
import { emptyRegistry, findSandbox } from '../../../src/registry/registry.js';
import { acme, productionUsername } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const entry = { sandboxName: 'uat', alias: 'shared', productionUsername, isJitRegistration: true };
const parse = (value: unknown) => parseProjectLayer(value, '/p/sfdx-project.json');
const problemsOf = (value: unknown): string => {
  const failure = failureOf(() => parse(value));
  expect(failure.name).to.equal('ConfigInvalid');
  expect(failure.facts.file).to.equal('/p/sfdx-project.json');
  return failure.facts.problems ?? '';
};

describe('the project layer', () => {
  it('is empty when the project says nothing', () => {
    expect(parse(undefined)).to.deep.equal({ sandboxes: [], environments: [] });
    expect(parse({})).to.deep.equal({ sandboxes: [], environments: [] });
  });

  it('names sandboxes, with the username that is to be expected', () => {
    expect(parse({ sandboxes: [entry] }).sandboxes).to.deep.equal([
      { ...entry, username: `${productionUsername}.uat` },
    ]);
    expect(parse({ sandboxes: [{ sandboxName: 'uat', productionUsername }] }).sandboxes[0]?.alias).to.equal('uat');
  });

  for (const field of forbiddenFields) {
    it(`is refused when it gives ${field}, for the whole plugin or for a sandbox`, () => {
      const reason = /not allowed in a project file/;
      expect(problemsOf({ [field]: 'x', sandboxes: [entry] }))
        .to.match(reason)
        .and.to.contain(field);
      expect(problemsOf({ sandboxes: [{ ...entry, [field]: { file: 'x' } }] }))
        .to.match(reason)
        .and.to.contain(field);
    });
  }

  it('takes an alias that every object has a property of', () => {
    const { sandboxes } = parse({ sandboxes: [{ ...entry, alias: 'constructor' }] });
    expect(sandboxes[0]?.alias).to.equal('constructor');
    expect(findSandbox(mergeLayers(acme(), { sandboxes, environments: [] }), 'constructor')).to.deep.include(
      sandboxes[0],
    );
  });

  it('is refused with every problem at once', () => {
    const problems = problemsOf({ sandbox: [], sandboxes: [1, { sandboxName: "u'at" }, { sandboxName: 'uat' }] });
    expect(problems.split('\n')).to.deep.equal([
      'plugins.sf-plugin-jit.sandbox: unknown; allowed are sandboxes, environments',
      'sandboxes[0]: must be an object',
      'sandboxes[1].sandboxName: must be the name of a sandbox, letters and digits, ten at most',
      'sandboxes[2].productionUsername: must be the username of a production org',
    ]);
  });

  const wrong: Array<[field: string, values: unknown[], problem: string]> = [
    [
      'sandboxName',
      [undefined, 1, '', "u'at", ['uat']],
      'must be the name of a sandbox, letters and digits, ten at most',
    ],
    ['productionUsername', [undefined, 1, '', null], 'must be the username of a production org'],
    ['alias', [1, '', null, ['uat']], 'must be a text'],
    ['alias', ['uat\u001b[31m'], 'must be one line, without control characters'],
    ['alias', ['-x'], 'must not begin with a dash'],
    ['alias', ['__proto__'], 'must not be "__proto__"'],
    [
      'instanceUrl',
      ['https://acme.example'],
      'not allowed in a project file, because others write that file; register',
    ],
    [
      'colour',
      ['red'],
      'unknown; allowed are sandboxName, alias, productionUsername, productionOrgId, isJitRegistration',
    ],
  ];
  for (const [field, values, problem] of wrong) {
    it(`is refused for ${field} of a sandbox that ${problem}`, () => {
      for (const value of values) {
        const problems = problemsOf({ sandboxes: [entry, { ...entry, alias: 'second', [field]: value }] });
        expect(problems.split('\n')).to.have.length(1);
        expect(problems).to.satisfy((text: string) => text.startsWith(`sandboxes[1].${field}: ${problem}`));
      }
    });
  }

  it('is refused for an entry of either list that is no object, and says which', () => {
    for (const value of [1, 'uat', null, []]) {
      expect(problemsOf({ sandboxes: [entry, value] })).to.equal('sandboxes[1]: must be an object');
      expect(problemsOf({ environments: [value] })).to.equal('environments[0]: must be an object');
    }
  });

  it('is refused when it is no object, has no list, or uses an alias twice', () => {
    expect(problemsOf([])).to.contain('must be an object');
    expect(problemsOf({ sandboxes: {} })).to.contain('must be a list');
    expect(problemsOf({ sandboxes: [entry, { ...entry, sandboxName: 'dev', alias: 'SHARED' }] })).to.contain(
      'used twice',
    );
  });

  it('is not led astray by names of the prototype', () => {
    expect(problemsOf(JSON.parse('{"__proto__": {"sandboxes": []}, "sandboxes": []}'))).to.contain('__proto__');
    expect(problemsOf({ sandboxes: [{ ...entry, constructor: 'x' }] })).to.contain('constructor');
  });

  it('is written without the username, which this machine finds out by itself', () => {
    for (const written of [entry, { ...entry, productionOrgId: '00D5g0000000001EAA' }]) {
      expect(storedSandbox(parse({ sandboxes: [written] }).sandboxes[0]!, 'project')).to.deep.equal(written);
    }
  });
});

describe('both layers together', () => {
  let project: ProjectLayer;
  beforeEach(() => {
    project = parse({ sandboxes: [entry] });
  });

  it('are the global one outside a project', () => {
    expect(mergeLayers(acme(), undefined)).to.deep.equal(acme());
  });

  it('show the project for a sandbox that both register, with the username that this machine knows', () => {
    const global = { ...acme(), sandboxes: [{ ...acme().sandboxes[0]!, username: 'true@acme.example.uat' }] };
    const merged = mergeLayers(global, project);
    expect(merged.sandboxes).to.have.length(1);
    expect(merged.sandboxes[0]).to.include({ alias: 'shared', username: 'true@acme.example.uat' });
    const called = { ...global, sandboxes: [{ ...global.sandboxes[0]!, alias: 'SHARED' }] };
    expect(mergeLayers(called, project).sandboxes[0]).to.include({ alias: 'shared' });
  });

  it('show what this machine registers beside what the project does, the project first', () => {
    const dev = { ...acme().sandboxes[0]!, sandboxName: 'dev', alias: 'dev' };
    const global = { ...acme(), sandboxes: [dev, ...acme().sandboxes] };
    expect(mergeLayers(global, project).sandboxes.map(({ alias }) => alias)).to.deep.equal(['shared', 'dev']);
    expect(mergeLayers(global, parse({})).sandboxes).to.deep.equal(global.sandboxes);
  });

  it('leave an alias that this machine gave to another sandbox where it is, and call its own one otherwise', () => {
    const other = { ...acme().sandboxes[0]!, sandboxName: 'dev', alias: 'Shared' };
    const called = (sandboxes: SandboxRegistration[], productionOrgs = acme().productionOrgs): unknown =>
      mergeLayers({ ...acme(), productionOrgs, sandboxes }, project).sandboxes.map(({ sandboxName, alias }) => [
        sandboxName,
        alias,
      ]);
    const dev = ['dev', 'Shared'];
    expect(called([other])).to.deep.equal([['uat', 'prod-uat'], dev]);
    expect(called([other], [])).to.deep.equal([['uat', `${productionUsername}-uat`], dev]);
    const taken = { ...other, sandboxName: 'sit', alias: 'PROD-uat' };
    expect(called([other, taken])).to.deep.include(['uat', `${productionUsername}-uat`]);
    const both = { ...other, sandboxName: 'qa', alias: `${productionUsername}-uat` };
    expect(called([other, taken, both])).to.deep.include(['uat', `${productionUsername}-uat-project`]);
  });

  it('let any registered user of the org serve whose id the project gives, and nobody else', () => {
    const [prod] = acme().productionOrgs;
    const colleague = { ...prod!, username: 'bob@acme.example', alias: 'mine' };
    const merged = (productionOrgId: string | undefined, productionOrgs: ProductionOrg[] = [colleague]): unknown => {
      const shared = parse({ sandboxes: [{ ...entry, ...(productionOrgId && { productionOrgId }) }] });
      const { productionUsername: owner, username } = mergeLayers({ ...emptyRegistry, productionOrgs }, shared)
        .sandboxes[0]!;
      return [owner, username];
    };
    const environment = { name: 'acceptance', sandboxName: 'uat', productionUsername, branches: [] };
    const linked = { sandboxes: [{ ...entry, productionOrgId: prod!.orgId }], environments: [environment] };
    const both = mergeLayers({ ...emptyRegistry, productionOrgs: [colleague] }, parse(linked));
    expect(both.environments[0]).to.include({ productionUsername: 'bob@acme.example' });
    expect(both.sandboxes[0]?.project, 'as the project says it').to.deep.equal({ productionUsername });
    const named = [productionUsername, `${productionUsername}.uat`];
    expect(merged(prod!.orgId)).to.deep.equal(['bob@acme.example', 'bob@acme.example.uat']);
    expect(merged(prod!.orgId.slice(0, 15))).to.deep.equal(['bob@acme.example', 'bob@acme.example.uat']);
    expect(merged(undefined)).to.deep.equal(named);
    expect(merged('00D5g0000000009EAA')).to.deep.equal(named);
    expect(merged(prod!.orgId, [colleague, prod!])).to.deep.equal(named);
  });

  it('show the true username of a sandbox that only the project registers', () => {
    const known = { sandboxName: 'UAT', productionUsername, username: 'true@acme.example.uat' };
    const global = withKnownSandbox({ ...acme(), sandboxes: [] }, known);
    expect(global.sandboxes).to.deep.equal([]);
    expect(mergeLayers(global, project).sandboxes[0]).to.include({ username: 'true@acme.example.uat' });
    const again = withKnownSandbox(global, { ...known, username: 'newer@acme.example.uat' });
    expect(mergeLayers(again, project).sandboxes[0]).to.include({ username: 'newer@acme.example.uat' });
    expect(withKnownSandbox(acme(), known).usernames).to.equal(undefined);
    expect(withKnownSandbox(acme(), known).sandboxes[0]).to.include({
      alias: 'uat',
      username: 'true@acme.example.uat',
    });
  });

  it('refuse what is no org id', () => {
    const id = '00D5g0000000001';
    for (const productionOrgId of ['', 'prod', '005000000000001', 7, [id], `x${id}`, `${id}EAAx`]) {
      expect(problemsOf({ sandboxes: [{ ...entry, productionOrgId }] })).to.contain('sandboxes[0].productionOrgId');
    }
  });
});
