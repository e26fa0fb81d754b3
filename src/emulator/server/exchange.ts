import { type OAuthRefusal, tokenRefusals } from '../oauth/oauthErrors.js';
import type { App, Host, Org, User } from '../world/model.js';

/** One request, read to the end. */
export type Call = {
  host: Host;
  secure: boolean;
  method: string;
  /** Without the query string. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** The body read as a form; empty when it is not a form. */
  form: URLSearchParams;
  /** What the handlers found out about the caller, for the request log. */
  caller: { orgId?: string; username?: string };
  /** Whom a login is for, as soon as that is known: it is in the Login History then, however it ends. */
  login?: { org: Org; user: User; app: App };
};

/** One answer, before it is sent. */
export type Answer = { status: number; contentType: string; body: string; headers?: Record<string, string> };

/** Thrown by the REST handlers; becomes the JSON array of docs/salesforce.md, REST errors. */
export class RestRefusal extends Error {
  public constructor(
    public readonly status: number,
    public readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }
}

export function jsonAnswer(status: number, body: unknown, headers?: Record<string, string>): Answer {
  return { status, contentType: 'application/json;charset=UTF-8', body: JSON.stringify(body), headers: headers ?? {} };
}

export function textAnswer(status: number, body: string, contentType = 'text/html;charset=UTF-8'): Answer {
  return { status, contentType, body };
}

/** The token endpoint's way of saying no. */
export function oauthAnswer({ refusal }: OAuthRefusal): Answer {
  const [status, error, description] = tokenRefusals[refusal];
  return jsonAnswer(status, { error, error_description: description }, { 'Cache-Control': 'no-store' });
}

/** The REST API's way of saying no. */
export function restAnswer(refusal: RestRefusal): Answer {
  return jsonAnswer(refusal.status, [{ message: refusal.message, errorCode: refusal.errorCode }]);
}

/** The token of `Authorization: Bearer …` (or `OAuth …`, which Salesforce takes as well). */
export function bearerToken(call: Call): string | undefined {
  const header = call.headers['authorization'];
  return typeof header === 'string' ? /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(header)?.[1] : undefined;
}

/** Origin of a host in the scheme of the request, so that a client that came over HTTP stays on HTTP. */
export function originOf(host: Host, call: Pick<Call, 'secure'>): string {
  return call.secure ? host.address.https : host.address.http;
}
