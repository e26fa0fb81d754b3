import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { EnvHttpProxyAgent, fetch as undiciFetch } from 'undici';
import type { RequestContext } from '../../../src/salesforce/answers.js';
import { diagnoseNetworkProblem } from '../../../src/salesforce/diagnosis.js';
import type { FailureName } from '../../../src/failures/failures.js';
import { failureClasses, JitFailure } from '../../../src/failures/failures.js';
import { toSfError } from '../../../src/failures/failureView.js';

const context: RequestContext = {
  operation: 'jwt-login',
  side: 'production',
  org: 'production org admin@acme.com',
  host: 'acme.my.salesforce.com',
  user: 'admin@acme.com',
};

const diagnose = (error: unknown, proxy?: string): JitFailure =>
  diagnoseNetworkProblem(error, context, { proxy, secondsPassed: 60 });

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
  const error = toSfError(failure) as Error & { exitCode: number };
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

  it('knows the sandbox only when that was asked, so that nobody waits for production', () => {
    const withSandbox = { ...context, sandbox: 'uat', production: 'admin@acme.com' };
    const at = (side: RequestContext['side']): JitFailure =>
      diagnoseNetworkProblem(fetchFailed(withCode('ENOTFOUND')), { ...withSandbox, side }, { secondsPassed: 60 });
    expect(at('production').facts.sandbox).to.equal(undefined);
    expect(at('production').exitCode).to.equal(1);
    expect(at('sandbox').facts.sandbox).to.equal('uat');
    expect(at('sandbox').exitCode).to.equal(69);
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

  const proxyCases: Array<[title: string, error: Error, proxy: string, expected: string]> = [
    [
      'is matched by its port when only the address of it is known',
      withCode('ECONNREFUSED', { address: '10.0.0.9', port: 80 }),
      'http://proxy.acme.com',
      'no connection to the proxy http://proxy.acme.com (ECONNREFUSED)',
    ],
    [
      'is matched by its address, even at the port of Salesforce',
      withCode('ETIMEDOUT', { address: '10.0.0.9', port: 443 }),
      'https://10.0.0.9',
      'no connection to the proxy https://10.0.0.9 (ETIMEDOUT)',
    ],
    [
      'is named with the code that says most',
      Object.assign(new Error('a'), { code: 'E_OUTER', cause: withCode('EAI_AGAIN', { hostname: 'p' }) }),
      'http://p:1',
      'no connection to the proxy http://p:1 (EAI_AGAIN)',
    ],
    [
      'is named without a code when there is none',
      Object.assign(new Error('a'), { hostname: 'p' }),
      'http://p:1',
      'no connection to the proxy http://p:1',
    ],
    [
      'may be one of SOCKS',
      withCode('ECONNREFUSED', { address: '10.0.0.9', port: 1080 }),
      'socks5://me:hunter2@proxy.acme.com:1080',
      'no connection to the proxy socks5://proxy.acme.com:1080 (ECONNREFUSED)',
    ],
    [
      'may be set without a scheme',
      withCode('ENOTFOUND', { hostname: 'proxy.acme.com' }),
      'me:hunter2@proxy.acme.com:3128',
      'no connection to the proxy http://proxy.acme.com:3128 (ENOTFOUND)',
    ],
    [
      'may refuse the connection',
      new Error('Proxy response (502) !== 200 when HTTP Tunneling'),
      'http://me:hunter2@p:1',
      'the proxy http://p:1 answered HTTP 502',
    ],
    ['may not speak TLS', withCode('UND_ERR_PRX_TLS'), 'https://p:1', 'no TLS connection to the proxy https://p:1'],
    ['may have no address', withCode('ERR_INVALID_URL'), 'http://[', 'the address of the proxy is not a URL'],
    [
      'is not named by an address that cannot be read',
      new Error('Proxy response (407)'),
      'http://me:hunter2@[',
      'the proxy that is set wants a user and password (HTTP 407)',
    ],
    [
      'is not named by an address without a host',
      new Error('Proxy response (407)'),
      'me:hunter2://x',
      'the proxy that is set wants a user and password (HTTP 407)',
    ],
  ];
  for (const [title, error, proxy, expected] of proxyCases) {
    it(`says of a proxy that it ${title}`, () => {
      const failure = diagnose(fetchFailed(error), proxy);
      expect(failure.name).to.equal('ProxyFailed');
      expect(failure.facts.problem).to.equal(expected);
    });
  }

  const notTheProxy: Array<[title: string, error: Error, proxy: string]> = [
    ['another port', withCode('ECONNREFUSED', { address: '10.0.0.9', port: 8443 }), 'http://proxy.acme.com:3128'],
    ['port 443, which is that of Salesforce', withCode('ECONNREFUSED', { address: '1.2.3.4', port: 443 }), 'https://p'],
    ['port 80, with a proxy at 443', withCode('ECONNREFUSED', { address: '1.2.3.4', port: 80 }), 'https://p'],
    ['the same port of a named host', withCode('EPIPE', { hostname: 'h', address: '1.2.3.4', port: 1 }), 'http://p:1'],
    ['the same port, without an address', withCode('ECONNRESET', { port: 3128 }), 'http://proxy.acme.com:3128'],
  ];
  for (const [title, error, proxy] of notTheProxy) {
    it(`does not blame the proxy for ${title}`, () => {
      expect(diagnose(fetchFailed(error), proxy).name).to.equal('ConnectionFailed');
    });
  }

  it('blames no proxy when there is none', () => {
    expect(diagnose(new Error('Proxy response (407)')).name).to.equal('ConnectionFailed');
  });

  const problems: Array<[thrown: unknown, problem: string]> = [
    [withCode('CERT_HAS_EXPIRED'), 'it has expired (CERT_HAS_EXPIRED)'],
    [withCode('ERR_TLS_CERT_NEW'), 'the certificate is not for this host (ERR_TLS_CERT_NEW)'],
    [withCode('HPE_INVALID_CONSTANT'), 'it broke off (HPE_INVALID_CONSTANT)'],
    // a name that every object has is no known code
    [withCode('toString'), 'it broke off (toString)'],
    [withCode('E\u001b[31m'), 'it broke off (E [31m)'],
    // a known code says more than an unknown one below it, which says more than the unknown ones above
    [
      Object.assign(withCode('ECONNRESET'), { cause: withCode('X') }),
      'it was broken off by the other side (ECONNRESET)',
    ],
    [
      Object.assign(withCode('A'), { cause: Object.assign(withCode('B'), { cause: withCode('C') }) }),
      'it broke off (C)',
    ],
    [Object.assign(withCode('A'), { cause: new Error('no code') }), 'it broke off (A)'],
    // a number is no code
    [Object.assign(new Error('quota'), { code: 7 }), 'quota'],
    [fetchFailed(new Error('The tunnel of v1.2 broke.')), 'The tunnel of v1.2 broke'],
    [new Error('outer', { cause: new Error('inner', { cause: new Error('') }) }), 'inner'],
    [new Error('outer', { cause: new TypeError('inner') }), 'outer'],
    [new TypeError('fetch failed'), 'fetch failed'],
    [new Error(`token ${'a1B'.repeat(20)}`), 'token [hidden]'],
    [new Error('x'.repeat(200)), `${'x'.repeat(149)}…`],
    [new Error(''), 'for an unknown reason'],
    ['thrown text', 'for an unknown reason'],
    [undefined, 'for an unknown reason'],
  ];
  for (const [thrown, problem] of problems) {
    it(`says "${problem}"`, () => {
      expect(diagnose(thrown).facts.problem).to.equal(problem);
    });
  }

  it('takes an abortion for a timeout, by name and anywhere in the chain', () => {
    for (const name of ['TimeoutError', 'AbortError']) {
      expect(diagnose(fetchFailed(new DOMException('gone', name))).name, name).to.equal('Timeout');
    }
    expect(diagnose(fetchFailed(new DOMException('gone', 'NetworkError'))).name).to.equal('ConnectionFailed');
  });

  it('keeps the innermost error as the cause, and never a TypeError', () => {
    const inner = new Error('inner');
    expect(diagnose(new Error('outer', { cause: inner })).cause).to.equal(inner);
    const fromAnotherRealm = Object.assign(new Error('x'), { name: 'TypeError' });
    const renamed = Object.assign(new TypeError('x'), { name: 'InvalidArgumentError' });
    for (const error of [new TypeError('x'), fromAnotherRealm, renamed]) {
      expect(diagnose(error).cause, error.name).to.equal(undefined);
    }
  });

  it('ends for an error whose causes never end', () => {
    class Endless extends Error {
      public override get cause(): Error {
        return new Endless('again');
      }
    }
    expect(diagnose(new Endless('first')).facts.problem).to.equal('again');
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
