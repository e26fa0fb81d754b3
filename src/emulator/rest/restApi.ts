import {
  type Answer,
  bearerToken,
  type Call,
  jsonAnswer,
  restAnswer,
  RestRefusal,
  textAnswer,
} from '../server/exchange.js';
import { shortId } from '../world/identifiers.js';
import type { Org } from '../world/model.js';
import { answerQuery, type QueryCursors } from './queryEndpoint.js';
import { answerSandboxAuth } from './sandboxAuth.js';
import { answerSandboxInfo } from './sandboxInfo.js';
import type { Session } from '../oauth/sessions.js';
import { valueOf } from './soqlEvaluation.js';
import { findTable, visibleObjects } from './tables.js';
import type { World } from '../world/world.js';

/** Oldest REST API version that the orgs speak, and the newest unless an org says otherwise. */
const versions = { first: 50, last: 67 };

/** Daily API requests that an org is allowed, for `Sforce-Limit-Info` and `/limits`. */
const dailyRequests = 15_000;

function versionList(last: number): Array<{ label: string; url: string; version: string }> {
  const seasons = ['Winter', 'Spring', 'Summer'];
  return Array.from({ length: last - versions.first + 1 }, (_, index) => {
    const number = versions.first + index;
    // v50 was Winter '21, and three releases make a year
    const label = `${seasons[index % 3] ?? ''} '${21 + Math.floor(index / 3)}`;
    return { label, url: `/services/data/v${number}.0`, version: `${number}.0` };
  });
}

const notFound = (): RestRefusal => new RestRefusal(404, 'NOT_FOUND', 'The requested resource does not exist');

/** The session of the request, or the refusal the org gives without one. */
function sessionOf(world: World, call: Call, org: Org): Session {
  const session = world.sessions.findSession(bearerToken(call) ?? '');
  if (!session || session.org !== org) throw new RestRefusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  call.caller = { orgId: org.id, username: session.user.username };
  if (org.apps.get(session.clientId)?.apiBlocked) {
    throw new RestRefusal(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API');
  }
  if (org.requestLimitReached) throw new RestRefusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  org.requestsToday += 1;
  return session;
}

function describe(world: World, session: Session, object: string | undefined): Answer {
  const { org, user } = session;
  if (object === undefined) {
    const sobjects = visibleObjects(world, org, user).map((name) => ({
      name,
      label: name,
      queryable: true,
      custom: false,
    }));
    return jsonAnswer(200, { encoding: 'UTF-8', maxBatchSize: 200, sobjects });
  }
  const table = findTable(world, org, user, object, 'data');
  if (!table) throw notFound();
  const fields = Object.entries(table.fields).map(([name, type]) => ({ name, label: name, type, custom: false }));
  return jsonAnswer(200, { name: table.name, label: table.name, queryable: true, custom: false, fields });
}

/** `…/sobjects/<object>/<id>`: core reads the username this way after a login by a code or a refresh token. */
function record(world: World, session: Session, base: string, object: string, id: string): Answer {
  const table = findTable(world, session.org, session.user, object, 'data');
  const row = table?.rows.find((candidate) => shortId(String(valueOf(candidate, 'Id'))) === shortId(id));
  if (!table || !row) throw notFound();
  const attributes = { type: table.name, url: `${base}/sobjects/${table.name}/${String(valueOf(row, 'Id'))}` };
  const names = Object.keys(table.fields).filter((name) => !name.includes('.'));
  return jsonAnswer(200, { attributes, ...Object.fromEntries(names.map((name) => [name, valueOf(row, name)])) });
}

function resource(world: World, cursors: QueryCursors, call: Call, org: Org): Answer | Promise<Answer> {
  const [, version, rest = ''] = /^\/services\/data\/v(\d+)\.0(\/.*)?$/.exec(call.path) ?? [];
  const number = Number(version);
  if (!version || number > (org.apiVersion ?? versions.last)) throw notFound();
  const session = sessionOf(world, call, org);
  const base = `/services/data/v${number}.0`;
  const query = /^(\/tooling)?\/query(?:\/([\w-]+))?\/?$/.exec(rest);
  const object = /^\/sobjects(?:\/(\w+)\/describe)?\/?$/.exec(rest);
  const recordOf = /^\/sobjects\/(\w+)\/(\w{15}|\w{18})$/.exec(rest);
  if (call.method === 'POST' && rest === '/tooling/sandboxAuth') return answerSandboxAuth(world, call, session);
  const sandboxInfo = /^\/tooling\/sobjects\/SandboxInfo(?:\/(\w{15}|\w{18}))?\/?$/i.exec(rest);
  if (sandboxInfo && call.method !== 'GET') return answerSandboxInfo(world, call, session, sandboxInfo[1]);
  if (call.method !== 'GET') throw notFound();
  if (query) return answerQuery(world, cursors, call, session, { base: base + (query[1] ?? ''), locator: query[2] });
  if (recordOf) return record(world, session, base, recordOf[1] ?? '', recordOf[2] ?? '');
  if (object) return describe(world, session, object[1]);
  if (rest === '/limits') {
    return jsonAnswer(200, { DailyApiRequests: { Max: dailyRequests, Remaining: dailyRequests - org.requestsToday } });
  }
  if (rest === '' || rest === '/') {
    const names = ['limits', 'query', 'sobjects', 'tooling'];
    return jsonAnswer(200, Object.fromEntries(names.map((name) => [name, `${base}/${name}`])));
  }
  throw notFound();
}

/** Everything below `/services/data`. */
export async function answerRest(world: World, cursors: QueryCursors, call: Call): Promise<Answer> {
  const { org } = call.host;
  // what jsforce calls ERROR_HTTP_420: the org behind the address is deleted (docs/salesforce.md, REST errors)
  if (call.host.role === 'my-domain' && org?.state !== 'live') return textAnswer(420, 'Org is no longer available');
  if (/^\/services\/data\/?$/.test(call.path) && call.method === 'GET') {
    return jsonAnswer(200, versionList(org?.apiVersion ?? versions.last));
  }
  try {
    // status unconfirmed: a call to a login host with the session of an org
    if (!org) {
      throw new RestRefusal(400, 'URL_NOT_RESET', 'Destination URL not reset. The URL returned from login must be set');
    }
    const answer = await resource(world, cursors, call, org);
    const usage = `api-usage=${org.requestsToday}/${dailyRequests}`;
    return { ...answer, headers: { ...answer.headers, 'Sforce-Limit-Info': usage } };
  } catch (error) {
    if (error instanceof RestRefusal) return restAnswer(error);
    throw error;
  }
}
