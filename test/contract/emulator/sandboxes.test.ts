import { expect } from 'chai';
import { useEmulator } from './useEmulator.js';

type Rows = Array<Record<string, unknown>>;

describe('emulator: life of a sandbox', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  const rows = async (soql: string): Promise<Rows> => {
    const reply = await emulator.client.query(
      emulator.info.productionUrl,
      await emulator.client.login(),
      soql,
      '/tooling',
    );
    expect(reply.status, reply.text).to.equal(200);
    return reply.json['records'] as Rows;
  };
  const processes = (name: string) =>
    rows(
      `SELECT Id, Status, EndDate, CopyProgress, SandboxOrganization, SandboxInfoId, CreatedById FROM SandboxProcess WHERE SandboxName='${name}' ORDER BY CreatedDate DESC`,
    );
  const sandbox = async (name: string) =>
    (await emulator.control.info()).sandboxes.find((entry) => entry.name === name)!;
  const accountName = async (url: string, token: string) => {
    const reply = await emulator.client.query(url, token, 'SELECT Name FROM Account ORDER BY Name LIMIT 1');
    return reply.status === 200 ? (reply.json['records'] as Rows)[0]!['Name'] : reply.status;
  };

  it('keeps the old copy alive until the new one is activated', async () => {
    const { client, control } = emulator;
    const { url, username, orgId: oldOrgId } = await sandbox('uat');
    const oldToken = await client.login(url, { sub: username });
    const { orgId } = await control.refreshSandbox('uat');
    expect(orgId).not.to.equal(oldOrgId);
    const [copying, earlier] = await processes('uat');
    expect(copying).to.include({ Status: 'Pending', EndDate: null, CopyProgress: 0, SandboxOrganization: null });
    expect(earlier).to.include({ Status: 'Completed', SandboxOrganization: oldOrgId.slice(0, 15) });
    expect(copying!['SandboxInfoId']).to.equal(earlier!['SandboxInfoId']);
    await control.setSandbox('uat', { status: 'Pending Activation' });
    expect(await accountName(url, oldToken)).to.equal('First account of uat copy 1');
    await control.setSandbox('uat', { status: 'Completed' });
    expect(await accountName(url, oldToken)).to.equal(401);
    expect(await accountName(url, await client.login(url, { sub: username }))).to.equal('First account of uat copy 2');
    const [completed] = await processes('uat');
    expect(completed).to.include({ Status: 'Completed', CopyProgress: 100, SandboxOrganization: orgId.slice(0, 15) });
    expect(completed!['EndDate']).to.be.a('string');
    expect((await sandbox('uat')).orgId).to.equal(orgId);
  });

  it('can have an end before it is completed, and be completed without one', async () => {
    const { control } = emulator;
    await control.setSandbox('uat', { status: 'Activating', endDate: true, copyProgress: 97 });
    expect((await processes('uat'))[0])
      .to.include({ Status: 'Activating', CopyProgress: 97 })
      .and.not.include({ EndDate: null });
    await control.setSandbox('uat', { status: 'Completed', endDate: false });
    expect((await processes('uat'))[0]).to.include({ Status: 'Completed', EndDate: null });
    await control.setSandbox('uat', { status: 'Completed' });
  });

  it('copies apps and users as production has them when the copy begins', async () => {
    const { client, control, info } = emulator;
    const { clientId } = await control.createApp({ label: 'Late' });
    await control.createUser({ username: 'late@acme.example' });
    const { url, username } = await sandbox('uat');
    const loginLate = () => client.jwt(url, { sub: 'late@acme.example.uat' });
    expect((await loginLate()).status).to.equal(400);
    await control.refreshSandbox('uat', { complete: true });
    expect((await loginLate()).status).to.equal(200);
    await control.setApp({ clientId, org: 'sandbox:uat', scopes: ['api'] });
    await control.setApp({ kind: 'local-eca' });
    await control.refreshSandbox('uat', { complete: true });
    expect((await client.jwt(url, { sub: username })).json['error_description']).to.contain('is not installed');
    await control.setApp({ kind: 'packaged-eca' });
    await control.refreshSandbox('uat', { complete: true });
    const token = await client.login(url, { sub: username });
    const users = await client.query(url, token, 'SELECT Email FROM User ORDER BY Username');
    const mails = (users.json['records'] as Rows).map((row) => row['Email']);
    expect(mails).to.deep.equal([info.username, 'late@acme.example.invalid']);
  });

  it('is made in any state', async () => {
    const { control, client } = emulator;
    const made = await control.createSandbox({ name: 'Full', status: 'Processing' });
    expect(made).to.include({ name: 'Full', username: 'admin@acme.example.full', orgId: '' });
    expect((await client.get(`${made.url}/services/data`)).status).to.equal(420);
    expect((await processes('Full'))[0]).to.include({ Status: 'Processing', EndDate: null });
    await control.setSandbox('full', { status: 'Completed' });
    expect((await client.jwt(made.url, { sub: made.username })).status).to.equal(200);
    for (const name of ['full', 'not a name', 'elevenchars']) {
      expect(await control.createSandbox({ name }).catch((error: unknown) => String(error)), name).to.contain(
        'Emulator control',
      );
    }
  });

  it('is renamed by a refresh: the SandboxInfo stays, the old name leads nowhere', async () => {
    const { control, client } = emulator;
    await control.createSandbox({ name: 'old' });
    const before = await sandbox('old');
    const [info] = await rows("SELECT Id FROM SandboxInfo WHERE SandboxName='old'");
    const renamed = await control.renameSandbox('old', 'new');
    expect(renamed.username).to.equal('admin@acme.example.new');
    expect(renamed.orgId).not.to.equal(before.orgId);
    expect(await rows("SELECT Id FROM SandboxInfo WHERE SandboxName='new'")).to.deep.equal([info]);
    expect(await processes('old')).to.have.length(1);
    expect((await client.sandboxAuth(await client.login(), { sandboxName: 'old' })).status).to.equal(404);
    expect((await client.sandboxAuth(await client.login(), { sandboxName: 'new' })).json['instanceUrl']).to.equal(
      renamed.url,
    );
    expect(await client.get(`${before.url}/services/data`).catch((error: unknown) => String(error))).to.contain(
      'ECONNREFUSED',
    );
  });

  it('is deleted with its org; the name can be used again', async () => {
    const { control, client } = emulator;
    const { url, username } = await control.createSandbox({ name: 'tmp' });
    const token = await client.login(url, { sub: username });
    await control.deleteSandbox('tmp');
    expect((await processes('tmp')).map((row) => row['Status'])).to.deep.equal(['Deleted']);
    expect(await rows("SELECT Id FROM SandboxInfo WHERE SandboxName='tmp'")).to.deep.equal([]);
    expect((await client.get(`${url}/services/data/v60.0`, token)).status).to.equal(420);
    expect((await client.jwt(url, { sub: username })).json['error']).to.equal('inactive_org');
    const again = await control.createSandbox({ name: 'tmp' });
    expect((await client.jwt(again.url, { sub: username })).status).to.equal(200);
    expect(await processes('tmp')).to.have.length(2);
  });
});

describe('emulator: other orgs', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  const kinds = [
    { kind: 'production', host: 'loginUrl', IsSandbox: false, trial: false, OrganizationType: 'Enterprise Edition' },
    { kind: 'developer', host: 'loginUrl', IsSandbox: false, trial: false, OrganizationType: 'Developer Edition' },
    { kind: 'sandbox', host: 'testUrl', IsSandbox: true, trial: false, OrganizationType: 'Enterprise Edition' },
    { kind: 'scratch', host: 'testUrl', IsSandbox: true, trial: true, OrganizationType: 'Developer Edition' },
  ] as const;

  for (const { kind, host, IsSandbox, trial, OrganizationType } of kinds) {
    it(`makes a ${kind} org`, async () => {
      const { client, control, info } = emulator;
      const made = await control.createOrg({ kind, username: `${kind}@other.example` });
      expect(made.loginUrl).to.equal(info[host]);
      const token = await client.login(made.loginUrl, { sub: made.username });
      const soql = 'SELECT Id, IsSandbox, TrialExpirationDate, OrganizationType FROM Organization';
      const [row] = (await client.query(made.url, token, soql)).json['records'] as Rows;
      expect(row).to.include({ Id: made.orgId, IsSandbox, OrganizationType });
      expect(row!['TrialExpirationDate'] !== null).to.equal(trial);
      const sandboxes = await client.query(made.url, token, 'SELECT Id FROM SandboxInfo', '/tooling');
      expect(sandboxes.status).to.equal(kind === 'production' ? 200 : 400);
    });
  }

  it('keeps a second production org and its sandboxes apart', async () => {
    const { client, control, info } = emulator;
    const other = await control.createOrg({ kind: 'production', username: 'boss@else.example' });
    const made = await control.createSandbox({ name: 'uat', production: other.username });
    expect(made.username).to.equal('boss@else.example.uat');
    expect((await client.sandboxAuth(await client.login(), { sandboxName: 'uat' })).json['instanceUrl']).to.equal(
      info.sandboxes[0]!.url,
    );
    await control.refreshSandbox('boss@else.example/uat', { complete: true });
    const token = await client.login();
    expect((await client.query(other.url, token, 'SELECT Id FROM Account')).status).to.equal(401);
  });
});
