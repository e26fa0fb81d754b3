import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { expect } from 'chai';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** An HTTP proxy that passes everything on, and notes where to and with which credentials. */
async function openProxy(): Promise<{ address: string; asked: string[]; credentials: string[]; close: () => void }> {
  const asked: string[] = [];
  const credentials: string[] = [];
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on('connect', ({ url = '', headers }, client) => {
    asked.push(url);
    credentials.push(headers['proxy-authorization'] ?? '');
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client])
      socket.on('error', () => {
        [upstream, client].forEach((one) => one.destroy());
      });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, asked, credentials, close: () => server.close() };
}

describe('a login through a proxy', () => {
  let proxy: Awaited<ReturnType<typeof openProxy>>;
  const on = useStage(async (stage) => {
    proxy = await openProxy();
    await stage.registerProduction();
  });
  beforeEach(() => {
    proxy.asked.length = 0;
    proxy.credentials.length = 0;
  });
  after(() => {
    proxy.close();
  });

  const login = 'jit sandbox login -n uat -p prod';

  it('goes to production and the sandbox through the one that is set, also without a scheme', async () => {
    const { stage } = on;
    const uat = await stage.sandbox('uat');
    const hosts = [new URL(stage.info.productionUrl).host, new URL(uat.url).host];
    for (const HTTPS_PROXY of [proxy.address, `http://${proxy.address}`]) {
      proxy.asked.length = 0;
      await stage.ok(login, { env: { HTTPS_PROXY } });
      expect(proxy.asked, HTTPS_PROXY).to.include.members(hosts);
    }
  });

  it('tells the proxy user and password', async () => {
    const { stage } = on;
    const password = stage.secret('pr0xy-password');
    await stage.ok(login, { env: { HTTPS_PROXY: `http://me:${password}@${proxy.address}` } });
    const basic = `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
    expect(new Set(proxy.credentials)).to.deep.equal(new Set([basic]));
  });

  it('asks no proxy about a host of NO_PROXY', async () => {
    await on.stage.ok(login, { env: { HTTPS_PROXY: proxy.address, NO_PROXY: 'localhost' } });
    expect(proxy.asked).to.deep.equal([]);
  });

  leavesNoSecret(on);
});
