import { env } from '@salesforce/kit';
import type { Answer, Circumstances } from '../answers.js';
import { diagnoseNetworkProblem } from '../diagnosis.js';
import { JitFailure } from '../../failures/failures.js';
import { proxyAddress, proxyVariables } from '../proxy.js';

/** A request to Salesforce. `form` and `json` exclude each other; a request with either is a POST. */
export type HttpRequest = {
  readonly url: string;
  readonly accessToken?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
};

/** Milliseconds until a request is given up, unless `HTTP_TIMEOUT` (as in jsforce) asks for less or more. */
const defaultTimeLimit = 60_000;

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
export async function send(request: HttpRequest, circumstances: Circumstances): Promise<Answer> {
  const proxy = proxyOfEnvironment();
  const milliseconds = timeLimit();
  try {
    const response = await (proxy === undefined ? fetch : await fetchThrough(proxy))(request.url, {
      method: (request.form ?? request.json) ? 'POST' : 'GET',
      redirect: 'manual',
      signal: AbortSignal.timeout(milliseconds),
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
    };
  } catch (error) {
    if (error instanceof JitFailure) throw error;
    throw diagnoseNetworkProblem(error, circumstances, { proxy, timeoutSeconds: milliseconds / 1000 });
  }
}

function headersOf({ accessToken, form, json }: HttpRequest): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'sf-plugin-jit',
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
export function proxyOfEnvironment(): string | undefined {
  const value = proxyVariables.map((name) => process.env[name]).find((set) => set !== undefined && set !== '');
  return value === undefined ? undefined : proxyAddress(value);
}

/** `fetch` through the proxy, but for the hosts in NO_PROXY. Loaded only when there is one. */
async function fetchThrough(proxy: string): Promise<typeof fetch> {
  const { EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: proxy, httpsProxy: proxy });
  return ((url: string, init: RequestInit) =>
    undiciFetch(url, { ...init, dispatcher } as Parameters<typeof undiciFetch>[1])) as unknown as typeof fetch;
}

/** Milliseconds. A timer takes whole ones, and no more than 2^31 - 1: it would ring at once. */
function timeLimit(): number {
  const milliseconds = env.getNumber('HTTP_TIMEOUT');
  return milliseconds !== undefined && milliseconds >= 1
    ? Math.min(Math.trunc(milliseconds), 2 ** 31 - 1)
    : defaultTimeLimit;
}
