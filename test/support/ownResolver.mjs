/*
 * Loaded into sf with NODE_OPTIONS=--import=<this file>: names are asked of the name server at JIT_NAME_SERVER (address:port) instead of
 * the system's. One that never answers is waited for as glibc waits (resolv.conf: two attempts of five seconds).
 */
import dns from 'node:dns';
import { isIP } from 'node:net';

const server = process.env.JIT_NAME_SERVER;
const resolver = new dns.Resolver({ timeout: 5000, tries: 2 });
if (server) resolver.setServers([server]);

dns.lookup = (host, options, done) => {
  const [wanted, callback] = typeof options === 'function' ? [{}, options] : [options, done];
  const give = (address) => callback(null, ...(wanted.all ? [[{ address, family: 4 }]] : [address, 4]));
  if (isIP(host)) return give(host);
  resolver.resolve4(host, (error, addresses) => {
    if (!error) return give(addresses[0]);
    callback(
      Object.assign(new Error(`getaddrinfo ${host}`), {
        code: error.code === 'ETIMEOUT' ? 'EAI_AGAIN' : 'ENOTFOUND',
        hostname: host,
      }),
    );
  });
};
