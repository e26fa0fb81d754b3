import { expect } from 'chai';
import type { RegisterInput } from '../../../src/production/registerInput.js';
import { registerInput, usedConfigFile } from '../../../src/production/registerInput.js';
import { testKeyObject } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

const none = { hasPrivateKey: false };
const flags = { username: 'a@b.example', 'client-id': '3MVG9', 'jwt-key-file': 'server.key' };

describe('what is missing to register production', () => {
  const username = '--username (or SF_USERNAME)';
  const clientId = '--client-id (or SF_CLIENT_ID)';
  const key = '--jwt-key-file, --jwt-key-env, --jwt-key-command, --jwt-agent or --jwt-sign-command (or SF_PRIVATE_KEY)';
  const cases: Array<[title: string, given: object, missing: string]> = [
    ['the username', { username: undefined }, username],
    ['the client ID', { 'client-id': undefined }, clientId],
    ['the key', { 'jwt-key-file': undefined }, key],
    ['username and key', { username: undefined, 'jwt-key-file': undefined }, `${username}, ${key}`],
    [
      'all three',
      { username: undefined, 'client-id': undefined, 'jwt-key-file': undefined },
      `${username}, ${clientId}, ${key}`,
    ],
  ];
  for (const [title, given, missing] of cases) {
    it(`is ${title}, with both places where it may be given, and the two ways without`, () => {
      const { name, facts } = failureOf(() => registerInput({ ...flags, ...given }, none));
      expect(name).to.equal('FlagMissing');
      expect(facts.field).to.equal(missing);
      expect(facts.problem).to.contain('.sfconnect.json').and.to.contain('sf jit config init');
      expect(facts.problem).to.contain('--target-org').and.to.contain('sf jit org register');
    });
  }

  it('is not what is given as an empty text: that is refused by its flag, whatever else could be meant', () => {
    const environment = { username: 'e@b.example', clientId: '3MVG9env', hasPrivateKey: true };
    for (const flag of ['target-org', 'username', 'client-id', 'jwt-key-file', 'jwt-key-env', 'instance-url']) {
      const { name, facts } = failureOf(() => registerInput({ [flag]: '' }, environment));
      expect([name, facts.field], flag).to.deep.equal(['InputInvalid', `--${flag}`]);
    }
  });

  it('is taken from a file that was found, whichever part it is', () => {
    const file = {
      path: '/project/.sfconnect.json',
      text: JSON.stringify({
        instanceUrl: 'https://acme.my.salesforce.com',
        clientId: '3MVG9file',
        username: 'file@acme.example',
        privateKeyPath: 'file.key',
      }),
      isNamed: false,
    };
    for (const [flag, part, value] of [
      ['username', 'username', 'file@acme.example'],
      ['client-id', 'clientId', '3MVG9file'],
      ['jwt-key-file', 'key', { source: 'file', path: '/project/file.key' }],
    ] as const) {
      expect(registerInput({ ...flags, [flag]: undefined }, none, file), flag).to.deep.include({ [part]: value });
    }
  });
});

describe('the login URL of production', () => {
  it('is blamed on the place where it was found', () => {
    const wrong = 'http://acme.example';
    expect(failureOf(() => registerInput(flags, { ...none, instanceUrl: wrong })).facts.field).to.equal(
      'SF_INSTANCE_URL',
    );
    expect(failureOf(() => registerInput({ ...flags, 'instance-url': wrong }, none)).facts.field).to.equal(
      '--instance-url',
    );
  });

  it('tells where it was found', () => {
    const sourceOf = (given: object, environment: object): string | undefined => {
      const input = registerInput({ ...flags, ...given }, { ...none, ...environment });
      return input.way === 'jwt' ? `${input.loginUrl} of ${input.sources.loginUrl}` : undefined;
    };
    const [mine, theirs] = ['https://mine.example', 'https://theirs.example'];
    expect(sourceOf({ 'instance-url': mine }, { instanceUrl: theirs })).to.equal(`${mine} of flags`);
    expect(sourceOf({}, { instanceUrl: theirs })).to.equal(`${theirs} of environment`);
    expect(sourceOf({}, {})).to.equal('https://login.salesforce.com of default');
  });
});

describe('the key of production', () => {
  it('is refused in the place of its path or its variable, in words that name both', () => {
    const pem = testKeyObject.export({ type: 'pkcs8', format: 'pem' }).toString();
    const problem = (given: object): string | undefined =>
      failureOf(() => registerInput({ ...flags, 'jwt-key-file': undefined, ...given }, none)).facts.problem;
    expect(problem({ 'jwt-key-file': pem })).to.equal(
      'the key itself was given to --jwt-key-file, which takes the path of a key file',
    );
    expect(problem({ 'client-id': pem })).to.equal(
      'the key itself was given to --client-id, which takes the consumer key of the app',
    );
    expect(problem({ username: pem })).to.equal('the key itself was given to --username, which takes a username');
    expect(problem({ 'jwt-key-env': pem })).to.equal(
      'the key itself was given to --jwt-key-env, which takes the name of an environment variable',
    );
  });

  it('is in a variable that can exist', () => {
    const keyIn = (variable: string) =>
      registerInput({ ...flags, 'jwt-key-file': undefined, 'jwt-key-env': variable }, none);
    for (const variable of ['K', '_k', 'PROD_KEY_2', 'k9']) {
      expect(keyIn(variable), variable).to.deep.include({ key: { source: 'env', name: variable } });
    }
    for (const variable of ['', '$KEY', '2KEY', 'KEY$', 'MY-KEY', 'MY KEY', 'KEY=1', ' KEY', 'ÄKEY']) {
      const { name, facts } = failureOf(() => keyIn(variable));
      expect([name, facts.field], variable).to.deep.equal(['InputInvalid', '--jwt-key-env']);
      expect(facts.problem).to.contain('the name of a variable, without $');
    }
  });
});

describe('what a registration takes from a .sfconnect.json', () => {
  const fields = { instanceUrl: 'https://acme.my.salesforce.com', clientId: '3MVG9', username: 'a@b.example' };
  const text = JSON.stringify({ ...fields, privateKeyPath: './server.key', usernam: 'x' });
  const file = { path: '/repo/.sfconnect.json', text, isNamed: false };
  const input = { way: 'jwt', sources: { key: 'config-file' } } as unknown as RegisterInput;

  it('is told with its path when it was only found, and with the fields that mean nothing', () => {
    const { foundIn, warnings } = usedConfigFile(input, file);
    expect(foundIn).to.equal(file.path);
    expect(warnings.map(({ kind }) => kind)).to.deep.equal(['config-file']);
    expect(warnings[0]!.text).to.contain('usernam');
    expect(usedConfigFile(input, { ...file, isNamed: true })).to.deep.equal({ warnings });
  });

  it('is nothing when everything came from elsewhere', () => {
    const elsewhere = { ...input, sources: { key: 'flag' } } as unknown as RegisterInput;
    expect(usedConfigFile(elsewhere, file)).to.deep.equal({ warnings: [] });
    expect(usedConfigFile({ way: 'stored-org', aliasOrUsername: 'prod' }, file)).to.deep.equal({ warnings: [] });
    expect(usedConfigFile(input, undefined)).to.deep.equal({ warnings: [] });
  });
});
