import { Messages } from '@salesforce/core/messages';
import type { CheckStatus, Finding } from './checks.js';
import { shellWord } from '../failures/shellWord.js';
import { showable } from '../failures/untrustedText.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'checks');

/** One check, as `--json` shows it. */
export type Check = { name: string; status: CheckStatus; message: string };

const marks: Record<CheckStatus, string> = { pass: '✓', warn: '⚠', fail: '✗' };

/** A finding in words. */
export function checkOf({ name, status, words, values }: Finding): Check {
  const places = messages.getMessage(
    `${name}.${words}`,
    values.map((_, index) => place(index)),
  );
  const message = values.reduce((text, value, index) => {
    const shown = showable(value, 1000);
    // a path in a command that is there to be typed is one word of it
    const isInCommand = / Run: [^.]*$/.test(text.slice(0, text.indexOf(place(index))));
    return text.replace(place(index), () => (isInCommand ? shellWord(shown) : shown));
  }, places);
  return { name, status, message };
}

/** Stands for a value in a text: no message and no value that is shown holds this character. */
function place(index: number): string {
  return `\u0001${index}\u0001`;
}

/** A check as a line on a terminal. */
export function checkLine({ status, message }: Check): string {
  return `${marks[status]} ${message}`;
}
