import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../src/domain/failures.js';
import { JitFailure } from '../../../src/domain/failures.js';
import type { LoginIfNeededRequest } from '../../../src/usecases/loginIfNeeded.js';
import { loginIfNeeded } from '../../../src/usecases/loginIfNeeded.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

const username = `${productionUsername}.uat`;
const sandboxOrgId = grantFor(username).orgId;

const request = (more: Partial<LoginIfNeededRequest> = {}): LoginIfNeededRequest => ({
  org: 'uat',
  environment: { hasPrivateKey: false },
  callbackUrl: 'http://localhost:1717/OauthRedirect',
  ...more,
});

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

  /** A check of the login that fails. */
  const checkFails = (name: FailureName): void => {
    ports.salesforce.organization = async () => {
      ports.salesforce.calls.push('organization');
      throw failureOf(name);
    };
  };
  const calls = (): string[] => ports.salesforce.calls.splice(0);

  it('logs in when nothing is stored, and asks nothing before', async () => {
    const login = await loginIfNeeded(request(), ports);
    expect(login).to.include({ username, alias: 'uat', status: 'logged-in', refreshed: false });
    expect(calls()).not.to.include('organization');
    expect(await ports.sfOrgs.usernameOf('uat')).to.equal(username);
  });

  it('asks once whether a login is still good, notes when, and keeps it', async () => {
    await loginIfNeeded(request(), ports);
    const before = await ports.sfOrgs.loginRecord(username);
    calls();
    const later = new Date(ports.now().getTime() + 3_600_000);
    expect(await loginIfNeeded(request(), { ...ports, now: () => later })).to.equal(undefined);
    expect(calls()).to.deep.equal(['organization']);
    expect(await ports.sfOrgs.loginRecord(username)).to.deep.equal({ ...before, checkedAt: later.toISOString() });
  });

  it('leaves it to the one of several processes that comes first, and says so by no login', async () => {
    const first = async (): Promise<void> => {
      await loginIfNeeded(request(), ports);
      calls();
    };
    const late = {
      ...ports,
      locks: { hold: <T>(_name: string, work: () => Promise<T>): Promise<T> => first().then(work) },
    };
    expect(await loginIfNeeded(request(), late)).to.equal(undefined);
    expect(calls()).to.deep.equal(['organization']);
  });

  it('asks the sandbox in the words that a failure there uses', async () => {
    await loginIfNeeded(request(), ports);
    let words: unknown;
    ports.salesforce.organization = async (_session, about) => {
      words = about;
      return ports.salesforce.org;
    };
    await loginIfNeeded(request(), ports);
    expect(words).to.deep.equal({
      org: 'sandbox uat',
      side: 'sandbox',
      user: username,
      sandbox: 'uat',
      production: productionUsername,
    });
  });

  it('logs in again when the sandbox was refreshed', async () => {
    await loginIfNeeded(request(), ports);
    ports.salesforce.org = { ...ports.salesforce.org, orgId: '00D5g0000000099EAA' };
    const minted = grantFor(username);
    ports.salesforce.jwt = (user) => ({
      ...grantFor(user),
      orgId: user === username ? '00D5g0000000099EAA' : minted.orgId,
    });
    expect(await loginIfNeeded(request(), ports)).to.include({ refreshed: true, orgId: '00D5g0000000099EAA' });
  });

  for (const name of ['SessionInvalid', 'HostNotFound', 'OrgGone', 'InstanceChanged', 'InactiveUser'] as const) {
    it(`logs in again when the check ends with ${name}`, async () => {
      await loginIfNeeded(request(), ports);
      calls();
      checkFails(name);
      expect(await loginIfNeeded(request(), ports)).to.include({ status: 'logged-in' });
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
  ] as const) {
    it(`leaves the login alone when the check ends with ${name}: that says nothing of it`, async () => {
      await loginIfNeeded(request(), ports);
      const before = await ports.sfOrgs.loginRecord(username);
      calls();
      checkFails(name);
      expect(await loginIfNeeded(request(), ports)).to.equal(undefined);
      expect(calls()).to.deep.equal(['organization']);
      expect(await ports.sfOrgs.loginRecord(username)).to.deep.equal(before);
    });
  }

  it('never touches an org that is not registered, nor one that the user logged in to', async () => {
    expect(await loginIfNeeded(request({ org: 'other' }), ports)).to.equal(undefined);
    await ports.sfOrgs.storeProduction({ username, ...grantFor(username) }, 'uat');
    expect(await loginIfNeeded(request(), ports)).to.equal(undefined);
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
      await loginIfNeeded(request({ org }), ports);
      expect(await ports.sfOrgs.usernameOf(alias), org).to.equal(username);
    }
  });

  it('fails with the class of the failure when production is not known here', async () => {
    ports.registry.current = { ...acme(), productionOrgs: [] };
    const failure = await rejection(loginIfNeeded(request(), ports));
    expect(failure.name).to.equal('ProductionOrgNotRegistered');
  });
});
