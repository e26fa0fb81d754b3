/** One login to an org, as its Login History has it; a text that the org leaves out is absent (docs/salesforce.md, Login History). */
export type LoginEntry = {
  /** ISO 8601, by the org's clock. */
  readonly at: string;
  /** How it was logged in: `Remote Access 2.0` for every OAuth flow. */
  readonly type: string;
  /** `Success`, or why it was refused. */
  readonly status: string;
  /** Label of the app. */
  readonly application?: string;
  /** Address that the login came from. */
  readonly sourceIp?: string;
  /** Host that was logged in to. */
  readonly loginUrl?: string;
};

/** The query for the newest logins of one user. @param userId as it may stand between quotes */
export function loginEntriesQuery(userId: string, limit: number): string {
  return (
    'SELECT LoginTime, LoginType, Status, Application, SourceIp, LoginUrl ' +
    `FROM LoginHistory WHERE UserId = '${userId}' ORDER BY LoginTime DESC LIMIT ${limit}`
  );
}

/** A row of an answer as a login; undefined for one without a time, a type or a status. */
export function loginEntry(row: Readonly<Record<string, unknown>>): LoginEntry | undefined {
  const text = (field: string): string | undefined =>
    typeof row[field] === 'string' && row[field] !== '' ? row[field] : undefined;
  const time = new Date(text('LoginTime') ?? Number.NaN);
  const [type, status] = [text('LoginType'), text('Status')];
  if (Number.isNaN(time.getTime()) || type === undefined || status === undefined) return undefined;
  const [application, sourceIp, loginUrl] = [text('Application'), text('SourceIp'), text('LoginUrl')];
  return {
    at: time.toISOString(),
    type,
    status,
    ...(application === undefined ? {} : { application }),
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(loginUrl === undefined ? {} : { loginUrl }),
  };
}
