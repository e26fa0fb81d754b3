import { JitFailure } from '../../failures/failures.js';
import type { LoginTarget } from './loginTarget.js';
import type { Attempt } from './waysToSignIn.js';
import type { FreshLogin } from '../../sfStore/storedOrg.js';
import type { Ports } from '../../ports.js';
import type { SigningKey } from '../../keys/signingKey.js';
import { withLoginFacts } from '../../production/loginFacts.js';
import { askProduction } from './askProduction.js';
import { sandboxContext, signIn } from './signIn.js';
import { refuseProductionUser, refuseWrongOrg } from './signedInOrg.js';
import { openOrgId } from '../../production/openProduction.js';
import type { SandboxAuthAnswer } from '../../salesforce/salesforce.js';
import { signInDirectly, signInUnvouched } from './signInDirectly.js';

/** A fresh login to a sandbox, not stored anywhere; and the way of signing in that was refused before another one worked. */
export type SandboxSignIn = { readonly freshLogin: FreshLogin; readonly refusedFirst?: JitFailure };

/**
 * Gets a fresh login to the sandbox: production vouches, then the sandbox is signed in to. Three requests, two with a
 * cached production session. Another user than the one that production vouches for is signed in by key without it, in one request, where the
 * sandbox's login host is known. Writes nothing but production's own session.
 *
 * @param ways which ways of signing in to try, in order
 * @param mayUse called with the username that Salesforce names, before the sandbox is signed in to; may refuse it by throwing
 * @throws the classes of docs/troubleshooting.md
 */
export async function getFreshLogin(
  target: LoginTarget,
  ways: readonly [Attempt, ...Attempt[]],
  ports: Ports,
  mayUse: (username: string) => Promise<void> = () => Promise.resolve(),
): Promise<SandboxSignIn> {
  return withLoginFacts(target.production, async () => {
    const { key: source, username } = target.production;
    // read before the first request, so that a wrong key costs none
    const key = ways[0].way === 'jwt' ? await ports.keys.read(source, username) : undefined;
    const signedIn = await enter(target, ways, key, ports, mayUse);
    await checkOrg(signedIn.freshLogin, target, ports);
    return signedIn;
  });
}

async function enter(
  target: LoginTarget,
  ways: readonly [Attempt, ...Attempt[]],
  key: SigningKey | undefined,
  ports: Ports,
  mayUse: (username: string) => Promise<void>,
): Promise<SandboxSignIn> {
  const known = await ports.registry.readGlobal();
  const accept = async (username: string): Promise<void> => {
    refuseProductionUser(username, target, known);
    await mayUse(username);
  };
  if (target.user !== undefined) {
    await accept(target.user);
    const direct = await signInDirectly(target.user, ways, target, key, ports);
    if (direct) return direct;
  }
  let vouched: SandboxAuthAnswer;
  try {
    vouched = await askProduction(target, ports);
  } catch (refusal) {
    if (target.user !== undefined) throw refusal;
    return signInUnvouched(refusal, ways, target, key, ports);
  }
  const named = target.user === undefined ? vouched : { ...vouched, authUserName: target.user };
  if (target.user === undefined) await accept(named.authUserName);
  return signIn(ways, named, target, key, ports);
}

/** @throws SignedInToProduction, SandboxOfOtherProduction; nobody will use the refresh token that came with it, so it is revoked */
async function checkOrg(freshLogin: FreshLogin, target: LoginTarget, ports: Ports): Promise<void> {
  const [registry, records, productionOrgId] = await Promise.all([
    ports.registry.readGlobal(),
    ports.sfOrgs.loginRecords(),
    openOrgId(target.production, ports),
  ]);
  try {
    refuseWrongOrg(freshLogin.orgId, target, { registry, records, productionOrgId });
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
