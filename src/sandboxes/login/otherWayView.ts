import { Messages } from '@salesforce/core/messages';
import type { JitFailure } from '../../failures/failures.js';
import { failureText } from '../../failures/failureView.js';
import { showable, valuesToShow } from '../../failures/untrustedText.js';
import type { SuccessfulLogin } from './sandboxLogin.js';
import type { SignedIn } from '../signIn/tryWays.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'sandboxLogins');

/**
 * What the user should hear when another way than the first one worked. Nothing is said of a way that the registration remembers: it was
 * said at the login that found it.
 *
 * @param refusedFirst why the first way did not work, if another one had to be used
 */
export function otherWayLine(
  sandbox: string,
  { username, authType, signedInBy }: Pick<SuccessfulLogin, 'username' | 'authType' | 'signedInBy'>,
  refusedFirst: JitFailure | undefined,
): string | undefined {
  if (!refusedFirst) return undefined;
  return signedInBy === 'own-key' || signedInBy === 'platform-cli'
    ? messages.getMessage(`by-${signedInBy}`, valuesToShow([sandbox, refusedFirst.name, username]))
    : messages.getMessage('refused-first', [showable(sandbox), authType, failureText(refusedFirst).message]);
}

/** The same of a login that is stored nowhere. */
export function otherWayNotStored(sandbox: string, { freshLogin, signedInBy, refusals }: SignedIn): string | undefined {
  return otherWayLine(sandbox, { ...freshLogin, signedInBy }, refusals[0]?.failure);
}
