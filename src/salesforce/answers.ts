import type { Side } from '../failures/failures.js';

/** What came back over HTTP, whatever it was. The one shape in which adapters hand answers to the diagnosis. */
export type Answer = {
  /** HTTP status. */
  readonly status: number;
  /** `Content-Type`, lower case, without parameters; `''` when absent. */
  readonly contentType: string;
  /** The body as text, `''` when there was none. */
  readonly body: string;
  /** The server's `Date` header, if it sent one; used to measure clock skew. */
  readonly date?: string;
  /** The `Location` header of a redirect. Redirects are never followed. */
  readonly location?: string;
  /** The id under which the server logs the request, as far as is known (docs/salesforce.md, Logs). */
  readonly requestId?: string;
};

/** What was being done when an answer or a network problem came. It decides what a given body means. */
export type Operation =
  /** JWT bearer login (production or sandbox). */
  | 'jwt-login'
  /** exchange of sandboxAuth's authorization code. */
  | 'code-exchange'
  /** renewal with a refresh token. */
  | 'refresh-token'
  /** POST tooling/sandboxAuth in production. */
  | 'sandbox-auth'
  /** SOQL query or other REST read. */
  | 'query'
  /** POST oauth2/revoke. */
  | 'revoke';

/** Where an operation was addressed to, and on whose behalf: what a failure text must be able to name. */
export type RequestContext = {
  readonly operation: Operation;
  /** In words: `production org admin@acme.com`, `sandbox uat`. */
  readonly org: string;
  /** Whether the org addressed is the production org or one of its sandboxes. */
  readonly side: Side;
  /** Host that was asked, with port if it is not the default. */
  readonly host: string;
  /** Username for which the request was made. */
  readonly user: string;
  /** Consumer key of the app, when one was sent. */
  readonly clientId?: string;
  /** Callback URL, when one was sent. */
  readonly callbackUrl?: string;
  /** Sandbox name, when the request concerns one. */
  readonly sandbox?: string;
  /** Production org's username, when `side` is `sandbox` or `sandbox` is given. */
  readonly production?: string;
};

/** The sandbox, when it is what was asked. A failure at production knows none: waiting for the sandbox would not help there. */
export function sandboxAddressed({ side, sandbox }: Pick<RequestContext, 'side' | 'sandbox'>): string | undefined {
  return side === 'sandbox' ? sandbox : undefined;
}

/**
 * How far the clock of this machine is from the server's: seconds, positive when this machine is ahead. `undefined` when the answer
 * has no usable `Date`. An answer's date has a resolution of one second, and its way here adds more: differences under five
 * seconds mean nothing.
 */
export function clockSkewSeconds(answer: Pick<Answer, 'date'>, now: Date): number | undefined {
  const server = answer.date === undefined ? Number.NaN : Date.parse(answer.date);
  return Number.isNaN(server) ? undefined : Math.round((now.getTime() - server) / 1000);
}
