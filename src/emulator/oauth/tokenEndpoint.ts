import { createHash, createHmac } from 'node:crypto';
import { type Answer, type Call, jsonAnswer, oauthAnswer, originOf } from '../server/exchange.js';
import { checkLoginAllowed, loginByAssertion } from './jwtBearer.js';
import type { App, Org, User } from '../world/model.js';
import { OAuthRefusal } from './oauthErrors.js';
import { type AuthorizationCode, givesRefreshToken, type RefreshGrant } from './sessions.js';
import { platformCli, type World } from '../world/world.js';

type Login = { org: Org; user: User; app: App };

/** `<login host>/id/<org id>/<user id>`, from which core reads the org id. */
export function identityUrl(world: World, call: Call, org: Org, user: User): string {
  return `${originOf(world.loginHostOf(org), call)}/id/${org.id}/${user.id}`;
}

function success(world: World, call: Call, login: Login, family?: RefreshGrant): Record<string, string> {
  const { org, user, app } = login;
  call.login = login;
  call.caller = { orgId: org.id, username: user.username };
  const session = world.sessions.issueAccessToken({ org, user, clientId: app.clientId }, family);
  return {
    access_token: session.token,
    scope: app.scopes.join(' '),
    instance_url: originOf(org.host, call),
    id: identityUrl(world, call, org, user),
    token_type: 'Bearer',
  };
}

/** The fields that every flow but JWT adds (docs/salesforce.md, Token request). */
function signed(world: World, app: App, fields: Record<string, string>): Record<string, string> {
  const issuedAt = String(world.now());
  // signed by the rule of the documentation: HMAC-SHA256 of id and issued_at, keyed with the consumer secret
  const signature = createHmac('sha256', app.clientSecret ?? '')
    .update(`${fields['id']}${issuedAt}`)
    .digest('base64');
  return { ...fields, issued_at: issuedAt, signature };
}

function checkClient(world: World, call: Call): App {
  const app = world.findApp(call.form.get('client_id') ?? '');
  if (!app) throw new OAuthRefusal('unknown-client');
  return app;
}

function checkSecret(app: App, call: Call): void {
  if (app.clientSecret !== undefined && call.form.get('client_secret') !== app.clientSecret) {
    throw new OAuthRefusal('wrong-secret');
  }
}

function checkVerifier({ challenge }: AuthorizationCode, call: Call): void {
  if (challenge === undefined) return;
  const verifier = call.form.get('code_verifier') ?? '';
  if (createHash('sha256').update(verifier).digest('base64url') !== challenge) throw new OAuthRefusal('wrong-verifier');
}

/**
 * The app as the org has it. A code from `sandboxAuth` also works for a connected app that the sandbox does not have; that it does not for an
 * external client app, and how sf's own app is refused where it is switched off, is a guess (docs/salesforce.md, sandboxAuth).
 */
function appIn(org: Org, fallback: App): App {
  const installed = org.apps.get(fallback.clientId);
  if (!installed && fallback.clientId === platformCli) throw new OAuthRefusal('app-uninstalled');
  if (!installed && fallback.kind !== 'connected') throw new OAuthRefusal('app-not-installed');
  const app = installed ?? fallback;
  if (app.approval === 'blocked') throw new OAuthRefusal('app-blocked');
  return app;
}

function exchangeCode(world: World, call: Call): Record<string, string> {
  const client = checkClient(world, call);
  const code = world.sessions.findCode(call.form.get('code') ?? '');
  if (!code || code.clientId !== client.clientId) throw new OAuthRefusal('invalid-code');
  const { org, user } = code;
  if (!world.sessions.isCodeGood(code)) throw new OAuthRefusal('expired-code');
  if (!world.orgsOf(call.host).includes(org)) throw new OAuthRefusal('invalid-code');
  const app = appIn(org, client);
  checkSecret(app, call);
  if (call.form.get('redirect_uri') !== code.redirectUri) throw new OAuthRefusal('redirect-mismatch');
  checkVerifier(code, call);
  call.login = { org, user, app };
  checkLoginAllowed(user, app);
  code.used = true;
  const grantee = { org, user, clientId: app.clientId };
  const grant = givesRefreshToken(app) ? world.sessions.issueRefreshToken(grantee) : undefined;
  const fields = signed(world, app, success(world, call, { org, user, app }, grant));
  return grant ? { ...fields, refresh_token: grant.token } : fields;
}

function refresh(world: World, call: Call): Record<string, string> {
  const client = checkClient(world, call);
  const grant = world.sessions.findRefreshToken(call.form.get('refresh_token') ?? '');
  if (!grant || grant.revoked || grant.org.state !== 'live' || grant.clientId !== client.clientId) {
    throw new OAuthRefusal('expired-token');
  }
  if (!world.orgsOf(call.host).includes(grant.org)) throw new OAuthRefusal('expired-token');
  const app = appIn(grant.org, client);
  checkSecret(app, call);
  call.login = { org: grant.org, user: grant.user, app };
  checkLoginAllowed(grant.user, app);
  const fields = signed(world, app, success(world, call, { org: grant.org, user: grant.user, app }, grant));
  return app.rotatesRefreshTokens ? { ...fields, refresh_token: world.sessions.rotate(grant).token } : fields;
}

function grantOf(world: World, call: Call): Record<string, string> {
  if (call.host.role === 'my-domain' && call.host.org?.state !== 'live') throw new OAuthRefusal('inactive-org');
  switch (call.form.get('grant_type')) {
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return success(world, call, loginByAssertion(world, call));
    case 'authorization_code':
      return exchangeCode(world, call);
    case 'refresh_token':
      return refresh(world, call);
    default:
      throw new OAuthRefusal('unsupported-grant');
  }
}

/**
 * Notes a login in the Login History. That a renewal is a row of its own, and the words for a refusal, are unconfirmed (docs/salesforce.md,
 * Login History).
 */
function note(world: World, { login, host }: Call, status: string): void {
  if (!login) return;
  const { org, user, app } = login;
  const loginUrl = new URL(host.address.https).host;
  org.logins.push({
    id: world.ids.next('0Ya'),
    user,
    time: world.timestamp(),
    application: app.label,
    status,
    loginUrl,
  });
}

/** `POST /services/oauth2/token`. */
export function answerToken(world: World, call: Call): Answer {
  try {
    const fields = grantOf(world, call);
    note(world, call, 'Success');
    return jsonAnswer(200, fields, { 'Cache-Control': 'no-store' });
  } catch (error) {
    if (!(error instanceof OAuthRefusal)) throw error;
    note(world, call, `Failed: ${error.message}`);
    return oauthAnswer(error);
  }
}
