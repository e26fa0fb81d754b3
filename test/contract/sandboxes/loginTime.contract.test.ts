import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import { withinTime, withTimeLimit } from '../../../src/files/io/timeLimit.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import type { Ports } from '../../../src/ports.js';
import { attemptLimit } from '../../../src/salesforce/io/http.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import type { LoginOutcome } from '../../../src/sandboxes/login/sandboxLogin.js';
import { loginSandboxes } from '../../../src/sandboxes/login/loginSandboxes.js';
import type { AuthType } from '../../../src/sfStore/storedOrg.js';
import type { Emulator } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import { acme, fakePorts } from '../../support/fakes.js';
import { ownTime } from '../../support/ownTime.js';

describe('the time of one login', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ sandboxes: ['uat'] });
  });
  after(() => emulator.stop());
  afterEach(() => emulator.control.setLatency(0));

  /** A login over real sockets, which may take so many milliseconds. */
  const login = async (
    milliseconds: number,
    more: { authType?: AuthType; sfOrgs?: Partial<Ports['sfOrgs']>; within?: typeof withinTime } = {},
  ): Promise<{ outcome?: LoginOutcome; took: number; own: number; stored: number }> => {
    const { username, orgId, clientId, http, keyFile } = emulator.info;
    const key = { source: 'file', path: keyFile } as const;
    const org = { username, orgId, clientId, loginUrl: http.loginUrl, instanceUrl: http.productionUrl, key };
    const fakes = fakePorts({ ...acme(), productionOrgs: [org], sandboxes: [] });
    const privateKey = signingKey(createPrivateKey(await readFile(keyFile, 'utf8')));
    const ports: Ports = {
      ...fakes,
      sfOrgs: { ...fakes.sfOrgs, ...more.sfOrgs },
      salesforce,
      keys: { ...fakes.keys, read: async () => privateKey },
      timeLimits: { attempt: () => milliseconds, within: more.within ?? withinTime },
      now: () => new Date(),
    };
    const started = performance.now();
    const own = ownTime();
    const [outcome] = await loginSandboxes(
      {
        sandboxes: ['uat'],
        authType: more.authType,
        wait: 0,
        concurrency: 1,
        variables: { hasPrivateKey: false },
        callbackUrl: 'http://localhost:1717/OauthRedirect',
      },
      ports,
      () => undefined,
    );
    const names = [...fakes.sfOrgs.orgs.keys()].filter((name) => name !== username);
    return { outcome, took: performance.now() - started, own: own(), stored: names.length };
  };

  it('ends while several slow answers each stay below their own limit, and stores nothing', async () => {
    await emulator.control.setLatency(600);
    const { outcome, took, own, stored } = await login(1500);
    const failure = outcome && 'failure' in outcome ? outcome.failure : undefined;
    expect(failure?.name).to.equal('Timeout');
    expect(failure?.facts).to.include({ total: '2', side: 'sandbox' });
    expect(took).to.be.at.least(1400);
    expect(own).to.be.below(4000);
    expect(stored).to.equal(0);
  });

  it('leaves no refresh token alive that nobody holds, when it is over between the login and its storing', async () => {
    const { control, info } = emulator;
    const refreshTokens = async (): Promise<number> =>
      (await control.livingTokens(`${info.username}.uat`)).reduce((sum, living) => sum + living.refreshTokens, 0);
    const limit = new AbortController();
    let alive = 0;
    const { outcome, stored } = await login(55_000, {
      authType: 'sfdx-auth-url',
      within: (_, work) => withTimeLimit(limit.signal, work),
      sfOrgs: {
        // as for a lock that does not come before the limit
        storeSandbox: async () => {
          alive = await refreshTokens();
          limit.abort(new DOMException('It is over.', 'TimeoutError'));
          throw new JitFailure('Locked', { file: 'the file', seconds: '1' });
        },
      },
    });
    expect(outcome && 'failure' in outcome && outcome.failure.name).to.equal('Locked');
    expect(alive, 'before').to.equal(1);
    expect(await refreshTokens(), 'after').to.equal(0);
    expect(stored).to.equal(0);
  });

  it('is enough for the same answers when it is longer', async () => {
    await emulator.control.setLatency(600);
    const { outcome } = await login(20_000);
    expect(outcome).to.have.nested.property('login.status', 'logged-in');
  });

  for (const [set, milliseconds] of [
    [undefined, 55_000],
    ['1000', 55_000],
    ['27500', 55_000],
    ['180000', 360_000],
    ['nonsense', 55_000],
  ] as const) {
    it(`is ${milliseconds} ms when HTTP_TIMEOUT is ${set ?? 'not set'}`, () => {
      const before = process.env['HTTP_TIMEOUT'];
      if (set === undefined) delete process.env['HTTP_TIMEOUT'];
      else process.env['HTTP_TIMEOUT'] = set;
      try {
        expect(attemptLimit()).to.equal(milliseconds);
      } finally {
        if (before === undefined) delete process.env['HTTP_TIMEOUT'];
        else process.env['HTTP_TIMEOUT'] = before;
      }
    });
  }
});
