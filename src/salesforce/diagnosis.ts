import type { Answer, RequestContext, Operation } from './answers.js';
import { clockSkewSeconds, sandboxAddressed } from './answers.js';
import type { ReadAnswer } from './answerText.js';
import { readAnswer } from './answerText.js';
import type { Fact } from '../failures/facts.js';
import type { FailureFacts, FailureName } from '../failures/failures.js';
import { failureClasses, JitFailure } from '../failures/failures.js';
import { quotable } from '../failures/quotable.js';

export { diagnoseNetworkProblem } from './networkDiagnosis.js';

/**
 * Says what a refusal, or an answer that makes no sense, means. Goes down one table; the first row that fits wins, and the
 * last one fits everything. Matching is loose, since Salesforce's wording is not documented (docs/salesforce.md, Refusals by the token endpoint and sandboxAuth and REST errors).
 *
 * @param now the time of this machine, to measure how far its clock is off
 */
export function diagnoseAnswer(answer: Answer, context: RequestContext, now: Date = new Date()): JitFailure {
  const read = readAnswer(answer);
  const row = table.find((candidate) => fits(candidate, answer, read, context)) ?? lastRow;
  const facts: Partial<Record<Fact, string | undefined>> = {
    ...commonFacts(answer, read, context),
    ...row.facts?.(answer, context, now),
  };
  for (const fact of failureClasses[row.name].needs) facts[fact] ??= 'unknown';
  return new JitFailure<FailureName>(row.name, facts as FailureFacts);
}

type Row = {
  readonly name: FailureName;
  /** HTTP status. */
  readonly status?: (status: number) => boolean;
  /** OAuth `error` or REST `errorCode`; with `text`, both must fit the same one of the reported errors. */
  readonly code?: RegExp;
  /** OAuth `error_description` or REST `message`. */
  readonly text?: RegExp;
  readonly kind?: ReadAnswer['kind'];
  /** Fits the quoted text of a page or of plain text. */
  readonly page?: RegExp;
  readonly during?: readonly Operation[];
  readonly when?: (context: RequestContext) => boolean;
  readonly facts?: (answer: Answer, context: RequestContext, now: Date) => Partial<FailureFacts>;
};

const signingIn: readonly Operation[] = ['jwt-login', 'code-exchange', 'refresh-token'];
const callingApi: readonly Operation[] = ['sandbox-auth', 'query', 'revoke'];
const ofProduction = ({ side }: RequestContext): boolean => side === 'production';
const ofKnownSandbox = ({ side, production }: RequestContext): boolean =>
  side === 'sandbox' && production !== undefined;

// prettier-ignore -- a table is read by its columns
const table: readonly Row[] = [
  // whatever the body says
  {
    name: 'RedirectRefused',
    status: (status) => status >= 300 && status < 400,
    facts: ({ location }) => ({ url: destination(location) }),
  },
  {
    name: 'ProxyFailed',
    status: (status) => status === 407,
    facts: () => ({ problem: 'it wants a user and password (HTTP 407)' }),
  },
  { name: 'OrgGone', status: (status) => status === 420 },

  // a blocked app first: its 401 looks like an expired session, and logging in again would go on for ever (docs/salesforce.md, Policies that stop a working login)
  { name: 'ApiAccessBlocked', text: /not valid for use with the REST API|app is not attached to agent/i },
  { name: 'ApiAccessBlocked', code: /^API_(CURRENTLY_)?DISABLED|^FUNCTIONALITY_NOT_ENABLED$/ },
  { name: 'ApiLimitReached', code: /^REQUEST_LIMIT_EXCEEDED$/ },
  { name: 'InstanceChanged', code: /URL_NOT_RESET/ },
  { name: 'InstanceChanged', text: /destination URL not reset/i },
  { name: 'OrgGone', code: /^(inactive_org|ORG_LOCKED|INVALID_ORG)$/i },
  {
    name: 'OrgGone',
    text: /data not available|org(anization)? is (inactive|locked|deleted)/i,
    during: ['refresh-token', 'jwt-login', 'code-exchange', 'query'],
  },
  { name: 'SessionInvalid', code: /^INVALID_SESSION_ID$|^INVALID_AUTH_HEADER$/ },
  { name: 'SessionInvalid', text: /^(Bad|Missing)_OAuth_Token/i },
  { name: 'SessionInvalid', code: /^(invalid_token|unsupported_token_type)$/, during: ['revoke', 'query'] },

  // the user
  { name: 'UserNotApproved', text: /has ?n[o'’]?t approved this consumer/i },
  { name: 'UserNotApproved', text: /not admin approved/i },
  { name: 'UserNotApproved', code: /^OAUTH_APP_ACCESS_DENIED$/ },
  { name: 'InactiveUser', text: /inactive user|user is (inactive|locked|frozen)|user (account )?(locked|frozen)/i },
  { name: 'IpRestricted', text: /\bip (is )?restricted|restricted ip|\bip (address )?not (allowed|permitted)/i },
  { name: 'LoginRateExceeded', text: /login rate exceeded|rate limit/i, during: signingIn },
  { name: 'LoginRateExceeded', code: /rate_limit_exceeded/i, during: signingIn },

  // the app
  { name: 'AppNotInSandbox', text: /external client app is not installed/i, when: ({ side }) => side === 'sandbox' },
  { name: 'AppBlocked', text: /external client app is not installed|app must be installed/i },
  {
    name: 'AppBlocked',
    code: /^(OAUTH_APP_BLOCKED|OAUTH_APPROVAL_ERROR_GENERIC|invalid_app_access|CLIENT_NOT_ACCESSIBLE_FOR_USER)$/,
  },
  { name: 'AppNotInSandbox', code: /^OAUTH_EC_APP_NOT_FOUND$/ },
  { name: 'AppNotInSandbox', code: /^invalid_client_id$/, during: signingIn, when: ofKnownSandbox },
  { name: 'AppNotInSandbox', text: /client identifier invalid/i, during: signingIn, when: ofKnownSandbox },
  { name: 'InvalidClientId', code: /^invalid_client_id$/i },
  {
    name: 'InvalidClientId',
    text: /client identifier invalid|invalid client ?id|(client ?id|consumer key)\b.*\b(invalid|unknown|not found|not valid)/i,
  },
  { name: 'ClientSecretRequired', code: /^invalid_client_credentials$/ },
  {
    name: 'ClientSecretRequired',
    text: /invalid client (credentials|secret)|client[ _]secret|secret (is )?(missing|required)/i,
  },
  { name: 'CallbackUrlMismatch', code: /redirect_uri/i },
  { name: 'CallbackUrlMismatch', text: /redirect_uri|callback ?url/i },
  { name: 'PkceRequired', text: /code[ _](verifier|challenge)|\bpkce\b|proof key/i },
  { name: 'GrantTypeNotSupported', code: /^unsupported_grant_type$/ },
  { name: 'ScopeMissing', code: /^invalid_scope$|^insufficient_scope$/ },

  // the certificate, the assertion, the code
  { name: 'CertificateExpired', text: /certificate.*expired|expired.*certificate/i },
  { name: 'AudienceInvalid', text: /audience/i },
  {
    name: 'AssertionExpired',
    text: /expired authorization code|(assertion|jwt|token).*expired|expired assertion/i,
    during: ['jwt-login'],
    facts: skew,
  },
  { name: 'AuthorizationCodeExpired', text: /authorization code|auth code/i, during: ['code-exchange'] },
  {
    name: 'RefreshTokenInvalid',
    text: /expired access\/refresh token|refresh token|activation secret invalid/i,
    during: ['refresh-token'],
  },
  { name: 'RefreshTokenInvalid', text: /expired access\/refresh token/i },
  { name: 'InvalidSignature', text: /invalid[ _](assertion|signature)|signature.*(invalid|fail|mismatch)/i },
  { name: 'RefreshTokenInvalid', code: /^invalid_grant$/, during: ['refresh-token'] },
  { name: 'InvalidGrant', code: /^(invalid_grant|access_denied|unauthorized_client)$/ },
  { name: 'InvalidGrant', text: /authentication failure/i, during: signingIn },

  // what production says about a sandbox
  {
    name: 'SandboxNotReady',
    code: /^INVALID_STATUS$/,
    during: ['sandbox-auth'],
    facts: () => ({ status: 'INVALID_STATUS' }),
  },
  { name: 'SandboxPermissionMissing', code: /^INSUFFICIENT_ACCESS/, when: ofProduction },
  { name: 'SandboxPermissionMissing', code: /^INVALID_TYPE$/, text: /sandbox/i },
  { name: 'SandboxPermissionMissing', code: /^INVALID_TYPE$/, when: ofProduction },
  { name: 'ApiAccessBlocked', code: /^INSUFFICIENT_ACCESS/ },

  // by status, when the body says nothing better
  {
    name: 'ServerUnavailable',
    page: /maintenance/i,
    facts: (answer, context) => ({ ...waitedFor(answer, context), status: 'Down (maintenance)' }),
  },
  {
    name: 'ServerUnavailable',
    code: /^(SERVER_UNAVAILABLE|server_error|temporarily_unavailable)$/,
    facts: waitedFor,
  },
  { name: 'LoginRateExceeded', status: (status) => status === 429, during: signingIn },
  { name: 'ApiLimitReached', status: (status) => status === 429 },
  { name: 'SandboxAuthFailed', status: (status) => status === 500, kind: 'errors', during: ['sandbox-auth'] },
  { name: 'ServerUnavailable', status: (status) => status >= 500, facts: waitedFor },
  { name: 'SessionInvalid', status: (status) => status === 401, during: callingApi },
  { name: 'SandboxAuthFailed', kind: 'errors', during: ['sandbox-auth'] },
  { name: 'SandboxAuthFailed', kind: 'json', during: ['sandbox-auth'] },
];

const lastRow: Row = { name: 'UnexpectedAnswer' };

function fits(row: Row, answer: Answer, read: ReadAnswer, context: RequestContext): boolean {
  const { code, text } = row;
  return (
    (row.status?.(answer.status) ?? true) &&
    (row.during?.includes(context.operation) ?? true) &&
    (row.when?.(context) ?? true) &&
    (row.kind === undefined || row.kind === read.kind) &&
    (row.page === undefined || (read.kind !== 'errors' && row.page.test(read.quote ?? ''))) &&
    ((code === undefined && text === undefined) ||
      read.errors.some((error) => (code?.test(error.code) ?? true) && (text?.test(error.text) ?? true)))
  );
}

function commonFacts(answer: Answer, read: ReadAnswer, context: RequestContext): Partial<FailureFacts> {
  const { org, side, host, user, clientId, callbackUrl, sandbox, production } = context;
  return {
    org,
    side,
    host,
    user,
    // A sandbox is named where the request concerned one; SandboxAuthFailed and SandboxNotReady always do.
    sandbox: sandbox ?? (context.operation === 'sandbox-auth' ? org : undefined),
    production: production ?? (side === 'production' ? user : undefined),
    clientId,
    callbackUrl,
    status: `HTTP ${answer.status}`,
    answer: read.quote,
    requestId: answer.requestId,
  };
}

/** Where a redirect leads: without path and query, which could hold a code. */
function destination(location: string | undefined): string {
  const url = URL.parse(location ?? '');
  return url ? url.origin : quotable(location?.split(/[?#]/)[0] ?? '') || 'an unnamed address';
}

/** Whether a sandbox is down, for which one may wait, or production. */
function waitedFor(_answer: Answer, context: RequestContext): Partial<FailureFacts> {
  return { sandbox: sandboxAddressed(context) };
}

function skew(answer: Answer, _context: RequestContext, now: Date): Partial<FailureFacts> {
  const seconds = clockSkewSeconds(answer, now);
  if (seconds === undefined || Math.abs(seconds) < 5) return {};
  const direction = seconds > 0 ? 'ahead of' : 'behind';
  return {
    seconds: String(Math.abs(seconds)),
    problem: `this machine's clock is ${Math.abs(seconds)} seconds ${direction} the server's`,
  };
}
