/** Alias or username of the production org that is meant when a command does not say which. */
export const productionOrgSetting = 'jit-production-org';

/** What is stored after a sandbox login: one of `authTypes`. */
export const authTypeSetting = 'jit-auth-type';

/** Whether other sf commands log in to the sandboxes they use: `true` or `false`. */
export const autoLoginSetting = 'jit-auto-login';

/** Whether what stock commands do to sandboxes is registered: `true` or `false`. */
export const autoRegisterSetting = 'jit-auto-register';

/** For how many minutes a login that was found good is used without asking Salesforce again. */
export const checkMinutesSetting = 'jit-check-minutes';

/** How many seconds everything that is done before another command may take in all. */
export const autoLoginSecondsSetting = 'jit-auto-login-seconds';

/** What the login before another command says on standard error: `all`, `problems` or `none`. */
export const autoLoginOutputSetting = 'jit-auto-login-output';

/** The variable that sets the same as a setting does (sfdx-core, configAggregator). */
export function variableOf(setting: string): string {
  return `SF_${setting.toUpperCase().replaceAll('-', '_')}`;
}
