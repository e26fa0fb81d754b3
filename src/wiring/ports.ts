import { setTimeout } from 'node:timers/promises';
import { keys } from '../adapters/keys.js';
import { processLocks } from '../adapters/locks.js';
import { registry } from '../adapters/registry.js';
import { salesforce } from '../adapters/salesforce.js';
import { settings } from '../adapters/settings.js';
import { sfconnectFile } from '../adapters/sfconnectFile.js';
import { sfOrgs } from '../adapters/sfOrgs.js';
import type { LoginTargetRequest } from '../domain/loginTarget.js';
import { credentialEnvironment } from '../domain/productionCredentials.js';
import type { Ports } from '../ports.js';

/** The real adapters, one set a process. */
export const ports: Ports = {
  salesforce,
  sfOrgs,
  registry,
  keys,
  locks: processLocks,
  settings,
  now: () => new Date(),
  sleep: (milliseconds) => setTimeout(milliseconds),
  sessions: new Map(),
};

/** What every request takes from around it rather than from flags. */
export type Surroundings = Pick<LoginTargetRequest, 'environment' | 'configFile' | 'defaultProduction' | 'callbackUrl'>;

export async function surroundings(): Promise<Surroundings> {
  return {
    environment: credentialEnvironment(process.env),
    configFile: await sfconnectFile.find(),
    defaultProduction: await settings.defaultProductionOrg(),
    callbackUrl: await settings.callbackUrl(),
  };
}
