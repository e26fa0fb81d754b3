import { type Answer, type Call, jsonAnswer, originOf, RestRefusal } from '../server/exchange.js';
import { newestProcess, sandboxOwner } from '../world/sandboxes.js';
import type { Session } from '../oauth/sessions.js';
import type { World } from '../world/world.js';

function parseBody(text: string): (field: string) => string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new RestRefusal(400, 'JSON_PARSER_ERROR', 'The request body is not JSON.');
  }
  const fields = new Map<string, unknown>(Object.entries(Object(body) as object));
  return (field) => {
    const value = fields.get(field);
    return typeof value === 'string' ? value : '';
  };
}

/**
 * `POST …/tooling/sandboxAuth`: production vouches for the user who made the sandbox and hands out a code for it.
 * The endpoint is undocumented. Confirmed are the fields of request and answer and the name INVALID_STATUS; all other
 * refusals are guesses in the shape of docs/salesforce.md, REST errors, which the control API can override per sandbox.
 */
export function answerSandboxAuth(world: World, call: Call, session: Session): Answer {
  const { org: production, user } = session;
  const field = parseBody(call.body);
  const name = field('sandboxName');
  const sandbox = world.findSandbox(production, name);
  const { clientId: ofApp = field('clientId') } = sandbox?.sandboxAuthAnswer ?? {};
  if (sandbox?.sandboxAuthAnswer && ofApp === field('clientId')) {
    const { status, body: text } = sandbox.sandboxAuthAnswer;
    return { status, body: text, contentType: 'application/json;charset=UTF-8' };
  }
  if (production.kind !== 'production') {
    throw new RestRefusal(404, 'NOT_FOUND', 'The requested resource does not exist');
  }
  if (!user.managesSandboxes) {
    throw new RestRefusal(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on cross-reference id');
  }
  if (!sandbox) throw new RestRefusal(404, 'NOT_FOUND', `Sandbox not found: ${name}`);
  if (newestProcess(sandbox).status !== 'Completed' || !sandbox.authReady) {
    throw new RestRefusal(400, 'INVALID_STATUS', 'The sandbox is not ready to be authorized.');
  }
  if (sandboxOwner(sandbox).id !== user.id) {
    throw new RestRefusal(
      403,
      'INSUFFICIENT_ACCESS',
      'Only the user who created or refreshed the sandbox can log in to it.',
    );
  }
  const app = production.apps.get(field('clientId'));
  if (!app) throw new RestRefusal(400, 'INVALID_CLIENT_ID', 'client identifier invalid');
  const callbackUrl = field('callbackUrl');
  if (!app.callbackUrls.includes(callbackUrl)) {
    throw new RestRefusal(400, 'REDIRECT_URI_MISMATCH', 'redirect_uri must match configuration');
  }
  const copy = sandbox.host.org;
  // a copy keeps the ids of production's users
  const sandboxUser = copy && [...copy.users.values()].find((candidate) => candidate.id === user.id);
  if (!copy || !sandboxUser) throw new RestRefusal(400, 'INVALID_STATUS', 'The sandbox has no user for you yet.');
  const origin = originOf(sandbox.host, call);
  return jsonAnswer(200, {
    authUserName: sandboxUser.username,
    authCode: world.sessions.issueCode({ org: copy, user: sandboxUser, clientId: app.clientId }, callbackUrl),
    instanceUrl: origin,
    loginUrl: origin,
  });
}
