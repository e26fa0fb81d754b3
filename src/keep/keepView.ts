import { Messages } from '@salesforce/core/messages';
import { failureText } from '../failures/failureView.js';
import { showable, valuesToShow } from '../failures/untrustedText.js';
import { wayNote } from '../sandboxes/login/otherWayView.js';
import { refreshWarning, refreshWords } from '../sandboxes/login/refreshView.js';
import type { KeepEvent } from './keepSandboxes.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.sandbox.keep');

const loginMessages = Messages.loadMessages('sf-plugin-jit', 'sandboxLogins');

/** What is waited for until each sandbox was looked at once, without a full stop. */
export function firstLoginsWords(sandboxes: readonly string[]): string {
  const [first = '', ...others] = sandboxes;
  return others.length === 0
    ? loginMessages.getMessage('started.one', [showable(first)])
    : loginMessages.getMessage('started', [sandboxes.length]);
}

/** What a keeper did, in one line. */
export function eventLine(event: KeepEvent): string {
  const { sandbox } = event;
  switch (event.kind) {
    case 'logged-in':
    case 'renewed':
      return sentences(
        messages.getMessage(`event.${event.kind}`, valuesToShow([sandbox, event.login.username])),
        wayNote(event),
      );
    case 'refreshed': {
      const values = valuesToShow([sandbox, refreshWords(event.login), event.login.username]);
      const told = messages.getMessage('event.refreshed', values);
      return sentences(told, wayNote(event), refreshWarning(event.login, event.refusedFirst));
    }
    case 'left-alone':
    case 'kept-elsewhere':
      return messages.getMessage(`event.${event.kind}`, valuesToShow([sandbox]));
    case 'failed': {
      const { message, actions } = failureText(event.failure);
      const values = valuesToShow([sandbox, event.failure.name, message, actions[0]]);
      return messages.getMessage('event.failed', values).replaceAll(/\s+/g, ' ').trim();
    }
  }
}

function sentences(...parts: ReadonlyArray<string | undefined>): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

/**
 * The same as one line of JSON: `sandbox` as it was asked for, `event`, `at` (ISO 8601), `requestId` of the requests
 * that this look at the sandbox made, and with it `username`, `orgId`, `alias` and
 * `signedInBy` of a login, with `refusedFirst` where another way than the usual one had to be used, and `refreshedAt` and `refreshedBy` after a
 * refresh as far as they are known, or `error` with `name`, `message` and `actions`.
 */
export function eventJson(event: KeepEvent, at: Date): string {
  const { sandbox, kind, requestId } = event;
  const common = { sandbox, event: kind, at: at.toISOString(), requestId };
  switch (event.kind) {
    case 'logged-in':
    case 'renewed':
    case 'refreshed': {
      const { username, orgId, alias, signedInBy, refreshedAt, refreshedBy } = event.login;
      const refusedFirst = event.refusedFirst?.name;
      const told = { username, orgId, alias, signedInBy, refusedFirst, refreshedAt, refreshedBy };
      return JSON.stringify({ ...common, ...told });
    }
    case 'failed':
      return JSON.stringify({ ...common, error: { name: event.failure.name, ...failureText(event.failure) } });
    default:
      return JSON.stringify(common);
  }
}
