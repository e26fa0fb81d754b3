import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { Registry } from '../../../../src/registry/registry.js';
import type { LogoutOutcome, LogoutTarget } from '../../../../src/sandboxes/logout/sandboxLogout.js';
import { allLogins, findLoginsByName, logoutExitCode } from '../../../../src/sandboxes/logout/sandboxLogout.js';
import type { LoginRecord } from '../../../../src/sfStore/storedOrg.js';
import { acme, productionUsername } from '../../../support/fakes.js';

const record = (username: string, sandboxName: string, production = productionUsername): LoginRecord => ({
  username,
  sandboxName,
  productionUsername: production,
  orgId: '00D5g0000000005EAA',
  authType: 'access-token',
  loggedInAt: '2026-11-22T10:00:00.000Z',
  checkedAt: '2026-11-22T10:00:00.000Z',
  credentialDigest: 'digest',
});

const admin = `${productionUsername}.uat`;
const tester = 'tester@acme.example.uat';
const registry: Registry = acme();
const usernames = (targets: LogoutTarget[]): string[] => targets.map(({ username }) => username);

describe('logins that a name means', () => {
  const records = [
    record(admin, 'uat'),
    record(tester, 'UAT'),
    record('other@b.example.dev', 'dev', 'other@b.example'),
  ];
  const known = { registry, records };
  const named = (term: string, aliased = term): string[] => usernames(findLoginsByName(term, aliased, known));

  it('are all logins to a registered sandbox, by its name or alias in any letter case', () => {
    expect(named('uat')).to.deep.equal([admin, tester]);
    expect(named('UAT')).to.deep.equal([admin, tester]);
  });

  it('are one login by its username', () => {
    expect(named(tester.toUpperCase())).to.deep.equal([tester]);
    expect(named(admin)).to.deep.equal([admin]);
  });

  it('have the registered alias only when they are those of the registered user', () => {
    expect(findLoginsByName('uat', 'uat', known).map(({ alias }) => alias)).to.deep.equal(['uat', null]);
  });

  it('are found without a registration by sandbox name and by sf alias', () => {
    expect(named('DEV')).to.deep.equal(['other@b.example.dev']);
    expect(named('job', 'other@b.example.dev')).to.deep.equal(['other@b.example.dev']);
  });

  it('are the registered user when nobody is logged in', () => {
    const [target] = findLoginsByName('uat', 'uat', { registry, records: [] });
    expect(target).to.include({ username: admin, alias: 'uat', sandboxName: 'uat' });
  });

  it('must be clear', () => {
    const twice = [record('a@x.example.dev', 'dev', 'a@x.example'), record('b@y.example.dev', 'dev', 'b@y.example')];
    expect(() => findLoginsByName('dev', 'dev', { registry, records: twice })).to.throw(JitFailure, 'AmbiguousSandbox');
    const one = findLoginsByName('dev', 'dev', { registry, records: twice, productionUsername: 'B@y.example' });
    expect(usernames(one)).to.deep.equal(['b@y.example.dev']);
    expect(() => named('nope')).to.throw(JitFailure, 'SandboxNotRegistered');
  });

  it('are with --all every login, and registered sandboxes without one, of one production org when it is named', () => {
    expect(usernames(allLogins(known))).to.deep.equal([admin, tester, 'other@b.example.dev']);
    expect(usernames(allLogins({ registry, records: [] }))).to.deep.equal([admin]);
    expect(usernames(allLogins({ ...known, productionUsername: 'other@b.example' }))).to.deep.equal([
      'other@b.example.dev',
    ]);
  });
});

describe('exit code of a logout', () => {
  const outcome = (status: LogoutOutcome['status']): LogoutOutcome => ({
    target: { sandboxName: 'uat' },
    status,
    revoked: false,
  });
  it('is 0, 68 when some failed, 1 when all did', () => {
    expect(logoutExitCode([])).to.equal(0);
    expect(logoutExitCode([outcome('logged-out'), outcome('not-logged-in')])).to.equal(0);
    expect(logoutExitCode([outcome('logged-out'), outcome('failed')])).to.equal(68);
    expect(logoutExitCode([outcome('failed'), outcome('failed')])).to.equal(1);
  });
});
