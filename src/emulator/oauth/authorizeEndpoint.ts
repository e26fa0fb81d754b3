import { type Answer, type Call, oauthAnswer } from '../server/exchange.js';
import type { World } from '../world/world.js';
import { checkLoginAllowed } from './jwtBearer.js';
import { OAuthRefusal } from './oauthErrors.js';

/** Where a browser is sent with its code. */
function redirection(world: World, call: Call): string {
  const { query } = call;
  const org = call.host.org ?? world.orgsOf(call.host)[0];
  const user = org && [...org.users.values()][0];
  if (!org || !user) throw new OAuthRefusal('inactive-org');
  const app = org.apps.get(query.get('client_id') ?? '');
  if (!app) throw new OAuthRefusal('unknown-client');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app.callbackUrls.includes(redirectUri)) throw new OAuthRefusal('redirect-mismatch');
  checkLoginAllowed(user, app);
  call.caller = { orgId: org.id, username: user.username };
  const challenge = query.get('code_challenge') ?? undefined;
  const target = new URL(redirectUri);
  const grantee = { org, user, clientId: app.clientId };
  target.searchParams.set('code', world.sessions.issueCode(grantee, redirectUri, challenge));
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return target.href;
}

/**
 * `GET /services/oauth2/authorize`, which a browser opens for `sf org login web`. There is no page to log in and to allow the app: the
 * first user of the org, its admin, is taken to have done both.
 */
export function answerAuthorize(world: World, call: Call): Answer {
  try {
    const headers = { Location: redirection(world, call) };
    return { status: 302, contentType: 'text/html;charset=UTF-8', body: '', headers };
  } catch (error) {
    if (error instanceof OAuthRefusal) return oauthAnswer(error);
    throw error;
  }
}
