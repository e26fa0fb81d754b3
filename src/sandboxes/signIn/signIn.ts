import { JitFailure } from '../../failures/failures.js';
import { sandboxPhrase } from '../../failures/orgPhrases.js';
import type { SigningKey } from '../../keys/signingKey.js';
import type { Ports } from '../../ports.js';
import type { ProductionLogin } from '../../production/productionCredentials.js';
import type { OrgContext, Grant } from '../../salesforce/salesforce.js';
import type { FreshLogin } from '../../sfStore/storedOrg.js';
import type { App } from './askProduction.js';
import type { LoginTarget } from './loginTarget.js';
import { revokeTokens } from './revokeTokens.js';
import type { Attempt } from './waysToSignIn.js';

/** Where a sandbox is signed in to, and as whom. */
export type Entrance = {
  readonly username: string;
  readonly loginUrl: string;
  /** The app to sign in with. */
  readonly app: App;
  /** The authorization code that came with production's word. */
  readonly code?: string;
};

/**
 * Signs in to the sandbox in one way, in one request. Stores nothing; a login that turns out to be of no use leaves no refresh token.
 *
 * @param key production's key, when it was read already
 * @throws what the sandbox refuses; HostNotFound when its host is not in DNS yet; InputInvalid when a refresh token was asked for and none came
 */
export async function signIn(
  { username, loginUrl, app, code }: Entrance,
  { authType, withoutRefreshToken }: Attempt,
  target: LoginTarget,
  key: SigningKey | undefined,
  ports: Ports,
): Promise<FreshLogin> {
  const { production } = target;
  const { clientId, callbackUrl } = app;
  const context = sandboxContext(target, username);
  let grant: Grant;
  let clientSecret: string | undefined;
  if (code === undefined) {
    const read = key ?? (await ports.keys.read(production.key, production.username));
    grant = await ports.salesforce.jwtLogin({ loginUrl, clientId, username, key: read }, context);
  } else {
    // production's secret is its own app's, and no other app may see it
    clientSecret = clientId === production.clientId ? await storedClientSecret(production, ports) : undefined;
    grant = await ports.salesforce.exchangeCode({ loginUrl, clientId, clientSecret, code, callbackUrl }, context);
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

/** The secret of an app that has one: sf keeps it with production after a login by auth URL, and core passes it on as well. */
async function storedClientSecret(production: ProductionLogin, ports: Ports): Promise<string | undefined> {
  if (production.key.source !== 'sf') return undefined;
  const stored = await ports.sfOrgs.read(production.username);
  return stored === undefined || stored === 'unreadable' ? undefined : stored.clientSecret || undefined;
}
