import { Messages } from '@salesforce/core/messages';
import { showable } from '../failures/untrustedText.js';
import { ownSettings } from './ownSettings.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'removedPlugin');

/** What is said of settings that were removed with the plugin. */
export function settingsRemovedLine(names: readonly string[]): string {
  return messages.getMessage('settings-removed', [names.join(', ')]);
}

/** What is said when they could not be. */
export function settingsLeftLine(error: unknown): string {
  return messages.getMessage('settings-left', [showable((error as Error).message), ownSettings.join(' ')]);
}
