import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import type { KeepEvent, KeepPorts, Lease } from '../../../src/keep/keepSandboxes.js';
import { keepSandboxes } from '../../../src/keep/keepSandboxes.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, grantFor } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

const minute = 60_000;
const user = 'admin@acme.example.uat';

/** A sandbox whose sessions live as long as they were not used for `timeout` minutes, and the keeper's view of it. */
function world(timeout: number) {
  const ports: FakePorts = fakePorts();
  const uses = new Map<string, number>();
  let copy = '00D5g0000000005EAA';
  let online = true;
  let count = 0;
  let questions = 0;
  const salesforce = ports.salesforce;
  const now = () => ports.now().getTime();
  const need = () => {
    if (!online)
      throw new JitFailure('ConnectionFailed', { org: 'sandbox uat', host: 'uat.example', problem: 'refused' });
  };
  salesforce.jwt = (username) => {
    need();
    const grant = grantFor(username);
    if (!username.endsWith('.uat')) return grant;
    count += 1;
    const accessToken = `session ${count} of ${copy}`;
    uses.set(accessToken, now());
    return { ...grant, accessToken, orgId: copy };
  };
  salesforce.organization = async ({ accessToken }) => {
    need();
    questions += 1;
    const used = uses.get(accessToken);
    if (used === undefined || now() - used > timeout * minute || !accessToken.endsWith(copy)) {
      throw new JitFailure('SessionInvalid', { org: 'sandbox uat', host: 'uat.example', user });
    }
    uses.set(accessToken, now());
    return { orgId: copy, name: 'Acme', kind: 'sandbox' };
  };
  return {
    ports,
    uses,
    refresh: () => {
      copy = copy === '00D5g0000000005EAA' ? '00D5g0000000006EAA' : '00D5g0000000007EAA';
    },
    setOnline: (is: boolean) => {
      online = is;
    },
    logins: () => count,
    questions: () => questions,
    /** Whether what is stored now could be used by a program at this moment. */
    isStoredGood: () => {
      const stored = ports.sfOrgs.orgs.get(user);
      if (stored === undefined || stored === 'unreadable') return false;
      const used = uses.get(stored.accessToken ?? '');
      return used !== undefined && now() - used <= timeout * minute && stored.accessToken?.endsWith(copy) === true;
    },
  };
}

const free: Lease = { isHeld: () => true, release: async () => undefined };

/** Keeps for so many minutes of the fake clock; `each` is called before each nap. Fails for a keeper that never rests, or never ends. */
async function keepFor(
  minutes: number,
  { ports }: ReturnType<typeof world>,
  {
    each = () => undefined,
    every = 10,
    takeLease = async () => free,
  }: {
    each?: (elapsed: number) => void;
    every?: number;
    takeLease?: KeepPorts['takeLease'];
  } = {},
): Promise<KeepEvent[]> {
  const events: KeepEvent[] = [];
  let runs = 0;
  const end = new AbortController();
  const start = ports.now().getTime();
  let sinceNap = 0;
  const work = (): void => {
    sinceNap += 1;
    if (sinceNap <= 1000) return;
    // for a keeper that takes the error for one of a lease or of a sandbox, and goes on
    end.abort();
    throw new Error('The keeper does not rest');
  };
  let afterEnd = 0;
  const nap: KeepPorts['nap'] = async (milliseconds) => {
    sinceNap = 0;
    expect(milliseconds, 'length of a nap').to.be.greaterThan(0);
    if (end.signal.aborted) afterEnd += 1;
    if (afterEnd > 3) throw new Error('The keeper does not end');
    const elapsed = (ports.now().getTime() - start) / minute;
    each(elapsed);
    if (elapsed >= minutes) end.abort();
    else await ports.sleep(milliseconds);
  };
  await keepSandboxes(
    {
      sandboxes: ['uat'],
      every: every * minute,
      variables: { hasPrivateKey: false },
      callbackUrl: 'http://localhost:1717/OauthRedirect',
    },
    {
      ...ports,
      nap,
      now: () => {
        work();
        return ports.now();
      },
      takeLease: (name) => {
        work();
        return takeLease(name);
      },
      asOwnRun: async (look) => {
        runs += 1;
        const requestId = `run ${runs}`;
        return { result: await look(), requestId };
      },
    },
    (event) => events.push(event),
    () => undefined,
    end.signal,
  );
  expect(sinceNap, 'work without a rest').to.be.at.most(1000);
  return events;
}

const kinds = (events: readonly KeepEvent[]) => events.map(({ kind }) => kind);

describe('keepSandboxes', () => {
  for (const timeout of [15, 30, 120, 1440]) {
    it(`keeps a login good for a day where sessions live ${timeout} minutes`, async () => {
      const sandbox = world(timeout);
      let bad = 0;
      const events = await keepFor(24 * 60, sandbox, { each: () => (bad += sandbox.isStoredGood() ? 0 : 1) });
      expect(bad).to.equal(0);
      expect(events[0]?.kind).to.equal('logged-in');
      expect(
        kinds(events)
          .slice(1)
          .every((kind) => kind === 'renewed'),
      ).to.equal(true);
    });
  }

  it('learns that sessions live long, and renews less often', async () => {
    const long = world(1440);
    await keepFor(24 * 60, long);
    const short = world(15);
    await keepFor(24 * 60, short);
    expect(long.logins()).to.be.lessThan(20);
    expect(short.logins()).to.be.within(100, 130);
  });

  it('asks once a check, and once more when it learns', async () => {
    const sandbox = world(1440);
    await keepFor(24 * 60, sandbox);
    // a check every 9.5 minutes on average is 151 a day; eight timeouts are seven steps
    expect(sandbox.questions()).to.be.within(140, 165);
  });

  it('logs in to the new copy within the interval', async () => {
    const sandbox = world(120);
    let refreshedAt = 0;
    let goodAt = 0;
    const events = await keepFor(60, sandbox, {
      each: (elapsed) => {
        if (elapsed > 20 && refreshedAt === 0) {
          refreshedAt = elapsed;
          sandbox.refresh();
        }
        if (refreshedAt > 0 && goodAt === 0 && sandbox.isStoredGood()) goodAt = elapsed;
      },
    });
    expect(kinds(events)).to.include('refreshed');
    expect(goodAt - refreshedAt).to.be.within(0, 10);
  });

  it('says nothing while the network is away, and goes on when it is back', async () => {
    const sandbox = world(120);
    const events = await keepFor(200, sandbox, {
      each: (elapsed) => {
        sandbox.setOnline(elapsed < 5 || elapsed > 150);
      },
    });
    expect(kinds(events)).to.not.include('failed');
    expect(sandbox.isStoredGood()).to.equal(true);
  });

  it('looks at once after the machine slept', async () => {
    const sandbox = world(15);
    let asked = 0;
    await keepFor(400, sandbox, {
      each: (elapsed) => {
        if (elapsed > 30 && elapsed < 100) {
          void sandbox.ports.sleep(300 * minute);
          asked = sandbox.logins();
        }
      },
    });
    expect(sandbox.logins()).to.be.greaterThan(asked);
    expect(sandbox.isStoredGood()).to.equal(true);
  });

  it('tells a failure once, tries again, and tells the next', async () => {
    const sandbox = world(120);
    const jwt = sandbox.ports.salesforce.jwt;
    let elapsed = 0;
    sandbox.ports.salesforce.jwt = (username, url) => {
      if (elapsed < 60)
        throw new JitFailure('UserNotApproved', {
          org: 'sandbox uat',
          host: 'uat.example',
          user: username,
        });
      return jwt(username, url);
    };
    sandbox.ports.salesforce.code = () => {
      throw new JitFailure('AppNotInSandbox', { org: 'sandbox uat', host: 'uat.example' });
    };
    const events = await keepFor(90, sandbox, { each: (now) => (elapsed = now) });
    expect(kinds(events).slice(0, 2)).to.deep.equal(['failed', 'logged-in']);
    expect(kinds(events).slice(2)).to.not.include('failed');
  });

  it('makes each look a run of its own, and tells its id, of a failure too', async () => {
    const sandbox = world(15);
    const { jwt } = sandbox.ports.salesforce;
    let refused = true;
    sandbox.ports.salesforce.jwt = (username, url) => {
      if (refused) throw new JitFailure('InactiveUser', { org: 'sandbox uat', host: 'uat.example', user });
      return jwt(username, url);
    };
    const each = (elapsed: number) => {
      refused = elapsed < 1;
    };
    const told = (await keepFor(25, sandbox, { each })).map(({ kind, requestId }) => [kind, requestId]);
    expect(told.slice(0, 2)).to.deep.equal([
      ['failed', 'run 1'],
      ['logged-in', 'run 3'],
    ]);
    expect(new Set(told.map(([, id]) => id)).size).to.equal(told.length);
  });

  it('tells which way of signing in was refused, at the login that found it', async () => {
    const sandbox = world(120);
    const { jwt, code } = sandbox.ports.salesforce;
    sandbox.ports.salesforce.jwt = (username, url) => {
      if (username.endsWith('.uat')) throw new JitFailure('AppNotInSandbox', { org: 'sandbox uat', host: 'h' });
      return jwt(username, url);
    };
    sandbox.ports.salesforce.code = (clientId) => {
      if (clientId !== 'PlatformCLI') throw new JitFailure('AppNotInSandbox', { org: 'sandbox uat', host: 'h' });
      return code(clientId);
    };
    const told = (await keepFor(20, sandbox)).map((event) =>
      'login' in event ? [event.login.signedInBy, event.refusedFirst?.name] : [event.kind],
    );
    expect(told.length).to.be.greaterThan(1);
    expect(told[0]).to.deep.equal(['platform-cli', 'AppNotInSandbox']);
    for (const later of told.slice(1)) expect(later).to.deep.equal(['platform-cli', undefined]);
  });

  it('leaves a login alone that the user makes meanwhile, and says so once', async () => {
    const sandbox = world(120);
    const events = await keepFor(60, sandbox, {
      each: (elapsed) => {
        if (elapsed < 20) return;
        const { orgs, records } = sandbox.ports.sfOrgs;
        orgs.set(user, { username: user, accessToken: "the user's own", instanceUrl: 'https://uat.example' });
        records.delete(user);
      },
    });
    expect(kinds(events)).to.deep.equal(['logged-in', 'renewed', 'left-alone']);
    expect(sandbox.ports.sfOrgs.orgs.get(user)).to.have.property('accessToken', "the user's own");
  });

  it('waits while another keeper works, and takes over when it ends', async () => {
    const sandbox = world(120);
    let others = true;
    const events = await keepFor(60, sandbox, {
      takeLease: async () => (others ? undefined : free),
      each: (elapsed) => {
        if (elapsed > 30) others = false;
      },
    });
    expect(kinds(events).slice(0, 2)).to.deep.equal(['kept-elsewhere', 'logged-in']);
  });

  it('tells once that another keeper works, and once each that a lease cannot be had', async () => {
    const elsewhere = await keepFor(5, world(120), { takeLease: async () => undefined });
    expect(kinds(elsewhere)).to.deep.equal(['kept-elsewhere']);
    const locked = new JitFailure('Locked', { file: '/x/lease', seconds: '3' });
    let isLocked = true;
    const events = await keepFor(30, world(120), {
      takeLease: async () => (isLocked ? Promise.reject(locked) : free),
      each: (elapsed) => {
        isLocked = elapsed < 5;
      },
    });
    expect(events.slice(0, 2)).to.deep.equal([
      { sandbox: 'uat', kind: 'failed', failure: locked },
      { ...events[1], kind: 'logged-in' },
    ]);
  });

  it('takes its lease anew, by the name of the sandbox and its production org, when another process may have it', async () => {
    const names: string[] = [];
    const released: string[] = [];
    const sandbox = world(120);
    const events = await keepFor(30, sandbox, {
      takeLease: async (name) => {
        names.push(name);
        const since = sandbox.ports.now().getTime();
        return {
          isHeld: () => sandbox.ports.now().getTime() - since < 5 * minute,
          release: async () => void released.push(name),
        };
      },
    });
    expect(names.length).to.be.within(6, 8);
    expect(new Set(names)).to.deep.equal(new Set(['keep admin@acme.example uat']));
    expect(released).to.deep.equal(names);
    expect(kinds(events)[0]).to.equal('logged-in');
  });

  it('rests for a quarter of a minute at most, so that it looks soon after the machine slept', async () => {
    for (const takeLease of [async () => free, async () => undefined]) {
      const sandbox = world(120);
      const rests: number[] = [];
      const sleep = (milliseconds: number): Promise<void> => {
        rests.push(milliseconds);
        return sandbox.ports.sleep(milliseconds);
      };
      await keepFor(30, { ...sandbox, ports: { ...sandbox.ports, sleep } }, { takeLease });
      expect(Math.max(...rests)).to.equal(15_000);
    }
  });

  for (const reason of ['InactiveUser', 'Timeout'] as const) {
    it(`tries again after half a minute, then ever later, and from the beginning after a success: ${reason}`, async () => {
      const sandbox = world(120);
      const tries: number[] = [];
      const { jwt } = sandbox.ports.salesforce;
      const begin = sandbox.ports.now().getTime();
      let isRefused = true;
      let minutes = 0;
      sandbox.ports.salesforce.jwt = (username, url) => {
        if (username.endsWith('.uat')) tries.push(sandbox.ports.now().getTime() - begin);
        if (isRefused && username.endsWith('.uat')) {
          throw new JitFailure(reason, { org: 'sandbox uat', user: username, host: 'uat.example', seconds: '60' });
        }
        return jwt(username, url);
      };
      await keepFor(60, sandbox, {
        each: (elapsed) => {
          minutes = elapsed;
          isRefused = minutes < 5 || minutes > 12;
        },
      });
      const pauses = tries.slice(1).map((at, index) => at - tries[index]!);
      // a twentieth earlier each, as chance wants it here
      expect(pauses.slice(0, 4)).to.deep.equal([28_500, 57_000, 114_000, 228_000]);
      // the login is renewed twelve minutes later, which is refused
      expect(pauses.slice(4, 8)).to.deep.equal([720_000, 28_500, 57_000, 114_000]);
    });
  }

  it('says when each sandbox was looked at once, whoever keeps it', async () => {
    const { ports } = world(120);
    const [uat] = acme().sandboxes;
    ports.registry.current = { ...acme(), sandboxes: [uat!, { ...uat!, sandboxName: 'dev', alias: 'dev' }] };
    const end = new AbortController();
    const log: string[] = [];
    let naps = 0;
    let goOn = (): void => undefined;
    const uatWasLookedAtOften = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await keepSandboxes(
      {
        sandboxes: ['uat', 'dev'],
        every: minute,
        variables: { hasPrivateKey: false },
        callbackUrl: 'http://localhost:1717/OauthRedirect',
      },
      {
        ...ports,
        takeLease: async (name) => {
          if (!name.endsWith('dev')) return free;
          await uatWasLookedAtOften;
          return undefined;
        },
        asOwnRun: async (look) => ({ result: await look() }),
        nap: async (milliseconds) => {
          naps += 1;
          if (naps === 20) goOn();
          await ports.sleep(milliseconds);
          if (ports.now().getTime() > Date.parse('2026-11-22T10:15:00.000Z')) end.abort();
        },
      },
      ({ sandbox, kind }) => log.push(`${sandbox} ${kind}`),
      () => log.push('looked'),
      end.signal,
    );
    expect(log.filter((line) => !line.endsWith('renewed'))).to.deep.equal([
      'uat logged-in',
      'dev kept-elsewhere',
      'looked',
    ]);
  });

  it('gives the lease back when it ends', async () => {
    const sandbox = world(120);
    let released = 0;
    await keepFor(60, sandbox, {
      takeLease: async () => ({ isHeld: () => true, release: async () => void (released += 1) }),
    });
    expect(released).to.equal(1);
  });

  it('refuses a sandbox that is not registered before anything is asked', async () => {
    const { ports } = world(120);
    ports.registry.current = { ...acme(), sandboxes: [] };
    const failure = await rejection(
      keepSandboxes(
        {
          sandboxes: ['no-such-alias'],
          every: minute,
          variables: { hasPrivateKey: false },
          callbackUrl: 'http://localhost:1717/OauthRedirect',
        },
        {
          ...ports,
          takeLease: async () => free,
          nap: async () => undefined,
          asOwnRun: async (work) => ({ result: await work() }),
        },
        () => undefined,
        () => undefined,
        new AbortController().signal,
      ),
    );
    expect(failure).to.have.property('name', 'SandboxNotRegistered');
    expect(ports.salesforce.calls).to.deep.equal([]);
  });
});
