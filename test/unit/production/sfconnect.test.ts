import { expect } from 'chai';
import fc from 'fast-check';
import { JitFailure } from '../../../src/failures/failures.js';
import type { Sfconnect } from '../../../src/production/sfconnect.js';
import { fieldProblem, parseSfconnect, sfconnectText } from '../../../src/production/sfconnect.js';

const file = '/repo/project/.sfconnect.json';

/** The file of the seed document, filled in. */
const good = {
  instanceUrl: 'https://acme.my.salesforce.com',
  apiVersion: 'v59.0',
  authType: 'jwt',
  tokenUrl: 'https://login.salesforce.com/services/oauth2/token',
  clientId: '3MVG9example',
  username: 'admin@acme.com',
  privateKeyPath: './certs/server.key',
  algorithm: 'RS256',
};

const parse = (fields: object): { config: Sfconnect; warnings: string[] } =>
  parseSfconnect(JSON.stringify(fields), file);

const problemsOf = (text: string): string[] => {
  try {
    parseSfconnect(text, file);
  } catch (error) {
    expect(error).to.be.instanceOf(JitFailure);
    const failure = error as JitFailure;
    expect(failure.name).to.equal('ConfigInvalid');
    expect(failure.facts.file).to.equal(file);
    return failure.facts.problems!.split('\n');
  }
  throw new Error('the file was accepted');
};

describe('parseSfconnect', () => {
  it('reads the file of the seed document', () => {
    expect(parse(good)).to.deep.equal({
      config: {
        instanceUrl: 'https://acme.my.salesforce.com',
        loginUrl: 'https://login.salesforce.com',
        apiVersion: 'v59.0',
        clientId: '3MVG9example',
        username: 'admin@acme.com',
        privateKeyPath: '/repo/project/certs/server.key',
      },
      warnings: [],
    });
  });

  it('needs four fields only, and logs in at the instance URL without a token URL', () => {
    const { instanceUrl, clientId, username, privateKeyPath } = good;
    const { config } = parse({ instanceUrl: `${instanceUrl}/`, clientId, username, privateKeyPath });
    expect(config.loginUrl).to.equal(instanceUrl);
    expect(config.instanceUrl).to.equal(instanceUrl);
    expect(config).not.to.have.property('apiVersion');
  });

  it('takes the sandbox configuration of the seed document', () => {
    const sandbox = {
      ...good,
      instanceUrl: 'https://test.salesforce.com',
      tokenUrl: 'https://test.salesforce.com/services/oauth2/token',
      username: 'admin@acme.com.uat',
    };
    expect(parse(sandbox).config.loginUrl).to.equal('https://test.salesforce.com');
  });

  it('keeps an absolute key path, and takes versions without v, and a byte order mark', () => {
    const text = `\uFEFF${JSON.stringify({ ...good, privateKeyPath: '/keys/server.key', apiVersion: '61.0' })}`;
    const { config } = parseSfconnect(text, file);
    expect(config.privateKeyPath).to.equal('/keys/server.key');
    expect(config.apiVersion).to.equal('v61.0');
  });

  it('reports every problem at once, each with its field and what is allowed', () => {
    const problems = problemsOf(
      JSON.stringify({
        instanceUrl: 'acme.my.salesforce.com',
        apiVersion: 59,
        authType: 'oauth',
        tokenUrl: 'https://login.salesforce.com',
        clientId: 'YOUR_CONSUMER_KEY_FROM_CONNECTED_APP',
        username: 'admin',
        algorithm: 'HS256',
      }),
    );
    expect(problems).to.deep.equal([
      'instanceUrl: it is not an https:// URL; it must be the https:// URL of the org, such as https://acme.my.salesforce.com',
      'apiVersion: it is not a text; it must be an API version such as v59.0',
      'authType: no other way of logging in is known; it must be "jwt"',
      'tokenUrl: it is not a token endpoint; it must be an https:// URL that ends in /services/oauth2/token',
      'clientId: it is not a consumer key; it must be the consumer key of the app',
      'username: it is not a username; it must be a Salesforce username, which looks like an e-mail address',
      'privateKeyPath: it is missing; it must be the path of the file with the private key, relative to this file or absolute',
      'algorithm: Salesforce accepts no other; it must be "RS256"',
    ]);
  });

  const onlyProblem: Record<string, readonly [fields: object, problem: RegExp]> = {
    'the example URL': [
      { instanceUrl: 'https://your-instance.salesforce.com' },
      /^instanceUrl: it is still the example/,
    ],
    'plain http': [{ instanceUrl: 'http://acme.my.salesforce.com' }, /^instanceUrl: it must begin with https/],
    'a lightning URL': [{ instanceUrl: 'https://acme.lightning.force.com' }, /^instanceUrl: a lightning\.force\.com/],
    'a password in a URL': [
      { instanceUrl: 'https://me:secret@acme.my.salesforce.com' },
      /^instanceUrl: it must not contain/,
    ],
    'the example username': [{ username: 'your-username@example.com' }, /^username: it is not a username/],
    'an empty field': [{ clientId: ' ' }, /^clientId: it is empty/],
    null: [{ clientId: null }, /^clientId: it is not a text/],
    'a list': [{ username: ['admin@acme.com'] }, /^username: it is not a text/],
    'a tilde': [{ privateKeyPath: '~/certs/server.key' }, /^privateKeyPath: "~" is not replaced here/],
    'a sandbox with the login host of production': [
      { instanceUrl: 'https://acme--uat.sandbox.my.salesforce.com' },
      /^tokenUrl: it belongs to/,
    ],
  };
  for (const [what, [fields, problem]] of Object.entries(onlyProblem)) {
    it(`refuses ${what}`, () => {
      const problems = problemsOf(JSON.stringify({ ...good, ...fields }));
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(problem);
    });
  }

  it('knows a key that was put into a field, and does not repeat it', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkq'.repeat(30)}\n-----END PRIVATE KEY-----`;
    const problems = problemsOf(JSON.stringify({ ...good, privateKeyPath: key, clientId: key.replace(/\s/g, '') }));
    expect(problems.join()).to.contain('privateKeyPath: it is the key itself').and.not.contain('MIIEvQ');
  });

  it('knows a bare key as a consumer key that it cannot be, and does not repeat it', () => {
    const [problem, ...others] = problemsOf(JSON.stringify({ ...good, clientId: 'MIIEvQIBADANBgkq'.repeat(30) }));
    expect(others).to.deep.equal([]);
    expect(problem).to.equal('clientId: it is a private key; it must be the consumer key of the app');
  });

  it('takes values with spaces around them, without the spaces', () => {
    const spaced = Object.fromEntries(Object.entries(good).map(([name, value]) => [name, ` ${value}\n`]));
    expect(parse(spaced)).to.deep.equal(parse(good));
  });

  it('says of a file that cannot be used what is wrong, not what contradicts in it', () => {
    const sandbox = { ...good, instanceUrl: 'https://test.salesforce.com' };
    const { instanceUrl: _, ...without } = sandbox;
    expect(problemsOf(JSON.stringify(without)).map((problem) => problem.split(':')[0])).to.deep.equal(['instanceUrl']);
    expect(
      problemsOf(JSON.stringify({ ...sandbox, tokenUrl: 'https://login.salesforce.com' })).map(
        (problem) => problem.split(';')[0],
      ),
    ).to.deep.equal(['tokenUrl: it is not a token endpoint']);
  });

  it('warns of fields that it does not know, with the nearest one', () => {
    const { warnings, config } = parseSfconnect(
      JSON.stringify({ ...good, clientID: 'x', password: 'x' }).replace(
        '{',
        '{"__proto__":{"username":"evil@acme.com"},',
      ),
      file,
    );
    expect(warnings).to.deep.equal([
      'The field "__proto__" is not known and was ignored.',
      'The field "clientID" is not known and was ignored. Did you mean "clientId"?',
      'The field "password" is not known and was ignored.',
    ]);
    expect(config.username).to.equal('admin@acme.com');
    expect(({} as { username?: string }).username).to.equal(undefined);
  });

  it('does not take inherited properties for fields', () => {
    const { username: _, ...rest } = good;
    expect(problemsOf(JSON.stringify(rest).replace('{', '{"__proto__":{"username":"evil@acme.com"},'))[0]).to.match(
      /^username: it is missing/,
    );
  });

  const notAnObject: Record<string, RegExp> = {
    '': /^the file is empty$/,
    ' \n': /^the file is empty$/,
    '[]': /does not hold a JSON object/,
    null: /does not hold a JSON object/,
    '"text"': /does not hold a JSON object/,
    '{\n  "clientId": "3MVG9secret"\n  "username": 1}': /^the file is not JSON \(line 3, column 3\)$/,
    '{"clientId": ': /^the file is not JSON$/,
    [`{${'\n'.repeat(11)}          secret}`]: /^the file is not JSON \(line 12, column 11\)$/,
    '{"clientId":\uFEFF"3MVG9secret"}': /^the file is not JSON/,
  };
  for (const [text, problem] of Object.entries(notAnObject)) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const problems = problemsOf(text);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(problem).and.not.contain('secret');
    });
  }

  it('throws nothing but ConfigInvalid, whatever the file holds', () => {
    const value = fc.oneof(fc.string(), fc.jsonValue(), fc.webUrl(), fc.constant(undefined));
    const some = fc.record(Object.fromEntries(Object.keys(good).map((name) => [name, value])));
    fc.assert(
      fc.property(
        fc.oneof(
          some.map((fields) => JSON.stringify({ ...good, ...fields })),
          fc.string(),
          fc.json(),
        ),
        (text) => {
          try {
            parseSfconnect(text, file);
          } catch (error) {
            expect(error).to.be.instanceOf(JitFailure);
            expect((error as JitFailure).facts.problems)
              .to.be.a('string')
              .and.not.equal('');
          }
        },
      ),
    );
  });
});

describe('a field of .sfconnect.json', () => {
  const fields: Array<[name: Parameters<typeof fieldProblem>[0], taken: string[], refused: string[]]> = [
    [
      'instanceUrl',
      ['https://acme.my.salesforce.com', 'HTTPS://ACME.MY.SALESFORCE.COM', ' http://localhost:8080 '],
      [
        'acme.my.salesforce.com/?to=https://login.salesforce.com',
        'ftp://acme.my.salesforce.com',
        'HTTPS://YOUR-INSTANCE.salesforce.com',
        'https://',
      ],
    ],
    [
      'apiVersion',
      ['v59.0', '59.0', 'v100.0', ' v59.0 '],
      ['9.0', 'v1000.0', '59', '59.1', 'vv59.0', 'xv59.0', '59.0.1', 'v59.00', 'V59.0'],
    ],
    ['authType', ['jwt', 'JWT'], ['web', 'jwt2']],
    [
      'tokenUrl',
      ['https://login.salesforce.com/services/oauth2/token', 'https://login.salesforce.com/services/oauth2/token?x=1'],
      [
        'https://login.salesforce.com',
        'https://login.salesforce.com/services/oauth2/token/x',
        'login.salesforce.com/services/oauth2/token',
        'http://login.salesforce.com/services/oauth2/token',
      ],
    ],
    ['clientId', ['3MVG9example', '3MVG9YOUR_app'], ['your_key', 'two words', '3MVG9\uFEFFexample']],
    [
      'username',
      ['admin@acme.com', 'not-your-username@acme.com'],
      [
        'admin',
        '@acme.com',
        'admin@',
        'a@b@acme.com',
        'admin@acme.com x',
        'x admin@acme.com',
        'YOUR-USERNAME@acme.com',
      ],
    ],
    ['privateKeyPath', ['server.key', '/keys/~old/server.key'], ['~', '~/server.key']],
    ['algorithm', ['RS256'], ['rs256', 'HS256', 'none']],
  ];
  for (const [name, taken, refused] of fields) {
    it(`${name} takes what can be used`, () => {
      for (const value of taken) expect(fieldProblem(name, value), value).to.equal(undefined);
    });

    it(`${name} refuses what cannot, and never repeats it`, () => {
      for (const value of [...refused, '', '  ', 1, null]) {
        expect(fieldProblem(name, value), String(value)).to.match(/; it must be /);
      }
      for (const value of refused) expect(fieldProblem(name, `${value} secret`), value).not.to.contain('secret');
    });
  }

  it('may be absent where the file can do without', () => {
    for (const name of ['apiVersion', 'authType', 'tokenUrl', 'algorithm'] as const) {
      expect(fieldProblem(name, undefined), name).to.equal(undefined);
    }
    for (const name of ['instanceUrl', 'clientId', 'username', 'privateKeyPath'] as const) {
      expect(fieldProblem(name, undefined), name).to.match(/^it is missing; it must be /);
    }
  });

  it('that is not a version or not a token endpoint is called that', () => {
    expect(fieldProblem('apiVersion', '59')).to.equal(
      'it is not an API version; it must be an API version such as v59.0',
    );
    expect(fieldProblem('username', 'a@b@c')).to.match(/^it is not a username;/);
  });
});

describe('sfconnectText', () => {
  it('writes what parseSfconnect reads, with all fields of the seed document', () => {
    const text = sfconnectText({
      instanceUrl: ' https://acme.my.salesforce.com// ',
      clientId: '3MVG9example',
      username: 'admin@acme.com',
      privateKeyPath: './certs/server.key',
    });
    expect(Object.keys(JSON.parse(text) as object)).to.deep.equal(Object.keys(good));
    const { config, warnings } = parseSfconnect(text, file);
    expect(warnings).to.deep.equal([]);
    expect(config.loginUrl).to.equal('https://acme.my.salesforce.com');
    expect(text).to.contain('"tokenUrl": "https://acme.my.salesforce.com/services/oauth2/token"').and.match(/\}\n$/);
  });
});
