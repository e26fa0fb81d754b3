import { expect } from 'chai';
import { failureLine, loginLine, problemOf } from '../../../src/autoLogin/autoLoginView.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { uatLogin } from '../../support/fakes.js';

const refreshed = { ...uatLogin, refreshed: true, refreshedAt: '2026-11-28T14:05:00.000Z' };

describe('the one line of the automatic login', () => {
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
