import { lookup } from 'node:dns/promises';
import { env } from '@salesforce/kit';
import jwt from 'jsonwebtoken';
import type { Answer, Circumstances, Operation } from '../domain/answers.js';
import { diagnoseAnswer, diagnoseNetworkProblem } from '../domain/diagnosis.js';
import type { JitFailure } from '../domain/failures.js';
import type { SandboxState } from '../domain/sandboxState.js';
import type { About, Grant, Organization, Salesforce, SandboxAuthAnswer, Session } from '../ports.js';
import { proxyVariable, send } from './http.js';
import type { HttpRequest } from './http.js';

/** API version of all requests: old enough for every org, and `sandboxAuth` is known from v50.0 on. */
const apiVersion = 'v60.0';

/** Seconds for which an assertion is valid; Salesforce documents three minutes as the most (salesforce-facts §1.1). */
const assertionLifetime = 180;

export const salesforce: Salesforce = {
  async jwtLogin({ loginUrl, clientId, username, key }, about) {
    const assertion = jwt.sign(
      {
        iss: clientId,
        sub: username,
        aud: env.getString('SF_AUDIENCE_URL') || new URL(loginUrl).origin,
        exp: Math.floor(Date.now() / 1000) + assertionLifetime,
      },
      key,
      { algorithm: 'RS256', noTimestamp: true },
    );
    return grant(
      { url: tokenEndpoint(loginUrl), form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion } },
      { ...about, operation: 'jwt-login', clientId, host: hostOf(loginUrl) },
    );
  },

  async exchangeCode({ loginUrl, clientId, clientSecret, code, callbackUrl }, about) {
    return grant(
      {
        url: tokenEndpoint(loginUrl),
        form: {
          grant_type: 'authorization_code',
          code,
          client_id: clientId,
          redirect_uri: callbackUrl,
          ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
        },
      },
      { ...about, operation: 'code-exchange', clientId, callbackUrl, host: hostOf(loginUrl) },
    );
  },

  async sandboxAuth(session, request, about) {
    const { value, unexpected } = await ask(
      { url: apiUrl(session, '/tooling/sandboxAuth'), accessToken: session.accessToken, json: request },
      circumstances('sandbox-auth', session, { ...about, sandbox: request.sandboxName }, request),
    );
    const answer = value as Partial<Record<keyof SandboxAuthAnswer, unknown>> | null;
    const fields = ['authUserName', 'authCode', 'instanceUrl', 'loginUrl'] as const;
    if (!answer || fields.some((field) => typeof answer[field] !== 'string' || answer[field] === ''))
      throw unexpected();
    if (!isHttpUrl(answer.loginUrl as string)) throw unexpected();
    return answer as SandboxAuthAnswer;
  },

  async organization(session, about) {
    type Row = { Id: string; Name: string; IsSandbox: boolean; TrialExpirationDate: string | null };
    const rows = await query<Row>(
      session,
      'data',
      'SELECT Id, Name, IsSandbox, TrialExpirationDate FROM Organization',
      about,
    );
    const row = rows.records[0];
    if (!row || typeof row.IsSandbox !== 'boolean') throw rows.unexpected();
    // as core tells scratch orgs from sandboxes (org/determineOrg)
    const kind = !row.IsSandbox ? 'production' : row.TrialExpirationDate ? 'scratch' : 'sandbox';
    return { orgId: row.Id, name: row.Name, kind } satisfies Organization;
  },

  async sandboxStates(session, about) {
    const { records } = await query<SandboxProcessRow>(
      session,
      'tooling',
      'SELECT Id, Status, SandboxName, SandboxInfoId, SandboxOrganization, CopyProgress, CreatedById, CreatedDate, EndDate ' +
        'FROM SandboxProcess ORDER BY CreatedDate DESC',
      about,
    );
    return records.map(sandboxState);
  },

  async revoke({ instanceUrl, token }, about) {
    const revocation: Circumstances = { ...about, operation: 'revoke', host: hostOf(instanceUrl) };
    const answer = await send(
      { url: new URL('/services/oauth2/revoke', instanceUrl).href, form: { token } },
      revocation,
    );
    // a good answer has no body; a maintenance page comes with 200 too
    const isPage = answer.contentType === 'text/html' && answer.body.trim() !== '';
    if (answer.status !== 200 || isPage) throw diagnoseAnswer(answer, revocation);
  },

  async checkHost(instanceUrl, about) {
    // behind a proxy names are resolved by the proxy; the switch is core's (myDomainResolver)
    if (proxyVariable() !== undefined || env.getBoolean('SF_DISABLE_DNS_CHECK')) return;
    try {
      await lookup(new URL(instanceUrl).hostname);
    } catch (error) {
      throw diagnoseNetworkProblem(
        error,
        { ...about, operation: 'query', host: hostOf(instanceUrl) },
        { timeoutSeconds: 0 },
      );
    }
  },
};

/** Fields of SandboxProcess as core reads them (salesforce-facts §5), and who made the copy. */
type SandboxProcessRow = {
  Id: string;
  Status: string;
  SandboxName: string;
  SandboxInfoId: string;
  SandboxOrganization: string | null;
  CopyProgress: number | null;
  CreatedById: string;
  CreatedDate: string;
  EndDate: string | null;
};

function sandboxState(row: SandboxProcessRow): SandboxState {
  return {
    sandboxName: row.SandboxName,
    sandboxInfoId: row.SandboxInfoId,
    processId: row.Id,
    status: row.Status,
    sandboxOrgId: row.SandboxOrganization ?? undefined,
    createdById: row.CreatedById,
    createdDate: row.CreatedDate,
    endDate: row.EndDate ?? undefined,
    copyProgress: row.CopyProgress ?? undefined,
  };
}

async function grant(request: HttpRequest, about: Circumstances): Promise<Grant> {
  const { value, unexpected } = await ask(request, about);
  const token = value as {
    access_token?: unknown;
    instance_url?: unknown;
    id?: unknown;
    refresh_token?: unknown;
  } | null;
  const ids = typeof token?.id === 'string' ? /\/id\/(00D\w{12,15})\/(005\w{12,15})$/.exec(token.id) : null;
  if (typeof token?.access_token !== 'string' || typeof token.instance_url !== 'string' || !ids?.[1] || !ids[2]) {
    throw unexpected();
  }
  if (!isHttpUrl(token.instance_url)) throw unexpected();
  return {
    accessToken: token.access_token,
    instanceUrl: new URL(token.instance_url).origin,
    orgId: ids[1],
    userId: ids[2],
    ...(typeof token.refresh_token === 'string' ? { refreshToken: token.refresh_token } : {}),
  };
}

async function query<Row>(
  session: Session,
  api: 'data' | 'tooling',
  soql: string,
  about: About,
): Promise<{ records: Row[]; unexpected: () => JitFailure }> {
  const records: Row[] = [];
  let path: string | undefined = `${api === 'tooling' ? '/tooling' : ''}/query?q=${encodeURIComponent(soql)}`;
  for (;;) {
    const { value, unexpected } = await ask(
      {
        url: path.startsWith('/services/') ? session.instanceUrl + path : apiUrl(session, path),
        accessToken: session.accessToken,
      },
      circumstances('query', session, about),
    );
    const page = value as { records?: unknown; nextRecordsUrl?: unknown } | null;
    if (!Array.isArray(page?.records)) throw unexpected();
    records.push(...(page.records as Row[]));
    if (typeof page.nextRecordsUrl !== 'string') return { records, unexpected };
    if (!page.nextRecordsUrl.startsWith('/services/')) throw unexpected();
    path = page.nextRecordsUrl;
  }
}

/** Sends a request and reads the JSON of a good answer. `unexpected` makes the failure for JSON that is not what was asked for. */
async function ask(
  request: HttpRequest,
  about: Circumstances,
): Promise<{ value: unknown; unexpected: () => JitFailure }> {
  const answer: Answer = await send(request, about);
  const unexpected = (): JitFailure => diagnoseAnswer(answer, about);
  if (answer.status < 200 || answer.status > 299) throw unexpected();
  try {
    return { value: JSON.parse(answer.body), unexpected };
  } catch {
    // whatever the parser says, the diagnosis shows the body itself
    throw unexpected();
  }
}

function circumstances(
  operation: Operation,
  session: Session,
  about: About,
  app?: { clientId: string; callbackUrl: string },
): Circumstances {
  return {
    ...about,
    ...(app && { clientId: app.clientId, callbackUrl: app.callbackUrl }),
    operation,
    host: hostOf(session.instanceUrl),
  };
}

function apiUrl(session: Session, path: string): string {
  return `${session.instanceUrl}/services/data/${apiVersion}${path}`;
}

function tokenEndpoint(loginUrl: string): string {
  return new URL('/services/oauth2/token', loginUrl).href;
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function isHttpUrl(url: string): boolean {
  return ['https:', 'http:'].includes(URL.parse(url)?.protocol ?? '');
}
