import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import type { TokenRefusal } from '../../../src/emulator/index.js';
import type { AssertionParts, Reply } from './protocolClient.js';
import { useEmulator } from './useEmulator.js';

function expectRefusal(reply: Reply, error: string, description: string): void {
  expect([reply.status, reply.json]).to.deep.equal([400, { error, error_description: description }]);
}

describe('emulator: JWT bearer login', () => {
  const emulator = useEmulator();
  const uat = () => emulator.info.sandboxes[0]!;

  it('answers with exactly the fields of the flow, and no refresh token', async () => {
    const { info, client } = emulator;
    const reply = await client.jwt(info.loginUrl);
    expect(reply.status).to.equal(200);
    expect(reply.json).to.have.all.keys('access_token', 'scope', 'instance_url', 'id', 'token_type');
    expect(reply.json['access_token']).to.match(new RegExp(`^${info.orgId.slice(0, 15)}![.\\w]+$`));
    expect(reply.json['instance_url']).to.equal(info.productionUrl);
    expect(reply.json['id']).to.match(new RegExp(`^${info.loginUrl}/id/${info.orgId}/005\\w{15}$`));
    expect(reply.headers['content-type']).to.equal('application/json;charset=UTF-8');
  });

  it('logs in to production at its My Domain and to a sandbox at the test host and at its My Domain', async () => {
    const { info, client } = emulator;
    const sub = uat().username;
    expect((await client.jwt(info.productionUrl)).json['instance_url']).to.equal(info.productionUrl);
    expect((await client.jwt(info.testUrl, { sub })).json['instance_url']).to.equal(uat().url);
    expect((await client.jwt(uat().url, { sub })).json['id']).to.contain(`${info.testUrl}/id/${uat().orgId}/`);
  });

  it('stays on HTTP for a client that came over HTTP', async () => {
    const { info, client } = emulator;
    const reply = await client.jwt(info.http.loginUrl);
    expect(reply.json['instance_url']).to.equal(info.http.productionUrl);
    expect(reply.json['id']).to.contain(info.http.loginUrl);
  });

  it('takes the documented audiences of the host, and milliseconds in exp, which core sends', async () => {
    const { info, client } = emulator;
    const sub = uat().username;
    const production = 'https://login.salesforce.com';
    const sandbox = 'https://test.salesforce.com';
    const logins: Array<[string, AssertionParts]> = [
      [info.loginUrl, { aud: production }],
      [info.productionUrl, { aud: production }],
      [info.productionUrl, { aud: info.loginUrl }],
      [info.testUrl, { aud: sandbox, sub }],
      [uat().url, { aud: sandbox, sub }],
      [uat().url, { aud: [sandbox], sub }],
      [info.loginUrl, { aud: `${info.loginUrl}/` }],
      [info.loginUrl, { exp: Date.now() + 300 }],
    ];
    for (const [host, parts] of logins)
      expect((await client.jwt(host, parts)).status, JSON.stringify(parts)).to.equal(200);
  });

  it('refuses the audience of the other kind of host', async () => {
    const { info, client } = emulator;
    const sub = uat().username;
    const refused: Array<[string, AssertionParts]> = [
      [info.loginUrl, { aud: 'https://test.salesforce.com' }],
      [info.loginUrl, { aud: info.productionUrl }],
      [info.testUrl, { aud: 'https://login.salesforce.com', sub }],
      [uat().url, { aud: info.productionUrl, sub }],
      [info.loginUrl, { aud: 'salesforce' }],
    ];
    for (const [host, parts] of refused)
      expectRefusal(await client.jwt(host, parts), 'invalid_grant', 'audience is invalid');
  });

  it('refuses a wrong key, another algorithm and what is no assertion', async () => {
    const { info, client } = emulator;
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    for (const parts of [{ key: String(key) }, { algorithm: 'RS512' as const }]) {
      expectRefusal(await client.jwt(info.loginUrl, parts), 'invalid_grant', 'invalid assertion');
    }
    const [header, , signature] = client.assertion(info.loginUrl).split('.');
    const forged = Buffer.from(JSON.stringify({ iss: info.clientId, sub: 'x', aud: info.loginUrl, exp: 1 }));
    const texts = [
      '',
      'abc',
      'a.b.c',
      `${header}.${forged.toString('base64url')}.${signature}`,
      `${header}..${signature}`,
    ];
    for (const assertion of texts) {
      const reply = await client.token(info.loginUrl, { grant_type: grantType, assertion });
      expectRefusal(reply, 'invalid_grant', 'invalid assertion');
    }
  });

  it('refuses an expired assertion in the words for an expired code, by the clock of the server', async () => {
    const { info, client, control } = emulator;
    const soon = Math.floor(Date.now() / 1000);
    expectRefusal(await client.jwt(info.loginUrl, { exp: soon - 1 }), 'invalid_grant', 'expired authorization code');
    await control.setClockSkew(600);
    const late = await client.jwt(info.loginUrl, { exp: soon + 180 });
    await control.setClockSkew(0);
    expectRefusal(late, 'invalid_grant', 'expired authorization code');
    expect(Date.parse(String(late.headers.date)) - Date.now()).to.be.within(590_000, 610_000);
  });

  it('refuses an unknown consumer key and an app without a certificate', async () => {
    const { info, client } = emulator;
    expectRefusal(await client.jwt(info.loginUrl, { iss: 'nobody' }), 'invalid_client_id', 'client identifier invalid');
    expectRefusal(await client.jwt(info.loginUrl, { iss: 'PlatformCLI' }), 'invalid_grant', 'invalid assertion');
  });

  it('tells nobody about users whose signature is not good', async () => {
    const { info, client } = emulator;
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const reply = await client.jwt(info.loginUrl, { sub: 'nobody@acme.example', key: String(key) });
    expectRefusal(reply, 'invalid_grant', 'invalid assertion');
  });

  it('refuses users at a host that is not theirs', async () => {
    const { info, client } = emulator;
    const sub = uat().username;
    const notApproved = "user hasn't approved this consumer";
    expectRefusal(await client.jwt(info.loginUrl, { sub }), 'invalid_grant', 'invalid assertion');
    expectRefusal(await client.jwt(info.testUrl), 'invalid_grant', notApproved);
    expectRefusal(await client.jwt(info.productionUrl, { sub }), 'invalid_grant', notApproved);
    expectRefusal(await client.jwt(info.loginUrl, { sub: 'nobody@acme.example' }), 'invalid_grant', notApproved);
  });

  it('refuses grant types it does not know', async () => {
    const { info, client } = emulator;
    const wrong: Array<Record<string, string>> = [{}, { grant_type: 'password' }];
    for (const fields of wrong) {
      expectRefusal(await client.token(info.loginUrl, fields), 'unsupported_grant_type', 'grant type not supported');
    }
  });
});

describe('emulator: who may log in by JWT', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  const uat = () => emulator.info.sandboxes[0]!;
  const loginToUat = () => emulator.client.jwt(uat().url, { sub: uat().username });

  it('refuses inactive users and users without pre-authorization', async () => {
    const { info, client, control } = emulator;
    await control.createUser({ username: 'gone@acme.example', active: false });
    await control.createUser({ username: 'new@acme.example', preApproved: false });
    expectRefusal(await client.jwt(info.loginUrl, { sub: 'gone@acme.example' }), 'invalid_grant', 'inactive user');
    const refused = await client.jwt(info.loginUrl, { sub: 'new@acme.example' });
    expectRefusal(refused, 'invalid_grant', "user hasn't approved this consumer");
    await control.setUser('new@acme.example', { preApproved: true });
    expect((await client.jwt(info.loginUrl, { sub: 'NEW@acme.example' })).status).to.equal(200);
  });

  it('lets an approval take its time', async () => {
    const { control } = emulator;
    await control.setApp({ org: 'sandbox:uat', approveAfterAttempts: 2 });
    const answers = [await loginToUat(), await loginToUat(), await loginToUat()].map(({ status }) => status);
    expect(answers).to.deep.equal([400, 400, 200]);
  });

  it('refuses an app that is not approved, not installed or blocked in the sandbox', async () => {
    const { control } = emulator;
    await control.setApp({ org: 'sandbox:uat', approval: 'not-approved' });
    expectRefusal(await loginToUat(), 'invalid_grant', "user hasn't approved this consumer");
    await control.setApp({ org: 'sandbox:uat', approval: 'blocked' });
    expectRefusal(await loginToUat(), 'invalid_app_access', 'user is not admin approved to access this app');
    await control.removeApp('uat');
    expectRefusal(await loginToUat(), 'invalid_client', 'External client app is not installed in this org');
    await control.installApp('uat');
    expect((await loginToUat()).status).to.equal(200);
  });

  it('refuses in any of the known words', async () => {
    const { client, control } = emulator;
    const { username } = await control.createUser({ username: 'ci@acme.example.uat', org: 'sandbox:uat' });
    const words: Partial<Record<TokenRefusal, [string, string]>> = {
      'ip-restricted': ['invalid_grant', 'ip restricted'],
      'user-locked': ['invalid_grant', 'user is locked'],
      'authentication-failure': ['invalid_grant', 'authentication failure'],
      'activation-secret': ['invalid_grant', 'activation secret invalid'],
      'app-uninstalled': ['invalid_client', 'app must be installed into org'],
    };
    for (const [refusal, [error, description]] of Object.entries(words)) {
      await control.setUser(username, { refusal: refusal as TokenRefusal });
      expectRefusal(await client.jwt(uat().url, { sub: username }), error, description);
    }
    await control.setUser(username, { refusal: null });
    expect((await client.jwt(uat().url, { sub: username })).status).to.equal(200);
  });

  it('checks the certificate that the org has', async () => {
    const { info, client, control } = emulator;
    await control.setApp({ newCertificate: true });
    expectRefusal(await client.jwt(info.loginUrl), 'invalid_grant', 'invalid assertion');
    expect((await loginToUat()).status, 'the sandbox has its own copy of the app').to.equal(200);
    await control.refreshSandbox('uat', { complete: true });
    expectRefusal(await loginToUat(), 'invalid_grant', 'invalid assertion');
  });
});
