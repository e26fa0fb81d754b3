import { Messages } from '@salesforce/core/messages';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'helpSections');

/*
 * Parts of the help that several commands share. Names and texts, for `toHelpSection` of sf-plugins-core: the variables that core knows
 * are looked up by it without these.
 */

/** The variables that say how to log in to production when flags do not. */
export const credentialVariables: Record<string, string> = {
  SF_USERNAME: messages.getMessage('env.SF_USERNAME'),
  SF_CLIENT_ID: messages.getMessage('env.SF_CLIENT_ID'),
  SF_INSTANCE_URL: messages.getMessage('env.SF_INSTANCE_URL'),
  SF_PRIVATE_KEY: messages.getMessage('env.SF_PRIVATE_KEY'),
  SF_PRIVATE_KEY_PASSPHRASE: messages.getMessage('env.SF_PRIVATE_KEY_PASSPHRASE'),
  SF_JIT_KEY_COMMAND: messages.getMessage('env.SF_JIT_KEY_COMMAND'),
  SF_JIT_KEY_AGENT: messages.getMessage('env.SF_JIT_KEY_AGENT'),
  SF_JIT_SIGN_COMMAND: messages.getMessage('env.SF_JIT_SIGN_COMMAND'),
  SF_JIT_CERTIFICATE_FILE: messages.getMessage('env.SF_JIT_CERTIFICATE_FILE'),
};

/** The configuration variable of commands that need a production org. */
export const productionOrgVariable: Record<string, string> = {
  'jit-production-org': messages.getMessage('config.jit-production-org'),
};

/** The configuration variable of commands that store a login to a sandbox. */
export const authTypeVariable: Record<string, string> = {
  'jit-auth-type': messages.getMessage('config.jit-auth-type'),
};

/** The configuration variables of commands that log in to a sandbox of any production org and store it. */
export const loginVariables: Record<string, string> = { ...productionOrgVariable, ...authTypeVariable };

/** How a command ends that shows a fresh credential. */
export const credentialExitCodes: Record<string, string> = {
  '0': messages.getMessage('exit.0'),
  '1': messages.getMessage('exit.1'),
  '69': messages.getMessage('exit.69'),
};
