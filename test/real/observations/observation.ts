import type { Conversation } from '../conversation.js';
import type { Reply } from '../httpsClient.js';
import type { Shape } from '../shape.js';

/** What was seen: what is compared, and remarks that are not (they depend on how the org is set up). */
export type Seen = { shape: Shape; notes?: string[] };

/** One request, or a few that belong together, and what is known about the answer. */
export type Observation = {
  what: string;
  /** The heading of docs/salesforce.md or the behaviour of the stand-in, that it tests. */
  tests: string;
  /** Number of the open question of docs/salesforce.md, Open questions that it answers. */
  open?: OpenQuestion;
  /** What the facts say; any one of them. Left out where they say nothing. */
  facts?: readonly Shape[];
  ask: (org: Conversation) => Promise<Seen>;
};

export type OpenQuestion = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** What docs/salesforce.md, Open questions wants to know. */
export const openQuestions: Record<OpenQuestion, string> = {
  1: 'sandboxAuth: status and body of refusals; whether it needs the scope `full`; lifetime of the code',
  2: 'an external client app: as client id of sandboxAuth, and `PlatformCLI` in its place; a sandbox that the caller did not create: with the word of production, and by the key alone',
  3: 'whether sandboxAuth alone creates the approval that JWT needs, and how long that takes',
  4: '`error` behind "External client app is not installed in this org"; expired certificate, frozen user, IP block, login rate',
  5: 'values of SandboxProcess.Status beyond those of Sandbox records',
  6: 'whether `loginUrl` is My Domain or test.salesforce.com',
  7: 'whether a request id of the client counts, and what the logs keep of it',
};

/** What no run can see without changing the org, or without a state that only chance brings. */
export const notObservable: ReadonlyArray<{ what: string; open?: OpenQuestion; why: string }> = [
  {
    what: 'sandboxAuth of a user without the permission to manage sandboxes',
    open: 1,
    why: 'needs a permission changed',
  },
  {
    what: 'sandboxAuth of an app without the scope `full` or `api`',
    open: 1,
    why: 'needs the scopes of the app changed',
  },
  { what: 'how long a code lives', open: 1, why: 'needs a wait of 15 minutes and more' },
  {
    what: 'JWT login right after the first sandboxAuth of a new copy',
    open: 3,
    why: 'needs a sandbox made or refreshed',
  },
  { what: 'JWT login with an expired certificate', open: 4, why: 'needs the certificate of the app changed' },
  { what: 'login of a frozen, locked or inactive user', open: 4, why: 'needs the user changed' },
  { what: 'login from an IP address that is not allowed', open: 4, why: 'needs the login IP ranges changed' },
  { what: 'more logins than the hourly limit', open: 4, why: 'would lock the user out for an hour' },
  { what: 'sandboxAuth while a copy is under way (INVALID_STATUS)', open: 1, why: 'needs a sandbox made or refreshed' },
  { what: 'org id, host and tokens after a refresh (Sandbox names and users)', why: 'needs a sandbox refreshed' },
  { what: 'rotating refresh tokens (Refresh token)', why: 'needs the app changed' },
  {
    what: 'client name and request id in the event logs (Logs)',
    open: 7,
    why: 'needs a day to pass, and a permission',
  },
  {
    what: 'API Access Control: a login that no REST call accepts (Policies that stop a working login)',
    why: 'needs a setting of the org changed',
  },
];

/** An observation that is one request. */
export function answerOf(ask: (org: Conversation) => Promise<Reply>): Observation['ask'] {
  return async (org) => ({ shape: org.shape.answer(await ask(org)) });
}

/** An observation that is one query. */
export function rowsOf(ask: (org: Conversation) => Promise<Reply>): Observation['ask'] {
  return async (org) => ({ shape: org.shape.rows(await ask(org)) });
}

/** A refusal in the words of docs/salesforce.md, Refusals by the token endpoint. */
export function oauthRefusal(error: string, description: string): Shape {
  return { status: '400', error, error_description: description };
}
