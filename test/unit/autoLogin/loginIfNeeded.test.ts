import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../src/failures/failures.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { AutoLogin, AutoLoginDefaults } from '../../../src/autoLogin/loginIfNeeded.js';
import { loginIfNeeded as login } from '../../../src/autoLogin/loginIfNeeded.js';
import { loginSandbox } from '../../../src/sandboxes/login/loginSandbox.js';
import type { SuccessfulLogin } from '../../../src/sandboxes/login/sandboxLogin.js';
import type { Ports } from '../../../src/ports.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername } from '../../support/fakes.js';
import { isWorthRemembering, minutesToLeaveAlone } from '../../../src/autoLogin/worksWithout.js';
import type { StoredOrg } from '../../../src/sfStore/storedOrg.js';
import { credentialDigest } from '../../../src/sfStore/storedOrg.js';
import { rejection } from '../../support/rejection.js';

const username = `${productionUsername}.uat`;
const sandboxOrgId = grantFor(username).orgId;

const around: AutoLoginDefaults = {
  variables: { hasPrivateKey: false },
  callbackUrl: 'http://localhost:1717/OauthRedirect',
};

/** A failure with facts enough for any class. */
const failureOf = (name: FailureName): JitFailure => {
  const facts = {
    org: 'sandbox uat',
    host: 'uat.example',
    user: username,
    problem: 'cut',
    seconds: '30',
    status: '503',
  };
  return new JitFailure(name, facts as FailureFacts);
};

describe('loginIfNeeded', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
    // the sandbox answers for itself, with the id of its copy
    ports.salesforce.org = { orgId: sandboxOrgId, name: 'Acme', kind: 'sandbox' };
  });

  /** What is done before a command that uses an org. */
  const before = (org: string, by: Ports = ports): Promise<AutoLogin> => login(org, async () => around, by);
  /** The login that a command gets that uses an org, if one is made. @throws what the command is warned of */
  const use = async (org: string, by: Ports = ports): Promise<SuccessfulLogin | undefined> => {
    const done = await before(org, by);
    if (done.kind === 'failed') throw done.failure;
    return done.kind === 'logged-in' ? done.login : undefined;
  };

  /** A check of the login that fails. */
  const checkFails = (name: FailureName): void => {
    ports.salesforce.organization = async () => {
      ports.salesforce.calls.push('organization');
      throw failureOf(name);
    };
  };
  const calls = (): string[] => ports.salesforce.calls.splice(0);

  it('logs in when nothing is stored, and asks nothing before', async () => {
    const made = await use('uat');
    expect(made).to.include({ username, alias: 'uat', status: 'logged-in', refreshed: false });
    expect(calls()).not.to.include('organization');
    expect(await ports.sfOrgs.usernameOf('uat')).to.equal(username);
  });

  it('tells which way of signing in was refused, when another one had to be used', async () => {
    ports.salesforce.jwt = (name) => {
      if (name === username) throw failureOf('UserNotApproved');
      return grantFor(name);
    };
    const done = await before('uat');
    expect(done.kind === 'logged-in' && [done.login.signedInBy, done.refusedFirst?.name]).to.deep.equal([
      'code',
      'UserNotApproved',
    ]);
  });

  describe('for a name in other letter case than the registered alias', () => {
    const respelt: string[] = [];
    beforeEach(() => respelt.splice(0));
    const typed = (org: string): Promise<AutoLogin> =>
      login(
        org,
        async () => around,
        ports,
        (name) => respelt.push(name),
      );

    it('has the command use the alias, and sets no other', async () => {
      expect((await typed('UAT')).kind).to.equal('logged-in');
      expect(respelt).to.deep.equal(['uat']);
      expect(await ports.sfOrgs.usernameOf('UAT')).to.equal('UAT');
      expect((await typed('Uat')).kind).to.equal('nothing');
      expect(respelt).to.deep.equal(['uat', 'uat']);
    });

    it('leaves the name where the alias leads to another org of sf, and says why', async () => {
      await ports.sfOrgs.storeProduction({ username: 'me@other.example', instanceUrl: 'https://other.example' }, 'uat');
      const done = await typed('UAT');
      expect(done.kind === 'failed' && done.failure.name).to.equal('AliasTaken');
      expect(respelt).to.deep.equal([]);
    });

    it('leaves the name that is the alias, a username, and one that the command does not have in its arguments', async () => {
      await typed('uat');
      await typed(username);
      expect(respelt).to.deep.equal([]);
      await before('UAT');
      expect(await ports.sfOrgs.usernameOf('UAT')).to.equal(username);
    });
  });

  it('asks once whether a login is still good, notes when, and keeps it', async () => {
    await use('uat');
    const before = await ports.sfOrgs.loginRecord(username);
    calls();
    const later = new Date(ports.now().getTime() + 3_600_000);
    expect(await use('uat', { ...ports, now: () => later })).to.equal(undefined);
    expect(calls()).to.deep.equal(['organization']);
    expect(await ports.sfOrgs.loginRecord(username)).to.deep.equal({ ...before, checkedAt: later.toISOString() });
  });

  it('never gives an alias of production to a sandbox, whatever the project calls it', async () => {
    await use('uat');
    const uat = ports.registry.current.sandboxes[0]!;
    const environment = { name: 'prod', sandboxName: 'uat', productionUsername, branches: [], category: 'x' };
    calls();
    for (const [org, project] of [
      ['prod', { sandboxes: [{ ...uat, alias: 'prod' }], environments: [] }],
      ['prod', { sandboxes: [], environments: [environment] }],
    ] as const) {
      ports.registry.project = project;
      expect((await rejection(use(org))).name).to.equal('AliasTaken');
    }
    expect(calls()).to.deep.equal([]);
    ports.registry.project = { sandboxes: [{ ...uat, alias: 'prod' }], environments: [] };
    expect(await use(username), 'which needs no alias').to.equal(undefined);
    expect(Object.fromEntries(ports.sfOrgs.names)).to.deep.equal({ uat: username });
  });

  it('leaves it to the one of several processes that comes first, and says so by no login', async () => {
    const first = async (): Promise<void> => {
      await use('uat');
      calls();
    };
    const late = {
      ...ports,
      locks: { hold: <T>(_name: string, work: () => Promise<T>): Promise<T> => first().then(work) },
    };
    expect(await use('uat', late)).to.equal(undefined);
    expect(calls()).to.deep.equal(['organization']);
  });

  it('asks the sandbox in the words that a failure there uses', async () => {
    await use('uat');
    let words: unknown;
    ports.salesforce.organization = async (_session, context) => {
      words = context;
      return ports.salesforce.org;
    };
    await use('uat');
    expect(words).to.deep.equal({
      org: 'sandbox uat',
      side: 'sandbox',
      user: username,
      sandbox: 'uat',
      production: productionUsername,
    });
  });

  it('logs in again when the sandbox was refreshed', async () => {
    await use('uat');
    ports.salesforce.org = { ...ports.salesforce.org, orgId: '00D5g0000000099EAA' };
    const freshLogin = grantFor(username);
    ports.salesforce.jwt = (user) => ({
      ...grantFor(user),
      orgId: user === username ? '00D5g0000000099EAA' : freshLogin.orgId,
    });
    expect(await use('uat')).to.include({ refreshed: true, orgId: '00D5g0000000099EAA' });
  });

  for (const name of ['SessionInvalid', 'HostNotFound', 'OrgGone', 'InstanceChanged', 'InactiveUser'] as const) {
    it(`logs in again when the check ends with ${name}`, async () => {
      await use('uat');
      calls();
      checkFails(name);
      expect(await use('uat')).to.include({ status: 'logged-in' });
      expect(calls().some((call) => call.startsWith('sandboxAuth'))).to.equal(true);
    });
  }

  for (const name of [
    'Timeout',
    'ServerUnavailable',
    'TlsUntrusted',
    'ProxyFailed',
    'ConnectionFailed',
    'ApiLimitReached',
    'ApiAccessBlocked',
  ] as const) {
    it(`leaves the login alone when the check ends with ${name}: that says nothing of it`, async () => {
      await use('uat');
      const before = await ports.sfOrgs.loginRecord(username);
      calls();
      checkFails(name);
      expect(await use('uat')).to.equal(undefined);
      expect(calls()).to.deep.equal(['organization']);
      expect(await ports.sfOrgs.loginRecord(username)).to.deep.equal(before);
    });
  }

  it('never touches an org that is not registered, nor one that the user logged in to', async () => {
    expect(await use('other')).to.equal(undefined);
    await ports.sfOrgs.storeProduction({ username, ...grantFor(username) }, 'uat');
    expect(await use('uat')).to.equal(undefined);
    expect(calls()).to.deep.equal([]);
  });

  it('logs in under the name that the command uses, which sf would not find otherwise', async () => {
    const registry = acme();
    ports.registry.current = {
      ...registry,
      sandboxes: registry.sandboxes.map((sandbox) => ({ ...sandbox, alias: 'acme-uat' })),
      environments: [
        { name: 'acceptance', sandboxName: 'uat', productionUsername, branches: ['main'], category: 'uat' },
      ],
    };
    for (const [org, alias] of [
      ['UAT', 'UAT'],
      ['acceptance', 'acceptance'],
      ['Acme-UAT', 'Acme-UAT'],
      [username, 'acme-uat'],
    ] as const) {
      await use(org);
      expect(await ports.sfOrgs.usernameOf(alias), org).to.equal(username);
    }
  });

  describe('with aliases of the user', () => {
    const other = { sandboxName: 'uat2', username: `${productionUsername}.uat2`, alias: 'second' };
    const registration = { ...other, productionUsername, isJitRegistration: true } as const;
    beforeEach(() => {
      const registry = acme();
      ports.registry.current = { ...registry, sandboxes: [...registry.sandboxes, registration] };
      const { salesforce } = ports;
      salesforce.sandboxAuth = async (_session, { sandboxName }) => {
        salesforce.calls.push(`sandboxAuth ${sandboxName}`);
        return { ...salesforce.vouch(''), authUserName: `${productionUsername}.${sandboxName}` };
      };
      salesforce.jwt = (user) =>
        user === productionUsername ? grantFor(user) : { ...grantFor(user), orgId: sandboxOrgId };
    });
    /** The explicit command. */
    const logIn = (sandbox: string, alias: string, user?: string): Promise<unknown> =>
      loginSandbox({ ...around, sandbox, alias, user }, ports);
    const aliases = (): Record<string, string> => Object.fromEntries(ports.sfOrgs.names);
    const sessionEnds = (): void => {
      calls();
      checkFails('SessionInvalid');
    };

    it('renews the org that an alias leads to, whatever else has that name in the registry', async () => {
      await logIn('uat2', 'uat2');
      ports.sfOrgs.names.set('uat', other.username);
      const before = aliases();
      expect(await use('uat')).to.equal(undefined);
      expect(calls().pop()).to.equal('organization');
      sessionEnds();
      expect(await use('uat')).to.include({ sandboxName: 'uat2', username: other.username });
      expect(aliases()).to.deep.equal(before);
    });

    it('renews a login under an alias that is nowhere registered', async () => {
      await logIn('uat2', 'mine');
      sessionEnds();
      expect(await use('mine')).to.include({ username: other.username, alias: 'mine' });
      expect(aliases()).to.deep.equal({ mine: other.username });
    });

    it('renews the login of another user as that user', async () => {
      const tester = 'tester@acme.example.uat';
      await logIn('uat', 'uat', tester);
      expect(await use('uat')).to.equal(undefined);
      sessionEnds();
      expect(await use('uat')).to.include({ username: tester });
      expect(await use(tester)).to.include({ username: tester });
      expect(aliases()).to.deep.equal({ uat: tester });
    });

    it('never takes an alias from another org when a sandbox is used by its username', async () => {
      const mine = 'me@acme.example';
      await ports.sfOrgs.storeProduction({ username: mine, ...grantFor(mine) }, 'uat');
      expect(await use(username)).to.include({ username, status: 'logged-in' });
      expect(await use(username), 'a good login').to.equal(undefined);
      sessionEnds();
      expect(await use(username), 'an old login').to.include({ username });
      expect(aliases()).to.deep.equal({ uat: mine });
      expect(await use('uat'), 'the org of the user').to.equal(undefined);
    });

    it('sets the registered alias when it leads to no org, or nowhere', async () => {
      ports.sfOrgs.names.set('uat', 'gone@acme.example');
      await use(username);
      expect(aliases()).to.deep.equal({ uat: username });
      ports.sfOrgs.names.clear();
      await use(username);
      expect(aliases()).to.deep.equal({ uat: username });
    });

    it('takes an alias that leads to no org for what it is in the registry', async () => {
      ports.sfOrgs.names.set('uat', 'gone@acme.example');
      expect(await use('uat')).to.include({ username });
      ports.sfOrgs.names.set('old', other.username);
      expect(await use('old')).to.include({ username: other.username });
      expect(aliases()).to.deep.equal({ uat: username, old: other.username });
    });

    it('takes the name of an environment for that environment and not for the sandbox of that name', async () => {
      const registry = ports.registry.current;
      ports.registry.current = {
        ...registry,
        sandboxes: registry.sandboxes.map((one) => (one.sandboxName === 'uat' ? { ...one, alias: 'first' } : one)),
        environments: [{ name: 'uat', sandboxName: 'uat2', productionUsername, branches: ['main'], category: 'uat' }],
      };
      expect(await use('uat')).to.include({ username: other.username });
      expect(await use('first')).to.include({ username });
    });

    it('leaves a login alone whose sandbox is no longer registered', async () => {
      await logIn('uat2', 'uat2');
      ports.sfOrgs.names.set('uat', other.username);
      ports.registry.current = acme();
      sessionEnds();
      expect(await use('uat')).to.equal(undefined);
      expect(calls()).to.deep.equal([]);
    });

    it('looks for what a login needs only when one has to be made', async () => {
      let looked = 0;
      const context = async (): Promise<AutoLoginDefaults> => {
        looked += 1;
        return around;
      };
      await login('nobody', context, ports);
      await use('uat');
      await login('uat', context, ports);
      expect(looked).to.equal(0);
      sessionEnds();
      await login('uat', context, ports);
      expect(looked).to.equal(1);
    });
  });

  it('fails with the class of the failure when production is not known here', async () => {
    ports.registry.current = { ...acme(), productionOrgs: [] };
    const failure = await rejection(use('uat'));
    expect(failure.name).to.equal('ProductionOrgNotRegistered');
  });

  it('asks the same only once: after a refresh a command costs three requests', async () => {
    await use('uat');
    calls();
    checkFails('SessionInvalid');
    ports.salesforce.jwt = (user) => ({ ...grantFor(user), accessToken: `new ${user}` });
    expect(await use('uat')).to.include({ status: 'logged-in' });
    const asked = calls();
    // production is opened anew by the fake, which has cached sessions of its own process only
    expect(asked.filter((call) => call === 'organization')).to.have.length(1);
    expect(asked.filter((call) => !call.includes(` ${productionUsername} `))).to.have.length(3);
  });

  it('asks again under the lock when another process logged in meanwhile', async () => {
    await use('uat');
    checkFails('SessionInvalid');
    const other = async (): Promise<void> => {
      const stored = ports.sfOrgs.orgs.get(username);
      ports.sfOrgs.orgs.set(username, { ...(stored as StoredOrg), accessToken: 'of the other process' });
      ports.salesforce.organization = async () => ports.salesforce.org;
    };
    const late = {
      ...ports,
      locks: { hold: <T>(_name: string, work: () => Promise<T>): Promise<T> => other().then(work) },
    };
    calls();
    expect(await use('uat', late)).to.equal(undefined);
    expect(calls().filter((call) => call.startsWith('sandboxAuth'))).to.deep.equal([]);
  });

  describe('when no new login can be made', () => {
    /** Production refuses, or cannot be reached. */
    const productionFails = (name: FailureName): void => {
      ports.sessions.clear();
      ports.salesforce.sandboxAuth = async () => {
        throw new JitFailure(name, {
          org: `production org ${productionUsername}`,
          side: 'production',
          host: 'acme.example',
          user: productionUsername,
          seconds: '9',
          problem: 'cut',
          status: '503',
        } as FailureFacts);
      };
    };
    /** The kind of login that is stored. */
    const stored = (fields: Partial<StoredOrg>): void => {
      const org = ports.sfOrgs.orgs.get(username) as StoredOrg;
      const changed = { ...org, privateKey: undefined, clientId: undefined, refreshToken: undefined, ...fields };
      const record = ports.sfOrgs.records.get(username)!;
      const authType = fields.privateKey ? 'jwt' : fields.refreshToken ? 'sfdx-auth-url' : 'access-token';
      ports.sfOrgs.orgs.set(username, changed);
      ports.sfOrgs.records.set(username, {
        ...record,
        authType,
        credentialDigest: credentialDigest(changed, authType),
      });
    };
    const byJwt = { clientId: '3MVG9test', privateKey: '/keys/server.key' };
    const byRefreshToken = { clientId: 'PlatformCLI', refreshToken: 'stored refresh token' };
    const kind = async (): Promise<string> => (await before('uat')).kind;

    beforeEach(async () => {
      await use('uat');
      calls();
    });

    for (const name of [
      'InactiveUser',
      'UserNotApproved',
      'ApiLimitReached',
      'Timeout',
      'NotSandboxCreator',
    ] as const) {
      it(`says nothing after ${name} of production, when sf renews the stored login by its key`, async () => {
        stored(byJwt);
        checkFails('SessionInvalid');
        productionFails(name);
        expect(await kind()).to.equal('left');
      });
    }

    it('says nothing when sf renews the stored login by its refresh token, and keeps a new one', async () => {
      stored(byRefreshToken);
      checkFails('SessionInvalid');
      productionFails('ApiLimitReached');
      ports.salesforce.renewal = () => ({ ...grantFor(username), accessToken: 'renewed', refreshToken: 'rotated' });
      expect(await kind()).to.equal('left');
      expect(ports.sfOrgs.orgs.get(username)).to.include({ accessToken: 'renewed', refreshToken: 'rotated' });
    });

    it('warns when sf cannot renew the stored login either', async () => {
      checkFails('SessionInvalid');
      productionFails('ApiLimitReached');
      stored({});
      expect(await kind(), 'an access token alone').to.equal('failed');
      stored(byJwt);
      ports.salesforce.jwt = () => {
        throw failureOf('UserNotApproved');
      };
      expect(await kind(), 'a key that the sandbox refuses').to.equal('failed');
      stored(byRefreshToken);
      ports.salesforce.renewal = () => {
        throw failureOf('RefreshTokenInvalid');
      };
      expect(await kind(), 'a dead refresh token').to.equal('failed');
    });

    it('says nothing of a session that works for another copy than the plugin knows', async () => {
      stored({});
      ports.salesforce.org = { ...ports.salesforce.org, orgId: '00D5g0000000099EAA' };
      productionFails('ApiLimitReached');
      expect(await kind()).to.equal('left');
    });

    for (const name of ['HostNotFound', 'ConnectionFailed', 'Timeout'] as const) {
      it(`takes a sandbox without address for nothing but the network, when production ends with ${name} too`, async () => {
        stored({});
        checkFails('HostNotFound');
        productionFails(name);
        const files = [...ports.sfOrgs.orgs];
        expect(await kind()).to.equal('left');
        expect([...ports.sfOrgs.orgs]).to.deep.equal(files);
      });
    }

    it('warns of a sandbox without address that production knows nothing good of', async () => {
      stored({});
      checkFails('HostNotFound');
      productionFails('SandboxDeleted');
      expect(await kind()).to.equal('failed');
    });

    it('warns of a session that is refused, which nothing renews, whatever production ends with', async () => {
      stored({});
      checkFails('SessionInvalid');
      productionFails('Timeout');
      expect(await kind()).to.equal('failed');
    });

    it('says nothing when the network is away from the renewal too, which the command will say itself', async () => {
      stored(byRefreshToken);
      checkFails('SessionInvalid');
      productionFails('ApiLimitReached');
      ports.salesforce.renewal = () => {
        throw failureOf('Timeout');
      };
      expect(await kind()).to.equal('left');
    });

    it('reads the key of the stored login from its file, and hides no error of the program', async () => {
      stored(byJwt);
      checkFails('SessionInvalid');
      productionFails('ApiLimitReached');
      const { keys } = ports;
      const read: unknown[] = [];
      ports = {
        ...ports,
        keys: {
          ...keys,
          read: async (source, user) => {
            if (user === username) read.push(source);
            return keys.read(source, user);
          },
        },
      };
      expect(await kind()).to.equal('left');
      expect(read).to.deep.equal([{ source: 'file', path: '/keys/server.key' }]);
      const bug = new RangeError('bug');
      ports = { ...ports, keys: { ...keys, read: () => Promise.reject(bug) } };
      expect(await before('uat').catch((error: unknown) => error)).to.equal(bug);
    });

    it('always warns when nothing is stored', async () => {
      ports.sfOrgs.orgs.clear();
      for (const name of ['HostNotFound', 'Timeout', 'ApiLimitReached'] as const) {
        productionFails(name);
        expect(await kind(), name).to.equal('failed');
      }
    });
  });
});

describe('what is worth remembering', () => {
  it('is what Salesforce answered, and whatever held the command up', () => {
    expect(isWorthRemembering(failureOf('InactiveUser'), 20)).to.equal(true);
    expect(isWorthRemembering(failureOf('Timeout'), 9000)).to.equal(true);
    expect(isWorthRemembering(failureOf('HostNotFound'), 1000)).to.equal(true);
  });

  it('is not what failed at once on this machine or its network', () => {
    for (const name of ['HostNotFound', 'ConnectionFailed', 'ProxyFailed', 'TlsUntrusted'] as const) {
      expect(isWorthRemembering(failureOf(name), 999), name).to.equal(false);
    }
    expect(isWorthRemembering(new JitFailure('KeyMissing', { production: 'prod' }), 20)).to.equal(false);
  });
});

describe('for how long an org is left alone', () => {
  const ofSandbox = (name: FailureName): JitFailure => failureOf(name).with({ side: 'sandbox' });

  it('is a minute for each second that it took, where the sandbox only has to be made ready, up to the longest', () => {
    for (const name of ['SandboxNotReady', 'UserNotApproved'] as const) {
      expect([20, 1000, 1001, 2500, 60_000].map((took) => minutesToLeaveAlone(ofSandbox(name), took))).to.deep.equal([
        1, 1, 2, 3, 5,
      ]);
    }
  });

  it('is the longest for all that does not pass, and for what tells of the way only', () => {
    for (const name of ['InactiveUser', 'ApiLimitReached', 'ServerUnavailable', 'HostNotFound', 'Timeout'] as const) {
      expect(minutesToLeaveAlone(ofSandbox(name), 20), name).to.equal(5);
    }
    expect(minutesToLeaveAlone(failureOf('UserNotApproved').with({ side: 'production' }), 20)).to.equal(5);
  });
});
