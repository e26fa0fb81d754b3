import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Emulator } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import type { KeySource } from '../../../src/keys/keySource.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import type { Ports } from '../../../src/ports.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import { loginSandbox } from '../../../src/sandboxes/login/loginSandbox.js';
import type { AuthType } from '../../../src/sfStore/storedOrg.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts } from '../../support/fakes.js';

/** A machine of its own: its store is in memory, its requests go to the stand-in. */
type Machine = Omit<FakePorts, 'salesforce'> & Pick<Ports, 'salesforce'>;

describe('logins and the sessions of others', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ sandboxes: ['uat'] });
  });
  after(() => emulator.stop());

  const machine = async (key: KeySource, clientId = emulator.info.clientId): Promise<Machine> => {
    const { username, orgId, http, keyFile } = emulator.info;
    const registry = acme();
    const org = { username, orgId, clientId, loginUrl: http.loginUrl, instanceUrl: http.productionUrl, key };
    const ports = fakePorts({ ...registry, productionOrgs: [org], sandboxes: [] });
    const privateKey = signingKey(createPrivateKey(await readFile(keyFile, 'utf8')));
    return { ...ports, salesforce, keys: { ...ports.keys, read: async () => privateKey } };
  };
  const withSfLogin = async (): Promise<Machine> => {
    const { username, orgId, http } = emulator.info;
    const ports = await machine({ source: 'sf' }, 'PlatformCLI');
    const { accessToken } = await emulator.control.issueTokens(username);
    const instanceUrl = http.productionUrl;
    await ports.sfOrgs.storeProduction({ username, orgId, accessToken, instanceUrl, clientId: 'PlatformCLI' }, 'prod');
    return ports;
  };
  const login = async (ports: Machine, authType?: AuthType): Promise<{ accessToken: string; instanceUrl: string }> => {
    const { login: result } = await loginSandbox(
      {
        sandbox: 'uat',
        variables: { hasPrivateKey: false },
        callbackUrl: 'http://localhost:1717/OauthRedirect',
        authType,
      },
      ports,
    );
    const { accessToken = '', instanceUrl = '' } = (await ports.sfOrgs.read(result.username)) as Record<string, string>;
    return { accessToken, instanceUrl };
  };
  const refreshTokens = async (): Promise<number> => {
    const username = emulator.info.sandboxes[0]?.username ?? '';
    const living = await emulator.control.livingTokens(username);
    return living.reduce((sum, { refreshTokens: count }) => sum + count, 0);
  };
  const isAlive = async ({
    accessToken,
    instanceUrl,
  }: {
    accessToken: string;
    instanceUrl: string;
  }): Promise<boolean> =>
    salesforce
      .organization({ accessToken, instanceUrl, orgId: '' }, { org: 'sandbox uat', side: 'sandbox', user: 'u' })
      .then(
        () => true,
        () => false,
      );

  for (const [title, open, authType, left] of [
    ['with a key file', () => machine({ source: 'file', path: '/k' }), undefined, 0],
    ['with a key from a variable', () => machine({ source: 'env', name: 'K' }), undefined, 0],
    ['through a login of sf', withSfLogin, undefined, 1],
    ['through a login of sf, for the access token alone', withSfLogin, 'access-token', 1],
  ] as const) {
    it(`a hundred logins ${title} leave ${left} refresh token, and the last one works`, async () => {
      const before = await refreshTokens();
      const ports = await open();
      let last = await login(ports, authType);
      for (let count = 2; count <= 100; count += 1) last = await login(ports, authType);
      expect((await refreshTokens()) - before).to.equal(left);
      expect(await isAlive(last)).to.equal(true);
    });
  }

  it('of ten pipelines that run at once, each with the key in a variable, none ends the login of another', async () => {
    const jobs = await Promise.all(Array.from({ length: 10 }, () => machine({ source: 'env', name: 'K' })));
    const logins = await Promise.all(jobs.map((ports) => login(ports)));
    expect(new Set(logins.map(({ accessToken }) => accessToken)).size).to.equal(10);
    expect(await Promise.all(logins.map(isAlive))).to.deep.equal(logins.map(() => true));
  });
});
