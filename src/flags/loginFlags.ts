import { Messages } from '@salesforce/core/messages';
import { Flags } from '@salesforce/sf-plugins-core';
import { authTypes } from '../sfStore/storedOrg.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'loginFlags');

/** How a sandbox is logged in to. */
export const loginFlags = {
  'auth-type': Flags.option({
    options: authTypes,
    summary: messages.getMessage('flags.auth-type.summary'),
  })(),
  'if-needed': Flags.boolean({ summary: messages.getMessage('flags.if-needed.summary') }),
  wait: Flags.duration({
    char: 'w',
    unit: 'minutes',
    min: 0,
    defaultValue: 0,
    summary: messages.getMessage('flags.wait.summary'),
  }),
  replace: Flags.boolean({ summary: messages.getMessage('flags.replace.summary') }),
  'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
};
