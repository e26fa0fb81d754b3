import { Messages } from '@salesforce/core/messages';
import type { JitFailure } from '../failures/failures.js';
import type { SuccessfulLogin } from '../sandboxes/login/sandboxLogin.js';
import { showable } from '../failures/untrustedText.js';
import { failureText } from '../failures/failureView.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'autoLogin');

/** The one line about a login that was made for another command. */
export function loginLine({ sandboxName, username, refreshed }: SuccessfulLogin): string {
  return showable(messages.getMessage(refreshed ? 'refreshed' : 'loggedIn', [sandboxName, username]), 300);
}

/** The one line about a login that another command needs and that failed: what, why, and the first thing to do. */
export function failureLine(org: string, failure: JitFailure): string {
  const { message, actions } = failureText(failure);
  const [first = ''] = actions;
  return showable(
    messages.getMessage('failed', [org, failure.name, message, first]).replaceAll(/\s+/g, ' ').trim(),
    1000,
  );
}

/** The one line about an error of ours or of the system. */
export function errorLine(org: string, error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return showable(messages.getMessage('error', [org, words]).replaceAll(/\s+/g, ' '), 500);
}
