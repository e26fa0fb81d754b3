import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { loginIfNeeded } from '../../../src/autoLogin/loginIfNeeded.js';
import type { Emulator } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import { execWithSandbox } from '../../../src/exec/execWithSandbox.js';
import type { KeySource } from '../../../src/keys/keySource.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import type { Ports } from '../../../src/ports.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import { showCredentials } from '../../../src/sandboxes/credentials/showCredentials.js';
import { loginSandbox } from '../../../src/sandboxes/login/loginSandbox.js';
import type { SuccessfulLogin } from '../../../src/sandboxes/login/sandboxLogin.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

/** A machine of its own: its store is in memory, its requests go to the stand-in. */
type Machine = Omit<FakePorts, 'salesforce'> & Pick<Ports, 'salesforce'>;

const byKey: KeySource = { source: 'file', path: '/keys/server.key' };
const defaults = { variables: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/OauthRedirect' };

describe('the ways of signing in, against the stand-in', () => {
  let emulator: Emulator;
  let username: string;
  beforeEach(async () => {
    emulator = await startEmulator({ sandboxes: ['uat'] });
    username = emulator.info.sandboxes[0]?.username ?? '';
  });
  afterEach(() => emulator.stop());

  const machine = async (key: KeySource = byKey): Promise<Machine> => {
    const { username: productionUsername, orgId, clientId, http, keyFile } = emulator.info;
    const { loginUrl, productionUrl: instanceUrl } = http;
    const org = { username: productionUsername, orgId, clientId, loginUrl, instanceUrl, key };
    const sandbox = { ...acme().sandboxes[0]!, username, productionUsername };
    const ports = fakePorts({ ...acme(), productionOrgs: [org], sandboxes: [sandbox] });
    const privateKey = signingKey(createPrivateKey(await readFile(keyFile, 'utf8')));
    if (key.source === 'sf') {
      const { accessToken } = await emulator.control.issueTokens(productionUsername, clientId);
      const stored = { username: productionUsername, orgId, accessToken, instanceUrl, clientId };
      await ports.sfOrgs.storeProduction(stored, 'prod');
    }
    return { ...ports, salesforce, keys: { ...ports.keys, read: async () => privateKey } };
  };
  const login = async (ports: Machine): Promise<SuccessfulLogin> =>
    (await loginSandbox({ ...defaults, sandbox: 'uat' }, ports)).login;
  const remembered = (ports: Machine): unknown => ports.registry.current.sandboxes[0]?.signedInBy;
  /** Since the last look: where, and what; refused ones with their status. */
  const requests = async (): Promise<string[]> => {
    const log = await emulator.control.log();
    await emulator.control.clearLog();
    return log.map(({ origin, path, grantType, status }) => {
      const what = grantType ?? path.replace(/^.*\/(tooling\/)?/, '').replace(/\?.*$/, '');
      return `${origin} ${what.replace(/^.*:/, '')}${status === 200 ? '' : ` ${status}`}`;
    });
  };
  const livingRefreshTokens = async (): Promise<Record<string, number>> => {
    const living = await emulator.control.livingTokens(username);
    return Object.fromEntries(living.map(({ clientId, refreshTokens }) => [clientId, refreshTokens]));
  };
  const isAlive = async ({ accessToken = '', instanceUrl = '' }): Promise<boolean> =>
    salesforce
      .organization({ accessToken, instanceUrl, orgId: '' }, { org: 'sandbox uat', side: 'sandbox', user: 'u' })
      .then(
        () => true,
        () => false,
      );
  const stored = async (ports: Machine): Promise<Record<string, string>> =>
    (await ports.sfOrgs.read(username)) as Record<string, string>;

  describe("where production's only app is a local external client app", () => {
    beforeEach(async () => {
      await emulator.control.setApp({ kind: 'local-eca' });
      await emulator.control.refreshSandbox('uat', { complete: true });
      await emulator.control.clearLog();
    });

    it("are sf's own app in the end: one word and one exchange more, and from then on two requests", async () => {
      const ports = await machine();
      expect(await login(ports)).to.include({ signedInBy: 'platform-cli', authType: 'access-token', username });
      expect(await requests()).to.deep.equal([
        'login jwt-bearer',
        'production sandboxAuth',
        'sandbox:uat jwt-bearer 400',
        'sandbox:uat authorization_code 400',
        'production sandboxAuth',
        'sandbox:uat authorization_code',
      ]);
      expect(remembered(ports)).to.equal('platform-cli');
      await login(ports);
      expect((await requests()).filter((request) => !request.endsWith('revoke'))).to.deep.equal([
        'production sandboxAuth',
        'sandbox:uat authorization_code',
      ]);
    });

    it('leave one living refresh token after many logins, and the last login works; logins through sf leave sf its own', async () => {
      const ports = await machine();
      for (let count = 1; count <= 12; count += 1) await login(ports);
      expect(await livingRefreshTokens()).to.deep.equal({ PlatformCLI: 1 });
      expect(await isAlive(await stored(ports))).to.equal(true);
      expect(await stored(ports)).not.to.have.any.keys('refreshToken', 'clientId');
    });

    it('store what sf can renew, where production is a login of sf with that app', async () => {
      const ports = await machine({ source: 'sf' });
      expect(await login(ports)).to.include({ signedInBy: 'platform-cli', authType: 'sfdx-auth-url' });
      const { refreshToken = '', clientId = '', loginUrl = '' } = await stored(ports);
      expect(clientId).to.equal('PlatformCLI');
      const about = { org: 'sandbox uat', side: 'sandbox' as const, user: username };
      const renewed = await salesforce.refresh({ loginUrl, clientId, refreshToken }, about);
      expect(await isAlive(renewed)).to.equal(true);
      await login(ports);
      expect(await livingRefreshTokens()).to.deep.equal({ PlatformCLI: 1 });
    });

    it('are used by a command that needs the sandbox, and by commands that store nothing, which revoke', async () => {
      const ports = await machine();
      const made = await loginIfNeeded('uat', async () => defaults, ports);
      expect(made.kind === 'logged-in' && made.login.signedInBy).to.equal('platform-cli');
      const shown = await showCredentials(
        { ...defaults, sandbox: 'uat', type: 'access-token' },
        ports,
        async () => 'yes',
      );
      expect(shown.signedIn.signedInBy).to.equal('platform-cli');
      expect(await livingRefreshTokens(), 'the login and what is shown').to.deep.equal({ PlatformCLI: 2 });
      await requests();
      const commands = {
        prepare: async () => ({
          unlessInterrupted: <T>(work: Promise<T>) => work,
          know: async () => undefined,
          run: async () => {
            expect(await livingRefreshTokens()).to.deep.equal({ PlatformCLI: 3 });
            return { exitCode: 0 };
          },
          interruption: () => ({ exitCode: 1 }),
          wipe: async () => undefined,
        }),
      };
      const runNotes = { keep: async () => ({ forget: async () => undefined }), left: async () => [] };
      const ways: string[] = [];
      await execWithSandbox(
        { ...defaults, sandbox: 'uat', command: ['deploy'] },
        { ...ports, commands, runNotes },
        {
          signedIn: ({ signedInBy }) => ways.push(signedInBy),
          waitingFor: () => undefined,
          waited: () => undefined,
          credential: async () => undefined,
          notNoted: (failure) => expect.fail(failure.name),
          notRevoked: (failure) => expect.fail(failure.name),
        },
      );
      expect(ways).to.deep.equal(['platform-cli']);
      expect(await livingRefreshTokens()).to.deep.equal({ PlatformCLI: 2 });
    });

    it('are none where the sandbox has not even that app: the first refusal is told, with the others', async () => {
      await emulator.control.removeApp('uat', 'PlatformCLI');
      const ports = await machine();
      const { name, facts } = await rejection(login(ports));
      expect([name, facts.alsoTried]).to.deep.equal([
        'AppNotInSandbox',
        'code: AppNotInSandbox; platform-cli: AppBlocked',
      ]);
      expect(ports.sfOrgs.orgs.has(username)).to.equal(false);
      expect(remembered(ports)).to.equal(undefined);
    });

    it('are the usual one again when the other stops working and the app has come', async () => {
      const ports = await machine();
      await login(ports);
      await emulator.control.removeApp('uat', 'PlatformCLI');
      await emulator.control.installApp('uat');
      expect((await login(ports)).signedInBy).to.equal('jwt');
      expect(remembered(ports)).to.equal(undefined);
      await requests();
      await login(ports);
      expect(await requests()).to.deep.equal(['production sandboxAuth', 'sandbox:uat jwt-bearer']);
    });

    for (const [title, status, body] of [
      [
        'in the words of an unknown app',
        400,
        '[{"errorCode":"INVALID_CLIENT_ID","message":"client identifier invalid"}]',
      ],
      ['in words that nobody knows', 400, '[{"errorCode":"INVALID_INPUT","message":"this app cannot be used here"}]'],
      ['as not installed', 400, '[{"errorCode":"X","message":"External client app is not installed in this org"}]'],
    ] as const) {
      it(`ask for sf's app when production gives no word for the other, ${title}`, async () => {
        const { clientId } = emulator.info;
        await emulator.control.setSandbox('uat', { sandboxAuthAnswer: { status, body, clientId } });
        const ports = await machine();
        expect((await login(ports)).signedInBy).to.equal('platform-cli');
        expect(remembered(ports)).to.equal('platform-cli');
        expect((await requests()).slice(-2)).to.deep.equal([
          'production sandboxAuth',
          'sandbox:uat authorization_code',
        ]);
      });
    }
  });

  describe('where somebody else refreshed the sandbox', () => {
    const second = 'second@acme.example';
    let ports: Machine;
    beforeEach(async () => {
      await emulator.control.createUser({ username: second });
      ports = await machine();
      await login(ports);
      await emulator.control.refreshSandbox('uat', { complete: true, by: second });
      await emulator.control.clearLog();
    });

    it("are production's key alone, and from then on one request to the sandbox", async () => {
      expect(await login(ports)).to.include({ signedInBy: 'own-key', authType: 'jwt', refreshed: true });
      expect(await requests()).to.include('sandbox:uat jwt-bearer');
      expect(remembered(ports)).to.equal('own-key');
      expect((await login(ports)).signedInBy).to.equal('own-key');
      expect(await requests()).to.deep.equal(['sandbox:uat jwt-bearer']);
      await emulator.control.refreshSandbox('uat', { complete: true, by: second });
      expect(await login(ports)).to.include({ signedInBy: 'own-key', refreshed: true });
      // then production is asked whose refresh it was, which is told
      expect((await requests())[0]).to.equal('sandbox:uat jwt-bearer');
      expect(await livingRefreshTokens()).to.deep.equal({ [emulator.info.clientId]: 0, PlatformCLI: 0 });
    });

    it('are the usual one again when the key alone is refused and production vouches', async () => {
      await login(ports);
      await emulator.control.refreshSandbox('uat', { complete: true, by: emulator.info.username });
      await emulator.control.setApp({ org: 'sandbox:uat', approveAfterAttempts: 1 });
      expect((await login(ports)).signedInBy).to.equal('jwt');
      expect(remembered(ports)).to.equal(undefined);
    });

    it('are none without a key, nor where the user is not pre-approved; nothing is stored or remembered', async () => {
      const withoutKey = await machine({ source: 'sf' });
      expect((await rejection(login(withoutKey))).name).to.equal('NotSandboxCreator');
      await emulator.control.setUser(username, { preApproved: false });
      const before = await stored(ports);
      const { name, facts } = await rejection(login(ports));
      expect([name, facts.alsoTried]).to.deep.equal(['NotSandboxCreator', 'own-key: UserNotApproved']);
      expect(await stored(ports)).to.equal(before);
      expect(remembered(ports)).to.equal(undefined);
    });

    it('are tried nowhere on a machine that knows no host of it: the stand-in has no My Domain', async () => {
      const elsewhere = await machine();
      expect((await rejection(login(elsewhere))).facts.alsoTried).to.equal(undefined);
      expect((await requests()).filter((request) => request.startsWith('sandbox'))).to.deep.equal([]);
    });
  });

  it('are three requests cold and two warm where nothing is refused', async () => {
    const ports = await machine();
    expect((await login(ports)).signedInBy).to.equal('jwt');
    expect(await requests()).to.deep.equal(['login jwt-bearer', 'production sandboxAuth', 'sandbox:uat jwt-bearer']);
    await login(ports);
    expect(await requests()).to.deep.equal(['production sandboxAuth', 'sandbox:uat jwt-bearer']);
    expect(remembered(ports)).to.equal(undefined);
  });
});
