import { Messages } from '@salesforce/core/messages';
import { Flags } from '@salesforce/sf-plugins-core';
import { otherKeyFlags } from '../production/keyInput.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'credentialFlags');

/** What says how to log in to a production org that is not registered yet: who, through which app, and with which key. */
export const credentialFlags = {
  username: Flags.string({ summary: messages.getMessage('flags.username.summary') }),
  'client-id': Flags.string({ char: 'i', summary: messages.getMessage('flags.client-id.summary') }),
  'jwt-key-file': Flags.string({
    char: 'f',
    summary: messages.getMessage('flags.jwt-key-file.summary'),
    exclusive: otherKeyFlags('jwt-key-file'),
  }),
  'jwt-key-env': Flags.string({
    summary: messages.getMessage('flags.jwt-key-env.summary'),
    exclusive: otherKeyFlags('jwt-key-env'),
  }),
  'jwt-key-command': Flags.string({
    summary: messages.getMessage('flags.jwt-key-command.summary'),
    exclusive: otherKeyFlags('jwt-key-command'),
  }),
  'jwt-agent': Flags.string({
    summary: messages.getMessage('flags.jwt-agent.summary'),
    exclusive: otherKeyFlags('jwt-agent'),
  }),
  'jwt-sign-command': Flags.string({
    summary: messages.getMessage('flags.jwt-sign-command.summary'),
    exclusive: otherKeyFlags('jwt-sign-command'),
    dependsOn: ['certificate-file'],
  }),
  'certificate-file': Flags.string({
    summary: messages.getMessage('flags.certificate-file.summary'),
    dependsOn: ['jwt-sign-command'],
  }),
};

/** For `exclusive` of a flag that names an org whose credentials are known: it goes with none of these. */
export const credentialFlagNames = ['config-file', ...Object.keys(credentialFlags), 'instance-url'];
