import { JitFailure } from '../../failures/failures.js';
import type { LoginTargetRequest } from '../signIn/loginTarget.js';
import { findLoginTarget, withoutStoring } from '../signIn/loginTarget.js';
import type { CredentialType, ShownCredential } from './credentialToShow.js';
import { credentialToShow } from './credentialToShow.js';
import { attempts } from '../signIn/waysToSignIn.js';
import type { Ports } from '../../ports.js';
import type { SignedIn } from '../signIn/tryWays.js';
import { getFreshLogin } from '../signIn/freshLogin.js';
import { withOneRefreshToken } from '../signIn/oneRefreshToken.js';
import { sandboxContext } from '../signIn/signIn.js';

/** What `sf jit sandbox show-credentials` asks for. */
export type ShowCredentialsRequest = LoginTargetRequest & { readonly type: CredentialType };

/** A credential to show, and how the sandbox was signed in to for it. */
export type FreshCredential = { readonly credential: ShownCredential; readonly signedIn: SignedIn };

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
  const target = withoutStoring(findLoginTarget(request, await ports.registry.read()));
  const ways = attempts(target, request.type);
  const consent = await confirm(target.username);
  if (consent !== 'yes') throw new JitFailure('NotConfirmed', { user: target.username, problem: consent.no });
  const signedIn = await getFreshLogin(target, ways, ports);
  const { freshLogin } = signedIn;
  const credential = credentialToShow(freshLogin, request.type, ports.now());
  const context = sandboxContext(target, freshLogin.username);
  await ports.locks.hold(`sandbox ${target.production.username} ${target.sandboxName}`, () =>
    withOneRefreshToken(freshLogin, { use: 'shown', context }, ports, () => Promise.resolve()),
  );
  return { credential, signedIn };
}
