import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Emulator, startEmulator } from '../../src/emulator/index.js';
import type { Party } from './conversation.js';
import type { Settings } from './settings.js';

/** A stand-in set up as the real org is, as far as the settings tell. */
export type StandIn = { party: Party; stop: Emulator['stop'] };

/** @param atOwnHost whether the real org is logged in to at its My Domain, not at the common login host */
export async function startStandIn(settings: Settings, atOwnHost: boolean): Promise<StandIn> {
  const { sandboxName, callbackUrl, clientSecret, otherSandboxName } = settings;
  const emulator = await startEmulator({ sandboxes: [sandboxName] });
  try {
    const { info, control } = emulator;
    for (const org of ['production', `sandbox:${sandboxName}`]) {
      await control.setApp({
        org,
        callbackUrls: [callbackUrl],
        ...(clientSecret === undefined ? {} : { clientSecret }),
      });
    }
    if (otherSandboxName !== undefined) {
      const { username: creator } = await control.createUser({ username: 'other@acme.example' });
      await control.createSandbox({ name: otherSandboxName, creator });
    }
    const certificate = await readFile(info.certificateFile, 'utf8');
    // made after the sandbox, so it is not in it; and a local one would not travel there anyway
    const eca = { kind: 'local-eca' as const, certificate, callbackUrls: [callbackUrl] };
    const ecaClientId = settings.ecaClientId === undefined ? undefined : (await control.createApp(eca)).clientId;
    const party: Party = {
      label: 'stand-in',
      loginUrl: atOwnHost ? info.productionUrl : info.loginUrl,
      testUrl: info.testUrl,
      username: info.username,
      clientId: info.clientId,
      clientSecret,
      key: createPrivateKey(await readFile(info.keyFile, 'utf8')),
      sandboxName,
      callbackUrl,
      otherSandboxName,
      ecaClientId,
      ca: await readFile(info.caFile, 'utf8'),
    };
    return { party, stop: emulator.stop };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

/** The real org, by the settings. */
export function realOrg(settings: Settings): Party {
  const { loginUrl, username, clientId, clientSecret, key, sandboxName, callbackUrl, otherSandboxName, ecaClientId } =
    settings;
  const isSalesforce = /\.salesforce\.com$/.test(new URL(loginUrl).hostname);
  return {
    ...{ label: 'real org', loginUrl, username, clientId, clientSecret, key, sandboxName, callbackUrl },
    ...{ otherSandboxName, ecaClientId },
    testUrl: isSalesforce ? 'https://test.salesforce.com' : undefined,
  };
}
