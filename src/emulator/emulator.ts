import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppCertificate, createAuthority, type KeyAndCertificate } from './server/certificates.js';
import { controlApi } from './control/controlApi.js';
import { EmulatorControl } from './control/controlClient.js';
import { controlHandlers, describeSandbox } from './control/controlOperations.js';
import type { EmulatorInfo } from './control/controlTypes.js';
import { randomText } from './world/identifiers.js';
import { Listener } from './server/listener.js';
import { createSandbox } from './world/sandboxes.js';
import { SalesforceServer } from './server/server.js';
import { sfCallbackUrl, type World } from './world/world.js';

export type EmulatorOptions = {
  /** Port of the login host; any free one if 0 or left out. */
  port?: number;
  /** Names of the sandboxes that are there from the start: `uat` and `dev`, if left out. */
  sandboxes?: string[];
  /** Milliseconds by which every answer is delayed. */
  latencyMs?: number;
};

export type Emulator = {
  /** As it was at the start; `control.info()` says how it is now. */
  info: EmulatorInfo;
  control: EmulatorControl;
  /** Closes every port and connection and removes the temporary directory. */
  stop: () => Promise<void>;
};

const admin = 'admin@acme.example';

/** The callback URL of a connected app that was made by the guide for JWT logins. */
const guideCallbackUrl = 'https://login.salesforce.com/services/oauth2/callback';

/**
 * The authorities that the shell trusts already: `NODE_EXTRA_CA_CERTS` names one file only, so exporting ours takes
 * theirs away unless the file holds both.
 */
async function otherAuthorities(): Promise<string> {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  if (!file) return '';
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    // Node itself only warns of a file that it cannot read, and goes on without it
    process.emitWarning(`NODE_EXTRA_CA_CERTS names ${file}, which cannot be read: ${String(error)}`);
    return '';
  }
}

const proxyVariables = ['https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'];

/** The variables that make sf, the plugin and scripts in a shell use the emulator. */
function environmentOf(info: Omit<EmulatorInfo, 'environment'>): Record<string, string> {
  // sf sends requests to this machine to the proxy as well; of the four variables the first that is set wins, even empty
  const noProxy: Record<string, string> = proxyVariables.some((name) => process.env[name]) ? { https_proxy: '' } : {};
  return {
    NODE_EXTRA_CA_CERTS: info.caFile,
    ...noProxy,
    JIT_EMULATOR_LOGIN_URL: info.loginUrl,
    JIT_EMULATOR_TEST_URL: info.testUrl,
    JIT_EMULATOR_USERNAME: info.username,
    JIT_EMULATOR_CLIENT_ID: info.clientId,
    JIT_EMULATOR_KEY_FILE: info.keyFile,
    JIT_EMULATOR_CONTROL_URL: info.controlUrl,
    JIT_EMULATOR_CONTROL_TOKEN: info.controlToken,
  };
}

/** What a start leaves in the temporary directory, and the certificates it needs in memory. */
type Files = Pick<EmulatorInfo, 'directory' | 'caFile' | 'keyFile' | 'certificateFile'>;
type Prepared = { files: Files; tls: KeyAndCertificate; appCertificate: string };

async function prepare(directory: string): Promise<Prepared> {
  const [authority, app, others] = await Promise.all([
    createAuthority('sf-plugin-jit emulator'),
    createAppCertificate('Acme CI'),
    otherAuthorities(),
  ]);
  const at = (name: string): string => join(directory, name);
  const files = { directory, caFile: at('ca.pem'), keyFile: at('server.key'), certificateFile: at('server.crt') };
  await Promise.all([
    writeFile(files.caFile, authority.caCertificate + others, { mode: 0o600 }),
    writeFile(files.keyFile, app.key, { mode: 0o600 }),
    writeFile(files.certificateFile, app.certificate, { mode: 0o600 }),
  ]);
  return { files, tls: authority.server, appCertificate: app.certificate };
}

function describe(
  world: World,
  rest: Files & Pick<EmulatorInfo, 'clientId' | 'controlUrl' | 'controlToken'>,
): EmulatorInfo {
  const urls = (scheme: 'http' | 'https'): EmulatorInfo['http'] => ({
    loginUrl: world.host('login').address[scheme],
    testUrl: world.host('test').address[scheme],
    productionUrl: world.production.host.address[scheme],
  });
  const info = {
    ...rest,
    ...urls('https'),
    http: urls('http'),
    username: admin,
    orgId: world.production.id,
    sandboxes: world.sandboxes.filter((sandbox) => !sandbox.deleted).map(describeSandbox),
  };
  return { ...info, environment: environmentOf(info) };
}

/** The production org `Acme` with its admin, its connected app and the sandboxes the admin made. */
async function populate(
  { world }: SalesforceServer,
  app: { clientId: string; certificate: string },
  sandboxNames: string[],
): Promise<void> {
  await world.openHost('login', 'login');
  await world.openHost('test', 'test');
  const production = world.addOrg('production', 'Acme', await world.openHost('production', 'my-domain'));
  const creator = world.addUser(production, { username: admin, lastName: 'Admin' });
  world.addApp(production, { ...app, label: 'Acme CI', callbackUrls: [sfCallbackUrl, guideCallbackUrl] });
  for (const name of sandboxNames) await createSandbox(world, { name, production, creator });
}

async function start(options: EmulatorOptions, directory: string): Promise<Emulator> {
  const { files, tls, appCertificate } = await prepare(directory);
  const server = new SalesforceServer(tls, options);
  const clientId = `3MVG9${randomText(60)}`;
  const controlToken = randomText(40);
  const info = (): EmulatorInfo => describe(server.world, { ...files, clientId, controlUrl, controlToken });
  const operations = controlHandlers(server, { defaultClientId: clientId, info });
  const controlListener = new Listener(controlApi(operations, controlToken), {});
  const controlUrl = `http://127.0.0.1:${await controlListener.open()}`;
  const stop = async (): Promise<void> => {
    await Promise.all([server.stop(), controlListener.close()]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await populate(server, { clientId, certificate: appCertificate }, options.sandboxes ?? ['uat', 'dev']);
  } catch (error) {
    await stop();
    throw error;
  }
  return { info: info(), control: new EmulatorControl(controlUrl, controlToken), stop };
}

/** Starts a Salesforce of one's own on the loopback interface. Any number of them can run side by side. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  // mkdtemp makes it readable for its owner alone
  const directory = await mkdtemp(join(tmpdir(), 'jit-emulator-'));
  try {
    return await start(options, directory);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}
