import { createRequire } from 'node:module';
import type { Messages as CoreMessages } from '@salesforce/core/messages';
import { autoLoginOutputs, isAutoLoginSeconds, isCheckMinutes } from './autoLogin/autoLogin.js';
import type { AuthType } from './sfStore/storedOrg.js';
import {
  authTypeSetting,
  autoLoginOutputSetting,
  autoLoginSecondsSetting,
  autoLoginSetting,
  autoRegisterSetting,
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

/** What a switch can be set to. */
const isTrueOrFalse = (value: unknown): boolean => [true, false, 'true', 'false'].includes(value as boolean | string);

/** As oclif's `configMeta` has it (sfdx-core, configStore `ConfigPropertyMeta`). */
type Variable = {
  key: string;
  readonly description: string;
  input: { validator: (value: unknown) => boolean; readonly failedMessage: string };
};

/** A variable, and which values of it `sf config set` takes. */
const variable = (key: string, validator: (value: unknown) => boolean): Variable => ({
  key,
  get description(): string {
    return text(`${key}.description`);
  },
  input: {
    validator,
    get failedMessage(): string {
      return text(`${key}.failed`);
    },
  },
});

/**
 * The plugin's configuration variables, which `sf config set` then knows (oclif `configMeta`). Each can also be set in the environment,
 * as `SF_` and the key in capitals with underscores (sfdx-core, configAggregator).
 */
export default [
  variable(productionOrgSetting, (value) => typeof value === 'string' && value.trim() !== ''),
  variable(authTypeSetting, (value) => authTypes.includes(value as AuthType)),
  variable(autoLoginSetting, isTrueOrFalse),
  variable(autoRegisterSetting, isTrueOrFalse),
  variable(checkMinutesSetting, (value) => isCheckMinutes(String(value))),
  variable(autoLoginSecondsSetting, (value) => isAutoLoginSeconds(String(value))),
  variable(autoLoginOutputSetting, (value) => autoLoginOutputs.some((output) => output === value)),
];
