import type { Config as CoreConfig } from '@salesforce/core/config';
import { JitFailure } from '../../failures/failures.js';
import { isAuthType } from '../storedOrg.js';
import { projectFile } from '../../registry/io/projectFile.js';
import type { Settings } from '../settings.js';
import { defaultOauthPort } from '../settings.js';
import { authTypeSetting, productionOrgSetting, variableOf } from '../settingNames.js';

/** A variable that sf's configuration may hold, as core's `Config.addAllowedProperties` takes it. */
type ConfigMeta = Parameters<typeof CoreConfig.addAllowedProperties>[0];

/**
 * sf's configuration through core's own classes, loaded when they are needed.
 *
 * @param meta the plugin's variables. The CLI makes them known to its own copy of core (plugin-settings); this copy has to be told as well
 */
export function coreSettings(meta: ConfigMeta): Settings {
  async function loadConfig(): Promise<typeof CoreConfig> {
    const { Config } = await import('@salesforce/core/config');
    Config.addAllowedProperties(meta);
    return Config;
  }

  async function get(key: string): Promise<string | undefined> {
    await loadConfig();
    const { ConfigAggregator } = await import('@salesforce/core/configAggregator');
    const aggregator = await ConfigAggregator.create();
    // of the environment and of this machine: a repository's `.sf/config.json` decides nothing of the plugin
    // core forgets where a value comes from, when the aggregator was made before it knew the variable
    const variable = process.env[variableOf(key)];
    // the file can hold anything: `sf config set` checks a value, an editor does not
    const value = variable || aggregator.getGlobalConfig().get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  async function set(
    key: string,
    value: string,
    where: (config: typeof CoreConfig) => Promise<CoreConfig>,
  ): Promise<void> {
    const config = await where(await loadConfig());
    config.set(key, value);
    await config.write();
  }

  return {
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

    async setTargetOrg(aliasOrUsername) {
      await set('target-org', aliasOrUsername, localOrGlobal);
    },

    async callbackUrl() {
      const port = (await projectFile.oauthLocalPort()) ?? defaultOauthPort;
      return `http://localhost:${port}/OauthRedirect`;
    },
  };
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
