import { Messages } from '@salesforce/core/messages';
import type { JitFailure } from '../failures/failures.js';
import type { LoginRecord } from '../sfStore/storedOrg.js';
import { wayNote } from '../sandboxes/login/otherWayView.js';
import type { SuccessfulLogin } from '../sandboxes/login/sandboxLogin.js';
import { refreshWarning, refreshWords } from '../sandboxes/login/refreshView.js';
import { showable, valuesToShow } from '../failures/untrustedText.js';
import { failureText } from '../failures/failureView.js';
import { withoutSecrets } from '../failures/quotable.js';
import { shellWord } from '../failures/shellWord.js';
import type { FailedBefore } from './failedBefore.js';
import { triedAgainAt } from './failedBefore.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'autoLogin');

/**
 * The one line about a login that was made for another command.
 *
 * @param refusedFirst why the usual way of signing in did not work, if another one had to be used
 */
export function loginLine(login: SuccessfulLogin, refusedFirst?: JitFailure): string {
  const { sandboxName, username, refreshed } = login;
  const told = refreshed
    ? messages.getMessage('refreshed', valuesToShow([sandboxName, refreshWords(login), username]))
    : messages.getMessage('loggedIn', valuesToShow([sandboxName, username]));
  const warning = refreshed ? refreshWarning(login, refusedFirst) : undefined;
  return oneLine([told, wayNote({ login, refusedFirst }) ?? '', warning ?? ''].join(' '));
}

/** The one line about an alias that leads to a login of this plugin which nothing registers any more. */
export function unregisteredLine(alias: string, record: LoginRecord): string {
  const { sandboxName, productionUsername, username } = record;
  const word = (name: string): string => shellWord(showable(name));
  return oneLine(
    messages.getMessage('unregistered', [
      showable(alias),
      showable(sandboxName),
      showable(productionUsername),
      `sf jit sandbox register --sandbox-name ${word(sandboxName)} --production-org ${word(productionUsername)}`,
      `sf jit sandbox logout --sandbox-name ${word(username)}`,
    ]),
  );
}

/** What can be said of a login that another command needs and that failed: the class, and what happened. */
type Problem = { readonly name: string; readonly words: string };

/** What happened, in the first line of its text: the rest is told by the command that the line names. Of a copy, how far it is. */
export function problemOf(failure: JitFailure): Problem {
  const { status, progress } = failure.facts;
  if (failure.name === 'SandboxNotReady' && progress !== undefined) {
    return { name: failure.name, words: messages.getMessage('copying', valuesToShow([progress, status])) };
  }
  const [first = ''] = failureText(failure).message.split('\n');
  return { name: failure.name, words: showable(first.trim(), 300) };
}

/** What happened when it took too long. */
export function lateProblem(seconds: number): Problem {
  return { name: 'Timeout', words: messages.getMessage('tooLong', [seconds]) };
}

/**
 * The one line about it: what happened, then the one command that tries again, and tells all there is to know. So no advice is given that names
 * a flag of another command.
 *
 * @param sandbox the name under which the plugin knows it
 */
export function failureLine(sandbox: string, { name, words }: Problem): string {
  return oneLine(messages.getMessage('failed', [showable(sandbox), name, words, loginCommand(sandbox, name)]));
}

/** The line for commands that come while the org is left alone. */
export function failedBeforeLine(
  sandbox: string,
  { name }: Problem,
  failed: Pick<FailedBefore, 'at' | 'minutes'>,
): string {
  const [at, again] = [clock(new Date(failed.at)), clock(triedAgainAt(failed))];
  const values = [showable(sandbox), at, name, again, loginCommand(sandbox, name)];
  return oneLine(messages.getMessage('failedBefore', values));
}

/** The one line about an error of ours or of the system. */
export function errorLine(org: string, error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return oneLine(messages.getMessage('error', [org, withoutSecrets(words)]));
}

/** What is waited for, without a full stop. */
export function waitingWords(org: string): string {
  return messages.getMessage('waiting', [showable(org, 100)]);
}

/** A copy takes its time: what helps is to wait for it. */
function loginCommand(sandbox: string, name: string): string {
  const wait = name === 'SandboxNotReady' ? ' --wait 60' : '';
  return `sf jit sandbox login --sandbox-name ${shellWord(sandbox)}${wait}`;
}

function oneLine(text: string): string {
  return showable(text.replaceAll(/\s+/g, ' ').trim(), 700);
}

/** Hours and minutes on this machine. */
function clock(time: Date): string {
  return time.toTimeString().slice(0, 5);
}
