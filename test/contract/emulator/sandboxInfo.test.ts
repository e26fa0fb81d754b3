import { expect } from 'chai';
import type { Reply } from './protocolClient.js';
import { restError } from './protocolClient.js';
import { useEmulator } from './useEmulator.js';

describe('emulator: SandboxInfo', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  let token: string;
  before(async () => {
    token = await emulator.client.login();
  });

  const send = (method: string, id = '', body?: unknown, as = token): Promise<Reply> =>
    emulator.client.send(
      `${emulator.info.productionUrl}/services/data/v67.0/tooling/sobjects/SandboxInfo${id && `/${id}`}`,
      {
        method,
        headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
    );
  const rows = async (soql: string): Promise<Array<Record<string, unknown>>> => {
    const reply = await emulator.client.query(emulator.info.productionUrl, token, soql, '/tooling');
    return reply.json['records'] as Array<Record<string, unknown>>;
  };
  const processes = (name: string) =>
    rows(`SELECT Id, Status, CreatedById FROM SandboxProcess WHERE SandboxName='${name}' ORDER BY CreatedDate DESC`);
  const infoId = async (name: string) =>
    String((await rows(`SELECT Id FROM SandboxInfo WHERE SandboxName='${name}'`))[0]?.['Id']);
  const names = async () => (await emulator.control.info()).sandboxes.map(({ name }) => name);

  it('creates a sandbox by an insert, refreshes it by an update, and deletes it by a delete', async () => {
    const created = await send('POST', '', { SandboxName: 'qa', LicenseType: 'Developer' });
    expect([created.status, created.json['success']]).to.deep.equal([201, true]);
    const id = String(created.json['id']);
    expect(id).to.equal(await infoId('qa'));
    expect((await processes('qa')).map((row) => row['Status'])).to.deep.equal(['Completed']);
    const [before] = (await emulator.control.info()).sandboxes.filter(({ name }) => name === 'qa');
    expect((await send('PATCH', id, { SandboxName: 'qa', AutoActivate: true })).status).to.equal(204);
    const [after] = (await emulator.control.info()).sandboxes.filter(({ name }) => name === 'qa');
    expect(after!.orgId).to.not.equal(before!.orgId);
    expect(await processes('qa')).to.have.lengthOf(2);
    expect((await send('DELETE', id.slice(0, 15))).status).to.equal(204);
    expect(await names()).to.deep.equal(['uat']);
    expect((await send('DELETE', id)).status).to.equal(404);
  });

  it('holds copies on demand, until they are completed', async () => {
    await emulator.control.holdCopies(true);
    await send('POST', '', { SandboxName: 'slow' });
    expect((await processes('slow'))[0]).to.include({ Status: 'Pending' });
    await send('PATCH', await infoId('uat'), {});
    expect((await processes('uat')).map((row) => row['Status'])).to.deep.equal(['Pending', 'Completed']);
    await emulator.control.holdCopies(false);
    await emulator.control.setSandbox('uat', { status: 'Completed' });
    await emulator.control.deleteSandbox('slow');
  });

  it('makes whoever sent it the owner of the copy, and renames by the same refresh', async () => {
    const { userId } = await emulator.control.createUser({ username: 'grace@acme.example' });
    const grace = await emulator.client.login(undefined, { sub: 'grace@acme.example' });
    await send('PATCH', await infoId('uat'), {}, grace);
    expect((await processes('uat'))[0]).to.include({ CreatedById: userId });
    await send('PATCH', await infoId('uat'), { SandboxName: 'accept' });
    expect(await names()).to.deep.equal(['accept']);
  });

  it('refuses what cannot be', async () => {
    const id = await infoId('accept');
    const refused = async (reply: Promise<Reply>) => {
      const answer = await reply;
      return [answer.status, restError(answer).errorCode];
    };
    expect(await refused(send('POST', '', { SandboxName: 'ACCEPT' }))).to.deep.equal([400, 'DUPLICATE_VALUE']);
    expect(await refused(send('POST', '', { SandboxName: 'eleven-char' }))).to.deep.equal([
      400,
      'FIELD_INTEGRITY_EXCEPTION',
    ]);
    expect(await refused(send('POST', '', {}))).to.deep.equal([400, 'FIELD_INTEGRITY_EXCEPTION']);
    expect(await refused(send('POST', '', '{'))).to.deep.equal([400, 'JSON_PARSER_ERROR']);
    expect(await refused(send('PUT', id, {}))).to.deep.equal([404, 'NOT_FOUND']);
    expect(await refused(send('POST', id, {}))).to.deep.equal([404, 'NOT_FOUND']);
    expect(await refused(send('DELETE', '0GQ000000000000'))).to.deep.equal([404, 'NOT_FOUND']);
    expect(await refused(send('DELETE', id, undefined, 'no session'))).to.deep.equal([401, 'INVALID_SESSION_ID']);
    await emulator.control.setUser('grace@acme.example', { managesSandboxes: false });
    const grace = await emulator.client.login(undefined, { sub: 'grace@acme.example' });
    expect(await refused(send('DELETE', id, undefined, grace))).to.deep.equal([404, 'NOT_FOUND']);
    expect(await names()).to.deep.equal(['accept']);
  });
});
