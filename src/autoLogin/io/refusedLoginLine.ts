import { createRequire } from 'node:module';
import type { Messages as CoreMessages } from '@salesforce/core/messages';

/**
 * What is said of a login that the user made and Salesforce refused. Core, which has the reader of message files, is loaded only then, and at
 * once: the process ends when an error was told.
 *
 * @param alias under which the org is registered
 */
export function refusedLoginLine(org: string, alias: string): string {
  const { Messages } = createRequire(import.meta.url)('@salesforce/core/messages') as { Messages: typeof CoreMessages };
  Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
  return Messages.loadMessages('sf-plugin-jit', 'autoLogin').getMessage('own-login-refused', [org, alias]);
}
