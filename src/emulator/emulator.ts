import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppCertificate, createAuthority } from './certificates.js';
import { controlApi } from './controlApi.js';
import { EmulatorControl } from './controlClient.js';
import { controlHandlers, describeSandbox } from './controlOperations.js';
import type { EmulatorInfo } from './controlTypes.js';
import { randomText } from './identifiers.js';
import { Listener } from './listener.js';
import { createSandbox } from './sandboxes.js';
import { SalesforceServer } from './server.js';
import { sfCallbackUrl } from './world.js';

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
  stop(): Promise<void>;
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

/** The variables that make sf, the plugin and scripts in a shell use the emulator. */
function environmentOf(info: Omit<EmulatorInfo, 'environment'>): Record<string, string> {
  return {
    NODE_EXTRA_CA_CERTS: info.caFile,
    JIT_EMULATOR_LOGIN_URL: info.loginUrl,
    JIT_EMULATOR_TEST_URL: info.testUrl,
    JIT_EMULATOR_USERNAME: info.username,
    JIT_EMULATOR_CLIENT_ID: info.clientId,
    JIT_EMULATOR_KEY_FILE: info.keyFile,
    JIT_EMULATOR_CONTROL_URL: info.controlUrl,
    JIT_EMULATOR_CONTROL_TOKEN: info.controlToken,
  };
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
  const [authority, appCertificate, others] = await Promise.all([
    createAuthority('sf-plugin-jit emulator'),
    createAppCertificate('Acme CI'),
    otherAuthorities(),
  ]);
  const files = {
    caFile: join(directory, 'ca.pem'),
    keyFile: join(directory, 'server.key'),
    certificateFile: join(directory, 'server.crt'),
  };
  await Promise.all([
    writeFile(files.caFile, authority.caCertificate + others, { mode: 0o600 }),
    writeFile(files.keyFile, appCertificate.key, { mode: 0o600 }),
    writeFile(files.certificateFile, appCertificate.certificate, { mode: 0o600 }),
  ]);
  const server = new SalesforceServer(authority.server, options);
  const { world } = server;
  const clientId = `3MVG9${randomText(60)}`;
  const controlToken = randomText(40);
  const info = (): EmulatorInfo => {
    const [login, test, production] = [
      world.host('login').address,
      world.host('test').address,
      world.production.host.address,
    ];
    const described = {
      ...files,
      directory,
      loginUrl: login.https,
      testUrl: test.https,
      productionUrl: production.https,
      http: { loginUrl: login.http, testUrl: test.http, productionUrl: production.http },
      controlUrl,
      controlToken,
      username: admin,
      clientId,
      orgId: world.production.id,
      sandboxes: world.sandboxes.filter((sandbox) => !sandbox.deleted).map(describeSandbox),
    };
    return { ...described, environment: environmentOf(described) };
  };
  const operations = controlHandlers(server, { defaultClientId: clientId, info });
  const controlListener = new Listener(controlApi(operations, controlToken), {});
  const controlUrl = `http://127.0.0.1:${await controlListener.open()}`;
  const stop = async (): Promise<void> => {
    await Promise.all([server.stop(), controlListener.close()]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await populate(server, { clientId, certificate: appCertificate.certificate }, options.sandboxes ?? ['uat', 'dev']);
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
