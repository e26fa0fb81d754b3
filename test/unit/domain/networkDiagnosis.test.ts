import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { EnvHttpProxyAgent, fetch as undiciFetch } from 'undici';
import type { Circumstances } from '../../../src/domain/answers.js';
import { diagnoseNetworkProblem } from '../../../src/domain/diagnosis.js';
import type { FailureName } from '../../../src/domain/failures.js';
import { failureClasses, JitFailure } from '../../../src/domain/failures.js';
import { explained } from '../../../src/presentation/failures.js';

const circumstances: Circumstances = {
  operation: 'jwt-login',
  side: 'production',
  org: 'production org admin@acme.com',
  host: 'acme.my.salesforce.com',
  user: 'admin@acme.com',
};

const diagnose = (error: unknown, proxy?: string): JitFailure =>
  diagnoseNetworkProblem(error, circumstances, { proxy, timeoutSeconds: 60 });

const withCode = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`connect ${code}`), { code, ...more });
/** As Node's fetch throws it. */
const fetchFailed = (cause: unknown): TypeError => new TypeError('fetch failed', { cause });

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** No TypeError may be left anywhere in the chain: sf would end with exit code 10. */
function expectExitCode1(failure: JitFailure): void {
  for (let cause: unknown = failure.cause; cause instanceof Error; cause = cause.cause) {
    expect(cause).not.to.be.instanceOf(TypeError);
  }
  const error = explained(failure) as Error & { exitCode: number };
  expect(error.exitCode).to.equal(1);
  expect(`${error.message}${error.stack}${(error.cause as Error | undefined)?.stack}`).not.to.contain('TypeError');
}

describe('diagnoseNetworkProblem', () => {
  const byCode: Record<string, FailureName> = {
    ENOTFOUND: 'HostNotFound',
    EAI_AGAIN: 'HostNotFound',
    ECONNREFUSED: 'ConnectionFailed',
    ECONNRESET: 'ConnectionFailed',
    EPIPE: 'ConnectionFailed',
    EHOSTUNREACH: 'ConnectionFailed',
    ENETUNREACH: 'ConnectionFailed',
    EPROTO: 'ConnectionFailed',
    UND_ERR_SOCKET: 'ConnectionFailed',
    HPE_INVALID_CONSTANT: 'ConnectionFailed',
    SELF_SIGNED_CERT_IN_CHAIN: 'TlsUntrusted',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'TlsUntrusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TlsUntrusted',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TlsUntrusted',
    CERT_HAS_EXPIRED: 'TlsUntrusted',
    CERT_NOT_YET_VALID: 'TlsUntrusted',
    ERR_TLS_CERT_ALTNAME_INVALID: 'TlsUntrusted',
    ERR_TLS_CERT_ALTNAME_FORMAT: 'TlsUntrusted',
    ETIMEDOUT: 'Timeout',
    UND_ERR_CONNECT_TIMEOUT: 'Timeout',
    UND_ERR_HEADERS_TIMEOUT: 'Timeout',
    UND_ERR_BODY_TIMEOUT: 'Timeout',
  };
  for (const [code, name] of Object.entries(byCode)) {
    it(`takes ${code} for ${name}`, () => {
      const inner = withCode(code);
      for (const error of [inner, fetchFailed(inner), fetchFailed(new AggregateError([inner, inner], 'all failed'))]) {
        const failure = diagnose(error);
        expect(failure.name).to.equal(name);
        for (const fact of failureClasses[failure.name].needs) expect(failure.facts[fact], fact).to.be.a('string');
        expectExitCode1(failure);
      }
      expect(diagnose(fetchFailed(inner)).cause).to.equal(inner);
    });
  }

  it('prefers what the addresses said to what the collection of them says', () => {
    const both = Object.assign(new AggregateError([withCode('ETIMEDOUT'), withCode('ENETUNREACH')], ''), {
      code: 'ETIMEDOUT',
    });
    expect(diagnose(fetchFailed(both)).name).to.equal('Timeout');
  });

  it('passes a failure on that is one already', () => {
    const failure = new JitFailure('NoProductionOrg', {});
    expect(diagnose(failure)).to.equal(failure);
  });

  it('takes a proxy that is not there for the proxy', () => {
    const refused = withCode('ECONNREFUSED', { address: '10.0.0.9', port: 3128 });
    const failure = diagnose(fetchFailed(refused), 'http://me:hunter2@proxy.acme.com:3128');
    expect(failure.name).to.equal('ProxyFailed');
    expect(failure.facts.problem).to.equal('no connection to the proxy http://proxy.acme.com:3128 (ECONNREFUSED)');
    const unknown = withCode('ENOTFOUND', { hostname: 'proxy.acme.com' });
    expect(diagnose(fetchFailed(unknown), 'proxy.acme.com:3128').name).to.equal('ProxyFailed');
    const target = withCode('ENOTFOUND', { hostname: 'acme.my.salesforce.com' });
    expect(diagnose(fetchFailed(target), 'http://proxy.acme.com:3128').name).to.equal('HostNotFound');
    expect(diagnose(fetchFailed(withCode('SELF_SIGNED_CERT_IN_CHAIN')), 'http://p:1').name).to.equal('TlsUntrusted');
  });

  it('never shows the user and password of a proxy', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{8,20}$/), fc.constantFrom('407', '403', '502'), (secret, status) => {
        const refused = new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`);
        for (const proxy of [`http://me:${secret}@proxy:3128`, `me:${secret}@proxy:3128`, `http://me:${secret}@:x`]) {
          for (const error of [
            refused,
            withCode('ECONNREFUSED', { address: '::1', port: 3128 }),
            new Error(`via ${proxy}`),
          ]) {
            expect(JSON.stringify(diagnose(fetchFailed(error), proxy).facts)).not.to.contain(secret);
          }
        }
      }),
    );
  });

  it('says something about anything that is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.option(fc.string(), { nil: undefined }), (thrown, proxy) => {
        const failure = diagnose(thrown, proxy);
        for (const fact of failureClasses[failure.name].needs)
          expect(failure.facts[fact], fact).to.be.a('string').and.not.equal('');
        expectExitCode1(failure);
      }),
    );
    const loop = new Error('round');
    loop.cause = loop;
    expect(diagnose(loop).name).to.equal('ConnectionFailed');
  });

  describe('with real sockets', () => {
    it('finds no host', async () => {
      expect(diagnose(await thrownBy(() => fetch('http://no-such-host.invalid'))).name).to.equal('HostNotFound');
    });

    it('finds nobody listening, at one address and at several', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      for (const host of ['127.0.0.1', 'localhost']) {
        const failure = diagnose(await thrownBy(() => fetch(`http://${host}:${port}`)));
        expect(failure.name).to.equal('ConnectionFailed');
        expect(failure.facts.problem).to.equal('it was refused (ECONNREFUSED)');
        expectExitCode1(failure);
      }
    });

    it('is hung up on, waits too long, and talks to what is no web server', async () => {
      const server = createSocketServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (data) => {
          const path = String(data).split(' ')[1];
          if (path === '/hang-up') socket.destroy();
          if (path === '/nonsense') socket.end('this is not HTTP\r\n\r\n');
        });
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const hungUp = diagnose(await thrownBy(() => fetch(`${origin}/hang-up`)));
        expect(hungUp.name).to.equal('ConnectionFailed');
        expectExitCode1(hungUp);
        const nonsense = diagnose(await thrownBy(() => fetch(`${origin}/nonsense`)));
        expect(nonsense.name).to.equal('ConnectionFailed');
        const late = diagnose(await thrownBy(() => fetch(`${origin}/wait`, { signal: AbortSignal.timeout(50) })));
        expect(late.name).to.equal('Timeout');
        expect(late.facts.seconds).to.equal('60');
        expectExitCode1(late);
      } finally {
        server.close();
      }
    });

    it('is refused by a proxy', async () => {
      const proxy = createServer();
      proxy.on('connect', (_request, socket) => {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      });
      proxy.listen(0, '127.0.0.1');
      await new Promise((resolve) => proxy.once('listening', resolve));
      const url = `http://me:hunter2@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const dispatcher = new EnvHttpProxyAgent({ httpProxy: url, httpsProxy: url, noProxy: '' });
      try {
        const error = await thrownBy(() => undiciFetch('https://acme.my.salesforce.com', { dispatcher }));
        const failure = diagnose(error, url);
        expect(failure.name).to.equal('ProxyFailed');
        expect(failure.facts.problem)
          .to.match(/wants a user and password \(HTTP 407\)$/)
          .and.not.contain('hunter2');
        expectExitCode1(failure);
      } finally {
        await dispatcher.close();
        proxy.close();
      }
    });
  });
});
