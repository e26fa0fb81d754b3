import type { Config as CoreConfig } from '@salesforce/core/config';
import { JitFailure } from '../domain/failures.js';
import { defaultOauthPort } from '../domain/productionCredentials.js';
import type { Settings } from '../ports.js';
import { isAuthType } from '../domain/storedOrg.js';
import { projectFile } from './projectFile.js';
import meta, { authTypeSetting, productionOrgSetting } from '../configMeta.js';

/** sf's configuration through core's own classes, loaded when they are needed. */
export const settings: Settings = {
  async defaultProductionOrg() {
    return get(productionOrgSetting);
  },

  async authType() {
    const value = await get(authTypeSetting);
    if (value === undefined || isAuthType(value)) return value;
    throw new JitFailure('InputInvalid', {
      field: `${authTypeSetting} (SF_JIT_AUTH_TYPE)`,
      problem: `"${value}" is none of jwt, access-token and sfdx-auth-url`,
    });
  },

  async setDefaultProductionOrg(aliasOrUsername) {
    await set(productionOrgSetting, aliasOrUsername);
  },

  async setTargetOrg(aliasOrUsername) {
    await set('target-org', aliasOrUsername);
  },

  async callbackUrl() {
    const port = (await projectFile.oauthLocalPort()) ?? defaultOauthPort;
    return `http://localhost:${port}/OauthRedirect`;
  },
};

async function get(key: string): Promise<string | undefined> {
  await knowOurVariables();
  const { ConfigAggregator } = await import('@salesforce/core/configAggregator');
  const aggregator = await ConfigAggregator.create();
  // the file can hold anything: `sf config set` checks a value, an editor does not
  const value = aggregator.getPropertyValue(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function set(key: string, value: string): Promise<void> {
  const { Config } = await import('@salesforce/core/config');
  await knowOurVariables();
  const config = await localOrGlobal(Config);
  config.set(key, value);
  await config.write();
}

/** As core's `AuthInfo.setAsDefault`: the project's configuration when there is a project, else the machine's. */
async function localOrGlobal(config: typeof CoreConfig): Promise<CoreConfig> {
  try {
    return await config.create({ isGlobal: false });
  } catch (error) {
    if ((error as Error).name !== 'InvalidProjectWorkspaceError') throw error;
    return config.create({ isGlobal: true });
  }
}

/** The CLI makes our variables known to its own copy of core (plugin-settings); this copy has to be told as well. */
async function knowOurVariables(): Promise<void> {
  const { Config } = await import('@salesforce/core/config');
  Config.addAllowedProperties(meta);
}
