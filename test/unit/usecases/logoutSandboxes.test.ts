import { expect } from 'chai';
import { JitFailure } from '../../../src/domain/failures.js';
import { loginSandbox } from '../../../src/usecases/loginSandbox.js';
import { findLogins, logoutSandboxes } from '../../../src/usecases/logoutSandboxes.js';
import type { FakePorts } from '../../support/fakes.js';
import { fakePorts, productionUsername } from '../../support/fakes.js';

const username = `${productionUsername}.uat`;

describe('logoutSandboxes', () => {
  let ports: FakePorts;
  beforeEach(async () => {
    ports = fakePorts();
    await loginSandbox(
      { sandbox: 'uat', environment: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/OauthRedirect' },
      ports,
    );
    ports.salesforce.calls.length = 0;
  });

  const logout = async (sandboxes: readonly string[] | 'all' = ['uat']) =>
    logoutSandboxes(await findLogins({ sandboxes }, ports), ports);

  it('revokes first, then removes the org, and keeps the registration', async () => {
    const remove = ports.sfOrgs.remove;
    ports.sfOrgs.remove = async (name) => {
      ports.salesforce.calls.push(`remove ${name}`);
      await remove(name);
    };
    const [outcome] = await logout();
    expect(outcome).to.include({ status: 'logged-out', revoked: true });
    expect(ports.salesforce.calls).to.deep.equal([
      `revoke token of ${username} at https://uat.example`,
      `remove ${username}`,
    ]);
    expect(ports.sfOrgs.orgs.has(username)).to.equal(false);
    expect(ports.registry.current.sandboxes).to.have.lengthOf(1);
  });

  it('counts a token that Salesforce no longer knows as revoked', async () => {
    ports.salesforce.ends = () => {
      throw new JitFailure('SessionInvalid', { org: 'sandbox uat' });
    };
    expect((await logout())[0]).to.include({ status: 'logged-out', revoked: true });
  });

  it('removes the org when the token cannot be revoked, and tells why', async () => {
    const failure = new JitFailure('Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '60' });
    ports.salesforce.ends = () => {
      throw failure;
    };
    expect((await logout())[0]).to.include({ status: 'logged-out', revoked: false, failure });
    expect(ports.sfOrgs.orgs.has(username)).to.equal(false);
  });

  it('touches no login that the user made since', async () => {
    ports.sfOrgs.orgs.set(username, { username, accessToken: 'the user s own' });
    const [named] = await logout();
    expect(named).to.include({ status: 'failed', revoked: false });
    expect(named?.failure?.name).to.equal('TraditionalOrgStored');
    expect((await logout('all'))[0]).to.include({ status: 'not-logged-in', revoked: false });
    expect(ports.sfOrgs.orgs.has(username)).to.equal(true);
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('touches no login that cannot be read', async () => {
    ports.sfOrgs.orgs.set(username, 'unreadable');
    expect((await logout())[0]?.failure?.name).to.equal('LoginUnreadable');
    expect(ports.sfOrgs.orgs.has(username)).to.equal(true);
  });

  it('clears away what another command left of a login', async () => {
    ports.sfOrgs.orgs.delete(username);
    expect((await logout())[0]).to.include({ status: 'not-logged-in', revoked: false });
    expect(ports.sfOrgs.records.size).to.equal(0);
  });

  it('ends each login once, however often it is named, and reports names that fit nothing', async () => {
    const outcomes = await logout(['uat', 'UAT', username, 'nope']);
    expect(outcomes.map(({ target, status }) => [target.sandboxName, status])).to.deep.equal([
      ['uat', 'logged-out'],
      ['nope', 'failed'],
    ]);
  });

  it('lets errors through that are no failures', async () => {
    ports.salesforce.ends = () => {
      throw new RangeError('a fault of ours');
    };
    const thrown = await logout().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(RangeError);
  });
});
