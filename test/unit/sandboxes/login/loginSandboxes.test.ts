import { expect } from 'chai';
import type { SinonFakeTimers } from 'sinon';
import sinon from 'sinon';
import { failureText } from '../../../../src/failures/failureView.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import { timeLimit, withinTime } from '../../../../src/files/io/timeLimit.js';
import type { LoginOutcome, LoginProgress } from '../../../../src/sandboxes/login/sandboxLogin.js';
import { loginExitCode } from '../../../../src/sandboxes/login/sandboxLogin.js';
import { isWorthWaitingFor, pauseBefore } from '../../../../src/sandboxes/login/waiting.js';
import type { LoginSandboxesRequest } from '../../../../src/sandboxes/login/loginSandboxes.js';
import { loginSandboxes } from '../../../../src/sandboxes/login/loginSandboxes.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionOrgId, productionUsername } from '../../../support/fakes.js';

const names = ['uat', 'dev', 'sit'];
const many = (): FakePorts => {
  const registry = acme();
  const [uat] = registry.sandboxes;
  const ports = fakePorts({
    ...registry,
    sandboxes: names.map((name) => ({
      ...uat!,
      sandboxName: name,
      alias: name,
      username: `${productionUsername}.${name}`,
    })),
  });
  const { sandboxAuth } = ports.salesforce;
  ports.salesforce.sandboxAuth = async (session, request, context) => ({
    ...(await sandboxAuth(session, request, context)),
    authUserName: `${productionUsername}.${request.sandboxName}`,
  });
  return ports;
};
const request = (more: Partial<LoginSandboxesRequest> = {}): LoginSandboxesRequest => ({
  sandboxes: 'all',
  wait: 0,
  concurrency: 2,
  variables: { hasPrivateKey: false },
  callbackUrl: 'http://c',
  ...more,
});
const notReady = new JitFailure('SandboxNotReady', {
  sandbox: 'uat',
  production: productionUsername,
  status: 'Processing',
});
const failureNames = (outcomes: LoginOutcome[]): string[] =>
  outcomes.map((outcome) => ('failure' in outcome ? outcome.failure.name : 'ok'));
const refusedSandbox = new JitFailure('SandboxAuthFailed', { sandbox: 'dev', production: productionUsername });
const noProgress = (): void => undefined;

describe('loginSandboxes', () => {
  it('opens production once for all, and gives outcomes in the order of the question', async () => {
    const ports = many();
    const outcomes = await loginSandboxes(request(), ports, noProgress);
    expect(outcomes.map(({ sandbox }) => sandbox)).to.deep.equal(names);
    expect(ports.salesforce.calls.filter((call) => call.startsWith(`jwt ${productionUsername} at`))).to.have.length(1);
    expect(ports.salesforce.calls).to.have.length(1 + 2 * names.length);
  });

  it('opens production once also when its key comes from the environment', async () => {
    const ports = many();
    ports.registry.current = {
      ...ports.registry.current,
      productionOrgs: [{ ...acme().productionOrgs[0]!, key: { source: 'env', name: 'K' } }],
    };
    await loginSandboxes(request(), ports, noProgress);
    expect(ports.salesforce.calls).to.have.length(1 + 2 * names.length);
  });

  it('renews a refused production session once for all', async () => {
    const ports = many();
    await ports.sfOrgs.storeProduction(
      { username: productionUsername, ...grantFor(productionUsername), accessToken: 'old' },
      undefined,
    );
    const vouch = ports.salesforce.vouch;
    ports.salesforce.vouch = (token) => {
      if (token === 'old') throw new JitFailure('SessionInvalid', { org: 'production' });
      return vouch(token);
    };
    const outcomes = await loginSandboxes(request({ concurrency: 3 }), ports, noProgress);
    expect(failureNames(outcomes)).to.deep.equal(['ok', 'ok', 'ok']);
    expect(ports.salesforce.calls.filter((call) => call.startsWith(`jwt ${productionUsername} at`))).to.have.length(1);
  });

  it('never has more logins under way than allowed', async () => {
    const ports = many();
    let running = 0;
    let most = 0;
    const { sandboxAuth } = ports.salesforce;
    ports.salesforce.sandboxAuth = async (...args) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return sandboxAuth(...args);
    };
    await loginSandboxes(request(), ports, noProgress);
    expect(most).to.equal(2);
  });

  it('is not stopped by one bad sandbox', async () => {
    const ports = many();
    const { sandboxAuth } = ports.salesforce;
    ports.salesforce.sandboxAuth = async (session, question, context) => {
      if (question.sandboxName === 'dev') throw refusedSandbox;
      return sandboxAuth(session, question, context);
    };
    expect(failureNames(await loginSandboxes(request(), ports, noProgress))).to.deep.equal([
      'ok',
      'SandboxNotFound',
      'ok',
    ]);
  });

  describe('what production refuses for every sandbox', () => {
    const limit = new JitFailure('ApiLimitReached', { org: 'production org', side: 'production' });
    const states = (outcomes: readonly LoginOutcome[]): string[] =>
      outcomes.map((outcome) =>
        'login' in outcome ? 'ok' : 'failure' in outcome ? outcome.failure.name : `not tried: ${outcome.notTried.name}`,
      );

    it('ends the command after the first answer: the others are not tried', async () => {
      const ports = many();
      ports.salesforce.vouch = () => {
        throw limit;
      };
      const outcomes = await loginSandboxes(request({ concurrency: 1 }), ports, noProgress);
      expect(states(outcomes)).to.deep.equal([
        'ApiLimitReached',
        'not tried: ApiLimitReached',
        'not tried: ApiLimitReached',
      ]);
      expect(ports.salesforce.calls.filter((call) => call.startsWith('sandboxAuth'))).to.have.length(1);
      expect(loginExitCode(outcomes)).to.equal(1);
    });

    it('is told once, also for those that were under way', async () => {
      const ports = many();
      ports.salesforce.vouch = () => {
        throw limit;
      };
      const outcomes = await loginSandboxes(request({ concurrency: 3 }), ports, noProgress);
      expect(states(outcomes).sort()).to.deep.equal([
        'ApiLimitReached',
        'not tried: ApiLimitReached',
        'not tried: ApiLimitReached',
      ]);
    });

    it('leaves what worked before, and the exit code says that some did', async () => {
      const ports = many();
      const { sandboxAuth } = ports.salesforce;
      ports.salesforce.sandboxAuth = async (session, question, context) => {
        if (question.sandboxName === 'dev') throw limit;
        return sandboxAuth(session, question, context);
      };
      const outcomes = await loginSandboxes(request({ concurrency: 1 }), ports, noProgress);
      expect(states(outcomes)).to.deep.equal(['ok', 'ApiLimitReached', 'not tried: ApiLimitReached']);
      expect(loginExitCode(outcomes)).to.equal(68);
    });

    it('is a refused login of production too: it is sent once', async () => {
      const ports = many();
      ports.salesforce.jwt = () => {
        throw new JitFailure('UserNotApproved', { org: 'production org', side: 'production', user: 'u', host: 'h' });
      };
      const outcomes = await loginSandboxes(request({ concurrency: 2 }), ports, noProgress);
      expect(states(outcomes)).to.include('UserNotApproved').and.include('not tried: UserNotApproved');
      expect(ports.salesforce.calls).to.have.length(1);
    });

    it('does not stop the sandboxes of another production org', async () => {
      const ports = many();
      const [org] = ports.registry.current.productionOrgs;
      const [, , sit] = ports.registry.current.sandboxes;
      const other = 'admin@other.example';
      ports.registry.current = {
        ...ports.registry.current,
        productionOrgs: [org!, { ...org!, username: other, alias: 'other' }],
        sandboxes: [
          ...ports.registry.current.sandboxes.slice(0, 2),
          { ...sit!, productionUsername: other, username: `${other}.sit` },
        ],
      };
      const { sandboxAuth } = ports.salesforce;
      ports.salesforce.sandboxAuth = async (session, question, context) => {
        if (context.production === productionUsername) throw limit;
        return { ...(await sandboxAuth(session, question, context)), authUserName: `${other}.sit` };
      };
      const outcomes = await loginSandboxes(request({ concurrency: 1 }), ports, noProgress);
      expect(states(outcomes)).to.deep.equal(['ApiLimitReached', 'not tried: ApiLimitReached', 'ok']);
    });

    it('ends the waiting of those that wait', async () => {
      const ports = many();
      let asked = 0;
      ports.salesforce.vouch = () => {
        asked += 1;
        throw asked <= 2 ? notReady : limit;
      };
      ports.salesforce.states = new JitFailure('SandboxPermissionMissing', { production: 'p', user: 'u' });
      const outcomes = await loginSandboxes(request({ concurrency: 3, wait: 600_000 }), ports, noProgress);
      expect(states(outcomes).filter((state) => state === 'ApiLimitReached')).to.have.length(1);
      expect(asked).to.equal(3);
    });
  });

  describe('of all, those that the user logged in to', () => {
    const withOwn = (): FakePorts => {
      const ports = many();
      const username = `${productionUsername}.dev`;
      ports.sfOrgs.orgs.set(username, { username, refreshToken: 'of the user' });
      return ports;
    };

    it('are passed over, which is no failure', async () => {
      const outcomes = await loginSandboxes(request(), withOwn(), noProgress);
      expect(outcomes.map((outcome) => 'login' in outcome)).to.deep.equal([true, false, true]);
      expect(outcomes[1]).to.have.nested.property('notTried.name', 'TraditionalOrgStored');
      expect(loginExitCode(outcomes)).to.equal(0);
    });

    it('are a failure when they are named', async () => {
      const outcomes = await loginSandboxes(request({ sandboxes: ['dev'] }), withOwn(), noProgress);
      expect(failureNames(outcomes)).to.deep.equal(['TraditionalOrgStored']);
    });
  });

  it('reads the registry and the records of logins once for all of them', async () => {
    const ports = many();
    const { read } = ports.registry;
    let reads = 0;
    ports.registry.read = async () => {
      reads += 1;
      return read();
    };
    let records = 0;
    ports.sfOrgs.loginRecords = async () => {
      records += 1;
      return [];
    };
    await loginSandboxes(request({ sandboxes: names }), ports, noProgress);
    expect([reads, records]).to.deep.equal([1, 1]);
  });

  it('asks for a sandbox once although it is named twice', async () => {
    expect(await loginSandboxes(request({ sandboxes: ['uat', 'uat'] }), many(), noProgress)).to.have.length(1);
  });

  it('asks for all sandboxes of the production org that is named, and of no other', async () => {
    const ports = many();
    const other = 'admin@other.example';
    const { productionOrgs, sandboxes } = ports.registry.current;
    ports.registry.current = {
      ...ports.registry.current,
      productionOrgs: [...productionOrgs, { ...productionOrgs[0]!, username: other, alias: 'other' }],
      sandboxes: [
        ...sandboxes.slice(0, 2),
        { ...sandboxes[2]!, alias: 'other-sit', username: `${other}.sit`, productionUsername: other },
      ],
    };
    const asked = async (production?: string): Promise<string[]> =>
      (await loginSandboxes(request({ production }), ports, noProgress)).map(({ sandbox }) => sandbox);
    expect(await asked('other')).to.deep.equal(['other-sit']);
    expect(await asked(productionUsername)).to.deep.equal(['uat', 'dev']);
    expect(await asked()).to.deep.equal(['uat', 'dev', 'other-sit']);
  });

  it('tells how many are done of how many', async () => {
    const seen: LoginProgress[] = [];
    const outcomes = await loginSandboxes(request({ concurrency: 1 }), many(), (step) => seen.push(step));
    expect(seen).to.deep.equal([
      { kind: 'started', sandboxes: outcomes.map(({ sandbox }) => sandbox) },
      ...outcomes.map((outcome, index) => ({ kind: 'finished', outcome, done: index + 1, of: 3 })),
    ]);
  });

  it('is not stopped by an error that nobody expected', async () => {
    const ports = many();
    const { sandboxAuth } = ports.salesforce;
    ports.salesforce.sandboxAuth = async (session, question, context) => {
      if (question.sandboxName === 'dev') throw new RangeError('bug');
      return sandboxAuth(session, question, context);
    };
    const outcomes = await loginSandboxes(request({ wait: 60_000 }), ports, noProgress);
    expect(failureNames(outcomes)).to.deep.equal(['ok', 'UnexpectedError', 'ok']);
    expect(outcomes[1]).to.have.nested.property('failure.facts.problem', 'RangeError: bug');
  });

  describe('--if-needed', () => {
    it('keeps a login that Salesforce still takes, with one request', async () => {
      const ports = many();
      await loginSandboxes(request({ sandboxes: ['uat'] }), ports, noProgress);
      ports.salesforce.calls.length = 0;
      ports.salesforce.org = { ...ports.salesforce.org, orgId: '00D5g0000000005EAA' };
      const [outcome] = await loginSandboxes(request({ sandboxes: ['uat'], ifNeeded: true }), ports, noProgress);
      // the fake gives every sandbox but uat production's org id, so this also proves that the id is compared
      expect(outcome).to.have.nested.property('login.status', 'already-logged-in');
      expect(ports.salesforce.calls).to.deep.equal(['organization']);
    });

    for (const [title, more, name, alias] of [
      ['under its alias', {}, `${productionUsername}.uat`, 'uat'],
      ['of another user, who has no alias', { user: 'tester@acme.example' }, 'tester@acme.example.uat', null],
    ] as const) {
      it(`gives the login that is kept, and makes it the default org only when asked: ${title}`, async () => {
        const ports = many();
        const question = request({ sandboxes: ['uat'], ifNeeded: true, ...more });
        await loginSandboxes(question, ports, noProgress);
        ports.salesforce.org = { ...ports.salesforce.org, orgId: '00D5g0000000005EAA' };
        const record = ports.sfOrgs.records.get(name);
        const { now } = ports;
        const later = { ...ports, now: () => new Date(now().getTime() + 60_000) };
        const [outcome] = await loginSandboxes(question, later, noProgress);
        expect(outcome).to.deep.equal({
          sandbox: 'uat',
          login: {
            sandboxName: 'uat',
            alias,
            username: name,
            orgId: '00D5g0000000005EAA',
            instanceUrl: 'https://uat.example',
            loginUrl: 'https://uat.example',
            productionUsername,
            authType: 'jwt',
            status: 'already-logged-in',
            refreshed: false,
          },
        });
        expect(ports.sfOrgs.records.get(name)).to.deep.equal({ ...record, checkedAt: later.now().toISOString() });
        expect(ports.chosen.targetOrg).to.equal(undefined);
        await loginSandboxes({ ...question, setDefault: true }, ports, noProgress);
        expect(ports.chosen.targetOrg).to.equal(alias ?? name);
      });
    }

    for (const [title, change] of [
      [
        'was refused',
        (ports: FakePorts) =>
          (ports.salesforce.organization = () => Promise.reject(new JitFailure('SessionInvalid', { org: 'o' }))),
      ],
      [
        'belongs to another copy',
        (ports: FakePorts) => (ports.salesforce.org = { ...ports.salesforce.org, orgId: productionOrgId }),
      ],
    ] as const) {
      it(`logs in when the stored one ${title}`, async () => {
        const ports = many();
        await loginSandboxes(request({ sandboxes: ['uat'] }), ports, noProgress);
        change(ports);
        const [outcome] = await loginSandboxes(request({ sandboxes: ['uat'], ifNeeded: true }), ports, noProgress);
        expect(outcome).to.have.nested.property('login.status', 'logged-in');
      });
    }
  });

  describe('--user', () => {
    it('signs in the other user by JWT, with the suffix added, and leaves the alias of the sandbox', async () => {
      const ports = many();
      const [outcome] = await loginSandboxes(
        request({ sandboxes: ['uat'], user: 'tester@acme.example' }),
        ports,
        noProgress,
      );
      expect(outcome).to.have.nested.property('login.username', 'tester@acme.example.uat');
      expect(outcome).to.have.nested.property('login.alias', null);
      expect(ports.sfOrgs.names.size).to.equal(0);
      expect(ports.registry.current.sandboxes[0]?.username).to.equal(`${productionUsername}.uat`);
    });

    it('never falls back to the authorization code, which belongs to the creator', async () => {
      const ports = many();
      ports.salesforce.jwt = (username) => {
        if (username.startsWith('tester'))
          throw new JitFailure('UserNotApproved', { org: 'sandbox uat', user: username, host: 'h' });
        return grantFor(username);
      };
      const outcomes = await loginSandboxes(
        request({ sandboxes: ['uat'], user: 'tester@acme.example.uat' }),
        ports,
        noProgress,
      );
      expect(failureNames(outcomes)).to.deep.equal(['UserNotApproved']);
      expect(ports.salesforce.calls.some((call) => call.startsWith('code'))).to.equal(false);
    });
  });

  describe('--wait', () => {
    const readyAfter = (ports: FakePorts, attempts: number): void => {
      const { vouch } = ports.salesforce;
      let asked = 0;
      ports.salesforce.vouch = (token) => {
        if (++asked <= attempts) throw notReady;
        return vouch(token);
      };
      ports.salesforce.states = new JitFailure('SandboxPermissionMissing', { production: 'p', user: 'u' });
    };

    it('tries again until the sandbox is ready, showing the last answer', async () => {
      const ports = many();
      readyAfter(ports, 3);
      const seen: LoginProgress[] = [];
      const outcomes = await loginSandboxes(request({ sandboxes: ['uat'], wait: 600_000 }), ports, (step) =>
        seen.push(step),
      );
      expect(failureNames(outcomes)).to.deep.equal(['ok']);
      const waits = seen.filter((step) => step.kind === 'waiting');
      expect(waits).to.have.length(3);
      expect(waits[0]).to.include({ kind: 'waiting', sandbox: 'uat' });
      expect(waits[0]?.failure.name).to.equal('SandboxNotReady');
      expect(waits[0]?.seconds).to.be.within(4, 6);
    });

    it('makes one attempt without it', async () => {
      const ports = many();
      readyAfter(ports, 1);
      expect(failureNames(await loginSandboxes(request({ sandboxes: ['uat'] }), ports, noProgress))).to.deep.equal([
        'SandboxNotReady',
      ]);
    });

    it('never waits longer than asked', async () => {
      const ports = many();
      readyAfter(ports, Infinity);
      const start = ports.now().getTime();
      const outcomes = await loginSandboxes(request({ sandboxes: ['uat'], wait: 90_000 }), ports, noProgress);
      expect(failureNames(outcomes)).to.deep.equal(['SandboxNotReady']);
      expect(ports.now().getTime() - start)
        .to.be.at.most(90_000)
        .and.at.least(89_999);
    });

    it('fails at once for what does not pass', async () => {
      const ports = many();
      ports.salesforce.vouch = () => {
        throw new JitFailure('ApiLimitReached', { org: 'production org x' });
      };
      const start = ports.now().getTime();
      await loginSandboxes(request({ sandboxes: ['uat'], wait: 90_000 }), ports, noProgress);
      expect(ports.now().getTime()).to.equal(start);
    });
  });
});

describe('waiting', () => {
  it('grows with jitter, up to a minute, within what is left', () => {
    expect(pauseBefore(1, 1e9, 0.5)).to.equal(5000);
    expect(pauseBefore(2, 1e9, 0.5)).to.equal(7500);
    expect(pauseBefore(50, 1e9, 0.5)).to.equal(60_000);
    expect(pauseBefore(1, 1e9, 0)).to.equal(4000);
    expect(pauseBefore(1, 300, 0.5)).to.equal(300);
    expect(pauseBefore(1, 0, 0.5)).to.equal(undefined);
  });

  it('is worth it for a sandbox, not for production, whatever they are called', () => {
    const at = (side: 'production' | 'sandbox'): JitFailure =>
      new JitFailure('UserNotApproved', { org: 'whichever it is', side, user: 'u', host: 'h' });
    expect(isWorthWaitingFor(at('sandbox'))).to.equal(true);
    expect(isWorthWaitingFor(at('production'))).to.equal(false);
    const refused = new JitFailure('InvalidGrant', { org: 'sandbox uat', side: 'sandbox', host: 'h' });
    expect(isWorthWaitingFor(refused), 'what does not pass').to.equal(false);
    expect(isWorthWaitingFor(notReady)).to.equal(true);
  });
});

describe('the exit code of several logins', () => {
  const ok = { sandbox: 'a', login: {} } as unknown as LoginOutcome;
  const bad: LoginOutcome = { sandbox: 'b', failure: new JitFailure('ApiLimitReached', { org: 'o' }) };
  const pending: LoginOutcome = { sandbox: 'c', failure: notReady };
  const unknown: LoginOutcome = {
    sandbox: 'd',
    failure: new JitFailure('SandboxNotFound', { sandbox: 'd', production: 'p' }),
  };
  const notTried: LoginOutcome = { sandbox: 'e', notTried: new JitFailure('ApiLimitReached', { org: 'o' }) };
  const own: LoginOutcome = {
    sandbox: 'f',
    notTried: new JitFailure('TraditionalOrgStored', { sandbox: 'f', user: 'u' }),
  };
  for (const [outcomes, code] of [
    [[], 0],
    [[ok], 0],
    [[ok, bad], 68],
    [[ok, pending], 68],
    [[bad, bad], 1],
    [[bad, pending], 1],
    [[pending], 69],
    [[ok, unknown], 1],
    [[ok, bad, unknown], 1],
    [[ok, notTried], 68],
    [[bad, notTried], 1],
    [[ok, own], 0],
    [[own], 0],
    [[own, bad], 1],
  ] as const) {
    it(`is ${code} for ${JSON.stringify(outcomes.map(({ sandbox }) => sandbox))}`, () => {
      expect(loginExitCode(outcomes)).to.equal(code);
    });
  }
});

describe('one attempt, when nobody asked to wait', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  });
  afterEach(() => {
    clock.restore();
  });

  /** A Salesforce, and a lock, that answer after so many seconds, unless the time of the work is over before. */
  const slow = (seconds: number): FakePorts => {
    const ports = many();
    const after = async <T>(answer: () => Promise<T>): Promise<T> => {
      const limit = timeLimit();
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, seconds * 1000);
        limit?.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(new JitFailure('Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '5' }));
        });
      });
      return answer();
    };
    const { jwtLogin, sandboxAuth, exchangeCode } = ports.salesforce;
    Object.assign(ports.salesforce, {
      jwtLogin: (...asked: Parameters<typeof jwtLogin>) => after(() => jwtLogin(...asked)),
      sandboxAuth: (...asked: Parameters<typeof sandboxAuth>) => after(() => sandboxAuth(...asked)),
      exchangeCode: (...asked: Parameters<typeof exchangeCode>) => after(() => exchangeCode(...asked)),
    });
    return {
      ...ports,
      locks: { hold: (_name, work) => after(work) },
      timeLimits: { attempt: () => 55_000, within: withinTime },
      now: () => new Date(),
    };
  };
  const timed = async (ports: FakePorts, more: Partial<LoginSandboxesRequest>) => {
    const started = Date.now();
    let ended = 0;
    const login = loginSandboxes(request({ sandboxes: ['uat'], ...more }), ports, noProgress).then((outcomes) => {
      ended = Date.now();
      return outcomes;
    });
    await clock.tickAsync(600_000);
    const [outcome] = await login;
    return { outcome, seconds: (ended - started) / 1000 };
  };

  it('ends within the minute, though each answer stays below its own limit, and says so', async () => {
    const { outcome, seconds } = await timed(slow(29), {});
    expect(seconds).to.equal(55);
    const failure = outcome && 'failure' in outcome ? outcome.failure : undefined;
    expect(failure?.name).to.equal('Timeout');
    expect(failure?.facts).to.include({ seconds: '5', total: '55' });
    expect(failureText(failure!).message).to.contain('The login as a whole may take 55 seconds');
  });

  it('works when all of it fits, and leaves no limit to what comes later', async () => {
    const { outcome, seconds } = await timed(slow(10), {});
    expect(outcome).to.have.property('login');
    expect(seconds).to.be.below(55);
    expect(timeLimit()).to.equal(undefined);
  });

  it('has no such limit with --wait', async () => {
    const { outcome, seconds } = await timed(slow(29), { wait: 60_000 });
    expect(outcome).to.have.property('login');
    expect(seconds).to.be.above(100);
  });

  it('does not call another failure one of time', async () => {
    const ports = slow(1);
    ports.salesforce.sandboxAuth = async () => {
      throw new JitFailure('Timeout', { org: 'production org x', host: 'acme.example', seconds: '30' });
    };
    const { outcome } = await timed(ports, {});
    const failure = outcome && 'failure' in outcome ? outcome.failure : undefined;
    expect(failure?.facts).not.to.have.property('total');
  });

  it('does not call a failure one of time that came when the time was over', async () => {
    const ports: FakePorts = {
      ...slow(1),
      timeLimits: { attempt: () => 2000, within: (_milliseconds, work) => work() },
    };
    ports.salesforce.sandboxAuth = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5000));
      throw new JitFailure('ApiLimitReached', { org: 'production org x' });
    };
    const { outcome, seconds } = await timed(ports, {});
    expect(seconds).to.be.above(5);
    const failure = outcome && 'failure' in outcome ? outcome.failure : undefined;
    expect([failure?.name, failure?.facts.total]).to.deep.equal(['ApiLimitReached', undefined]);
  });
});
