import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitSandboxLoginResult } from '../../../src/commands/jit/sandbox/login.js';
import { inParallel, leavesNoSecret, type Stage, type StageSfOptions, useStage } from '../../support/stage.js';

const query = `data query --query 'SELECT Id FROM User'`;

/** Encrypted by core: neither empty nor readable. */
const encrypted = /^[0-9a-f]{32,}:?[0-9a-f]*$/;

async function login(
  stage: Stage,
  flags: string,
  options?: StageSfOptions,
): Promise<JitSandboxLoginResult['sandboxes'][0]> {
  const { sandboxes } = await stage.ok<JitSandboxLoginResult>(`jit sandbox login ${flags}`, options);
  expect(sandboxes).to.have.lengthOf(1);
  return sandboxes[0]!;
}

describe('sandbox login with a key file', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat -n dev');
    },
    { inProcess: true },
  );

  it('takes two requests with a cached production session, and stores a normal sandbox that sf can renew', async () => {
    const { stage } = on;
    const { info } = stage;
    const uat = await stage.sandbox('uat');
    const { options, hosts } = stage.connections();
    expect(await login(stage, '-n uat', options)).to.deep.equal({
      sandboxName: 'uat',
      alias: 'uat',
      username: uat.username,
      orgId: uat.orgId,
      instanceUrl: uat.url,
      loginUrl: uat.url,
      productionUsername: info.username,
      authType: 'jwt',
      signedInBy: 'jwt',
      status: 'logged-in',
      refreshed: false,
    });
    expect(await stage.requests()).to.deep.equal(['production sandboxAuth', 'sandbox:uat token jwt-bearer']);
    expect(await hosts()).to.deep.equal(['localhost']);

    const stored = await stage.storedOrg(uat.username);
    expect(stored).to.include({
      username: uat.username,
      orgId: uat.orgId,
      instanceUrl: uat.url,
      loginUrl: uat.url,
      clientId: info.clientId,
      privateKey: info.keyFile,
      isSandbox: true,
      isScratch: false,
    });
    expect(stored['accessToken']).to.match(encrypted);
    expect(stored).to.not.have.any.keys('refreshToken', 'clientSecret', 'authCode', 'password');
    expect(await stage.json('.sfdx', `${uat.orgId}.sandbox.json`)).to.include({
      sandboxUsername: uat.username,
      sandboxOrgId: uat.orgId,
      prodOrgUsername: info.username,
      sandboxName: 'uat',
    });
    expect(await stage.aliases()).to.deep.equal({ prod: info.username, uat: uat.username });
  });

  it('makes an org that org list shows as a sandbox, and that data query and org display use by its alias', async () => {
    const { stage } = on;
    const uat = await stage.sandbox('uat');
    type Listed = { username: string; alias: string; isSandbox: boolean; connectedStatus: string };
    const orgs = await stage.ok<{ sandboxes: Listed[]; other: Listed[] }>('org list');
    expect(
      orgs.sandboxes.map(({ username, alias, connectedStatus }) => [username, alias, connectedStatus]),
    ).to.deep.equal([[uat.username, 'uat', 'Connected']]);
    expect(orgs.other.map(({ alias }) => alias)).to.deep.equal(['prod']);
    expect((await stage.ok<{ totalSize: number }>(`${query} -o uat`)).totalSize).to.be.above(0);
    expect(await stage.ok('org display -o uat')).to.include({ username: uat.username, id: uat.orgId, alias: 'uat' });
  });

  it('lets stock sf renew the session by itself when it has expired', async () => {
    const { stage } = on;
    await stage.control.expireSessions('sandbox:uat');
    await stage.requests();
    await stage.ok(`${query} -o uat`);
    expect(await stage.requests()).to.include('sandbox:uat token jwt-bearer');
    expect(await stage.ok('jit sandbox display -n uat'), 'still the login of the plugin').to.include({
      state: 'logged-in',
    });
  });

  it('takes three requests when production has no session, sends each assertion to one host, and leaves production logged in', async () => {
    const { stage } = on;
    await stage.ok('org logout -o prod --no-prompt');
    await stage.requests();
    const { options, hosts } = stage.connections();
    await login(stage, '-n uat', options);
    expect(await stage.requests()).to.deep.equal([
      'login token jwt-bearer',
      'production sandboxAuth',
      'sandbox:uat token jwt-bearer',
    ]);
    expect(await hosts()).to.deep.equal(['localhost']);
    expect(await stage.storedOrg(stage.info.username)).to.include({ privateKey: stage.info.keyFile, isSandbox: false });
  });

  it('renews an expired production session once, and uses it for the next login', async () => {
    const { stage } = on;
    await stage.control.expireSessions('production');
    await stage.requests();
    await login(stage, '-n UAT');
    await login(stage, '-n dev --alias development');
    expect(await stage.requests()).to.deep.equal([
      'production sandboxAuth',
      'login token jwt-bearer',
      'production sandboxAuth',
      'sandbox:uat token jwt-bearer',
      'production sandboxAuth',
      'sandbox:dev token jwt-bearer',
    ]);
    expect((await stage.aliases())['development']).to.equal((await stage.sandbox('dev')).username);
  });

  it('finds the sandbox by name, alias and username in any letter case, and keeps the registered alias', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox register -n dev --alias acceptance');
    const { username } = await stage.sandbox('dev');
    await inParallel(['DEV', 'Acceptance', username.toUpperCase()], async (name) => {
      expect(await login(stage, `-n ${name}`)).to.include({ sandboxName: 'dev', alias: 'acceptance', username });
    });
  });

  it('makes the sandbox the default org with --set-default: of the project in a project, else of the machine', async () => {
    const { stage } = on;
    const project = await stage.project();
    await stage.ok('jit sandbox login -n uat --set-default');
    await stage.ok('jit sandbox login -n dev --set-default', { cwd: project });
    expect(await stage.json('.sf', 'config.json')).to.include({ 'target-org': 'uat' });
    expect(JSON.parse(await readFile(join(project, '.sf', 'config.json'), 'utf8'))).to.include({
      'target-org': 'acceptance',
    });
    await stage.requests();
    await Promise.all([stage.ok(query), stage.ok(query, { cwd: project })]);
    expect(new Set((await stage.requests()).map((request) => request.split(' ')[0]))).to.deep.equal(
      new Set(['sandbox:uat', 'sandbox:dev']),
    );
  });

  it('stores the access token alone, or the refresh token too, when --auth-type asks for it', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('dev');
    expect(await login(stage, '-n dev --auth-type access-token')).to.include({ authType: 'access-token' });
    expect(await stage.storedOrg(username)).to.not.have.any.keys(
      'privateKey',
      'refreshToken',
      'clientId',
      'clientSecret',
    );

    expect(await login(stage, '-n dev --auth-type sfdx-auth-url')).to.include({ authType: 'sfdx-auth-url' });
    const stored = await stage.storedOrg(username);
    expect(stored['refreshToken']).to.match(encrypted);
    expect(stored).to.not.have.property('privateKey');
    await stage.control.expireSessions('sandbox:dev');
    await stage.requests();
    await stage.ok(`${query} -o acceptance`);
    expect(await stage.requests()).to.include('sandbox:dev token refresh_token');
  });

  it('leaves no lock and no half-written file behind, and only files of its owner', async () => {
    const { stage } = on;
    const names = await readdir(stage.home, { recursive: true });
    expect(names.filter((name) => /\.(lock|tmp)$/.test(name))).to.deep.equal([]);
    const ours = Object.entries(await stage.snapshot()).filter(([name]) => /jit|@|sandbox\.json/.test(name));
    expect(ours.filter(([, state]) => !state.endsWith(' 600'))).to.deep.equal([]);
  });

  leavesNoSecret(on);
});

describe('sandbox login without a key file', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  it('signs in by JWT when the key comes from a variable too: three requests, the access token alone is stored', async () => {
    const { stage } = on;
    const { info } = stage;
    const env = { PROD_KEY: await stage.key() };
    await stage.ok(
      `jit org register --username ${info.username} --client-id ${info.clientId} --jwt-key-env PROD_KEY -r ${info.loginUrl} -a prod`,
      { env },
    );
    await stage.ok('jit sandbox register -n uat --no-verify');
    await stage.requests();
    expect(await login(stage, '-n uat', { env })).to.include({ authType: 'access-token', status: 'logged-in' });
    expect(await stage.requests()).to.deep.equal([
      'login token jwt-bearer',
      'production sandboxAuth',
      'sandbox:uat token jwt-bearer',
    ]);
    const uat = await stage.sandbox('uat');
    const stored = await stage.storedOrg(uat.username);
    expect(stored['accessToken']).to.match(encrypted);
    expect(stored).to.include({ orgId: uat.orgId, instanceUrl: uat.url, isSandbox: true });
    expect(stored).to.not.have.any.keys('privateKey', 'refreshToken', 'clientId', 'clientSecret', 'authCode');
    expect(await readdir(join(stage.home, '.sfdx'))).to.not.include(`${info.username}.json`);
    await stage.ok(`${query} -o uat`);
    expect((await stage.ok<{ sandboxes: unknown[] }>('org list')).sandboxes).to.have.lengthOf(1);
  });

  it('says which variable is missing when the key is not there', async () => {
    const { stage } = on;
    await stage.requests();
    const { message } = await stage.fails('jit sandbox login -n uat', 'KeyMissing');
    expect(message).to.contain('PROD_KEY');
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('signs in by authorization code, in two requests, when production is an org that sf is logged in to without a key', async () => {
    const { stage } = on;
    await stage.newHome();
    const { sfdxAuthUrl } = await stage.control.issueTokens(stage.info.username);
    // from a file: on a busy machine sf gives up on standard input before it is there
    await stage.ok(`org login sfdx-url --sfdx-url-file ${await stage.file('web.txt', sfdxAuthUrl)} --alias web`);
    await stage.ok('jit org register -o web --alias prod');
    await stage.requests();
    expect(await login(stage, '-n uat')).to.include({ authType: 'sfdx-auth-url', alias: 'uat' });
    expect(await stage.requests()).to.deep.equal(['production sandboxAuth', 'sandbox:uat token authorization_code']);
    const { username } = await stage.sandbox('uat');
    expect((await stage.storedOrg(username))['refreshToken']).to.match(encrypted);
    await stage.control.expireSessions('sandbox:uat');
    // without the hook: stock sf, and programs on its core, renew it as they renew every login
    await stage.ok(`${query} -o uat`, { env: { SF_JIT_AUTO_LOGIN: 'false' } });
    await stage.requests();

    await login(stage, '-n uat');
    expect((await stage.control.livingTokens(username)).map(({ refreshTokens }) => refreshTokens)).to.include(1);
    expect(await login(stage, '-n uat --auth-type access-token')).to.include({ authType: 'access-token' });
    const living = await stage.control.livingTokens(username);
    expect(living.reduce((sum, { refreshTokens }) => sum + refreshTokens, 0)).to.equal(1);
    expect(await stage.storedOrg(username)).to.not.have.any.keys('refreshToken', 'clientId');
    await stage.ok('jit sandbox logout -n uat --no-prompt');
    const left = await stage.control.livingTokens(username);
    expect(left.reduce((sum, { refreshTokens }) => sum + refreshTokens, 0)).to.equal(0);

    await stage.control.createUser({ org: 'production', username: 'second@acme.example' });
    await stage.control.refreshSandbox('dev', { complete: true, by: 'second@acme.example' });
    const { message } = await stage.fails('jit sandbox login -n dev', 'NotSandboxCreator');
    expect(message)
      .to.match(/made by .*second@acme\.example/)
      .and.not.match(/005\w/);
    await stage.control.refreshSandbox('dev', { complete: true, by: stage.info.username });

    await stage.control.expireSessions('production');
    await stage.requests();
    await login(stage, '-n dev');
    expect(await stage.requests(), 'production is renewed by its refresh token').to.include.members([
      'production token refresh_token',
      'sandbox:dev token authorization_code',
    ]);
  });

  it('needs no registration at all when four variables describe production, as on a CI runner', async () => {
    const { stage } = on;
    await stage.newHome();
    const { info } = stage;
    const env = {
      SF_INSTANCE_URL: info.loginUrl,
      SF_CLIENT_ID: info.clientId,
      SF_USERNAME: info.username,
      SF_PRIVATE_KEY: Buffer.from(await stage.key()).toString('base64'),
    };
    await stage.requests();
    expect(await login(stage, '-n uat --alias ci --set-default', { env })).to.include({
      alias: 'ci',
      authType: 'access-token',
    });
    expect(await stage.requests()).to.deep.equal([
      'login token jwt-bearer',
      'production sandboxAuth',
      'sandbox:uat token jwt-bearer',
    ]);
    await stage.ok(query);
    expect(await readdir(join(stage.home, '.sfdx'))).to.not.include(`${info.username}.json`);
  });

  it('uses the callback URL that was given at registration', async () => {
    const { stage } = on;
    await stage.newHome();
    const callbackUrl = 'https://login.salesforce.com/services/oauth2/callback';
    await stage.control.setApp({ callbackUrls: [callbackUrl] });
    const env = { PROD_KEY: await stage.key() };
    const { info } = stage;
    const register = `jit org register --username ${info.username} --client-id ${info.clientId} --jwt-key-env PROD_KEY -r ${info.loginUrl}`;
    await stage.ok(register, { env });
    const { message } = await stage.fails('jit sandbox login -n uat', 'CallbackUrlMismatch', { env });
    expect(message).to.contain('http://localhost:1717/OauthRedirect');
    await stage.ok(`${register} --callback-url ${callbackUrl}`, { env });
    expect(await login(stage, '-n uat', { env })).to.include({ authType: 'access-token' });
  });

  leavesNoSecret(on);
});
