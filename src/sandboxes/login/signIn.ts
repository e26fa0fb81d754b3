import { JitFailure } from '../../failures/failures.js';
import type { LoginTarget } from './loginTarget.js';
import type { ProductionLogin } from '../../production/productionCredentials.js';
import type { Attempt } from './waysToSignIn.js';
import { otherWayMayCure } from './waysToSignIn.js';
import type { FreshLogin } from '../../sfStore/storedOrg.js';
import type { SigningKey } from '../../keys/signingKey.js';
import type { Ports } from '../../ports.js';
import { revokeTokens } from './revokeTokens.js';
import type { OrgContext, Grant, SandboxAuthAnswer } from '../../salesforce/salesforce.js';
import { sandboxPhrase } from '../../failures/orgPhrases.js';

/**
 * Signs in to the sandbox where production said: one way, and the other when the first was refused for a reason that it can cure.
 *
 * @param key production's key, when it was read already
 * @throws the first refusal, with the second as its cause
 */
export async function signIn(
  ways: readonly [Attempt, ...Attempt[]],
  vouched: SandboxAuthAnswer,
  target: LoginTarget,
  key: SigningKey | undefined,
  ports: Ports,
): Promise<{ freshLogin: FreshLogin; refusedFirst?: JitFailure }> {
  const [first, second] = ways;
  try {
    return { freshLogin: await attempt(first, vouched, target, key, ports) };
  } catch (refusal) {
    if (!second || !otherWayMayCure(first.way, refusal)) throw refusal;
    try {
      return { freshLogin: await attempt(second, vouched, target, key, ports), refusedFirst: refusal };
    } catch (secondRefusal) {
      if (!(secondRefusal instanceof JitFailure)) throw secondRefusal;
      throw refusal.with({ alsoTried: `${second.way}: ${secondRefusal.name}` }, secondRefusal);
    }
  }
}

/** Words for failures that happen at the sandbox. */
export function sandboxContext(
  { sandboxName, production }: { sandboxName: string; production: { username: string } },
  username: string,
): OrgContext & { user: string } {
  return {
    org: sandboxPhrase(sandboxName),
    side: 'sandbox',
    user: username,
    sandbox: sandboxName,
    production: production.username,
  };
}

async function attempt(
  { way, authType, withoutRefreshToken }: Attempt,
  vouched: SandboxAuthAnswer,
  target: LoginTarget,
  knownKey: SigningKey | undefined,
  ports: Ports,
): Promise<FreshLogin> {
  const { production } = target;
  const { clientId } = production;
  const { loginUrl, authUserName: username } = vouched;
  const context = sandboxContext(target, username);
  let grant: Grant;
  let clientSecret: string | undefined;
  if (way === 'jwt') {
    const key = knownKey ?? (await ports.keys.read(production.key, production.username));
    grant = await ports.salesforce.jwtLogin({ loginUrl, clientId, username, key }, context);
  } else {
    clientSecret = await storedClientSecret(production, ports);
    grant = await ports.salesforce.exchangeCode(
      { loginUrl, clientId, clientSecret, code: vouched.authCode, callbackUrl: target.callbackUrl },
      context,
    );
  }
  try {
    if (new URL(grant.instanceUrl).host !== new URL(loginUrl).host)
      await ports.salesforce.checkHost(grant.instanceUrl, context);
  } catch (error) {
    // the login is of no use, and a refresh token that nobody holds would in time end one that somebody holds
    await revokeTokens({ ...grant, instanceUrl: loginUrl }, context, ports);
    throw error;
  }
  const stored = grant.refreshToken === undefined ? (withoutRefreshToken ?? authType) : authType;
  if (stored === 'sfdx-auth-url' && grant.refreshToken === undefined) {
    throw new JitFailure('InputInvalid', {
      field: '--auth-type sfdx-auth-url',
      problem: `Salesforce gave no refresh token: the app ${clientId} needs the scope refresh_token`,
    });
  }
  return {
    ...grant,
    username,
    loginUrl,
    clientId,
    clientSecret,
    authType: stored,
    keyFile: production.key.source === 'file' ? production.key.path : undefined,
  };
}

/** The secret of an app that has one: sf keeps it with production after a login by auth URL, and core passes it on as well. */
async function storedClientSecret(production: ProductionLogin, ports: Ports): Promise<string | undefined> {
  if (production.key.source !== 'sf') return undefined;
  const stored = await ports.sfOrgs.read(production.username);
  return stored === undefined || stored === 'unreadable' ? undefined : stored.clientSecret || undefined;
}
