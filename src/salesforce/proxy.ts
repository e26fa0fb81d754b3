/** The environment variables that name a proxy; the first one that is set counts: the same as jsforce reads (docs/salesforce.md, jsforce). */
export const proxyVariables = ['https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'] as const;

/** The address of a proxy as a URL. One that is set as `host:port` is an HTTP proxy, as for curl. */
export function proxyAddress(value: string): string {
  return value.includes('://') ? value : `http://${value}`;
}

/** Scheme, host and port of a proxy, to be shown: user and password are left out. Undefined for anything that is not an address. */
export function proxyOrigin(value: string): string | undefined {
  const url = URL.parse(proxyAddress(value));
  // the origin of a socks5 URL is "null"
  return url?.host ? `${url.protocol}//${url.host}` : undefined;
}
