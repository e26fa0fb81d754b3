import { lookup } from 'node:dns/promises';
import { env } from '@salesforce/kit';
import type { RequestContext, Operation } from '../answers.js';
import { diagnoseAnswer, diagnoseNetworkProblem } from '../diagnosis.js';
import type { JitFailure } from '../../failures/failures.js';
import { isSafeFromEavesdroppers } from '../loginUrl.js';
import { loginEntriesQuery, loginEntry } from '../loginEntries.js';
import type { SandboxState } from '../sandboxState.js';
import { abortAfter, orAborted, withTimeToFinish } from '../../files/io/timeLimit.js';
import { connectLimit, proxyFromVariables, secondsSince, send } from './http.js';
import { askForJson, hostOf } from './jsonAnswers.js';
import { tokenEndpoint } from './tokenEndpoint.js';
import type { OrgContext, Organization, Salesforce, SandboxAuthAnswer, Session, User } from '../salesforce.js';

/** API version of requests to an org whose configuration says none: old enough for every org, and `sandboxAuth` is known from v50.0 on. */
const defaultApiVersion = 'v60.0';

/** Milliseconds that a token has to be revoked in at least: less than what a login leaves of its minute (`attemptLimit`). */
const revocationTime = 4000;

export const salesforce: Salesforce = {
  ...tokenEndpoint,

  async sandboxAuth(session, request, context) {
    const { value, unexpected } = await askForJson(
      { url: apiUrl(session, '/tooling/sandboxAuth'), accessToken: session.accessToken, json: request },
      requestContext('sandbox-auth', session, { ...context, sandbox: request.sandboxName }, request),
    );
    const answer = value as Partial<Record<keyof SandboxAuthAnswer, unknown>> | null;
    const fields = ['authUserName', 'authCode', 'instanceUrl', 'loginUrl'] as const;
    if (!answer || fields.some((field) => typeof answer[field] !== 'string' || answer[field] === ''))
      throw unexpected();
    if (!isSafeFromEavesdroppers(answer.loginUrl as string) || !usernamePattern.test(answer.authUserName as string))
      throw unexpected();
    return answer as SandboxAuthAnswer;
  },

  async organization(session, context) {
    const { records, unexpected } = await query(
      session,
      'data',
      'SELECT Id, Name, IsSandbox, TrialExpirationDate FROM Organization',
      context,
    );
    const { Id: orgId, Name: name, IsSandbox: isSandbox, TrialExpirationDate: trialEnd } = records[0] ?? {};
    if (typeof orgId !== 'string' || typeof name !== 'string' || typeof isSandbox !== 'boolean') throw unexpected();
    // as core tells scratch orgs from sandboxes (org/determineOrg)
    return { orgId, name, kind: !isSandbox ? 'production' : trialEnd ? 'scratch' : 'sandbox' } satisfies Organization;
  },

  async users(session, { username, ids = [] }, context) {
    const conditions = [
      ...(username === undefined ? [] : [`Username = '${escapedForSoql(username)}'`]),
      ...ids.map((id) => `Id = '${escapedForSoql(id)}'`),
    ];
    const soql = `SELECT Id, Username, Name FROM User WHERE ${conditions.join(' OR ')}`;
    const { records, unexpected } = await query(session, 'data', soql, context);
    return records.map(({ Id: userId, Username: of, Name: name }) => {
      if (typeof userId !== 'string' || typeof of !== 'string' || typeof name !== 'string') throw unexpected();
      return { id: userId, username: of, name } satisfies User;
    });
  },

  async sandboxStates(session, context) {
    const { records, unexpected } = await query(
      session,
      'tooling',
      'SELECT Id, Status, SandboxName, SandboxInfoId, SandboxOrganization, CopyProgress, CreatedById, CreatedDate, EndDate ' +
        'FROM SandboxProcess ORDER BY CreatedDate DESC',
      context,
    );
    return records.map((row) => {
      const state = sandboxState(row);
      // a copy that is passed over could be the newest of its sandbox: then its state would be told wrong
      if (!state) throw unexpected();
      return state;
    });
  },

  async logins(session, { userId, limit }, context) {
    const soql = loginEntriesQuery(escapedForSoql(userId), limit);
    const { records, unexpected } = await query(session, 'data', soql, context);
    return records.map((row) => {
      const login = loginEntry(row);
      if (!login) throw unexpected();
      return login;
    });
  },

  async revoke({ instanceUrl, token }, context) {
    const revocation: RequestContext = { ...context, operation: 'revoke', host: hostOf(instanceUrl) };
    // also when the login is broken off for want of time: nobody else will ever end that token
    const answer = await withTimeToFinish(revocationTime, () =>
      send({ url: new URL('/services/oauth2/revoke', instanceUrl).href, form: { token } }, revocation),
    );
    // a good answer has no body; a maintenance page comes with 200 too
    const isPage = answer.contentType === 'text/html' && answer.body.trim() !== '';
    if (answer.status !== 200 || isPage) throw diagnoseAnswer(answer, revocation);
  },

  async checkHost(instanceUrl, context) {
    // behind a proxy names are resolved by the proxy; the switch is core's (myDomainResolver)
    if (proxyFromVariables() !== undefined || env.getBoolean('SF_DISABLE_DNS_CHECK')) return;
    const started = performance.now();
    try {
      await orAborted(lookup(new URL(instanceUrl).hostname), abortAfter(connectLimit()));
    } catch (error) {
      throw diagnoseNetworkProblem(
        error,
        { ...context, operation: 'query', host: hostOf(instanceUrl) },
        { secondsPassed: secondsSince(started) },
      );
    }
  },
};

/** What is taken for a username: it becomes the name of files, and is shown. */
const usernamePattern = /^[^\s@/\\\p{Cc}\p{Cf}\p{Cs}]{1,80}@[^\s@/\\\p{Cc}\p{Cf}\p{Cs}]{1,80}$/u;

/** The fields of SandboxProcess as core reads them (docs/salesforce.md, Sandbox records), and who made the copy; undefined for a row without them. */
function sandboxState(row: Row): SandboxState | undefined {
  const text = (field: string): string | undefined => (typeof row[field] === 'string' ? row[field] : undefined);
  const [processId, sandboxName, status, createdDate] = [
    text('Id'),
    text('SandboxName'),
    text('Status'),
    text('CreatedDate'),
  ];
  if (!processId || !sandboxName || !status || !createdDate) return undefined;
  return {
    sandboxName,
    sandboxInfoId: text('SandboxInfoId') ?? processId,
    processId,
    status,
    sandboxOrgId: text('SandboxOrganization'),
    createdById: text('CreatedById'),
    createdDate,
    endDate: text('EndDate'),
    copyProgress: typeof row['CopyProgress'] === 'number' ? row['CopyProgress'] : undefined,
  };
}

/** A text as it may stand between the quotes of SOQL. */
function escapedForSoql(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}

/** A row of an answer, of which nothing is known yet. */
type Row = Readonly<Record<string, unknown>>;

/** Pages of 2,000 rows; no production org has had so many copies. */
const maxPages = 100;

async function query(
  session: Session,
  api: 'data' | 'tooling',
  soql: string,
  context: OrgContext,
): Promise<{ records: Row[]; unexpected: () => JitFailure }> {
  const records: Row[] = [];
  let path = `${api === 'tooling' ? '/tooling' : ''}/query?q=${encodeURIComponent(soql)}`;
  for (let pages = 1; ; pages += 1) {
    const { value, unexpected } = await askForJson(
      {
        url: path.startsWith('/services/') ? session.instanceUrl + path : apiUrl(session, path),
        accessToken: session.accessToken,
      },
      requestContext('query', session, context),
    );
    const page = value as { records?: unknown; nextRecordsUrl?: unknown } | null;
    if (!Array.isArray(page?.records) || !page.records.every(isRow)) throw unexpected();
    records.push(...page.records);
    if (typeof page.nextRecordsUrl !== 'string') return { records, unexpected };
    if (!page.nextRecordsUrl.startsWith('/services/') || pages === maxPages) throw unexpected();
    path = page.nextRecordsUrl;
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

function requestContext(
  operation: Operation,
  session: Session,
  context: OrgContext,
  app?: { clientId: string; callbackUrl: string },
): RequestContext {
  return {
    ...context,
    ...(app && { clientId: app.clientId, callbackUrl: app.callbackUrl }),
    operation,
    host: hostOf(session.instanceUrl),
  };
}

function apiUrl(session: Session, path: string): string {
  return `${session.instanceUrl}/services/data/${session.apiVersion ?? defaultApiVersion}${path}`;
}
