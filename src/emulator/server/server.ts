import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyAndCertificate } from './certificates.js';
import { type Answer, type Call, jsonAnswer, restAnswer, RestRefusal } from './exchange.js';
import { type FaultAction, Faults } from './faults.js';
import { answerAuthorize } from '../oauth/authorizeEndpoint.js';
import { answerIdentity, answerRevoke, answerUserInfo } from '../oauth/identityEndpoints.js';
import { Listener } from './listener.js';
import { answerMetadata } from '../rest/metadataApi.js';
import type { Host } from '../world/model.js';
import type { QueryCursors } from '../rest/queryEndpoint.js';
import { RequestLog, type RequestLogEntry } from './requestLog.js';
import { answerRest } from '../rest/restApi.js';
import { answerToken } from '../oauth/tokenEndpoint.js';
import { type Network, World } from '../world/world.js';

const maxBodyBytes = 1_000_000;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > maxBodyBytes) throw new Error('The request body is too long.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

/** The id of a request: what the client set, in one of the two forms that it may have (docs/salesforce.md, Logs), else a new one. */
function requestIdOf(call: Call): string {
  const given = String(call.headers['x-sfdc-request-id'] ?? '');
  return /^(?:[0-9a-f]{32}|[0-9A-Za-z]{22})$/.test(given) ? given : randomBytes(16).toString('hex');
}

/** The HTTP side of the emulator: listeners for every host, and the way of a request from socket to answer. */
export class SalesforceServer implements Network {
  public readonly world = new World(this);
  public readonly faults = new Faults();
  public readonly log = new RequestLog();
  public latencyMs = 0;
  private readonly cursors: QueryCursors = new Map();
  private readonly listeners = new Map<Host, Listener[]>();
  private readonly stopping = new AbortController();

  /** @param options - `port` is the login host's; latency in milliseconds a request */
  public constructor(
    private readonly tls: KeyAndCertificate,
    private readonly options: { port?: number | undefined; latencyMs?: number | undefined },
  ) {
    this.latencyMs = options.latencyMs ?? 0;
  }

  public async open(host: Host, tls = this.tls): Promise<void> {
    const port = host.label === 'login' ? this.options.port : undefined;
    const secure = new Listener((request, response) => void this.serve(host, secure, request, response), { tls, port });
    const plain = new Listener((request, response) => void this.serve(host, plain, request, response), {});
    this.listeners.set(host, [secure, plain]);
    host.address = {
      https: `https://localhost:${await secure.open()}`,
      http: `http://localhost:${await plain.open()}`,
    };
  }

  /** Closes the host's ports; {@link reopen} gets the same ones back. */
  public async close(host: Host): Promise<void> {
    await Promise.all((this.listeners.get(host) ?? []).map((listener) => listener.close()));
  }

  public async reopen(host: Host): Promise<void> {
    await Promise.all((this.listeners.get(host) ?? []).map((listener) => listener.open()));
  }

  /** Ends every request and closes every port. */
  public async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.listeners.keys()].map((host) => this.close(host)));
  }

  private route(call: Call): Answer | Promise<Answer> {
    if (call.path === '/services/oauth2/authorize') return answerAuthorize(this.world, call);
    if (call.path === '/services/oauth2/token' && call.method === 'POST') return answerToken(this.world, call);
    if (call.path === '/services/oauth2/userinfo') return answerUserInfo(this.world, call);
    if (call.path === '/services/oauth2/revoke') return answerRevoke(this.world, call);
    if (call.path.startsWith('/id/')) return answerIdentity(this.world, call);
    if (call.path.startsWith('/services/Soap/m/')) return answerMetadata(this.world, call);
    if (call.path.startsWith('/services/data')) return answerRest(this.world, this.cursors, call);
    return restAnswer(new RestRefusal(404, 'NOT_FOUND', 'The requested resource does not exist'));
  }

  private async serve(
    host: Host,
    listener: Listener,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    try {
      const call = await this.read(host, request);
      const grantType = call.form.get('grant_type') ?? '';
      const action = this.faults.strike({ ...call, origin: host.label, grantType });
      const entry = this.log.add(this.describe(call, action));
      const delay = this.latencyMs + (action?.kind === 'slow' ? action.delayMs : 0);
      if (delay > 0) await sleep(delay, undefined, { signal: this.stopping.signal });
      await this.settle(call, entry, action, { listener, request, response });
    } catch (error) {
      if (this.stopping.signal.aborted || response.destroyed) return;
      // a mistake in the emulator must not look like an answer of Salesforce
      const message = `emulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      this.send(response, jsonAnswer(500, [{ errorCode: 'EMULATOR_ERROR', message }]));
    }
  }

  private async read(host: Host, request: IncomingMessage): Promise<Call> {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const isForm = /^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '');
    return {
      host,
      secure: 'encrypted' in request.socket,
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      form: new URLSearchParams(isForm ? body : ''),
      caller: {},
    };
  }

  private describe(call: Call, action: FaultAction | undefined): RequestLogEntry {
    const soql = call.query.get('q');
    const grantType = call.form.get('grant_type')?.split(':').at(-1);
    const callOptions = call.headers['sforce-call-options'];
    return {
      time: new Date().toISOString(),
      origin: call.host.label,
      scheme: call.secure ? 'https' : 'http',
      method: call.method,
      path: call.path,
      ...(soql === null ? {} : { soql }),
      ...(grantType === undefined ? {} : { grantType }),
      status: 0,
      authorized: call.headers['authorization'] !== undefined,
      userAgent: String(call.headers['user-agent'] ?? ''),
      ...(callOptions === undefined ? {} : { callOptions: String(callOptions) }),
      requestId: requestIdOf(call),
      ...(action ? { fault: action.kind } : {}),
    };
  }

  private async settle(
    call: Call,
    entry: RequestLogEntry,
    action: FaultAction | undefined,
    { listener, request, response }: { listener: Listener; request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    if (action?.kind === 'hang') return;
    if (action?.kind === 'reset') {
      if (action.afterHandling) await this.route(call);
      listener.reset(request);
      return;
    }
    const answer = await this.answer(call, action);
    Object.assign(entry, call.caller, { status: answer.status });
    const headers = { 'X-SFDC-Request-Id': entry.requestId, ...answer.headers };
    this.send(response, { ...answer, headers }, action?.kind === 'truncate');
  }

  private answer(call: Call, action: FaultAction | undefined): Answer | Promise<Answer> {
    if (action?.kind === 'answer') return { contentType: 'application/json;charset=UTF-8', ...action };
    if (action?.kind === 'redirect') {
      const headers = { Location: action.location };
      return { status: action.status ?? 302, contentType: 'text/html', body: '', headers };
    }
    return this.route(call);
  }

  private send(response: ServerResponse, answer: Answer, truncated = false): void {
    const body = Buffer.from(answer.body);
    // Node would send the real time
    response.sendDate = false;
    response.writeHead(answer.status, {
      'Content-Type': answer.contentType,
      'Content-Length': body.length,
      Date: new Date(this.world.now()).toUTCString(),
      ...answer.headers,
    });
    if (!truncated) response.end(body);
    else response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }
}
