import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Emulator } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import type { ConfigFile } from '../../../src/production/configFile.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import { loginSandbox } from '../../../src/sandboxes/login/loginSandbox.js';
import { acme, fakePorts } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

describe('the API version of requests to production', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ sandboxes: ['uat'] });
  });
  after(() => emulator.stop());

  /** Versions in the paths of what production was asked by a login to this sandbox, by way of a file that was found. */
  const asked = async (sandbox: string, apiVersion?: string): Promise<string[]> => {
    const { username, clientId, http, keyFile } = emulator.info;
    const fields = { instanceUrl: http.loginUrl, clientId, username, privateKeyPath: keyFile, algorithm: 'RS256' };
    const configFile: ConfigFile = {
      path: '/project/.sfconnect.json',
      text: JSON.stringify({ ...fields, ...(apiVersion === undefined ? {} : { apiVersion }) }),
      isNamed: false,
    };
    const fakes = fakePorts({ ...acme(), productionOrgs: [], sandboxes: [] });
    const key = signingKey(createPrivateKey(await readFile(keyFile, 'utf8')));
    const ports = { ...fakes, salesforce, keys: { ...fakes.keys, read: async () => key } };
    await emulator.control.clearLog();
    const request = {
      sandbox,
      variables: { hasPrivateKey: false },
      callbackUrl: 'http://localhost:1717/OauthRedirect',
    };
    const login = loginSandbox({ ...request, configFile }, ports);
    if (sandbox === 'uat') expect((await login).login.status).to.equal('logged-in');
    else expect((await rejection(login)).name).to.equal('SandboxNotFound');
    const log = await emulator.control.log();
    return log
      .filter(({ origin }) => origin === 'production')
      .flatMap(({ path }) => /\/services\/data\/(v[\d.]+)\//.exec(path)?.[1] ?? []);
  };

  it('is the one that the used file says, also when production explains a refusal', async () => {
    expect(await asked('uat', 'v59.0')).to.deep.equal(['v59.0']);
    const versions = await asked('nosuch', 'v61.0');
    expect(versions).to.have.length.above(1);
    expect(new Set(versions)).to.deep.equal(new Set(['v61.0']));
  });

  it('is a fixed one where the file says none', async () => {
    expect(await asked('uat')).to.deep.equal(['v60.0']);
  });
});
