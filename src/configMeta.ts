import { createRequire } from 'node:module';
import type { Messages as CoreMessages } from '@salesforce/core/messages';
import { isCheckMinutes } from './autoLogin/autoLogin.js';
import type { AuthType } from './sfStore/storedOrg.js';
import {
  authTypeSetting,
  autoLoginSetting,
  checkMinutesSetting,
  productionOrgSetting,
} from './sfStore/settingNames.js';

/*
 * plugin-settings loads this file for every sf command (its init hook), so it must cost next to nothing: core, which has the reader of
 * message files, is loaded only when a text is asked for.
 */
const text = (key: string): string => {
  const { Messages } = createRequire(import.meta.url)('@salesforce/core/messages') as { Messages: typeof CoreMessages };
  Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
  return Messages.loadMessages('sf-plugin-jit', 'configMeta').getMessage(key);
};

/** Written down again, because the domain's list comes with node:crypto, which would then be loaded for every sf command. */
const authTypes = ['jwt', 'access-token', 'sfdx-auth-url'] satisfies AuthType[];

/**
 * The plugin's configuration variables, which `sf config set` then knows (oclif `configMeta`). Each can also be set in the environment,
 * as `SF_` and the key in capitals with underscores (sfdx-core, configAggregator).
 */
export default [
  {
    key: productionOrgSetting,
    get description(): string {
      return text('jit-production-org.description');
    },
    input: {
      validator: (value: unknown): boolean => typeof value === 'string' && value.trim() !== '',
      get failedMessage(): string {
        return text('jit-production-org.failed');
      },
    },
  },
  {
    key: authTypeSetting,
    get description(): string {
      return text('jit-auth-type.description');
    },
    input: {
      validator: (value: unknown): boolean => authTypes.includes(value as AuthType),
      get failedMessage(): string {
        return text('jit-auth-type.failed');
      },
    },
  },
  {
    key: autoLoginSetting,
    get description(): string {
      return text('jit-auto-login.description');
    },
    input: {
      validator: (value: unknown): boolean =>
        value === true || value === false || value === 'true' || value === 'false',
      get failedMessage(): string {
        return text('jit-auto-login.failed');
      },
    },
  },
  {
    key: checkMinutesSetting,
    get description(): string {
      return text('jit-check-minutes.description');
    },
    input: {
      validator: (value: unknown): boolean => isCheckMinutes(String(value)),
      get failedMessage(): string {
        return text('jit-check-minutes.failed');
      },
    },
  },
];
