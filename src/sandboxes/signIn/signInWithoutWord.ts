import { JitFailure } from '../../failures/failures.js';
import type { SigningKey } from '../../keys/signingKey.js';
import type { Ports } from '../../ports.js';
import type { FreshLogin } from '../../sfStore/storedOrg.js';
import { confirmSandbox } from './confirmSandbox.js';
import { hostsFor } from './knownHosts.js';
import type { LoginTarget } from './loginTarget.js';
import { signIn } from './signIn.js';
import type { Attempt } from './waysToSignIn.js';

/**
 * Signs a user in by production's key without production's word, which is given only to the user who made the sandbox: at the first known
 * host that exists. One request; the org is then known to be the sandbox (`confirmSandbox`).
 *
 * @returns undefined where no host is known; then only production can tell it
 * @throws what signing in throws, and SandboxUnconfirmed
 */
export async function signInWithoutWord(
  username: string,
  attempt: Attempt,
  target: LoginTarget,
  key: SigningKey | undefined,
  ports: Ports,
): Promise<FreshLogin | undefined> {
  const { clientId } = target.production;
  const app = { clientId, callbackUrl: target.callbackUrl };
  const hosts = await hostsFor(username, target, ports);
  for (const [index, loginUrl] of hosts.entries()) {
    try {
      const login = await signIn({ username, loginUrl, app }, attempt, target, key, ports);
      await confirmSandbox(login, target, ports);
      return login;
    } catch (error) {
      const isUnknown = error instanceof JitFailure && error.name === 'HostNotFound';
      if (!isUnknown || index === hosts.length - 1) throw error;
    }
  }
  return undefined;
}
