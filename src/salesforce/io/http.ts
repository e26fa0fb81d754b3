import { env } from '@salesforce/kit';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Answer, RequestContext } from '../answers.js';
import { diagnoseNetworkProblem } from '../diagnosis.js';
import { JitFailure } from '../../failures/failures.js';
import { abortAfter } from '../../files/io/timeLimit.js';
import { proxyAddress, proxyVariables } from '../proxy.js';
import { idOfRequest, idToSend } from './requestId.js';

/** A request to Salesforce. `form` and `json` exclude each other; a request with either is a POST. */
export type HttpRequest = {
  readonly url: string;
  readonly accessToken?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
};

/**
 * Milliseconds until a request is given up, from its beginning to the end of its answer, unless `HTTP_TIMEOUT` (as in jsforce) asks for
 * less or more. A login is three requests: one of them that hangs ends it within a minute.
 */
const defaultTimeLimit = 30_000;

/** Milliseconds until a host that is not found, or does not accept a connection, is given up. Also what Node's own `fetch` allows. */
const defaultConnectLimit = 10_000;

/** No answer of Salesforce that this plugin asks for is nearly as large. */
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * Sends one request and returns whatever answer came, also a refusal. Never repeats and never follows a redirect: a POST would become
 * a GET to another host with the same Authorization header (docs/salesforce.md, jsforce).
 *
 * `fetch` and not jsforce's transport: that needs 0.3 s to load, retries and redirects by itself, and ignores NO_PROXY.
 *
 * @throws the classes of `diagnoseNetworkProblem`, RedirectRefused
 */
export async function send(request: HttpRequest, context: RequestContext): Promise<Answer> {
  const proxy = proxyFromVariables();
  const milliseconds = requestLimit();
  const started = performance.now();
  try {
    const response = await (
      await fetchWith(proxy, milliseconds)
    )(request.url, {
      method: (request.form ?? request.json) ? 'POST' : 'GET',
      redirect: 'manual',
      signal: abortAfter(milliseconds),
      headers: headersOf(request),
      body: request.form
        ? new URLSearchParams(request.form).toString()
        : request.json
          ? JSON.stringify(request.json)
          : undefined,
    });
    return {
      status: response.status,
      contentType: (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      body: await boundedText(response),
      date: response.headers.get('date') ?? undefined,
      location: response.headers.get('location') ?? undefined,
      requestId: idOfRequest(response.headers.get('x-sfdc-request-id')),
    };
  } catch (error) {
    if (error instanceof JitFailure) throw error;
    const failure = diagnoseNetworkProblem(error, context, { proxy, secondsPassed: secondsSince(started) });
    // of all that can go wrong on the way, only an answer that does not come may have left a trace in a log
    throw failure.name === 'Timeout' ? failure.with({ requestId: idOfRequest(null) }) : failure;
  }
}

/** Who asks, as an administrator finds it in the event logs (docs/salesforce.md, Logs). */
const client = `sf-plugin-jit/${packageJson.version}`;

function headersOf({ url, accessToken, form, json }: HttpRequest): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'sf-plugin-jit',
    'x-sfdc-request-id': idToSend(),
    // documented for the REST API alone
    ...(new URL(url).pathname.startsWith('/services/data') ? { 'sforce-call-options': `client=${client}` } : {}),
    ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(json ? { 'content-type': 'application/json' } : {}),
  };
}

async function boundedText(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) throw new Error(`The answer is larger than ${maxBodyBytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** URL of the proxy that the environment names. */
export function proxyFromVariables(): string | undefined {
  const value = proxyVariables.map((name) => process.env[name]).find((set) => set !== undefined && set !== '');
  return value === undefined ? undefined : proxyAddress(value);
}

/**
 * `fetch` through the proxy, but for the hosts in NO_PROXY; and a `fetch` that waits longer for a connection than Node's own, when
 * `HTTP_TIMEOUT` asks for that. Its package is loaded only then.
 */
async function fetchWith(proxy: string | undefined, milliseconds: number): Promise<typeof fetch> {
  const timeout = connectLimit();
  if (proxy === undefined && timeout <= defaultConnectLimit) return fetch;
  const { Agent, EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  const limits = { headersTimeout: milliseconds, bodyTimeout: milliseconds, connect: { timeout } };
  const dispatcher =
    proxy === undefined
      ? new Agent(limits)
      : new EnvHttpProxyAgent({
          ...limits,
          httpProxy: proxy,
          httpsProxy: proxy,
          proxyTls: { timeout },
          requestTls: { timeout },
        });
  return ((url: string, init: RequestInit) =>
    undiciFetch(url, { ...init, dispatcher } as Parameters<typeof undiciFetch>[1])) as unknown as typeof fetch;
}

/**
 * Milliseconds for all requests and locks of a login that waits for nothing: five seconds less than the minute in which the command has ended. Who
 * allows single requests more time by `HTTP_TIMEOUT` allows the login two of them.
 */
export function attemptLimit(): number {
  return Math.max(defaultAttemptLimit, Math.min(2 * (limitOfEnvironment() ?? 0), 2 ** 31 - 1));
}

const defaultAttemptLimit = 55_000;

/** Milliseconds for a whole request. */
function requestLimit(): number {
  return limitOfEnvironment() ?? defaultTimeLimit;
}

/** Milliseconds for finding a host and connecting to it. */
export function connectLimit(): number {
  return limitOfEnvironment() ?? defaultConnectLimit;
}

/** `HTTP_TIMEOUT`. A timer takes whole milliseconds, and no more than 2^31 - 1: with more it would fire at once. */
function limitOfEnvironment(): number | undefined {
  const milliseconds = env.getNumber('HTTP_TIMEOUT');
  return milliseconds !== undefined && milliseconds >= 1 ? Math.min(Math.trunc(milliseconds), 2 ** 31 - 1) : undefined;
}

/** Seconds that really passed, to a tenth. @param started as `performance.now()` gave it */
export function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 100) / 10;
}
