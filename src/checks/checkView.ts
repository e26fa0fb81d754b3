import { Messages } from '@salesforce/core/messages';
import type { CheckStatus, Finding } from './checks.js';
import { showable } from '../failures/untrustedText.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'checks');

/** One check, as `--json` shows it. */
export type Check = { name: string; status: CheckStatus; message: string };

const marks: Record<CheckStatus, string> = { pass: '✓', warn: '⚠', fail: '✗' };

/** A finding in words. */
export function checkOf({ name, status, words, values }: Finding): Check {
  const shown = values.map((value) => showable(value, 1000));
  return { name, status, message: messages.getMessage(`${name}.${words}`, shown) };
}

/** A check as a line on a terminal. */
export function checkLine({ status, message }: Check): string {
  return `${marks[status]} ${message}`;
}
