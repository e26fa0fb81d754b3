import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import { confirmSandbox } from '../../../../src/sandboxes/signIn/confirmSandbox.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import type { LoginRecord, StoredOrg } from '../../../../src/sfStore/storedOrg.js';
import { credentialDigest } from '../../../../src/sfStore/storedOrg.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, productionUsername, state } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const username = `${productionUsername}.uat`;
const orgId = '00D5g0000000005EAA';
const own = 'https://acme--uat.sandbox.my.salesforce.com';
const foreign = 'https://evil--uat.sandbox.my.salesforce.com';

describe('an org that was signed in to without production', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
    ports.salesforce.states = [state('uat', { sandboxOrgId: '00D5g0000000007' })];
  });

  const confirm = async (instanceUrl: string, user = username): Promise<void> => {
    const registry = acme();
    const productionOrgs = registry.productionOrgs.map((org) => ({
      ...org,
      instanceUrl: 'https://acme.my.salesforce.com',
    }));
    const request = { sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/O' };
    const target = findLoginTarget(request, { ...registry, productionOrgs });
    await confirmSandbox({ username: user, orgId, instanceUrl }, target, ports);
  };
  const store = async (more: Partial<LoginRecord> = {}, accessToken = 'token'): Promise<void> => {
    const org = { username, orgId, accessToken, instanceUrl: `${foreign}/` };
    const record: LoginRecord = {
      username,
      sandboxName: 'UAT',
      productionUsername: productionUsername.toUpperCase(),
      orgId,
      authType: 'access-token',
      loggedInAt: '2026-11-22T10:00:00.000Z',
      checkedAt: '2026-11-22T10:00:00.000Z',
      credentialDigest: credentialDigest({ ...org, accessToken: 'token' }, 'access-token'),
      ...more,
    };
    await ports.sfOrgs.storeSandbox({ org, record, alias: undefined, replacedOrgIds: [] });
  };

  it("is the sandbox at production's My Domain with its name, which costs no request", async () => {
    await confirm(own);
    await confirm(`${own}/`);
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('is the sandbox where the plugin was logged in to it before, also for another user', async () => {
    await store();
    await confirm(foreign);
    await confirm(foreign, 'tester@acme.example.uat');
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('is the sandbox when production lists its org id, of whichever copy', async () => {
    const current = state('UAT', { sandboxOrgId: orgId.slice(0, 15), createdDate: '2026-11-01T00:00:00.000+0000' });
    const next = state('UAT', { status: 'Processing', createdDate: '2026-11-09T00:00:00.000+0000' });
    ports.salesforce.states = [next, current];
    await confirm(foreign);
    expect(ports.salesforce.calls.at(-1)).to.equal('sandboxStates');
  });

  const refused = async (): Promise<JitFailure> => {
    const failure = await rejection(confirm(foreign));
    expect(failure.name).to.equal('SandboxUnconfirmed');
    return failure;
  };

  it('is refused otherwise, naming user and host', async () => {
    expect((await refused()).facts).to.deep.equal({
      sandbox: 'uat',
      production: productionUsername,
      user: username,
      host: 'evil--uat.sandbox.my.salesforce.com',
    });
  });

  for (const near of [
    'https://acme--uat.sandbox.my.salesforce.com.evil.example',
    'https://acme--uat2.sandbox.my.salesforce.com',
    'https://acme--uat.my.salesforce.com',
    'http://acme--uat.sandbox.my.salesforce.com',
  ]) {
    it(`is refused at ${near}`, async () => {
      expect((await rejection(confirm(near))).name).to.equal('SandboxUnconfirmed');
    });
  }

  for (const [title, more, token] of [
    ['another sandbox', { sandboxName: 'dev' }, 'token'],
    ['a sandbox of another production org', { productionUsername: 'ops@other.example' }, 'token'],
    ["a login that the user made since, which proves the user's word only", {}, 'made by the user'],
  ] as const) {
    it(`is refused where the login before was of ${title}`, async () => {
      await store(more, token);
      await refused();
    });
  }

  it('is refused where the login before was at another address, cannot be read, or is not known whose it was', async () => {
    await store();
    expect((await rejection(confirm('https://other--uat.sandbox.my.salesforce.com'))).name).to.equal(
      'SandboxUnconfirmed',
    );
    const { orgs, records } = ports.sfOrgs;
    const org = orgs.get(username) as StoredOrg;
    for (const odd of ['', 'no address', undefined]) {
      orgs.set(username, { ...org, instanceUrl: odd });
      await refused();
    }
    orgs.set(username, 'unreadable');
    await refused();
    orgs.delete(username);
    await refused();
    orgs.set(username, org);
    records.delete(username);
    await refused();
  });

  it('is refused when the list has that org id under another name', async () => {
    ports.salesforce.states = [state('dev', { sandboxOrgId: orgId })];
    await refused();
  });

  it('is refused when production cannot be asked, and the reason is kept', async () => {
    ports.salesforce.states = new JitFailure('SandboxPermissionMissing', { production: 'p', user: 'u' });
    const { facts, cause } = await refused();
    expect([facts.problem, (cause as JitFailure).name]).to.deep.equal([
      'SandboxPermissionMissing',
      'SandboxPermissionMissing',
    ]);
  });

  it('does not hide an error of the program', async () => {
    const bug = new RangeError('bug');
    ports.salesforce.sandboxStates = () => Promise.reject(bug);
    expect(await confirm(foreign).catch((error: unknown) => error)).to.equal(bug);
  });
});
