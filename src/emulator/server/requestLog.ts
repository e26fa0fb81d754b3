/** One request as the server saw it. It holds no secret: tokens, codes and assertions travel in headers and bodies. */
export type RequestLogEntry = {
  /** When it had been read, ISO 8601 by the real clock. */
  time: string;
  /** `login`, `test`, `production`, `sandbox:<name>`, `org:<username>` or `untrusted`. */
  origin: string;
  scheme: 'http' | 'https';
  method: string;
  /** Without the query string. */
  path: string;
  /** The SOQL text of a query. */
  soql?: string;
  /** Last part of the `grant_type` of a token request: `jwt-bearer`, `authorization_code`, `refresh_token`. */
  grantType?: string;
  /** 18-character id of the org whose user made the request, when the credential was good. */
  orgId?: string;
  username?: string;
  /** HTTP status of the answer; 0 as long as there is none, and for ever after a reset or a hang. */
  status: number;
  /** Whether it came with an `Authorization` header. */
  authorized: boolean;
  userAgent: string;
  /** What came as `Sforce-Call-Options`. */
  callOptions?: string;
  /** By which the server knows the request, and which its answer says: the one that came, if it has a documented form, else a new one. */
  requestId: string;
  /** The kind of fault that befell it. */
  fault?: string;
};

/** Every request since the start or the last {@link clear}, in the order in which they were read. */
export class RequestLog {
  private list: RequestLogEntry[] = [];

  public add(entry: RequestLogEntry): RequestLogEntry {
    this.list.push(entry);
    return entry;
  }

  public clear(): void {
    this.list = [];
  }

  public get entries(): readonly RequestLogEntry[] {
    return this.list;
  }
}
