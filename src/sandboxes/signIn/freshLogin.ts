import { JitFailure } from '../../failures/failures.js';
import type { Ports } from '../../ports.js';
import { withLoginFacts } from '../../production/loginFacts.js';
import { openedSession } from '../../production/openProduction.js';
import type { FreshLogin } from '../../sfStore/storedOrg.js';
import type { LoginTarget } from './loginTarget.js';
import { sandboxContext } from './signIn.js';
import { refuseProductionUser, refuseWrongOrg } from './signedInOrg.js';
import type { SignedIn } from './tryWays.js';
import { tryWays } from './tryWays.js';
import type { Attempt } from './waysToSignIn.js';
import { isByKey } from './waysToSignIn.js';

/**
 * Gets a fresh login to the sandbox: production vouches, then the sandbox is signed in to. Three requests, two with a cached production
 * session; more where that is refused (`tryWays`). Without production's word, as another user or where somebody else made the sandbox, one
 * request by key. Writes nothing but production's own session.
 *
 * @param ways which ways of signing in to try, in order
 * @param mayUse called with each username before the sandbox is signed in to as that user; may refuse it by throwing
 * @throws the classes of docs/troubleshooting.md
 */
export async function getFreshLogin(
  target: LoginTarget,
  ways: readonly [Attempt, ...Attempt[]],
  ports: Ports,
  mayUse: (username: string) => Promise<void> = () => Promise.resolve(),
): Promise<SignedIn> {
  return withLoginFacts(target.production, async () => {
    const { key: source, username } = target.production;
    // read before the first request, so that a wrong key costs none
    const key = isByKey(ways[0].way) ? await ports.keys.read(source, username) : undefined;
    const known = await ports.registry.readGlobal();
    const accept = async (user: string): Promise<void> => {
      refuseProductionUser(user, target, known);
      await mayUse(user);
    };
    const signedIn = await tryWays({ target, ways, key, accept }, ports);
    await checkOrg(signedIn.freshLogin, target, ports);
    return signedIn;
  });
}

/** @throws SignedInToProduction, SandboxOfOtherProduction; nobody will use the refresh token that came with it, so it is revoked */
async function checkOrg(freshLogin: FreshLogin, target: LoginTarget, ports: Ports): Promise<void> {
  const [registry, records, session] = await Promise.all([
    ports.registry.readGlobal(),
    ports.sfOrgs.loginRecords(),
    openedSession(target.production, ports),
  ]);
  try {
    refuseWrongOrg(freshLogin.orgId, target, { registry, records, productionOrgId: session?.orgId });
  } catch (refusal) {
    const { refreshToken: token, instanceUrl, username } = freshLogin;
    if (!(refusal instanceof JitFailure) || token === undefined) throw refusal;
    try {
      await ports.salesforce.revoke({ instanceUrl, token }, sandboxContext(target, username));
    } catch (error) {
      throw refusal.with({}, error);
    }
    throw refusal;
  }
}
