import { Messages } from '@salesforce/core/messages';
import type { JitFailure } from '../../failures/failures.js';
import { failureText } from '../../failures/failureView.js';
import { showable, valuesToShow } from '../../failures/untrustedText.js';
import type { SignInWay } from '../../registry/signInWay.js';
import type { SandboxLoginOutcome, SuccessfulLogin } from './sandboxLogin.js';
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

/** A way of signing in, in words, with the name that it has in JSON. */
export function wayWords(way: SignInWay): string {
  return messages.getMessage(`way.${way}`);
}

/**
 * The sentence about a way that is not the usual one, for a line that has room for one only: also of a way that the registration remembers, since
 * nobody may have seen the line that found it. Undefined for the usual way.
 */
export function wayNote({ login: { signedInBy }, refusedFirst }: SandboxLoginOutcome): string | undefined {
  if (signedInBy === undefined) return undefined;
  if (refusedFirst) return messages.getMessage('signed-in-by-after', [wayWords(signedInBy), refusedFirst.name]);
  const isUsual = signedInBy === 'jwt' || signedInBy === 'code';
  return isUsual ? undefined : messages.getMessage('signed-in-by', [wayWords(signedInBy)]);
}

/** The same of a login that is stored nowhere. */
export function otherWayNotStored(sandbox: string, { freshLogin, signedInBy, refusals }: SignedIn): string | undefined {
  return otherWayLine(sandbox, { ...freshLogin, signedInBy }, refusals[0]?.failure);
}
