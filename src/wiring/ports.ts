import { setTimeout } from 'node:timers/promises';
import { keys } from '../keys/io/keyReader.js';
import { processLocks } from '../files/io/locks.js';
import { withinTime } from '../files/io/timeLimit.js';
import { attemptLimit } from '../salesforce/io/http.js';
import { registry } from '../registry/io/layers.js';
import { salesforce } from '../salesforce/io/restApi.js';
import { settings } from './settings.js';
import { sfOrgs } from '../sfStore/io/orgFiles.js';
import type { LoginTargetRequest } from '../sandboxes/signIn/loginTarget.js';
import { usernameOfProduction } from '../production/productionOrgs.js';
import { readCredentialVariables } from '../production/productionCredentials.js';
import type { Ports } from '../ports.js';

/** The real adapters, one set a process. */
export const ports: Ports = {
  salesforce,
  sfOrgs,
  registry,
  keys,
  locks: processLocks,
  timeLimits: { attempt: attemptLimit, within: withinTime },
  settings,
  now: () => new Date(),
  random: Math.random,
  sleep: (milliseconds) => setTimeout(milliseconds),
  sessions: new Map(),
};

/** What every request takes from around it rather than from flags. */
export type LoginDefaults = Pick<LoginTargetRequest, 'variables' | 'defaultProduction' | 'callbackUrl'>;

/** What `-p` names, as the registry knows it. */
export async function productionUsername(production: string | undefined): Promise<string | undefined> {
  return usernameOfProduction(production, readCredentialVariables(process.env), ports);
}

/** The production org that is meant when none is named: what the user set for sf, else what was registered with `--set-default`. */
export async function defaultProductionOrg(): Promise<string | undefined> {
  return (
    (await productionUsername(await settings.defaultProductionOrg())) ??
    (await registry.readGlobal()).defaultProductionOrg
  );
}

export async function loginDefaults(): Promise<LoginDefaults> {
  return {
    variables: readCredentialVariables(process.env),
    defaultProduction: await defaultProductionOrg(),
    callbackUrl: await settings.callbackUrl(),
  };
}
