import type { RequestContext } from './answers.js';
import { sandboxAddressed } from './answers.js';
import { JitFailure } from '../failures/failures.js';
import { proxyAddress, proxyOrigin } from './proxy.js';
import { showable } from '../failures/untrustedText.js';
import { withoutSecrets } from '../failures/quotable.js';

/**
 * Says why no answer came. `fetch` reports everything as `TypeError: fetch failed`, and what happened stands somewhere below it, in
 * the chain of causes or in an AggregateError with an entry for each address that was tried.
 *
 * @param wait.proxy URL of the proxy that was used; a user and password in it are never shown
 * @param wait.secondsPassed how long the wait was
 */
export function diagnoseNetworkProblem(
  error: unknown,
  context: RequestContext,
  wait: { proxy?: string; secondsPassed: number },
): JitFailure {
  if (error instanceof JitFailure) return error;
  const { org, side, host, user, production } = context;
  const sandbox = sandboxAddressed(context);
  const facts = { org, side, host, user, sandbox, production };
  const layers = layersOf(error);
  // Never a TypeError, for which sf would end with exit code 10 (docs/salesforce.md, Exit codes and loading time).
  const cause = layers.findLast((layer) => !isTypeError(layer));
  const codes = layers.map(codeOf).filter((code) => code !== '');
  const has = (known: ReadonlySet<string>): string | undefined => codes.find((code) => known.has(code));
  const problem = (): string => describe(layers, codes);

  const proxyProblem = wait.proxy === undefined ? undefined : problemOfProxy(layers, codes, wait.proxy);
  if (proxyProblem !== undefined) return new JitFailure('ProxyFailed', { ...facts, problem: proxyProblem }, cause);
  const untrusted = codes.find((code) => Object.hasOwn(tlsProblems, code) || code.startsWith('ERR_TLS_CERT'));
  if (untrusted !== undefined) {
    const words = tlsProblems[untrusted] ?? 'the certificate is not for this host';
    return new JitFailure('TlsUntrusted', { ...facts, problem: `${words} (${untrusted})` }, cause);
  }
  if (has(notFound)) return new JitFailure('HostNotFound', facts, cause);
  if (has(timeouts) ?? layers.some(({ name }) => name === 'TimeoutError' || name === 'AbortError')) {
    return new JitFailure('Timeout', { ...facts, seconds: String(wait.secondsPassed) }, cause);
  }
  return new JitFailure('ConnectionFailed', { ...facts, problem: problem() }, cause);
}

const notFound = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME', 'EAI_FAIL', 'ENODATA', 'ESERVFAIL']);

const timeouts = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ABORT_ERR',
]);

/** Why a certificate is not trusted, by the code that Node gives (OpenSSL's X509_V_ERR names). */
const tlsProblems: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in a CA that this machine does not know',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is unknown to this machine',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is unknown to this machine',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is unknown to this machine',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_UNTRUSTED: 'it is not trusted',
  CERT_REJECTED: 'it is rejected',
  CERT_REVOKED: 'it was revoked',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_CHAIN_TOO_LONG: 'its chain is too long',
  INVALID_CA: 'its issuer is not a CA',
  INVALID_PURPOSE: 'it is not for servers',
  HOSTNAME_MISMATCH: 'it is for another host',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host',
};

const connectionProblems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it was refused',
  ECONNRESET: 'it was broken off by the other side',
  EPIPE: 'it was broken off by the other side',
  UND_ERR_SOCKET: 'it was broken off by the other side',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'this machine has no address for it',
  EPROTO: 'the other side does not speak TLS as it should',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other side does not speak TLS',
  ERR_INVALID_URL: 'the address is not a URL',
};

const saysWhy = (code: string): boolean => Object.hasOwn(connectionProblems, code);

/** A network that goes through a proxy fails at the proxy, or says so itself when it refuses CONNECT. */
function problemOfProxy(layers: readonly Error[], codes: readonly string[], proxy: string): string | undefined {
  const url = URL.parse(proxyAddress(proxy));
  const shown = proxyOrigin(proxy) ?? 'that is set';
  const refused = layers.map(({ message }) => /Proxy response \((\d{3})\)/.exec(message)?.[1]).find(Boolean);
  if (refused === '407') return `the proxy ${shown} wants a user and password (HTTP 407)`;
  if (refused !== undefined) return `the proxy ${shown} answered HTTP ${refused}`;
  if (codes.includes('UND_ERR_PRX_TLS')) return `no TLS connection to the proxy ${shown}`;
  if (url === null) return 'the address of the proxy is not a URL';
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const atProxy = layers.some((layer) => {
    const { hostname, address, port: usedPort } = layer as { hostname?: unknown; address?: unknown; port?: unknown };
    const sameHost = hostname === url.hostname || address === url.hostname;
    return sameHost || (hostname === undefined && address !== undefined && String(usedPort) === port && port !== '443');
  });
  if (!atProxy) return undefined;
  const code = codes.find((known) => saysWhy(known) || notFound.has(known) || timeouts.has(known));
  return `no connection to the proxy ${shown}${code === undefined ? '' : ` (${code})`}`;
}

function describe(layers: readonly Error[], codes: readonly string[]): string {
  const code = codes.find(saysWhy) ?? codes.at(-1);
  if (code !== undefined) {
    const words = saysWhy(code) ? connectionProblems[code] : 'it broke off';
    return `${words} (${showable(code, 60)})`;
  }
  const deepest = layers.findLast((layer) => layer.message !== '' && !isTypeError(layer)) ?? layers.at(-1);
  const words = showable(withoutSecrets((deepest?.message ?? '').slice(0, 1000)), 150).replace(/\.$/, '');
  return words === '' ? 'for an unknown reason' : words;
}

/** The error, what caused it, and what an AggregateError holds, from the outside in. */
function layersOf(error: unknown): Error[] {
  const layers: Error[] = [];
  const waiting: unknown[] = [error];
  // More layers than any library makes; the bound ends a chain that makes its causes as it is asked.
  while (waiting.length > 0 && layers.length < 30) {
    const next = waiting.shift();
    if (!(next instanceof Error) || layers.includes(next)) continue;
    layers.push(next);
    waiting.push(next.cause);
    if (next instanceof AggregateError) waiting.push(...(next.errors as unknown[]));
  }
  return layers;
}

function codeOf(layer: Error): string {
  const { code } = layer as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function isTypeError(layer: Error): boolean {
  return layer instanceof TypeError || layer.name === 'TypeError';
}
