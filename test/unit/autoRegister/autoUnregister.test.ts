import { expect } from 'chai';
import { unregisterDeleted } from '../../../src/autoRegister/autoUnregister.js';
import type { LoginRecord } from '../../../src/sfStore/storedOrg.js';
import { acme, fakePorts, productionUsername } from '../../support/fakes.js';

const username = `${productionUsername}.uat`;
const record: LoginRecord = {
  username,
  sandboxName: 'uat',
  productionUsername,
  orgId: '00D5g0000000005EAA',
  authType: 'jwt',
  loggedInAt: '2026-11-22T10:00:00.000Z',
  checkedAt: '2026-11-22T10:00:00.000Z',
  credentialDigest: 'digest',
};
const environment = {
  name: 'acceptance',
  sandboxName: 'uat',
  productionUsername,
  branches: ['main'],
  category: 'test',
};

describe('a sandbox that a stock command deleted', () => {
  it('loses its registration, and what is remembered of its login', async () => {
    const ports = fakePorts();
    ports.sfOrgs.records.set(username, record);
    ports.sfOrgs.held.set(username, [
      { use: 'login', refreshToken: 'r', instanceUrl: 'https://uat.example', orgId: '00D' },
    ]);
    const done = await unregisterDeleted(username, ports);
    expect(done).to.deep.include({ kind: 'unregistered' });
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
    expect([...ports.sfOrgs.records, ...ports.sfOrgs.held]).to.deep.equal([]);
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('is found by its login when another user of it was logged in', async () => {
    const ports = fakePorts();
    const other = 'integration@acme.example.uat';
    ports.sfOrgs.records.set(other, { ...record, username: other, isAnotherUser: true });
    const dev = { ...acme().sandboxes[0]!, sandboxName: 'dev', alias: 'dev' };
    ports.registry.current = { ...acme(), sandboxes: [dev, ...acme().sandboxes] };
    expect((await unregisterDeleted(other, ports)).kind).to.equal('unregistered');
    expect(ports.registry.current.sandboxes).to.deep.equal([dev]);
  });

  it('is still there when sf has a login to it: the user did not confirm', async () => {
    const ports = fakePorts();
    ports.sfOrgs.orgs.set(username, { username });
    ports.sfOrgs.records.set(username, record);
    expect(await unregisterDeleted(username, ports)).to.deep.equal({ kind: 'nothing' });
    expect(ports.registry.current).to.deep.equal(acme());
    expect(ports.sfOrgs.records.size).to.equal(1);
  });

  it('that was not registered is nothing to tell', async () => {
    const ports = fakePorts();
    expect(await unregisterDeleted('someone@else.example.uat', ports)).to.deep.equal({ kind: 'nothing' });
    expect(ports.registry.current).to.deep.equal(acme());
  });

  it('stays in the project file, which is said', async () => {
    const ports = fakePorts();
    const [sandbox] = acme().sandboxes;
    ports.registry.project = { sandboxes: [sandbox!], environments: [] };
    expect((await unregisterDeleted(username, ports)).kind).to.equal('in-project');
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
    expect(ports.registry.project.sandboxes).to.deep.equal([sandbox]);
    expect((await unregisterDeleted(username, ports)).kind, 'registered by the project alone').to.equal('in-project');
  });

  it('keeps its registration while an environment is linked to it', async () => {
    const ports = fakePorts({ ...acme(), environments: [environment] });
    expect(await unregisterDeleted(username, ports)).to.deep.include({ kind: 'linked', environments: ['acceptance'] });
    expect(ports.registry.current.sandboxes).to.have.lengthOf(1);
  });
});
