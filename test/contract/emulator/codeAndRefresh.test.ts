import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Reply } from './protocolClient.js';
import { useEmulator } from './useEmulator.js';

const oauthError = ({ status, json }: Reply): unknown[] => [status, json['error'], json['error_description']];

describe('emulator: authorization code', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  const uat = () => emulator.info.sandboxes[0]!;

  it('gives access and refresh token once', async () => {
    const { client, info } = emulator;
    const code = await client.code('uat');
    const reply = await client.exchange(uat().url, code);
    expect(reply.status).to.equal(200);
    const fields = [
      'access_token',
      'scope',
      'instance_url',
      'id',
      'token_type',
      'issued_at',
      'signature',
      'refresh_token',
    ];
    expect(reply.json).to.have.all.keys(fields);
    const query = await client.query(uat().url, String(reply.json['access_token']), 'SELECT Id FROM Account');
    expect(query.json['totalSize']).to.equal(3);
    expect(oauthError(await client.exchange(uat().url, code))).to.deep.equal([
      400,
      'invalid_grant',
      'expired authorization code',
    ]);
    expect(info.orgId.slice(0, 3)).to.equal('00D');
  });

  it('sends a browser back with a code of the admin, which only the verifier of the same login can exchange', async () => {
    const { client, info } = emulator;
    const redirect = 'http://localhost:1717/OauthRedirect';
    const verifier = 'a verifier that sf made up';
    const login = {
      response_type: 'code',
      client_id: 'PlatformCLI',
      redirect_uri: redirect,
      state: 'x y',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    };
    const open = async (fields: Record<string, string>): Promise<Reply> =>
      client.get(
        `${info.loginUrl}/services/oauth2/authorize?${new URLSearchParams({ ...login, ...fields }).toString()}`,
      );
    const reply = await open({});
    expect(reply.status).to.equal(302);
    const target = new URL(String(reply.headers.location));
    expect(target.origin + target.pathname).to.equal(redirect);
    expect(target.searchParams.get('state')).to.equal('x y');
    const code = target.searchParams.get('code') ?? '';
    const exchange = async (code_verifier: string): Promise<Reply> =>
      client.exchange(info.loginUrl, code, { client_id: 'PlatformCLI', code_verifier });
    expect(oauthError(await exchange('another'))).to.deep.equal([400, 'invalid_grant', 'invalid code verifier']);
    const { json } = await exchange(verifier);
    expect(json).to.include({ instance_url: info.productionUrl }).and.to.include.keys('access_token', 'refresh_token');
    expect(String(json['id'])).to.contain(info.orgId);
    expect(oauthError(await open({ redirect_uri: 'https://elsewhere.example' }))[1]).to.equal('redirect_uri_mismatch');
    expect(oauthError(await open({ client_id: 'nobody' }))[1]).to.equal('invalid_client_id');
  });

  it('also works at the test host, and gives no refresh token without its scope', async () => {
    const { client, info, control } = emulator;
    await control.setApp({ org: 'sandbox:uat', scopes: ['api'] });
    const reply = await client.exchange(info.testUrl, await client.code('uat'));
    await control.setApp({ org: 'sandbox:uat', scopes: ['api', 'refresh_token'] });
    expect(reply.json['scope']).to.equal('api');
    expect(reply.json).not.to.have.property('refresh_token');
  });

  it('is bound to client, redirect URI and org, and is not used up by a wrong try', async () => {
    const { client, info } = emulator;
    const code = await client.code('uat');
    const tries: Array<[Promise<Reply>, string, string]> = [
      [client.exchange(uat().url, code, { client_id: 'PlatformCLI' }), 'invalid_grant', 'invalid authorization code'],
      [client.exchange(uat().url, code, { client_id: 'nobody' }), 'invalid_client_id', 'client identifier invalid'],
      [
        client.exchange(uat().url, code, { redirect_uri: 'http://localhost:1718/OauthRedirect' }),
        'redirect_uri_mismatch',
        'redirect_uri must match configuration',
      ],
      [client.exchange(info.productionUrl, code), 'invalid_grant', 'invalid authorization code'],
      [client.exchange(uat().url, 'made up'), 'invalid_grant', 'invalid authorization code'],
    ];
    for (const [reply, error, description] of tries) {
      expect(oauthError(await reply)).to.deep.equal([400, error, description]);
    }
    expect((await client.exchange(uat().url, code)).status).to.equal(200);
  });

  it('works with another callback URL of the app, and with PlatformCLI', async () => {
    const { client } = emulator;
    const callbackUrl = 'https://login.salesforce.com/services/oauth2/callback';
    const guided = await client.exchange(uat().url, await client.code('uat', { callbackUrl }), {
      redirect_uri: callbackUrl,
    });
    const platform = { clientId: 'PlatformCLI' };
    const stock = await client.exchange(uat().url, await client.code('uat', platform), { client_id: 'PlatformCLI' });
    expect([guided.status, stock.status]).to.deep.equal([200, 200]);
  });

  it('asks for the secret when the app has one', async () => {
    const { client, control } = emulator;
    await control.setApp({ org: 'sandbox:uat', clientSecret: 'open sesame' });
    const code = await client.code('uat');
    const refused = await client.exchange(uat().url, code);
    const taken = await client.exchange(uat().url, code, { client_secret: 'open sesame' });
    await control.setApp({ org: 'sandbox:uat', clientSecret: null });
    expect(oauthError(refused)).to.deep.equal([400, 'invalid_client', 'invalid client credentials']);
    expect(taken.status).to.equal(200);
  });

  it('expires', async () => {
    const { client, control } = emulator;
    await control.setCodeLifetime(0);
    const late = await client.exchange(uat().url, await client.code('uat'));
    await control.setCodeLifetime(900);
    expect(late.json['error_description']).to.equal('expired authorization code');
  });

  it('dies with the copy of the sandbox that it was for', async () => {
    const { client, control } = emulator;
    const code = await client.code('uat');
    await control.refreshSandbox('uat', { complete: true });
    expect((await client.exchange(uat().url, code)).json['error_description']).to.equal('expired authorization code');
  });

  it('cures a missing app and a missing approval, but not a blocked one', async () => {
    const { client, control } = emulator;
    await control.setApp({ org: 'sandbox:uat', approval: 'not-approved' });
    expect((await client.exchange(uat().url, await client.code('uat'))).status).to.equal(200);
    await control.setApp({ org: 'sandbox:uat', approval: 'blocked' });
    expect((await client.exchange(uat().url, await client.code('uat'))).json['error']).to.equal('invalid_app_access');
    await control.removeApp('uat');
    expect((await client.exchange(uat().url, await client.code('uat'))).status).to.equal(200);
  });

  it('does not cure an external client app that production has alone, and PlatformCLI does unless the sandbox lacks it', async () => {
    const { client, control } = emulator;
    const { clientId } = await control.createApp({ kind: 'local-eca' });
    const app = { client_id: clientId };
    const refused = await client.exchange(uat().url, await client.code('uat', { clientId }), app);
    expect(oauthError(refused)).to.deep.equal([
      400,
      'invalid_client',
      'External client app is not installed in this org',
    ]);
    const byCli = async () =>
      client.exchange(uat().url, await client.code('uat', { clientId: 'PlatformCLI' }), { client_id: 'PlatformCLI' });
    expect((await byCli()).json).to.include.keys('access_token', 'refresh_token');
    await control.removeApp('uat', 'PlatformCLI');
    expect(oauthError(await byCli())).to.deep.equal([400, 'invalid_client', 'app must be installed into org']);
  });
});

describe('emulator: refresh token', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  const uat = () => emulator.info.sandboxes[0]!;
  const refresh = (refreshToken: string, fields: Record<string, string> = {}, host = uat().url) =>
    emulator.client.token(host, {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: emulator.info.clientId,
      ...fields,
    });
  const login = async () => {
    const { json } = await emulator.client.exchange(uat().url, await emulator.client.code('uat'));
    return { access: String(json['access_token']), refresh: String(json['refresh_token']) };
  };
  const alive = async (token: string) =>
    (await emulator.client.get(`${uat().url}/services/data/v60.0`, token)).status === 200;
  const dead = [400, 'invalid_grant', 'expired access/refresh token'];

  it('gives new access tokens again and again, and keeps itself', async () => {
    const tokens = await login();
    const replies = [await refresh(tokens.refresh), await refresh(tokens.refresh)];
    for (const { status, json } of replies) {
      expect(status).to.equal(200);
      expect(json).not.to.have.property('refresh_token');
      expect(await alive(String(json['access_token']))).to.equal(true);
    }
  });

  it('is refused for another client and at another org', async () => {
    const tokens = await login();
    expect(oauthError(await refresh(tokens.refresh, { client_id: 'PlatformCLI' }))).to.deep.equal(dead);
    expect(oauthError(await refresh(tokens.refresh, {}, emulator.info.productionUrl))).to.deep.equal(dead);
    expect(oauthError(await refresh('made up'))).to.deep.equal(dead);
  });

  it('works once when the app rotates', async () => {
    await emulator.control.setApp({ org: 'sandbox:uat', rotatesRefreshTokens: true });
    const tokens = await login();
    const second = String((await refresh(tokens.refresh)).json['refresh_token']);
    expect(second).not.to.equal(tokens.refresh);
    expect(oauthError(await refresh(tokens.refresh))).to.deep.equal(dead);
    expect((await refresh(second)).status).to.equal(200);
    await emulator.control.setApp({ org: 'sandbox:uat', rotatesRefreshTokens: false });
    expect(await emulator.control.issuedSecrets()).to.include.members([tokens.refresh, second, tokens.access]);
  });

  it('takes its access tokens with it when it is revoked; an access token goes alone', async () => {
    const { client } = emulator;
    const tokens = await login();
    const other = String((await refresh(tokens.refresh)).json['access_token']);
    const revoke = (token: string) => client.form(`${uat().url}/services/oauth2/revoke`, { token });
    expect((await revoke(tokens.access)).status).to.equal(200);
    expect([await alive(tokens.access), await alive(other)]).to.deep.equal([false, true]);
    expect((await revoke(tokens.refresh)).status).to.equal(200);
    expect(await alive(other)).to.equal(false);
    expect(oauthError(await refresh(tokens.refresh))).to.deep.equal(dead);
    expect((await revoke('made up')).status).to.equal(400);
  });

  it('is dead after a refresh of the sandbox', async () => {
    const tokens = await login();
    await emulator.control.refreshSandbox('uat', { complete: true });
    expect(oauthError(await refresh(tokens.refresh))).to.deep.equal(dead);
    expect(await alive(tokens.access)).to.equal(false);
  });

  it('comes from issueTokens as from a web login', async () => {
    const { client, control, info } = emulator;
    const issued = await control.issueTokens(info.username);
    const host = new URL(info.productionUrl).host;
    expect(issued.sfdxAuthUrl).to.equal(`force://PlatformCLI::${issued.refreshToken}@${host}`);
    expect((await refresh(issued.refreshToken, { client_id: 'PlatformCLI' }, info.loginUrl)).status).to.equal(200);
    expect((await client.get(`${issued.instanceUrl}/services/data/v60.0`, issued.accessToken)).status).to.equal(200);
  });
});

describe('emulator: how many refresh tokens a user and an app may have', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });

  it('is five: the sixth ends the oldest, with its access tokens; JWT logins make none', async () => {
    const { client, info, control } = emulator;
    const { url, username } = info.sandboxes[0]!;
    const replies: Reply[] = [];
    for (let count = 1; count <= 6; count += 1) replies.push(await client.exchange(url, await client.code('uat')));
    const statuses = await Promise.all(
      replies.map(
        async ({ json }) => (await client.query(url, String(json['access_token']), 'SELECT Id FROM Account')).status,
      ),
    );
    expect(statuses).to.deep.equal([401, 200, 200, 200, 200, 200]);
    const living = async (): Promise<unknown> =>
      (await control.livingTokens(username)).find(({ clientId }) => clientId === info.clientId);
    expect(await living()).to.deep.equal({ clientId: info.clientId, refreshTokens: 5, accessTokens: 5 });
    // another app counts for itself
    await control.issueTokens(username);
    expect(await living()).to.deep.equal({ clientId: info.clientId, refreshTokens: 5, accessTokens: 5 });
  });
});
