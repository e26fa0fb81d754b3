import { expect } from 'chai';
import { JitFailure } from '../../../src/domain/failures.js';
import type { Verification } from '../../../src/domain/verification.js';
import type { VerifyRequest } from '../../../src/domain/verifyTarget.js';
import { emptyRegistry } from '../../../src/domain/registry.js';
import type { VerifyPorts } from '../../../src/usecases/verifyOrg.js';
import { verifyOrg } from '../../../src/usecases/verifyOrg.js';
import { acme, type FakePorts, fakePorts, loginUrl, productionUsername, testKey } from '../../support/fakes.js';

const none = { hasPrivateKey: false };
const four = { username: 'ci@acme.example', clientId: '3MVG9ci', instanceUrl: loginUrl, hasPrivateKey: true };

function testPorts(registry = acme()): FakePorts & VerifyPorts {
  return {
    ...fakePorts(registry),
    certificateBeside: async () => undefined,
    serverFacts: async () => ({ apiVersions: ['59.0', '67.0'], clockSkew: 0 }),
    machine: async () => ({ env: {} }),
    readStdin: async () => 'piped',
  };
}

const request = (more: Partial<VerifyRequest> = {}): VerifyRequest => ({ flags: {}, environment: none, ...more });
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
        'app',
        'clock',
        'proxy',
        'ca',
        'private-key-variable',
      ],
    ]);
  });

  it('tests what the environment describes before the only registration, and the default among several', async () => {
    const ports = testPorts();
    expect(await verifyOrg(request({ environment: four }), ports)).to.include({
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
    const result = await verifyOrg(request({ environment }), testPorts(emptyRegistry));
    expect(result)
      .to.have.nested.property('failure.facts.field')
      .that.contains('SF_CLIENT_ID')
      .and.contains('SF_PRIVATE_KEY');
    expect(await verifyOrg(request({ environment }), testPorts())).to.include({ source: 'registration' });
  });

  it('reads a key from standard input only when a flag says so', async () => {
    const ports = testPorts();
    const parsed: string[] = [];
    ports.keys.parse = (text) => (parsed.push(text), testKey);
    const flags = { username: 'a@b.example', 'client-id': 'c', 'jwt-key-file': '-' };
    expect(await verifyOrg(request({ flags }), ports)).to.include({ authenticated: true, source: 'flags' });
    expect(parsed).to.deep.equal(['piped']);
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
    const result = await verifyOrg(request({ environment }), ports);
    expect(result).to.include({ authenticated: true, orgKind: 'sandbox' });
    expect(names(result)).to.not.include.members(['sandboxes']).and.to.not.include('clock');
    expect(abouts).to.deep.equal(['sandbox org ci@acme.example, sandbox']);
    await verifyOrg(request({ environment: four }), ports);
    expect(abouts[1]).to.equal('org ci@acme.example, production');
  });

  it('tests the stored session of an org that sf logged in to, and renews it once when it is refused', async () => {
    const registry = { ...acme(), productionOrgs: [{ ...acme().productionOrgs[0]!, key: { source: 'sf' } as const }] };
    const ports = testPorts(registry);
    const { orgId, instanceUrl } = registry.productionOrgs[0]!;
    ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername, accessToken: 'old', orgId, instanceUrl });
    const tokens: string[] = [];
    ports.salesforce.organization = async ({ accessToken }) => {
      tokens.push(accessToken);
      if (accessToken === 'old') throw new JitFailure('SessionInvalid', { org: 'x' });
      return ports.salesforce.org;
    };
    expect(await verifyOrg(request(), ports)).to.include({ authenticated: true, source: 'registration' });
    expect(tokens).to.deep.equal(['old', `renewed token of ${productionUsername}`]);
  });

  it('warns of a user who may not see sandboxes, and does not swallow other refusals', async () => {
    const ports = testPorts();
    ports.salesforce.states = new JitFailure('SandboxPermissionMissing', { production: 'p', user: 'u' });
    const result = await verifyOrg(request(), ports);
    expect(result.findings.find(({ name }) => name === 'sandboxes')).to.include({ status: 'warn' });
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
