import { type Answer, bearerToken, type Call, jsonAnswer, originOf, textAnswer } from '../server/exchange.js';
import type { Session } from './sessions.js';
import { identityUrl } from './tokenEndpoint.js';
import type { World } from '../world/world.js';

/** The identity endpoints answer in bare words, not in JSON, when the token is not good. */
function sessionOrRefusal(world: World, call: Call): Session | Answer {
  const token = bearerToken(call) ?? call.form.get('access_token') ?? undefined;
  if (!token) return textAnswer(403, 'Missing_OAuth_Token');
  const session = world.sessions.findSession(token);
  if (!session || (call.host.role === 'my-domain' && call.host.org !== session.org)) {
    return textAnswer(403, 'Bad_OAuth_Token');
  }
  call.caller = { orgId: session.org.id, username: session.user.username };
  return session;
}

/** `/services/oauth2/userinfo`: the OpenID Connect claims of the user whom the token speaks for. */
export function answerUserInfo(world: World, call: Call): Answer {
  const session = sessionOrRefusal(world, call);
  if ('status' in session) return session;
  const { org, user } = session;
  const instance = originOf(org.host, call);
  return jsonAnswer(200, {
    sub: identityUrl(world, call, org, user),
    user_id: user.id,
    organization_id: org.id,
    preferred_username: user.username,
    nickname: user.lastName,
    name: `${user.firstName} ${user.lastName}`,
    given_name: user.firstName,
    family_name: user.lastName,
    email: user.email,
    email_verified: true,
    active: user.active,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    zoneinfo: 'Europe/Berlin',
    urls: { rest: `${instance}/services/data/v{version}/`, custom_domain: instance },
    is_app_installed: org.apps.has(session.clientId),
  });
}

/** `/id/<org id>/<user id>`: the same in the older format. */
export function answerIdentity(world: World, call: Call): Answer {
  const session = sessionOrRefusal(world, call);
  if ('status' in session) return session;
  const { org, user } = session;
  if (call.path !== `/id/${org.id}/${user.id}`) return textAnswer(403, 'Wrong_Org');
  return jsonAnswer(200, {
    id: identityUrl(world, call, org, user),
    asserted_user: true,
    user_id: user.id,
    organization_id: org.id,
    username: user.username,
    display_name: `${user.firstName} ${user.lastName}`,
    email: user.email,
    active: user.active,
    user_type: 'STANDARD',
  });
}

/** `/services/oauth2/revoke`: an access token, or a refresh token with every access token that came of it. */
export function answerRevoke(world: World, call: Call): Answer {
  const token = call.form.get('token') ?? call.query.get('token') ?? '';
  if (world.sessions.revoke(token)) return textAnswer(200, '');
  // the words are unconfirmed
  return jsonAnswer(400, { error: 'invalid_token', error_description: 'invalid token' });
}
