import { expect } from 'chai';
import type { KeySource } from '../../../src/keys/keySource.js';
import { emptyRegistry } from '../../../src/registry/registry.js';
import { parseRegistry, RegistryProblem, registryText } from '../../../src/registry/registryFile.js';
import { acme } from '../../support/fakes.js';

const prod = acme().productionOrgs[0]!;
const uat = acme().sandboxes[0]!;
const environment = { name: 'acceptance', sandboxName: 'uat', productionUsername: prod.username };

const file = (more: object = {}): object => ({ version: 1, productionOrgs: [prod], sandboxes: [uat], ...more });
const prodWith = (more: object): object => file({ productionOrgs: [prod, { ...prod, ...more }] });
const sandboxWith = (more: object): object => file({ sandboxes: [uat, { ...uat, ...more }] });

const problemOf = (text: string): RegistryProblem => {
  try {
    parseRegistry(text);
  } catch (error) {
    expect(error).to.be.instanceOf(RegistryProblem);
    return error as RegistryProblem;
  }
  throw new Error('the file was accepted');
};

describe('a registry file', () => {
  it('is text that people can read and compare', () => {
    const text = registryText({ productionOrgs: [], sandboxes: [uat], environments: [] });
    expect(text)
      .to.match(/^\{\n {2}"version": 1,\n {2}"productionOrgs": \[\],\n/)
      .and.match(/\}\n$/);
  });

  it('may leave out what is optional, and gains nothing by that', () => {
    const { alias: _, ...unnamed } = prod;
    expect(parseRegistry(JSON.stringify(file({ productionOrgs: [unnamed] })))).to.deep.equal({
      productionOrgs: [unnamed],
      sandboxes: [uat],
      environments: [],
    });
  });
});

describe('the place of a key, in a registry file', () => {
  const keys: KeySource[] = [
    { source: 'file', path: '/k' },
    { source: 'env', name: 'K' },
    { source: 'command', command: ['op', 'read', 'x y'] },
    { source: 'agent', fingerprint: 'SHA256:x' },
    { source: 'sign-command', command: ['/bin/sign'], certificateFile: '/c.crt' },
    { source: 'stdin' },
    { source: 'sf' },
  ];
  for (const key of keys) {
    it(`stays what it is when the file is written and read: ${key.source}`, () => {
      const registry = { ...emptyRegistry, productionOrgs: [{ ...prod, key }], defaultProductionOrg: prod.username };
      expect(parseRegistry(registryText(registry))).to.deep.equal(registry);
    });
  }
});

describe('the way of signing in, in a registry file', () => {
  const known = { sandboxName: 'dev', productionUsername: prod.username, username: 'a@acme.example.dev' };

  it('stays what it is when the file is written and read', () => {
    const sandboxes = [
      { ...uat, signedInBy: 'platform-cli' as const },
      { ...uat, sandboxName: 'sit', alias: 'sit' },
    ];
    const usernames = [
      { ...known, signedInBy: 'own-key' as const },
      { ...known, sandboxName: 'qa' },
    ];
    const registry = { productionOrgs: [prod], sandboxes, environments: [], usernames };
    expect(parseRegistry(registryText(registry))).to.deep.equal(registry);
  });

  it('is left out when this version does not know it, as is the usual one', () => {
    for (const signedInBy of ['device', 'jwt']) {
      const text = JSON.stringify(file({ sandboxes: [{ ...uat, signedInBy }], usernames: [{ ...known, signedInBy }] }));
      const { sandboxes, usernames } = parseRegistry(text);
      expect([sandboxes, usernames]).to.deep.equal([[uat], [known]]);
    }
  });

  it('is damaged when it is no text', () => {
    for (const signedInBy of ['', 1, null, []]) {
      const problem = 'is missing or not a text';
      expect(problemOf(JSON.stringify(sandboxWith({ signedInBy }))).message).to.equal(
        `"sandboxes[1].signedInBy" ${problem}`,
      );
      const usernames = [{ ...known, signedInBy }];
      expect(problemOf(JSON.stringify(file({ usernames }))).message).to.equal(`"usernames[0].signedInBy" ${problem}`);
    }
  });
});

describe('a registry file is damaged', () => {
  const texts: Record<string, string> = {
    '': 'it is empty',
    ' \n\t': 'it is empty',
    '{"version": 1,': 'it is not JSON',
    null: 'it does not hold a JSON object',
    '[]': 'it does not hold a JSON object',
    '"text"': 'it does not hold a JSON object',
    '1': 'it does not hold a JSON object',
    '{}': '"version" is missing',
    '{"version": "1"}': '"version" is missing',
    '{"version": 1}': '"productionOrgs" is not a list',
    '{"version": 1, "productionOrgs": []}': '"sandboxes" is not a list',
  };
  for (const [text, problem] of Object.entries(texts)) {
    it(`as ${JSON.stringify(text)}: ${problem}`, () => {
      const found = problemOf(text);
      expect(found.message).to.equal(problem);
      expect(found.name).to.equal('RegistryProblem');
    });
  }

  it('with the error of the parser as its cause when it is not JSON', () => {
    expect(problemOf('{').cause).to.be.instanceOf(SyntaxError);
  });

  for (const version of [0, 2, 1.5]) {
    it(`with version ${version}, which says what to do about it`, () => {
      const { message, unknownVersion } = problemOf(JSON.stringify(file({ version })));
      expect(message).to.equal(
        `it has version ${version}, and this version of sf-plugin-jit reads version 1; update the plugin`,
      );
      expect(unknownVersion).to.equal(version);
    });
  }

  const entries: Array<[contents: object, problem: string]> = [
    [file({ productionOrgs: [prod, null] }), '"productionOrgs[1]" is not an object'],
    [file({ productionOrgs: [[]] }), '"productionOrgs[0]" is not an object'],
    [file({ productionOrgs: ['prod'] }), '"productionOrgs[0]" is not an object'],
    [prodWith({ alias: '' }), '"productionOrgs[1].alias" is missing or not a text'],
    [prodWith({ alias: null }), '"productionOrgs[1].alias" is missing or not a text'],
    [prodWith({ callbackUrl: 1717 }), '"productionOrgs[1].callbackUrl" is missing or not a text'],
    [prodWith({ key: undefined }), '"productionOrgs[1].key" is not an object'],
    [prodWith({ key: 'the key' }), '"productionOrgs[1].key" is not an object'],
    [prodWith({ key: { source: 'file' } }), '"productionOrgs[1].key.path" is missing or not a text'],
    [prodWith({ key: { source: 'env', name: '' } }), '"productionOrgs[1].key.name" is missing or not a text'],
    [
      prodWith({ key: { source: 'vault' } }),
      '"productionOrgs[1].key.source" is not file, env, command, agent, sign-command, stdin or sf',
    ],
    [
      prodWith({ key: {} }),
      '"productionOrgs[1].key.source" is not file, env, command, agent, sign-command, stdin or sf',
    ],
    [prodWith({ key: { source: 'agent' } }), '"productionOrgs[1].key.fingerprint" is missing or not a text'],
    [prodWith({ key: { source: 'command' } }), '"productionOrgs[1].key.command" is not a list'],
    [prodWith({ key: { source: 'command', command: 'op read' } }), '"productionOrgs[1].key.command" is not a list'],
    [
      prodWith({ key: { source: 'command', command: ['op', 1] } }),
      '"productionOrgs[1].key.command" is not a program and its arguments',
    ],
    [
      prodWith({ key: { source: 'command', command: [''] } }),
      '"productionOrgs[1].key.command" is not a program and its arguments',
    ],
    [file({ defaultProductionOrg: 1 }), '"the file.defaultProductionOrg" is missing or not a text'],
    [file({ usernames: {} }), '"usernames" is not a list'],
    [
      prodWith({ key: { source: 'command', command: [] } }),
      '"productionOrgs[1].key.command" is not a program and its arguments',
    ],
    [
      prodWith({ key: { source: 'command', command: ['./op'] } }),
      '"productionOrgs[1].key.command" names a program in the present folder',
    ],
    [
      prodWith({ key: { source: 'sign-command', command: ['sign'] } }),
      '"productionOrgs[1].key.certificateFile" is missing or not a text',
    ],
    [file({ sandboxes: [uat, 'dev'] }), '"sandboxes[1]" is not an object'],
    [sandboxWith({ sandboxName: "u'at" }), '"sandboxes[1].sandboxName" cannot be the name of a sandbox'],
    [sandboxWith({ alias: '-x' }), '"sandboxes[1].alias" must not begin with a dash'],
    [
      sandboxWith({ alias: 'uat\u001b[31m' }),
      '"sandboxes[1].alias" must be one line, without control characters and others that cannot be seen',
    ],
    [sandboxWith({ isJitRegistration: false }), '"sandboxes[1].isJitRegistration" is not true'],
    [sandboxWith({ isJitRegistration: 'true' }), '"sandboxes[1].isJitRegistration" is not true'],
    [file({ environments: null }), '"environments" is not a list'],
    [file({ environments: [environment, 1] }), '"environments[1]" is not an object'],
    [file({ environments: [environment, environment] }), '"environments[1].name" is used twice'],
    [
      file({ environments: [{ ...environment, category: 'two words', productionUsername: '' }] }),
      '"environments[0].productionUsername" must be the username of a production org',
    ],
  ];
  for (const [contents, problem] of entries) {
    it(`where ${problem}`, () => {
      expect(problemOf(JSON.stringify(contents)).message).to.equal(problem);
    });
  }

  for (const field of ['username', 'orgId', 'instanceUrl', 'loginUrl', 'clientId']) {
    it(`where a production org has no ${field}, or one that is no text`, () => {
      for (const value of [undefined, '', 1, null, { toString: 'x' }]) {
        expect(problemOf(JSON.stringify(prodWith({ [field]: value }))).message).to.equal(
          `"productionOrgs[1].${field}" is missing or not a text`,
        );
      }
    });
  }

  for (const field of ['sandboxName', 'username', 'alias', 'productionUsername']) {
    it(`where a sandbox has no ${field}, or one that is no text`, () => {
      for (const value of [undefined, '', 1, null]) {
        expect(problemOf(JSON.stringify(sandboxWith({ [field]: value }))).message).to.equal(
          `"sandboxes[1].${field}" is missing or not a text`,
        );
      }
    });
  }

  it('where a value comes from the prototype of an entry rather than from the entry', () => {
    const text = JSON.stringify(prodWith({ clientId: undefined })).replace(
      /\},\{/,
      '},{"__proto__":{"clientId":"3MVG9evil"},',
    );
    expect(problemOf(text).message).to.equal('"productionOrgs[1].clientId" is missing or not a text');
  });
});
