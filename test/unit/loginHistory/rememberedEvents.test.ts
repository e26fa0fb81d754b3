import { expect } from 'chai';
import type { RememberedEvent, OrgLogin } from '../../../src/loginHistory/rememberedEvents.js';
import { rememberedEvents, loginsOfEvents } from '../../../src/loginHistory/rememberedEvents.js';
import type { LoginRecord } from '../../../src/sfStore/storedOrg.js';

const noon = Date.parse('2026-11-29T12:00:00.000Z');
const at = (seconds: number): string => new Date(noon + seconds * 1000).toISOString();

const record = (username: string, seconds: number): LoginRecord => ({
  username,
  sandboxName: 'uat',
  productionUsername: 'admin@acme.example',
  orgId: '00D5g0000000005EAA',
  authType: 'jwt',
  loggedInAt: at(seconds),
  checkedAt: at(seconds),
  credentialDigest: 'digest',
});

const login = (seconds: number, more: Partial<OrgLogin> = {}): OrgLogin => ({
  at: at(seconds),
  type: 'Remote Access 2.0',
  status: 'Success',
  username: 'admin@acme.example.uat',
  ...more,
});

describe('what this machine remembers', () => {
  it('is the last login as each of the users, whatever the letter case, and the last failure, newest first', () => {
    const records = [record('ADMIN@acme.example.uat', 0), record('other@acme.example.dev', 1)];
    const failure = { name: 'InvalidGrant', at: at(5) };
    expect(rememberedEvents(['admin@acme.example', 'admin@acme.example.uat'], records, failure)).to.deep.equal([
      { kind: 'failure', ...failure },
      { kind: 'login', at: at(0), username: 'ADMIN@acme.example.uat', sandboxName: 'uat' },
    ]);
    expect(rememberedEvents(['admin@acme.example'], records, undefined)).to.deep.equal([]);
  });

  it('is each login before the last one too, as far as it is remembered', () => {
    const kept = { ...record('admin@acme.example.uat', 0), earlierLogins: [at(-60), at(-120)] };
    const common = { kind: 'login', username: 'admin@acme.example.uat', sandboxName: 'uat' } as const;
    expect(rememberedEvents(['admin@acme.example.uat'], [kept], { name: 'InvalidGrant', at: at(-90) })).to.deep.equal([
      { ...common, at: at(0) },
      { ...common, at: at(-60), isEarlier: true },
      { kind: 'failure', name: 'InvalidGrant', at: at(-90) },
      { ...common, at: at(-120), isEarlier: true },
    ]);
  });
});

describe('the login that a event is', () => {
  const did: RememberedEvent = { kind: 'login', at: at(0), username: 'admin@acme.example.uat', sandboxName: 'uat' };
  const failed: RememberedEvent = { kind: 'failure', at: at(0), name: 'InvalidGrant' };

  const cases: Array<[what: string, event: RememberedEvent, logins: OrgLogin[], expected: number | undefined]> = [
    ['the one nearest in time', did, [login(-9), login(3), login(-4)], 1],
    ['ten seconds before', did, [login(-10)], 0],
    ['ten seconds after', did, [login(10)], 0],
    ['none that is further away', did, [login(-10.001), login(11)], undefined],
    ['none of a browser', did, [login(0, { type: 'Application' })], undefined],
    ['none that was refused', did, [login(0, { status: 'Invalid Password' })], undefined],
    ['none of another user', did, [login(0, { username: 'admin@acme.example' })], undefined],
    ['the same user in other letters', did, [login(0, { username: 'Admin@ACME.example.uat' })], 0],
    [
      'a refused one for a failure, of any user',
      failed,
      [login(0), login(1, { status: 'Failed', username: 'x@y' })],
      1,
    ],
    ['none that worked for a failure', failed, [login(0)], undefined],
  ];
  for (const [what, event, logins, expected] of cases) {
    it(`is ${what}`, () => {
      const found = loginsOfEvents([event], logins).get(event);
      expect(found).to.equal(expected === undefined ? undefined : logins[expected]);
    });
  }

  it('is of one event only', () => {
    const again: RememberedEvent = { ...did, at: at(1) };
    const only = login(0);
    expect([...loginsOfEvents([again, did], [only])]).to.deep.equal([[again, only]]);
  });
});
