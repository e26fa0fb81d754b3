import { expect } from 'chai';
import { failedBeforeLine, failureLine, loginLine, problemOf } from '../../../src/autoLogin/autoLoginView.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { uatLogin } from '../../support/fakes.js';

const refreshed = { ...uatLogin, refreshed: true, refreshedAt: '2026-11-28T14:05:00.000Z' };

describe('the one line of the automatic login', () => {
  it('says how it was signed in where that is not the usual way, and what was refused first', () => {
    const refused = new JitFailure('UserNotApproved', { org: 'sandbox uat', host: 'h', user: 'u' });
    const before = 'Logged in to sandbox uat as admin@acme.example.uat.';
    expect(loginLine(uatLogin)).to.equal(before);
    expect(loginLine({ ...uatLogin, signedInBy: 'code' })).to.equal(before);
    expect(loginLine({ ...uatLogin, signedInBy: 'code' }, refused)).to.equal(
      `${before} Signed in by an authorization code (code), since the usual way was refused (UserNotApproved).`,
    );
    expect(loginLine({ ...uatLogin, signedInBy: 'platform-cli' })).to.equal(
      `${before} Signed in by sf's own app, PlatformCLI (platform-cli).`,
    );
  });

  it('does not warn of another user who refreshed it, when it says that production did not vouch for that reason', () => {
    const refused = new JitFailure('NotSandboxCreator', { sandbox: 'uat', production: 'p', user: 'u' });
    const login = { ...refreshed, refreshedBy: 'grace@acme.example', signedInBy: 'own-key' } as const;
    expect(loginLine(login, refused)).to.match(/anew\. Signed in by production's key alone.*\(NotSandboxCreator\)\.$/);
    expect(loginLine(login)).to.match(/Signed in by production's key alone.*It was grace@acme\.example who refreshed/);
  });

  it('tells of a refresh: when, by whom, and that source tracking starts anew', () => {
    expect(loginLine({ ...refreshed, refreshedBy: 'admin@acme.example' })).to.equal(
      'Sandbox uat was refreshed on 2026-11-28 14:05 UTC by admin@acme.example: logged in to the new copy as ' +
        'admin@acme.example.uat. Source tracking starts anew.',
    );
  });

  it('warns of another user who refreshed it, in the same line', () => {
    const line = loginLine({ ...refreshed, refreshedBy: 'grace@acme.example' });
    expect(line).to.match(/Source tracking starts anew\. It was grace@acme\.example who refreshed it, not .*--check$/);
    expect(line).to.not.contain('\n');
  });

  it('tells of a refresh also when production does not', () => {
    expect(loginLine({ ...uatLogin, refreshed: true })).to.match(/^Sandbox uat was refreshed since the last login: /);
  });

  it('tells when it is tried again, which depends on what failed', () => {
    const at = new Date(2026, 10, 28, 14, 5).toISOString();
    const line = (minutes?: number): string =>
      failedBeforeLine('uat', { name: 'SandboxNotReady', words: '' }, { at, minutes });
    expect(line(1)).to.contain('failed at 14:05 (SandboxNotReady) and is not tried again by itself before 14:06.');
    expect(line()).to.contain('before 14:10.');
  });

  it('tells how far a copy is, and how to wait for it', () => {
    const facts = { sandbox: 'uat', production: 'admin@acme.example', status: 'Processing' };
    const line = (more: object): string =>
      failureLine('uat', problemOf(new JitFailure('SandboxNotReady', { ...facts, ...more })));
    expect(line({ progress: '45' })).to.equal(
      'Warning: not logged in to sandbox uat (SandboxNotReady): It is still being copied (45 %, status: Processing). ' +
        'What to do: sf jit sandbox login --sandbox-name uat --wait 60',
    );
    expect(line({})).to.match(/not ready yet \(status: Processing\)\. What to do: .* --wait 60$/);
  });
});
