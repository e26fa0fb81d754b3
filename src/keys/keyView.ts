import { Messages } from '@salesforce/core/messages';
import { valuesToShow } from '../failures/untrustedText.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'keys');

/** The one line about a key that does not sign at once. */
export function waitingLine(kind: 'agent' | 'program', name: string): string {
  return messages.getMessage(`waiting.${kind}`, valuesToShow([name]));
}
