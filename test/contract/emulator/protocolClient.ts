import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import jsonwebtoken from 'jsonwebtoken';
import type { EmulatorInfo } from '../../../src/emulator/index.js';

export type Reply = { status: number; headers: IncomingHttpHeaders; text: string; json: Record<string, unknown> };

/** `timeoutMs` is for what is not to answer: how long an answer takes is otherwise up to the machine. */
export type Sent = { method?: string; headers?: Record<string, string>; body?: string; timeoutMs?: number };

/** The parts of an assertion that a test may want wrong. */
export type AssertionParts = {
  iss?: string;
  sub?: string;
  aud?: string | string[];
  exp?: number;
  key?: string;
  algorithm?: 'RS256' | 'RS512';
};

/** Talks to the emulator as a client would, with nothing but Node: no code of the emulator or the plugin is in it. */
export class ProtocolClient {
  private readonly ca: string;
  private readonly key: string;
  private readonly agent: Agent | false;

  /** @param connections `kept` for a client that asks much: a handshake costs more than an answer. It is to be closed then */
  public constructor(
    private readonly info: EmulatorInfo,
    connections: 'kept' | 'one each' = 'one each',
  ) {
    this.agent = connections === 'kept' && new Agent({ keepAlive: true, maxSockets: 4 });
    this.ca = readFileSync(info.caFile, 'utf8');
    this.key = readFileSync(info.keyFile, 'utf8');
  }

  /** Ends the connections that were kept. */
  public close(): void {
    if (this.agent) this.agent.destroy();
  }

  public async send(url: string, { method = 'GET', headers = {}, body, timeoutMs }: Sent = {}): Promise<Reply> {
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const options = { method, headers, ca: this.ca, agent: this.agent, timeout: timeoutMs };
      const sent = open(url, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('error', reject);
        response.on('end', () => {
          const isJson = String(response.headers['content-type']).startsWith('application/json') && text !== '';
          const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error('timeout')));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  public async get(url: string, token?: string): Promise<Reply> {
    return this.send(url, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });
  }

  public async query(instanceUrl: string, token: string, soql: string, api = ''): Promise<Reply> {
    return this.get(`${instanceUrl}/services/data/v67.0${api}/query?q=${encodeURIComponent(soql)}`, token);
  }

  public async form(url: string, fields: Record<string, string>): Promise<Reply> {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return this.send(url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  }

  public async token(host: string, fields: Record<string, string>): Promise<Reply> {
    return this.form(`${host}/services/oauth2/token`, fields);
  }

  public assertion(host: string, parts: AssertionParts = {}): string {
    const { info } = this;
    const { iss = info.clientId, sub = info.username, aud = host, exp = Math.floor(Date.now() / 1000) + 180 } = parts;
    return jsonwebtoken.sign({ iss, sub, aud, exp }, parts.key ?? this.key, {
      algorithm: parts.algorithm ?? 'RS256',
      noTimestamp: true,
    });
  }

  public async jwt(host: string, parts: AssertionParts = {}): Promise<Reply> {
    const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    return this.token(host, { grant_type: grantType, assertion: this.assertion(host, parts) });
  }

  /** Access token of a login that must succeed. */
  public async login(host = this.info.loginUrl, parts: AssertionParts = {}): Promise<string> {
    const { status, text, json } = await this.jwt(host, parts);
    if (status !== 200) throw new Error(text);
    return String(json['access_token']);
  }

  public async sandboxAuth(token: string, body: Record<string, string> | string): Promise<Reply> {
    const defaults = { clientId: this.info.clientId, callbackUrl: 'http://localhost:1717/OauthRedirect' };
    return this.send(`${this.info.productionUrl}/services/data/v67.0/tooling/sandboxAuth`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify({ ...defaults, ...body }),
    });
  }

  /** A code for a sandbox, as production's admin gets it. */
  public async code(sandboxName: string, body: Record<string, string> = {}): Promise<string> {
    const reply = await this.sandboxAuth(await this.login(), { sandboxName, ...body });
    if (reply.status !== 200) throw new Error(reply.text);
    return String(reply.json['authCode']);
  }

  public async exchange(host: string, code: string, fields: Record<string, string> = {}): Promise<Reply> {
    return this.token(host, {
      grant_type: 'authorization_code',
      code,
      client_id: this.info.clientId,
      redirect_uri: 'http://localhost:1717/OauthRedirect',
      ...fields,
    });
  }
}

/** First entry of a REST error array. */
export function restError(reply: Reply): { message?: string; errorCode?: string } {
  return (reply.json as unknown as Array<{ message: string; errorCode: string }>)[0] ?? {};
}
