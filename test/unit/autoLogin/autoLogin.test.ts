import { expect } from 'chai';
import {
  beforeCommand,
  canBeRegistered,
  checkMinutesFrom,
  isAutoLoginOn,
  mayNeedLogin,
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
    expect([undefined, '', 'true', '1', 'yes', 'falsehood'].map(isAutoLoginOn)).to.deep.equal(Array(6).fill(true));
    expect(['false', 'FALSE', ' false ', '0', 'no', 'off'].map(isAutoLoginOn)).to.deep.equal(Array(6).fill(false));
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
    for (const name of ['eyJ', 'eyJoy', 'eyJones@acme.example', 'eyJ.a']) expect(canBeRegistered(name), name).to.equal(true);
    expect(canBeRegistered('uat')).to.equal(true);
  });
});
