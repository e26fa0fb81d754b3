import { JitFailure } from '../../failures/failures.js';
import type { LoginTargetRequest } from '../login/loginTarget.js';
import { findLoginTarget, leavingNothing } from '../login/loginTarget.js';
import type { CredentialType, ShownCredential } from './shownCredential.js';
import { shownCredential } from './shownCredential.js';
import { attempts } from '../login/waysToSignIn.js';
import type { Ports } from '../../ports.js';
import { mintLogin } from '../login/mintLogin.js';
import { withOneRefreshToken } from '../login/oneRefreshToken.js';
import { aboutSandbox } from '../login/signIn.js';

/** What `sf jit sandbox show-credentials` asks for. */
export type ShowCredentialsRequest = LoginTargetRequest & { readonly type: CredentialType };

/** A credential to show, and the way of signing in that was refused before another one worked. */
export type FreshCredential = { readonly credential: ShownCredential; readonly refusedFirst?: JitFailure };

/** Whether a credential may be shown: `yes`, or why not. */
export type Consent = 'yes' | { readonly no: string };

/**
 * Makes a fresh login to the sandbox in order to show its credential. It is not stored; a refresh token that came along unasked is
 * held, so that it can be revoked when the next one is shown, or at logout.
 *
 * @param confirm asked with the username before anything is asked of Salesforce
 * @throws NotConfirmed, and the classes of a login
 */
export async function showCredentials(
  request: ShowCredentialsRequest,
  ports: Ports,
  confirm: (username: string) => Promise<Consent>,
): Promise<FreshCredential> {
  const target = leavingNothing(findLoginTarget(request, await ports.registry.read()));
  const ways = attempts(request.type, target.production.key);
  const consent = await confirm(target.username);
  if (consent !== 'yes') throw new JitFailure('NotConfirmed', { user: target.username, problem: consent.no });
  const { minted, refusedFirst } = await mintLogin(target, ways, ports);
  const credential = shownCredential(minted, request.type, ports.now());
  const about = aboutSandbox(target, minted.username);
  await ports.locks.hold(`sandbox ${target.production.username} ${target.sandboxName}`, () =>
    withOneRefreshToken(minted, { use: 'shown', about }, ports, () => Promise.resolve()),
  );
  return { credential, refusedFirst };
}
