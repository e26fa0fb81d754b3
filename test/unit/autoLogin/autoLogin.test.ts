import { expect } from 'chai';
import {
  autoLoginOutputFrom,
  autoLoginSecondsFrom,
  beforeCommand,
  canBeRegistered,
  checkMinutesFrom,
  isSwitchedOn,
  mayNeedLogin,
  orgsMadeDefault,
  printsJson,
} from '../../../src/autoLogin/autoLogin.js';

describe('mayNeedLogin', () => {
  it('is for commands that work with an org', () => {
    const ids = [
      'project:deploy:start',
      'data:query',
      'org:display',
      'org:open',
      'org:list:metadata',
      'force:org:display',
      'force:source:deploy',
    ];
    for (const id of ids) expect(mayNeedLogin(id), id).to.equal(true);
  });

  it('is for commands that show the secrets of a login', () => {
    for (const secret of ['access-token', 'sfdx-auth-url', 'user-password']) {
      expect(mayNeedLogin(`org:auth:show-${secret}`), secret).to.equal(true);
    }
  });

  it('is not for this plugin, nor for commands that make, end or name logins', () => {
    const ids = [
      'jit:sandbox:login',
      'jit',
      'org:login:jwt',
      'org:logout',
      'alias:set',
      'config:set',
      'plugins',
      'auth:logout',
      'force:auth:logout',
      'force:auth:jwt:grant',
      'force:alias:set',
      'force:config:set',
    ];
    for (const id of ids) expect(mayNeedLogin(id), id).to.equal(false);
  });

  it('does not take another plugin for one of these', () => {
    for (const id of ['jitter:run', 'force:authority:show', 'reinforce:auth:logout']) {
      expect(mayNeedLogin(id), id).to.equal(true);
    }
  });
});

describe('beforeCommand', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const checked = (checkedAt: string): Parameters<typeof beforeCommand>[0] => ({
    isStored: true,
    record: { checkedAt },
  });

  it('looks at an org that is not stored', () => {
    expect(beforeCommand({ isStored: false }, 5, now)).to.equal('look');
    expect(beforeCommand({ isStored: false, record: { checkedAt: now.toISOString() } }, 5, now)).to.equal('look');
  });

  it('leaves an org that the plugin never logged in to', () => {
    expect(beforeCommand({ isStored: true }, 0, now)).to.equal('leave');
  });

  it('leaves a login until the check is too old, to the millisecond', () => {
    expect(beforeCommand(checked('2026-11-22T11:55:00.001Z'), 5, now)).to.equal('leave');
    expect(beforeCommand(checked('2026-11-22T11:55:00.000Z'), 5, now)).to.equal('look');
  });

  it('looks every time for 0 minutes, at a check of the future, and at one that cannot be read', () => {
    expect(beforeCommand(checked(now.toISOString()), 0, now)).to.equal('look');
    expect(beforeCommand(checked('2026-11-22T12:00:01Z'), 5, now)).to.equal('look');
    expect(beforeCommand(checked(''), 5, now)).to.equal('look');
  });
});

describe('settings of the hook', () => {
  it('is on unless it is switched off', () => {
    expect([undefined, '', 'true', '1', 'yes', 'falsehood'].map(isSwitchedOn)).to.deep.equal(Array(6).fill(true));
    expect(['false', 'FALSE', ' false ', '0', 'no', 'off'].map(isSwitchedOn)).to.deep.equal(Array(6).fill(false));
  });

  it('takes whole minutes up to a day, and one minute for anything else', () => {
    expect(['0', '5', '1440'].map(checkMinutesFrom)).to.deep.equal([0, 5, 1440]);
    expect([undefined, '', '-1', '1.5', '1441', '99999', 'NaN', '1e3'].map(checkMinutesFrom)).to.deep.equal(
      Array(8).fill(1),
    );
  });

  it('does not look up an access token', () => {
    expect(canBeRegistered('00D5g0000000001!AQEAQ')).to.equal(false);
    expect(canBeRegistered('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1YXQifQ.c2ln-bmF0_dXJl')).to.equal(false);
    for (const name of ['eyJ', 'eyJoy', 'eyJones@acme.example', 'eyJ.a'])
      expect(canBeRegistered(name), name).to.equal(true);
    expect(canBeRegistered('uat')).to.equal(true);
  });

  it('takes seconds from one to ten minutes, and ten seconds for anything else', () => {
    expect(['1', '10', '600'].map(autoLoginSecondsFrom)).to.deep.equal([1, 10, 600]);
    expect([undefined, '', '0', '-1', '1.5', '601', '9999', '1e2', 'ten'].map(autoLoginSecondsFrom)).to.deep.equal(
      Array(9).fill(10),
    );
  });

  it('says everything, problems only, or nothing; and to a program that reads JSON never more than problems', () => {
    expect(['all', 'problems', 'none'].map((value) => autoLoginOutputFrom(value, false))).to.deep.equal([
      'all',
      'problems',
      'none',
    ]);
    expect(['all', 'problems', 'none'].map((value) => autoLoginOutputFrom(value, true))).to.deep.equal([
      'problems',
      'problems',
      'none',
    ]);
    expect([undefined, '', 'quiet', ' None '].map((value) => autoLoginOutputFrom(value, false))).to.deep.equal([
      'all',
      'all',
      'all',
      'none',
    ]);
  });

  it('knows a command that prints JSON by its flag, but not behind --, and by the variable', () => {
    expect(printsJson(['a', '--json'], undefined)).to.equal(true);
    expect(printsJson(['--', '--json'], undefined)).to.equal(false);
    expect(printsJson([], 'JSON')).to.equal(true);
    expect(printsJson([], 'json')).to.equal(true);
    expect(printsJson([], 'jsonl')).to.equal(false);
    expect(printsJson([], undefined)).to.equal(false);
  });
});

describe('orgsMadeDefault', () => {
  const lines: Array<[line: string, orgs: string[]]> = [
    ['target-org=uat', ['uat']],
    ['target-org uat', ['uat']],
    ['--global target-org=uat', ['uat']],
    ['target-org=uat target-dev-hub=prod --json', ['uat', 'prod']],
    ['defaultusername=uat', ['uat']],
    ['jit-check-minutes=5 target-org=uat', ['uat']],
    ['target-org=a=b', ['a=b']],
    ['target-org=', []],
    ['target-org', []],
    ['org-api-version=60.0', []],
    ['org-api-version target-org', []],
    ['', []],
  ];
  for (const [line, orgs] of lines) {
    it(`are ${orgs.join(' and ') || 'none'} of sf config set ${line}`, () => {
      const argv = line === '' ? [] : line.split(' ');
      expect(orgsMadeDefault('config:set', argv)).to.deep.equal(orgs);
      expect(orgsMadeDefault('force:config:set', argv)).to.deep.equal(orgs);
    });
  }

  it('are none of other commands', () => {
    for (const id of ['config:get', 'config:unset', 'alias:set', 'my:config:set', 'config:set:more']) {
      expect(orgsMadeDefault(id, ['target-org=uat']), id).to.deep.equal([]);
    }
  });
});
