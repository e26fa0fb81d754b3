import {
  authTypeSetting,
  autoLoginOutputSetting,
  autoLoginSecondsSetting,
  autoLoginSetting,
  autoRegisterSetting,
  checkMinutesSetting,
  productionOrgSetting,
} from './settingNames.js';

/** All settings of this plugin. */
export const ownSettings: readonly string[] = [
  productionOrgSetting,
  authTypeSetting,
  autoLoginSetting,
  autoRegisterSetting,
  checkMinutesSetting,
  autoLoginSecondsSetting,
  autoLoginOutputSetting,
];

/** Whether a setting of sf is one of this plugin. */
export function isOwnSetting(name: string): boolean {
  return ownSettings.includes(name);
}
