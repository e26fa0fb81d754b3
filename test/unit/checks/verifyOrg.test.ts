import { expect } from 'chai';
import type { ConfigFile } from '../../../src/production/configFile.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { Verification } from '../../../src/checks/verification.js';
import type { VerifyRequest } from '../../../src/checks/verifyTarget.js';
import { emptyRegistry } from '../../../src/registry/registry.js';
import type { VerifyPorts } from '../../../src/checks/verifyOrg.js';
import { verifyOrg } from '../../../src/checks/verifyOrg.js';
import { acme, type FakePorts, fakePorts, loginUrl, productionUsername, state, testKey } from '../../support/fakes.js';
import type { KeySource } from '../../../src/keys/keySource.js';

const none = { hasPrivateKey: false };
const four = { username: 'ci@acme.example', clientId: '3MVG9ci', instanceUrl: loginUrl, hasPrivateKey: true };

function testPorts(registry = acme()): FakePorts & VerifyPorts {
  return {
    ...fakePorts(registry),
    certificateOf: async () => undefined,
    serverFacts: async () => ({ apiVersions: ['59.0', '67.0'], clockSkew: 0 }),
    machine: async () => ({ env: {} }),
    readStdin: async () => 'piped',
  };
}

const request = (more: Partial<VerifyRequest> = {}): VerifyRequest => ({ flags: {}, variables: none, ...more });
/** The registry of acme with another key, and of another login host. */
const acmeWith = (key: KeySource, url = loginUrl): ReturnType<typeof acme> => ({
  ...acme(),
  productionOrgs: [{ ...acme().productionOrgs[0]!, key, loginUrl: url }],
});

const configFile = (more: object = {}): ConfigFile => ({
  path: '/project/.sfconnect.json',
  text: JSON.stringify({
    instanceUrl: 'https://acme.my.salesforce.com',
    apiVersion: 'v59.0',
    clientId: '3MVG9file',
    username: 'file@acme.example',
    privateKeyPath: '/keys/file.key',
    ...more,
  }),
  isNamed: false,
});

const outcomes = ({ findings }: Verification): string[] =>
  findings.map(({ name, status, words, values }) => [name, status, words, ...values].join(' '));
const names = ({ findings }: Verification): string[] => findings.map(({ name }) => name);

describe('the login test', () => {
  it('logs in anew with the registered key and stores nothing', async () => {
    const ports = testPorts();
    ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername, accessToken: 'cached' });
    const result = await verifyOrg(request({ production: 'prod' }), ports);
    expect(result).to.include({
      authenticated: true,
      source: 'registration',
      apiVersion: 'v67.0',
      orgKind: 'production',
    });
    expect(ports.salesforce.calls).to.deep.equal([
      `jwt ${productionUsername} at ${loginUrl}`,
      'organization',
      'sandboxStates',
    ]);
    expect([...ports.sfOrgs.orgs.values()]).to.deep.equal([{ username: productionUsername, accessToken: 'cached' }]);
    expect(names(result)).to.deep.equal([
      ...[
        'credentials',
        'key',
        'key-file-mode',
        'org',
        'sandboxes',
        'sandbox-creators',
        'app',
        'clock',
        'proxy',
        'ca',
        'private-key-variable',
      ],
    ]);
  });

  it('warns of a registered sandbox that another user had copied, before that bites', async () => {
    const of = async (more: object, change: (ports: ReturnType<typeof testPorts>) => void = () => undefined) => {
      const ports = testPorts();
      ports.salesforce.states = [state('uat', more), state('dev', { createdById: '0055g0000000009AAA' })];
      change(ports);
      const result = await verifyOrg(request({ production: 'prod' }), ports);
      return [outcomes(result).find((line) => line.startsWith('sandbox-creators')), ports.salesforce.calls.slice(3)];
    };
    expect(await of({})).to.deep.equal(['sandbox-creators pass own 1', []]);
    const createdById = '0055g0000000002AAA';
    const known = (ports: ReturnType<typeof testPorts>): void => {
      ports.salesforce.known = [{ id: createdById, username: 'grace@acme.example', name: 'Grace' }];
    };
    for (const status of ['Completed', 'Processing']) {
      const [line, more] = await of({ createdById, status }, known);
      expect(line).to.equal('sandbox-creators warn another uat (grace@acme.example)');
      expect(more).to.deep.equal([`users ${createdById}`]);
    }
    expect((await of({ createdById }))[0]).to.equal(`sandbox-creators warn another uat (${createdById})`);
    expect((await of({ createdById, status: 'Deleted' }))[0]).to.equal(undefined);
    const nobody = (ports: ReturnType<typeof testPorts>): void => {
      ports.registry.current = { ...acme(), sandboxes: [] };
    };
    expect(await of({ createdById }, nobody)).to.deep.equal([undefined, []]);
  });

  it('tests what the environment describes before the only registration, and the default among several', async () => {
    const ports = testPorts();
    expect(await verifyOrg(request({ variables: four }), ports)).to.include({
      source: 'environment',
      username: four.username,
    });
    const other = { ...acme().productionOrgs[0]!, username: 'other@acme.example', alias: 'other' };
    const several = testPorts({ ...acme(), productionOrgs: [...acme().productionOrgs, other] });
    const result = await verifyOrg(request({ defaultProduction: 'other' }), several);
    expect(result).to.include({ authenticated: true, username: 'other@acme.example' });
    const ambiguous = await verifyOrg(request(), several);
    expect(ambiguous)
      .to.deep.include({ authenticated: false })
      .and.have.nested.property('failure.name', 'AmbiguousProductionOrg');
  });

  it('says which variables are missing when a part of them is all there is', async () => {
    const environment = { ...none, username: 'ci@acme.example' };
    const result = await verifyOrg(request({ variables: environment }), testPorts(emptyRegistry));
    expect(result)
      .to.have.nested.property('failure.facts.field')
      .that.contains('SF_CLIENT_ID')
      .and.contains('SF_PRIVATE_KEY');
    expect(await verifyOrg(request({ variables: environment }), testPorts())).to.include({ source: 'registration' });
  });

  it('reads a key from standard input only when a flag says so', async () => {
    const ports = testPorts();
    const parsed: string[] = [];
    ports.keys.parse = (text, { production }) => (parsed.push(`${text} for ${production}`), testKey);
    const flags = { username: 'a@b.example', 'client-id': 'c', 'jwt-key-file': '-' };
    expect(await verifyOrg(request({ flags }), ports)).to.include({ authenticated: true, source: 'flags' });
    expect(parsed).to.deep.equal(['piped for a@b.example']);
    await verifyOrg(request({ flags: { ...flags, 'jwt-key-file': '/keys/a.key' } }), ports);
    const registered = { ...ports, registry: testPorts(acmeWith({ source: 'stdin' })).registry };
    expect(await verifyOrg(request(), registered)).to.include({ authenticated: true, source: 'registration' });
    expect(parsed).to.deep.equal(['piped for a@b.example']);
  });

  it('looks at the file of a key, its mode and the certificate beside it', async () => {
    const fakes = testPorts();
    const asked: string[] = [];
    fakes.keys.isReadableByOthers = async (path) => asked.push(`mode of ${path}`) > 0;
    const certificateOf: VerifyPorts['certificateOf'] = async (source, key) => {
      const path = source.source === 'file' ? source.path : 'none';
      asked.push(`certificate of ${path}`);
      return { file: `${path}.crt`, expiresAt: new Date('2026-12-01T10:00:00Z'), belongsToKey: key === testKey };
    };
    const found = outcomes(await verifyOrg(request(), { ...fakes, certificateOf }));
    expect(asked).to.deep.equal(['mode of /keys/server.key', 'certificate of /keys/server.key']);
    expect(found).to.include.members([
      'key pass file /keys/server.key 2048',
      'key-file-mode warn open /keys/server.key',
      'certificate warn expires-soon /keys/server.key.crt 2026-12-01 9',
    ]);
    fakes.keys.isReadableByOthers = async () => false;
    expect(outcomes(await verifyOrg(request(), fakes))).to.include('key-file-mode pass closed');
  });

  it('names a keeper of a key, and never the arguments of a program', async () => {
    const command = ['op', '--secret', 'hunter2'] as const;
    const sources: ReadonlyArray<readonly [KeySource, string]> = [
      [{ source: 'command', command }, 'key pass command op 2048'],
      [{ source: 'agent', fingerprint: 'SHA256:x' }, 'key pass agent SHA256:x 2048'],
      [{ source: 'sign-command', command, certificateFile: '/c.crt' }, 'key pass sign-command op 2048'],
    ];
    for (const [source, expected] of sources) {
      const result = await verifyOrg(request(), testPorts(acmeWith(source)));
      expect(outcomes(result)).to.include(expected);
      expect(JSON.stringify(result.findings)).to.not.contain('hunter2');
    }
  });

  it('looks at no file for a key that is in a variable', async () => {
    const ports = testPorts(acmeWith({ source: 'env', name: 'PROD_KEY' }));
    const never = async (): Promise<never> => {
      throw new Error('There is no file to look at.');
    };
    ports.keys.isReadableByOthers = never;
    const result = await verifyOrg(request(), ports);
    expect(outcomes(result)).to.include('key pass env PROD_KEY 2048');
    expect(names(result)).to.not.include('key-file-mode').and.to.not.include('certificate');
  });

  it('says more of the .sfconnect.json that it uses, and asks for the API version of it', async () => {
    const used = await verifyOrg(request({ configFile: configFile() }), testPorts());
    expect(used).to.include({ authenticated: true, source: 'config-file', apiVersion: 'v59.0' });
    expect(outcomes(used)).to.include('config-file pass used /project/.sfconnect.json');
    const odd = configFile({ apiVersion: 'v99.0', colour: 'red' });
    const warned = await verifyOrg(request({ configFile: odd }), testPorts());
    expect(warned).to.include({ authenticated: true, apiVersion: 'v67.0' });
    expect(outcomes(warned)).to.include.members([
      'config-file warn warnings The field "colour" is not known and was ignored.',
      'api-version warn not-offered v99.0 v67.0',
    ]);
  });

  it('says that it passed over a .sfconnect.json that was found, which it does not even read', async () => {
    const unread = { ...configFile(), text: '{' };
    const result = await verifyOrg(request({ variables: four, configFile: unread }), testPorts());
    expect(result).to.include({ authenticated: true, source: 'environment', apiVersion: 'v67.0' });
    expect(outcomes(result)).to.include('config-file pass passed-over /project/.sfconnect.json');
    const registered = await verifyOrg(request({ production: 'prod', configFile: unread }), testPorts());
    expect(outcomes(registered)).to.include('config-file pass passed-over /project/.sfconnect.json');
    expect(names(await verifyOrg(request(), testPorts()))).to.not.include('config-file');
  });

  it('asks nothing when the key is wrong', async () => {
    const ports = testPorts();
    ports.keys.read = async () => {
      throw new JitFailure('KeyInvalid', { problem: 'it is a certificate' });
    };
    const result = await verifyOrg(request(), ports);
    expect(result).to.have.nested.property('failure.name', 'KeyInvalid');
    expect(names(result)).to.deep.equal(['credentials', 'proxy', 'ca', 'private-key-variable']);
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('does not ask a sandbox for sandboxes, and calls it what its host says', async () => {
    const fakes = testPorts(emptyRegistry);
    fakes.salesforce.org = { orgId: '00D', name: 'Acme', kind: 'sandbox' };
    const environment = { ...four, instanceUrl: 'https://test.salesforce.com' };
    const abouts: string[] = [];
    const serverFacts: VerifyPorts['serverFacts'] = async (_url, { org, side }) => {
      abouts.push(`${org}, ${side}`);
      return { apiVersions: ['67.0'] };
    };
    const ports = { ...fakes, serverFacts };
    const result = await verifyOrg(request({ variables: environment }), ports);
    expect(result).to.include({ authenticated: true, orgKind: 'sandbox' });
    expect(names(result)).to.not.include.members(['sandboxes']).and.to.not.include('clock');
    expect(abouts).to.deep.equal(['sandbox org ci@acme.example, sandbox']);
    await verifyOrg(request({ variables: four }), ports);
    expect(abouts[1]).to.equal('org ci@acme.example, production');
  });

  it('tests the stored session of an org that sf logged in to, and renews it once when it is refused', async () => {
    const registry = { ...acme(), productionOrgs: [{ ...acme().productionOrgs[0]!, key: { source: 'sf' } as const }] };
    const ports = testPorts(registry);
    const { orgId, instanceUrl } = registry.productionOrgs[0]!;
    ports.sfOrgs.orgs.set(productionUsername, {
      username: productionUsername,
      accessToken: 'old',
      refreshToken: 'r',
      orgId,
      instanceUrl,
    });
    const tokens: string[] = [];
    ports.salesforce.organization = async ({ accessToken }) => {
      tokens.push(accessToken);
      if (accessToken === 'old') throw new JitFailure('SessionInvalid', { org: 'x' });
      return ports.salesforce.org;
    };
    const result = await verifyOrg(request(), ports);
    expect(result).to.include({ authenticated: true, source: 'registration' });
    expect(tokens).to.deep.equal(['old', 'renewed']);
    expect(outcomes(result)).to.include('refresh-token pass kept PlatformCLI');
  });

  it('says what it saw of the refresh token, and where it may be besides, also when the login is refused', async () => {
    const ports = { ...testPorts(acmeWith({ source: 'sf' })), machine: async () => ({ env: {}, ci: 'GitLab CI' }) };
    const { orgId, instanceUrl } = acme().productionOrgs[0]!;
    const app = { clientId: '3MVG9app', orgId, instanceUrl };
    const stored = { username: productionUsername, refreshToken: 'r', accessToken: 'good', ...app };
    const ofToken = async (): Promise<string[]> =>
      outcomes(await verifyOrg(request(), { ...ports, sessions: new Map() })).filter((one) =>
        one.startsWith('refresh-token'),
      );
    const onCi = `refresh-token warn on-ci ${productionUsername} 3MVG9app GitLab CI ${productionUsername}`;
    ports.sfOrgs.orgs.set(productionUsername, stored);
    expect(await ofToken()).to.deep.equal([onCi]);
    ports.sfOrgs.orgs.set(productionUsername, { ...stored, accessToken: undefined });
    ports.salesforce.renewal = () => ({ accessToken: 'new', refreshToken: 'rotated', orgId, instanceUrl });
    expect(await ofToken()).to.deep.equal([onCi, 'refresh-token pass rotates 3MVG9app']);
    ports.sfOrgs.orgs.set(productionUsername, { ...stored, accessToken: undefined });
    ports.salesforce.renewal = () => {
      throw new JitFailure('RefreshTokenInvalid', { org: 'production org', user: productionUsername });
    };
    expect(await ofToken()).to.deep.equal([onCi]);
    ports.sfOrgs.orgs.set(productionUsername, 'unreadable');
    expect(await ofToken()).to.deep.equal([]);
  });

  it('takes a refused session for a blocked app only where it was issued just now by the key', async () => {
    const failures: Array<[key: KeySource, name: string]> = [
      [{ source: 'file', path: '/keys/server.key' }, 'ApiAccessBlocked'],
      [{ source: 'sf' }, 'SessionInvalid'],
    ];
    for (const [key, name] of failures) {
      const registry = acmeWith(key);
      const { orgId, instanceUrl } = registry.productionOrgs[0]!;
      const ports = testPorts(registry);
      ports.sfOrgs.orgs.set(productionUsername, {
        username: productionUsername,
        accessToken: 'old',
        orgId,
        instanceUrl,
      });
      ports.salesforce.organization = async (_session, { org, user }) => {
        throw new JitFailure('SessionInvalid', { org, user });
      };
      const result = await verifyOrg(request(), ports);
      expect(result).to.include({ authenticated: false, source: 'registration', username: productionUsername });
      expect(result).to.have.nested.property('failure.name', name);
    }
  });

  it('calls an org production when it is registered or its host says so', async () => {
    const abouts: string[] = [];
    const serverFacts: VerifyPorts['serverFacts'] = async (_url, { org, side }) => {
      abouts.push(`${org}, ${side}`);
      return { apiVersions: ['67.0'] };
    };
    const registered = acmeWith({ source: 'file', path: '/k' }, 'https://test.salesforce.com');
    await verifyOrg(request(), { ...testPorts(registered), serverFacts });
    const environment = { ...four, instanceUrl: 'https://login.salesforce.com' };
    await verifyOrg(request({ variables: environment }), { ...testPorts(emptyRegistry), serverFacts });
    expect(abouts).to.deep.equal([
      `production org ${productionUsername}, production`,
      'production org ci@acme.example, production',
    ]);
  });

  it('counts sandboxes that are there, each once', async () => {
    const ports = testPorts();
    ports.salesforce.states = [
      state('uat'),
      state('uat', { createdDate: '2026-10-01T00:00:00.000+0000' }),
      state('dev', { status: 'Processing' }),
      state('old', { status: 'Deleted' }),
      state('older', { status: 'Deleting' }),
      state('dead', { status: 'D' }),
    ];
    expect(outcomes(await verifyOrg(request(), ports))).to.include('sandboxes pass visible 2');
  });

  it('names no login when there is none to test', async () => {
    const result = await verifyOrg(request(), testPorts(emptyRegistry));
    expect(result).to.include({ authenticated: false, source: undefined, username: undefined });
    expect(result).to.have.nested.property('failure.name', 'NoProductionOrg');
    expect(names(result)).to.deep.equal(['proxy', 'ca', 'private-key-variable']);
  });

  it('warns of a user who may not see sandboxes, and does not swallow other refusals', async () => {
    const ports = testPorts();
    for (const refusal of [
      new JitFailure('SandboxPermissionMissing', { production: 'p', user: 'u', answer: 'No.' }),
      new JitFailure('UnexpectedAnswer', { org: 'x', host: 'h', answer: 'No.' }),
    ]) {
      ports.salesforce.states = refusal;
      const result = await verifyOrg(request(), ports);
      expect(result.authenticated).to.equal(true);
      expect(outcomes(result)).to.include('sandboxes warn refused No.');
    }
    ports.salesforce.states = new JitFailure('ApiLimitReached', { org: 'x' });
    expect(await verifyOrg(request(), ports)).to.have.nested.property('failure.name', 'ApiLimitReached');
  });

  it('lets errors that are no failures through', async () => {
    const ports = testPorts();
    ports.salesforce.jwtLogin = async () => {
      throw new RangeError('a fault of ours');
    };
    const error = await verifyOrg(request(), ports).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RangeError);
  });
});
