import { expect } from 'chai';
import type { FailureName } from '../../../../src/failures/failures.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { StoredOrg } from '../../../../src/sfStore/storedOrg.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import { findLogins, logoutSandboxes } from '../../../../src/sandboxes/logout/logoutSandboxes.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';
import type { OrgContext } from '../../../../src/salesforce/salesforce.js';

const username = `${productionUsername}.uat`;

describe('logoutSandboxes', () => {
  let ports: FakePorts;
  const login = () =>
    loginSandbox(
      { sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/OauthRedirect' },
      ports,
    );
  beforeEach(async () => {
    ports = fakePorts();
    await login();
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

  it('of all fails for an unreadable login that it made, and leaves others to their user', async () => {
    ports.sfOrgs.orgs.set(username, 'unreadable');
    expect((await logout('all'))[0]).to.include({ status: 'failed', revoked: false });
    ports.sfOrgs.records.clear();
    expect((await logout('all'))[0]).to.include({ status: 'not-logged-in', revoked: false });
    expect((await logout())[0]).to.include({ status: 'failed', revoked: false });
    expect(ports.sfOrgs.orgs.has(username)).to.equal(true);
  });

  it('names sandbox and user in every failure', async () => {
    const stored = ports.sfOrgs.orgs.get(username) as StoredOrg;
    const cases: Array<[FailureName, StoredOrg | 'unreadable']> = [
      ['LoginUnreadable', 'unreadable'],
      ['TraditionalOrgStored', { username, accessToken: 'the user s own' }],
      ['LoginUnreadable', { ...stored, instanceUrl: undefined, loginUrl: undefined }],
      ['LoginUnreadable', { ...stored, instanceUrl: 'no URL' }],
    ];
    for (const [name, org] of cases) {
      ports.sfOrgs.orgs.set(username, org);
      const [outcome] = await logout();
      expect(outcome).to.include({ status: 'failed', revoked: false });
      expect([outcome?.failure?.name, outcome?.failure?.facts]).to.deep.equal([
        name,
        { sandbox: 'uat', user: username },
      ]);
    }
    expect(ports.sfOrgs.orgs.has(username)).to.equal(true);
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('revokes at the login URL when no instance is stored', async () => {
    const stored = ports.sfOrgs.orgs.get(username) as StoredOrg;
    ports.sfOrgs.orgs.set(username, { ...stored, instanceUrl: undefined, loginUrl: 'https://login.uat.example' });
    await logout();
    expect(ports.salesforce.calls).to.deep.equal([`revoke token of ${username} at https://login.uat.example`]);
  });

  it('says of its requests which sandbox they are for', async () => {
    let context: OrgContext | undefined;
    ports.salesforce.revoke = async (_request, whom) => void (context = whom);
    await logout();
    expect(context).to.deep.equal({
      org: 'sandbox uat',
      side: 'sandbox',
      user: username,
      sandbox: 'uat',
      production: productionUsername,
    });
  });

  it('waits for a login to the same sandbox, and a login for it', async () => {
    const held: string[] = [];
    ports.locks.hold = (name, work) => {
      held.push(name);
      return work();
    };
    await logout();
    const ending = [...held];
    held.length = 0;
    await login();
    expect(ending).to.have.lengthOf(1);
    expect(held).to.include(ending[0]);
  });

  it('clears away what another command left of a login', async () => {
    ports.sfOrgs.orgs.delete(username);
    expect((await logout())[0]).to.include({ status: 'not-logged-in', revoked: false });
    expect(ports.sfOrgs.records.size).to.equal(0);
  });

  it('clears nothing away where nothing is left', async () => {
    ports.sfOrgs.orgs.delete(username);
    ports.sfOrgs.records.clear();
    ports.sfOrgs.names.set('uat', username);
    expect((await logout())[0]).to.include({ status: 'not-logged-in', revoked: false });
    expect(ports.sfOrgs.names.get('uat')).to.equal(username);
  });

  it('ends each login once, however often it is named, and reports names that fit nothing', async () => {
    const outcomes = await logout(['uat', 'UAT', username, 'nope']);
    expect(outcomes.map(({ target, status }) => [target.sandboxName, status])).to.deep.equal([
      ['uat', 'logged-out'],
      ['nope', 'failed'],
    ]);
    expect(outcomes[1]).to.include({ revoked: false });
    expect(outcomes[1]?.failure?.name).to.equal('SandboxNotRegistered');
  });

  it('is about the sandboxes of one production org, when that is named', async () => {
    const [prod] = acme().productionOrgs;
    const [uat] = acme().sandboxes;
    const other = { ...prod!, username: 'ops@other.example', alias: 'other' };
    ports.registry.current = {
      ...acme(),
      productionOrgs: [prod!, other],
      sandboxes: [uat!, { ...uat!, username: `${other.username}.uat`, productionUsername: other.username }],
    };
    const found = async (production: string | undefined) => {
      const { targets, unknown } = await findLogins({ sandboxes: 'all', production }, ports);
      expect(unknown).to.deep.equal([]);
      return targets.map((target) => target.productionUsername);
    };
    expect(await found(undefined)).to.deep.equal([productionUsername, other.username]);
    expect(await found('prod')).to.deep.equal([productionUsername]);
    expect(await found('OTHER')).to.deep.equal([other.username]);
    const { name } = await rejection(findLogins({ sandboxes: 'all', production: 'nope' }, ports));
    expect(name).to.equal('ProductionOrgNotRegistered');
  });

  it('lets errors through that are no failures', async () => {
    ports.salesforce.ends = () => {
      throw new RangeError('a fault of ours');
    };
    expect(await logout().catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    ports.sfOrgs.usernameOf = () => Promise.reject(new RangeError('another'));
    expect(await logout().catch((error: unknown) => error)).to.include({ message: 'another' });
  });
});
