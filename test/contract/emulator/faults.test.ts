import { expect } from 'chai';
import type { FaultAction } from '../../../src/emulator/index.js';
import { useEmulator } from './useEmulator.js';

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: unknown) =>
      error instanceof Error ? `${error.message} ${(error as NodeJS.ErrnoException).code ?? ''}` : '',
  );

describe('emulator: faults', () => {
  const emulator = useEmulator({ sandboxes: ['uat'] });
  afterEach(async () => {
    await emulator.control.clearFaults();
    await emulator.control.setLatency(0);
  });
  const strike = (action: FaultAction) => emulator.control.setFault({ path: 'token$', action });
  const login = () => emulator.client.jwt(emulator.info.loginUrl);

  it('resets connections', async () => {
    await strike({ kind: 'reset' });
    expect(await failure(login())).to.contain('ECONNRESET');
    expect(await failure(emulator.client.jwt(emulator.info.http.loginUrl))).to.contain('ECONNRESET');
  });

  it('loses the answer of a request that took effect', async () => {
    const { client, info, control } = emulator;
    const code = await client.code('uat');
    await control.setFault({
      grantType: 'authorization_code',
      times: 1,
      action: { kind: 'reset', afterHandling: true },
    });
    expect(await failure(client.exchange(info.sandboxes[0]!.url, code))).to.contain('ECONNRESET');
    expect((await client.exchange(info.sandboxes[0]!.url, code)).json['error_description']).to.contain('expired');
  });

  it('hangs', async () => {
    await strike({ kind: 'hang' });
    const url = `${emulator.info.loginUrl}/services/oauth2/token`;
    expect(await failure(emulator.client.send(url, { method: 'POST', timeoutMs: 300 }))).to.contain('timeout');
  });

  it('is slow, by fault and by latency', async () => {
    await strike({ kind: 'slow', delayMs: 150 });
    await emulator.control.setLatency(100);
    const started = performance.now();
    expect((await login()).status).to.equal(200);
    expect(performance.now() - started).to.be.greaterThan(245);
  });

  it('cuts bodies short', async () => {
    await strike({ kind: 'truncate' });
    expect(await failure(login())).to.contain('aborted');
  });

  it('answers anything', async () => {
    const page = '<html><body>Down for maintenance</body></html>';
    await strike({
      kind: 'answer',
      status: 503,
      body: page,
      contentType: 'text/html',
      headers: { 'Retry-After': '60' },
    });
    const reply = await login();
    expect([reply.status, reply.text]).to.deep.equal([503, page]);
    expect(reply.headers).to.include({ 'content-type': 'text/html', 'retry-after': '60' });
  });

  it('redirects', async () => {
    await strike({ kind: 'redirect', location: 'https://elsewhere.example/', status: 307 });
    const reply = await login();
    expect([reply.status, reply.headers.location]).to.deep.equal([307, 'https://elsewhere.example/']);
  });

  it('strikes by origin, method, grant type and body', async () => {
    const { client, control, info } = emulator;
    const [uat] = info.sandboxes;
    const sub = uat!.username;
    const action: FaultAction = { kind: 'answer', status: 599, body: '{}' };
    const statuses = async () => [
      (await client.jwt(info.loginUrl)).status,
      (await client.jwt(uat!.url, { sub })).status,
      (await client.get(`${uat!.url}/services/data`)).status,
    ];
    const cases = [
      [{ origin: 'login' }, [599, 200, 200]],
      [{ origin: 'sandbox' }, [200, 599, 599]],
      [{ origin: 'sandbox:uat', method: 'get' }, [200, 200, 599]],
      [{ grantType: 'jwt-bearer' }, [599, 599, 200]],
      [{ body: 'assertion=' }, [599, 599, 200]],
      [{ grantType: 'refresh_token' }, [200, 200, 200]],
    ] as const;
    for (const [fault, expected] of cases) {
      const id = await control.setFault({ ...fault, action });
      expect(await statuses(), JSON.stringify(fault)).to.deep.equal(expected);
      await control.removeFault(id);
    }
  });

  it('strikes from the nth request on, so many times', async () => {
    await emulator.control.setFault({ nth: 2, times: 2, action: { kind: 'answer', status: 599, body: '' } });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await login()).status);
    expect(statuses).to.deep.equal([200, 599, 599, 200, 200]);
  });

  it('refuses patterns that are none', async () => {
    expect(await failure(emulator.control.setFault({ path: '(', action: { kind: 'hang' } }))).to.contain(
      'regular expression',
    );
  });

  it('refuses connections to a closed origin, and opens the same port again', async () => {
    const { control, client, info } = emulator;
    await control.setListening('login', false);
    expect(await failure(login())).to.contain('ECONNREFUSED');
    expect((await client.jwt(info.productionUrl)).status).to.equal(200);
    await control.setListening('login', true);
    expect((await login()).status).to.equal(200);
    expect(await failure(control.setListening('nowhere', false))).to.contain('no origin nowhere');
  });

  it('has an origin whose certificate nobody trusts', async () => {
    const { control, client } = emulator;
    const { url } = await control.openUntrustedOrigin();
    expect(await failure(client.jwt(url))).to.match(/UNABLE_TO|self-signed|SELF_SIGNED/);
  });
});
