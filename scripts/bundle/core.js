// What sf-plugins-core takes from `@salesforce/core`, without the rest of it: the whole package brings jsforce, pino, zod and archives,
// half a second of loading. The flags that name an org and a project are rare, and load all of it when they are used.
export { SFDX_ALLOWED_PROPERTIES } from 'core:config/config.js';
export { ConfigAggregator } from 'core:config/configAggregator.js';
export { EnvironmentVariable, SUPPORTED_ENV_VARS, envVars } from 'core:config/envVars.js';
export { Mode } from 'core:global.js';
export { Lifecycle } from 'core:lifecycleEvents.js';
export { Messages } from 'core:messages.js';
export { ORG_CONFIG_ALLOWED_PROPERTIES, OrgConfigProperties } from 'core:org/orgConfigProperties.js';
export { SfError } from 'core:sfError.js';
export { validateApiVersion, validateSalesforceId } from 'core:util/sfdc.js';

export const Org = { create: async (options) => (await import('@salesforce/core')).Org.create(options) };
export const SfProject = { resolve: async (path) => (await import('@salesforce/core')).SfProject.resolve(path) };
