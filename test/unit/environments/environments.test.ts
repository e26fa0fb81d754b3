import { expect } from 'chai';
import fc from 'fast-check';
import type { Environment } from '../../../src/registry/environmentFields.js';
import { maxPatternLength, maxPatterns, readEnvironment } from '../../../src/registry/environmentFields.js';
import type { EnvironmentFields } from '../../../src/environments/environments.js';
import {
  checkBranchesFree,
  checkFields,
  checkNameFree,
  environmentForBranch,
  environmentLogin,
  environmentsOfBothLayers,
  mergeEnvironments,
  environmentsOfSandbox,
  requireEnvironment,
} from '../../../src/environments/environments.js';
import { mergeLayers } from '../../../src/registry/mergeLayers.js';
import type { ProjectLayer } from '../../../src/registry/projectLayer.js';
import { parseProjectLayer } from '../../../src/registry/projectLayer.js';
import type { OrgOfSf } from '../../../src/registry/takenAlias.js';
import { parseRegistry, RegistryProblem, registryText } from '../../../src/registry/registryFile.js';
import { acme, productionUsername } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const environment = (name: string, branches: string[], more: Partial<Environment> = {}): Environment => ({
  name,
  sandboxName: 'uat',
  productionUsername,
  branches,
  category: 'development',
  ...more,
});
const isPrefix = (pattern: string, branch: string): boolean =>
  pattern.endsWith('*') && branch.startsWith(pattern.slice(0, -1));

describe('the environment of a branch', () => {
  const environments = [
    environment('acceptance', ['main', 'release/*']),
    environment('hotfixes', ['hotfix/*']),
    environment('one', ['release/1.0']),
    environment('unlinked', []),
  ];
  const of = (branch: string): string => environmentForBranch(environments, branch, isPrefix).name;

  it('is the one that names it exactly, else the one with a pattern that fits', () => {
    expect(of('main')).to.equal('acceptance');
    expect(of('release/2.0')).to.equal('acceptance');
    expect(of('release/1.0')).to.equal('one');
    expect(of('hotfix/7')).to.equal('hotfixes');
  });

  it('is none for a branch that differs in letter case, and the failure tells what there is', () => {
    const failure = failureOf(() => of('Main'));
    expect(failure.name).to.equal('NoEnvironmentForBranch');
    expect(failure.facts.branch).to.equal('Main');
    expect(failure.facts.names).to.equal('acceptance (main, release/*), hotfixes (hotfix/*), one (release/1.0)');
    expect(failureOf(() => environmentForBranch([], 'main', isPrefix)).facts.names).to.equal(undefined);
  });

  it('is never guessed when several fit equally well', () => {
    for (const [one, other] of [
      [['feature/*'], ['feat*']],
      [['feature/x'], ['feature/x', 'main']],
    ] as const) {
      const failure = failureOf(() =>
        environmentForBranch([environment('a', [...one]), environment('b', [...other])], 'feature/x', isPrefix),
      );
      expect(failure.name).to.equal('AmbiguousEnvironment');
      expect(failure.facts.names).to.match(/^a \(.*\), b \(/);
    }
  });

  it('asks no pattern when a name decides', () => {
    const never = (): boolean => {
      throw new Error('asked');
    };
    expect(environmentForBranch(environments, 'main', never).name).to.equal('acceptance');
  });
});

describe('the fields of an environment', () => {
  const good = { name: 'uat.eu_1-x', sandboxName: 'uat', productionUsername, branches: ['main'], category: 'staging' };
  const read = (entry: object) => readEnvironment(entry as Record<string, unknown>);
  const problems = (entry: object): string[] => {
    const result = read({ ...good, ...entry });
    return 'problems' in result ? result.problems.map(({ field }) => field) : [];
  };

  it('come back as they were written, with a category and no branches when nothing is said', () => {
    expect(read(good)).to.deep.equal({ item: good });
    const { name, sandboxName } = good;
    expect(read({ name, sandboxName, productionUsername })).to.deep.equal({
      item: { ...good, branches: [], category: 'development' },
    });
  });

  it('are all checked, and every problem is told', () => {
    expect(read({})).to.have.property('problems').that.has.length(3);
    expect(
      problems({
        name: 'a b',
        sandboxName: 'much-too-long',
        productionUsername: 1,
        branches: 'main',
        category: '',
        description: 2,
        repository: '',
      }),
    ).to.deep.equal(['name', 'sandboxName', 'productionUsername', 'branches', 'category', 'description', 'repository']);
  });

  it('hold a name that can be an alias', () => {
    const names = ['', ' ', 'a=b', 'a b', '-a', '.a', '__proto__', 'ü', 'x'.repeat(81), 'a\n', null, 7];
    for (const name of names) expect(problems({ name }), JSON.stringify(name)).to.deep.equal(['name']);
    expect(problems({ name: 'x'.repeat(80) })).to.deep.equal([]);
  });

  it('hold patterns that can be meant', () => {
    const wrong = [
      '',
      '  ',
      'a b',
      'a\nb',
      'a\u200bb',
      '!main',
      'refs/heads/main',
      'x'.repeat(maxPatternLength + 1),
      5,
    ];
    for (const pattern of wrong) {
      expect(problems({ branches: ['main', pattern] }), JSON.stringify(pattern)).to.deep.equal(['branches']);
    }
    expect(problems({ branches: ['main', 'main'] })).to.deep.equal(['branches']);
    const many = Array.from({ length: maxPatterns + 1 }, (_, index) => `b${index}`);
    expect(problems({ branches: many })).to.deep.equal(['branches']);
    for (const pattern of ['**', '!(main)', 'release/*', '.x', '{a,b}', 'x'.repeat(maxPatternLength)]) {
      expect(problems({ branches: [pattern] }), pattern).to.deep.equal([]);
    }
  });

  it('given by flags are refused by the name of the flag', () => {
    const refused = (fields: EnvironmentFields) =>
      failureOf(() => {
        checkFields(fields, (pattern) => (pattern === '[' ? 'is no pattern' : undefined));
      }).facts;
    const flagOf = (fields: EnvironmentFields): string | undefined => refused(fields).field;
    expect(refused({ branches: ['main', '['] }).problem).to.equal('"[" is no pattern');
    expect(flagOf({ name: 'a b' })).to.equal('--name');
    expect(flagOf({ branches: [''] })).to.equal('--branch');
    expect(flagOf({ branches: ['['] })).to.equal('--branch');
    expect(flagOf({ category: 'two words' })).to.equal('--category');
    expect(flagOf({ description: 'a\u0007' })).to.equal('--description');
    expect(flagOf({ repository: 'x'.repeat(251) })).to.equal('--repository');
  });
});

describe('environments beside each other', () => {
  const main = environment('acceptance', ['main', 'release/*']);

  it('cannot have the same branch or pattern, but one may keep its own', () => {
    const other = environment('other', ['dev', 'release/*']);
    const failure = failureOf(() => {
      checkBranchesFree(other, [main]);
    });
    expect(failure.name).to.equal('BranchTaken');
    expect(failure.facts).to.include({ branch: 'release/*', environment: 'acceptance' });
    checkBranchesFree(environment('ACCEPTANCE', ['main']), [main]);
  });

  it('cannot take the alias of production or of another sandbox', () => {
    const taken = (name: string, sandboxName: string, ofSf?: OrgOfSf) => {
      const { name: failure, facts } = failureOf(() => {
        checkNameFree(environment(name, [], { sandboxName }), acme(), ofSf);
      });
      return [failure, facts.environment, facts.org];
    };
    const production = `production org ${productionUsername}`;
    const uat = `sandbox uat of ${productionUsername}`;
    expect(taken('PROD', 'uat')).to.deep.equal(['EnvironmentNameTaken', 'PROD', production]);
    expect(taken('uat', 'dev')).to.deep.equal(['EnvironmentNameTaken', 'uat', uat]);
    const ofSf = { username: 'ops@other.example', isProduction: true };
    expect(taken('live', 'uat', ofSf)).to.deep.equal([
      'EnvironmentNameTaken',
      'live',
      'production org ops@other.example',
    ]);
    checkNameFree(environment('uat', []), acme());
  });

  it('may have a name that another environment was given for this sandbox, or that only meant a sandbox by its name', () => {
    const dev = { ...acme().sandboxes[0]!, sandboxName: 'dev', alias: 'development' };
    const registry = { ...acme(), sandboxes: [...acme().sandboxes, dev], environments: [environment('dev', [])] };
    checkNameFree(environment('dev', [], { sandboxName: 'uat' }), registry);
  });

  it('are found whatever the letter case, or the nearest name is offered', () => {
    expect(requireEnvironment([main], 'Acceptance')).to.equal(main);
    const failure = failureOf(() => requireEnvironment([main], 'aceptance'));
    expect(failure.facts).to.include({ environment: 'aceptance', nearest: 'acceptance', names: 'acceptance' });
    expect(failureOf(() => requireEnvironment([], 'acceptance')).facts.names).to.equal(undefined);
  });

  it('are found by the sandbox that they are linked to, in both layers', () => {
    const global = { ...acme(), environments: [main] };
    const project = { sandboxes: [], environments: [environment('Acceptance', [])] };
    const [uat] = acme().sandboxes;
    expect(
      environmentsOfSandbox(environmentsOfBothLayers(global, project), [uat!]).map(({ layer }) => layer),
    ).to.deep.equal(['project', 'global']);
    expect(environmentsOfBothLayers(global, undefined)).to.deep.equal([{ ...main, layer: 'global' }]);
    expect(environmentsOfSandbox([main], [{ ...uat!, productionUsername: 'other@x.example' }])).to.deep.equal([]);
  });
});

describe('logging in to an environment', () => {
  const linked = { ...environment('acceptance', []), layer: 'global' } as const;

  it('goes by the alias of the sandbox, since that is unique, and under the name of the environment', () => {
    const registry = { ...acme(), sandboxes: [{ ...acme().sandboxes[0]!, alias: 'x' }] };
    expect(environmentLogin(linked, registry)).to.deep.equal({
      sandboxes: ['x'],
      production: productionUsername,
      alias: 'acceptance',
      isAliasOfProject: false,
    });
    expect(environmentLogin({ ...linked, layer: 'project' }, registry).isAliasOfProject).to.equal(true);
  });

  it('works for a sandbox that is not registered here, but not when its name is the alias of another one', () => {
    expect(environmentLogin(linked, { ...acme(), sandboxes: [] }).sandboxes).to.deep.equal(['uat']);
    const dev = { ...acme().sandboxes[0]!, sandboxName: 'dev' };
    const failure = failureOf(() => environmentLogin(linked, { ...acme(), sandboxes: [dev] }));
    expect([failure.name, failure.facts.sandbox]).to.deep.equal(['SandboxNotRegistered', 'uat']);
  });

  it('is not done where its name means production', () => {
    const failure = failureOf(() => environmentLogin({ ...linked, name: 'prod' }, acme()));
    expect(failure.name).to.equal('EnvironmentNameTaken');
  });

  it('goes by the production user that serves on this machine, whichever of them the project names', () => {
    const mine = 'bob@acme.example';
    const uat = { ...acme().sandboxes[0]!, productionUsername: mine, project: { productionUsername } };
    const [prod] = acme().productionOrgs;
    const registry = { ...acme(), productionOrgs: [{ ...prod!, username: mine }], sandboxes: [uat] };
    for (const named of [productionUsername, mine]) {
      const login = environmentLogin({ ...linked, productionUsername: named }, registry);
      expect(login, named)
        .to.include({ production: mine })
        .and.deep.include({ sandboxes: ['uat'] });
    }
    const other = environmentLogin({ ...linked, sandboxName: 'dev', productionUsername }, registry);
    expect(other).to.include({ production: productionUsername });
  });
});

describe('environments in both layers', () => {
  const shared = environment('Acceptance', ['main']);
  const entry = { ...shared };
  let project: ProjectLayer;
  beforeEach(() => {
    project = parseProjectLayer({ environments: [entry] }, '/p/sfdx-project.json');
  });

  it('are read from the project file, and those of the project hide those of the machine by name', () => {
    expect(project.environments).to.deep.equal([shared]);
    const global = { ...acme(), environments: [environment('acceptance', ['x']), environment('mine', ['y'])] };
    const merged = mergeLayers(global, project);
    expect(mergeEnvironments(merged, project).map(({ name, layer }) => [name, layer])).to.deep.equal([
      ['Acceptance', 'project'],
      ['mine', 'global'],
    ]);
    expect(merged.sandboxes).to.deep.equal(acme().sandboxes);
    expect(mergeEnvironments(global, undefined).map(({ layer }) => layer)).to.deep.equal(['global', 'global']);
  });

  it('of the project are refused with every problem at once, and never say where to log in', () => {
    const failure = failureOf(() =>
      parseProjectLayer(
        {
          sandboxes: 1,
          environments: [
            { ...entry, loginUrl: 'https://evil.example', clientId: 'x' },
            { ...entry, name: 'acceptance' },
            { name: 'a b', branches: ['', 'x'] },
            7,
          ],
        },
        '/p/sfdx-project.json',
      ),
    );
    expect(failure.name).to.equal('ConfigInvalid');
    const problems = failure.facts.problems ?? '';
    for (const part of [
      'sandboxes: must be a list',
      'environments[0].loginUrl: not allowed in a project file',
      'environments[0].clientId: not allowed',
      'environments[1].name: "acceptance" is used twice',
      'environments[2].name:',
      'environments[2].sandboxName:',
      'environments[2].productionUsername:',
      'environments[2].branches: pattern 1 ',
      'environments[3]: must be an object',
    ]) {
      expect(problems).to.contain(part);
    }
    expect(problems.split('\n')).to.have.length(9);
  });

  it('of the machine come back as they were written; a file without them stays as it was', () => {
    const registry = { ...acme(), environments: [environment('a', ['main'], { description: 'd', repository: 'r' })] };
    expect(parseRegistry(registryText(registry))).to.deep.equal(registry);
    expect(registryText(acme())).not.to.contain('environments');
    expect(parseRegistry('{"version":1,"productionOrgs":[],"sandboxes":[]}').environments).to.deep.equal([]);
  });

  for (const [title, environments] of [
    ['no list', {}],
    ['null', null],
    ['an entry that is no object', [1]],
    ['a wrong name', [{ ...entry, name: '__proto__' }]],
    ['a name twice', [entry, { ...entry, name: 'acceptance' }]],
    ['a pattern that is too long', [{ ...entry, branches: ['x'.repeat(251)] }]],
  ] as const) {
    it(`of the machine make the file a damaged one with ${title}`, () => {
      const text = JSON.stringify({ version: 1, productionOrgs: [], sandboxes: [], environments });
      expect(() => parseRegistry(text)).to.throw(RegistryProblem, 'environments');
    });
  }
});

describe('environments: properties', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,10}$/);
  const some = fc.uniqueArray(
    fc.record({ name, branches: fc.uniqueArray(fc.stringMatching(/^[a-z/*]{1,6}$/).filter((p) => p.trim() !== '')) }),
    { selector: (item) => item.name.toLowerCase(), maxLength: 5 },
  );
  const from = (items: Array<{ name: string; branches: string[] }>): Environment[] =>
    items.map((item) => environment(item.name, item.branches));

  it('merging keeps every name once, and the project always wins', () => {
    fc.assert(
      fc.property(some, some, (ofProject, ofMachine) => {
        const project = { sandboxes: [], environments: from(ofProject) };
        const merged = mergeLayers({ ...acme(), environments: from(ofMachine) }, project).environments;
        const names = merged.map((item) => item.name.toLowerCase());
        expect(new Set(names).size).to.equal(names.length);
        expect(new Set(names)).to.deep.equal(
          new Set([...ofProject, ...ofMachine].map((item) => item.name.toLowerCase())),
        );
        expect(merged.slice(0, ofProject.length)).to.deep.equal(project.environments);
      }),
    );
  });

  it('both files give back what was written to them', () => {
    fc.assert(
      fc.property(some, (items) => {
        const environments = from(items);
        expect(parseRegistry(registryText({ ...acme(), environments })).environments).to.deep.equal(environments);
        const json = JSON.parse(JSON.stringify({ environments })) as unknown;
        expect(parseProjectLayer(json, 'f').environments).to.deep.equal(environments);
      }),
    );
  });

  it('whatever stands in a project file is read or refused by its class', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          parseProjectLayer({ environments: [value] }, 'f');
        } catch (error) {
          expect(error).to.have.property('name', 'ConfigInvalid');
        }
      }),
    );
  });

  it('a branch has the environment that names it, or a failure of a known class', () => {
    fc.assert(
      fc.property(some, fc.stringMatching(/^[a-z/]{1,6}$/), (items, branch) => {
        const environments = from(items);
        const exact = environments.filter(({ branches }) => branches.includes(branch));
        try {
          const found = environmentForBranch(environments, branch, isPrefix);
          if (exact.length > 0) expect(exact).to.deep.equal([found]);
        } catch (error) {
          expect(error).to.have.property('name').that.is.oneOf(['AmbiguousEnvironment', 'NoEnvironmentForBranch']);
        }
      }),
    );
  });
});
