import { JitFailure } from '../../failures/failures.js';
import type { SigningKey } from '../../keys/signingKey.js';
import type { LoginTarget } from './loginTarget.js';
import type { Attempt } from './waysToSignIn.js';
import type { Ports } from '../../ports.js';
import { hostsFor } from './knownHosts.js';
import { signIn } from './signIn.js';

type SignedIn = Awaited<ReturnType<typeof signIn>>;

/**
 * Signs a user in by key without asking production, which vouches only to the user who made the sandbox: at the first known host that exists.
 *
 * @returns undefined where no host is known; then only production can tell it
 * @throws what signing in throws
 */
export async function signInDirectly(
  username: string,
  ways: readonly Attempt[],
  target: LoginTarget,
  key: SigningKey | undefined,
  ports: Ports,
): Promise<SignedIn | undefined> {
  const byKey = ways.find(({ way }) => way === 'jwt');
  if (!byKey) return undefined;
  const hosts = await hostsFor(username, target, ports);
  for (const [index, loginUrl] of hosts.entries()) {
    try {
      const named = { authUserName: username, authCode: '', instanceUrl: loginUrl, loginUrl };
      return await signIn([byKey], named, target, key, ports);
    } catch (error) {
      const isUnknown = error instanceof JitFailure && error.name === 'HostNotFound';
      if (!isUnknown || index === hosts.length - 1) throw error;
    }
  }
  return undefined;
}

/**
 * Where production does not vouch because somebody else made the sandbox: its key may let the user's own name in all the same.
 *
 * @throws the refusal, knowing what else was tried, when it does not
 */
export async function signInUnvouched(
  refusal: unknown,
  ways: readonly Attempt[],
  target: LoginTarget,
  key: SigningKey | undefined,
  ports: Ports,
): Promise<SignedIn> {
  if (!(refusal instanceof JitFailure) || refusal.name !== 'NotSandboxCreator') throw refusal;
  let signedIn: SignedIn | undefined;
  try {
    signedIn = await signInDirectly(target.username, ways, target, key, ports);
  } catch (error) {
    if (!(error instanceof JitFailure)) throw error;
    throw refusal.with({ alsoTried: `jwt: ${error.name}` }, error);
  }
  if (!signedIn) throw refusal;
  return { ...signedIn, refusedFirst: refusal };
}
