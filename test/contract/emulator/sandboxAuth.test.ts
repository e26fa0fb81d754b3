import { expect } from 'chai';
import { type Reply, restError } from './protocolClient.js';
import { useEmulator } from './useEmulator.js';

const codeOf = (reply: Reply): unknown[] => [reply.status, restError(reply).errorCode];

describe('emulator: sandboxAuth', () => {
  const emulator = useEmulator();

  it('answers with exactly the four fields that core reads', async () => {
    const { client, info } = emulator;
    const [uat] = info.sandboxes;
    const reply = await client.sandboxAuth(await client.login(), { sandboxName: 'UAT' });
    expect(reply.status).to.equal(200);
    expect(reply.json).to.have.all.keys('authUserName', 'authCode', 'instanceUrl', 'loginUrl');
    expect(reply.json).to.include({
      authUserName: 'admin@acme.example.uat',
      instanceUrl: uat!.url,
      loginUrl: uat!.url,
    });
  });

  it('wants a session of production', async () => {
    const { client, info } = emulator;
    const sandboxToken = await client.login(info.testUrl, { sub: info.sandboxes[0]!.username });
    for (const token of ['', 'made up', sandboxToken]) {
      expect(codeOf(await client.sandboxAuth(token, { sandboxName: 'uat' }))).to.deep.equal([
        401,
        'INVALID_SESSION_ID',
      ]);
    }
    const get = await client.get(`${info.productionUrl}/services/data/v67.0/tooling/sandboxAuth`, await client.login());
    expect(codeOf(get)).to.deep.equal([404, 'NOT_FOUND']);
  });

  it('refuses unknown sandboxes, clients and callback URLs', async () => {
    const { client } = emulator;
    const token = await client.login();
    const ask = (body: Record<string, string> | string) => client.sandboxAuth(token, body).then(codeOf);
    expect(await ask({ sandboxName: 'nowhere' })).to.deep.equal([404, 'NOT_FOUND']);
    expect(await ask({ sandboxName: 'uat', clientId: 'nobody' })).to.deep.equal([400, 'INVALID_CLIENT_ID']);
    expect(await ask({ sandboxName: 'uat', callbackUrl: 'http://localhost:9' })).to.deep.equal([
      400,
      'REDIRECT_URI_MISMATCH',
    ]);
    expect(await ask('not JSON')).to.deep.equal([400, 'JSON_PARSER_ERROR']);
  });

  it('refuses everybody but who made the live copy', async () => {
    const { client, control, info } = emulator;
    await control.createUser({ username: 'bob@acme.example' });
    const bob = await client.login(info.loginUrl, { sub: 'bob@acme.example' });
    expect(codeOf(await client.sandboxAuth(bob, { sandboxName: 'dev' }))).to.deep.equal([403, 'INSUFFICIENT_ACCESS']);
    await control.refreshSandbox('dev', { by: 'bob@acme.example', complete: true });
    const reply = await client.sandboxAuth(bob, { sandboxName: 'dev' });
    expect(reply.json['authUserName']).to.equal('bob@acme.example.dev');
    expect((await client.sandboxAuth(await client.login(), { sandboxName: 'dev' })).status).to.equal(403);
  });

  it('refuses users who may not manage sandboxes', async () => {
    const { client, control, info } = emulator;
    await control.createUser({ username: 'eve@acme.example', managesSandboxes: false });
    const eve = await client.login(info.loginUrl, { sub: 'eve@acme.example' });
    expect(codeOf(await client.sandboxAuth(eve, { sandboxName: 'uat' }))).to.deep.equal([403, 'INSUFFICIENT_ACCESS']);
    const query = await client.query(info.productionUrl, eve, 'SELECT Id FROM SandboxInfo', '/tooling');
    expect(codeOf(query)).to.deep.equal([400, 'INVALID_TYPE']);
  });

  it('says INVALID_STATUS while the copy is under way, and as long as it is told to', async () => {
    const { client, control } = emulator;
    const token = await client.login();
    const ask = () => client.sandboxAuth(token, { sandboxName: 'uat' }).then(codeOf);
    for (const status of ['Pending', 'Processing', 'Sampling', 'Activating', 'Pending Activation']) {
      await control.setSandbox('uat', { status });
      expect(await ask(), status).to.deep.equal([400, 'INVALID_STATUS']);
    }
    await control.setSandbox('uat', { status: 'Completed', authReady: false });
    expect(await ask()).to.deep.equal([400, 'INVALID_STATUS']);
    await control.setSandbox('uat', { authReady: true });
    expect((await client.sandboxAuth(token, { sandboxName: 'uat' })).status).to.equal(200);
  });

  it('answers what a test wants it to', async () => {
    const { client, control } = emulator;
    await control.setSandbox('uat', {
      sandboxAuthAnswer: { status: 418, body: '[{"errorCode":"TEAPOT","message":""}]' },
    });
    const overridden = codeOf(await client.sandboxAuth(await client.login(), { sandboxName: 'uat' }));
    await control.setSandbox('uat', { sandboxAuthAnswer: null });
    expect(overridden).to.deep.equal([418, 'TEAPOT']);
    await control.setSandbox('uat', { sandboxAuthAnswer: { status: 409, body: '[]', clientId: 'PlatformCLI' } });
    const ask = async (body: Record<string, string> = {}) =>
      (await client.sandboxAuth(await client.login(), { sandboxName: 'uat', ...body })).status;
    expect([await ask(), await ask({ clientId: 'PlatformCLI' })]).to.deep.equal([200, 409]);
    await control.setSandbox('uat', { sandboxAuthAnswer: null });
    expect((await client.sandboxAuth(await client.login(), { sandboxName: 'uat' })).status).to.equal(200);
  });
});
