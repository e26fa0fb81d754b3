import { Messages } from '@salesforce/core/messages';
import { JitFailure } from '../failures/failures.js';
import { failureText } from '../failures/failureView.js';
import { withoutSecrets } from '../failures/quotable.js';
import { showable, valuesToShow } from '../failures/untrustedText.js';
import { shellWord } from '../failures/shellWord.js';
import type { AutoRegistered } from './autoRegister.js';
import type { AutoUnregistered } from './autoUnregister.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'autoRegister');

/** The one line about what was done after a stock command; undefined for nothing. */
export function doneLine(done: AutoRegistered | AutoUnregistered): string | undefined {
  switch (done.kind) {
    case 'nothing':
      return undefined;
    case 'no-alias':
      return line('no-alias', [done.sandboxName, done.sandboxName]);
    case 'registered-copying': {
      const { status, copyProgress } = done.made;
      const progress = copyProgress === undefined ? status : `${status}, ${String(copyProgress)} %`;
      return line(done.kind, [done.sandbox.sandboxName, done.sandbox.alias, progress]);
    }
    case 'registered':
    case 'unregistered':
      return line(done.kind, [done.sandbox.sandboxName, done.sandbox.alias]);
    case 'in-project':
      return line(done.kind, [done.sandbox.sandboxName, shellWord(done.sandbox.alias)]);
    case 'linked': {
      const { sandboxName, alias } = done.sandbox;
      return line(done.kind, [sandboxName, done.environments.join(', '), shellWord(alias)]);
    }
  }
}

/**
 * The one line about a failure, with the command that does the same.
 *
 * @param tooLong in how many seconds it was not done, when that is what happened
 */
export function failedLine(
  what: 'registration' | 'removal',
  sandbox: string,
  error: unknown,
  tooLong: number | undefined,
): string {
  const command = what === 'registration' ? 'sf jit sandbox register' : 'sf jit sandbox unregister';
  const { name, words } = problemOf(error, tooLong);
  return line(what === 'registration' ? 'failed' : 'failed-removal', [
    sandbox,
    name,
    words,
    `${command} --sandbox-name ${shellWord(sandbox)}`,
  ]);
}

function problemOf(error: unknown, tooLong: number | undefined): { name: string; words: string } {
  if (error instanceof JitFailure) {
    const [words = ''] = failureText(error).message.split('\n');
    return { name: error.name, words };
  }
  if (tooLong !== undefined) return { name: 'Timeout', words: messages.getMessage('tooLong', [tooLong]) };
  return { name: 'UnexpectedError', words: withoutSecrets(error instanceof Error ? error.message : String(error)) };
}

function line(key: string, values: readonly string[]): string {
  return showable(
    messages
      .getMessage(key, valuesToShow([...values]))
      .replaceAll(/\s+/g, ' ')
      .trim(),
    700,
  );
}
