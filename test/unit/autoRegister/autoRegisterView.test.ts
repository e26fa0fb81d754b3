import { expect } from 'chai';
import { doneLine, failedLine } from '../../../src/autoRegister/autoRegisterView.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { acme } from '../../support/fakes.js';

const sandbox = { ...acme().sandboxes[0]!, alias: "team's uat" };
const made = { sandboxName: 'uat', status: 'Processing' };

describe('the one line after a stock command', () => {
  const lines = [
    doneLine({ kind: 'registered', sandbox }),
    doneLine({ kind: 'registered-copying', sandbox, made: { ...made, copyProgress: 45 } }),
    doneLine({ kind: 'registered-copying', sandbox, made }),
    doneLine({ kind: 'no-alias', sandboxName: 'uat' }),
    doneLine({ kind: 'unregistered', sandbox }),
    doneLine({ kind: 'in-project', sandbox }),
    doneLine({ kind: 'linked', sandbox, environments: ['acceptance', 'demo'] }),
    failedLine('registration', 'uat', new JitFailure('Locked', { file: '/x/jit.json', seconds: '3' }), undefined),
    failedLine('removal', 'uat', new Error('secret-less\nerror'), undefined),
    failedLine('registration', 'uat', new Error('aborted'), 3),
  ];

  it('is one, and complete', () => {
    for (const line of lines) {
      expect(line)
        .to.match(/^[A-Z].* uat\b/)
        .and.not.match(/%s|undefined|\n/);
    }
  });

  it('is nothing for nothing', () => {
    expect(doneLine({ kind: 'nothing' })).to.equal(undefined);
  });

  it('names the command that does the same, with names that a shell takes', () => {
    expect(lines[1]).to.contain('(Processing, 45 %)');
    expect(lines[2]).to.contain('(Processing)');
    expect(lines[5]).to.match(/sf jit sandbox unregister --sandbox-name "team's uat"$|'team'\\''s uat'$/);
    expect(lines[7]).to.match(/\(Locked\): .* What to do: sf jit sandbox register --sandbox-name uat$/);
    expect(lines[8]).to.match(/\(UnexpectedError\): secret-less error .*unregister --sandbox-name uat$/);
    expect(lines[9]).to.contain('(Timeout): It took longer than 3 seconds.');
  });

  it('cannot act on the terminal, and shows no token', () => {
    const evil = { ...sandbox, alias: 'x\u001b[2J\u0007y' };
    expect(doneLine({ kind: 'registered', sandbox: evil })).to.not.match(/\p{Cc}/u);
    const token = `00D5g0000000005!${'A'.repeat(80)}`;
    expect(failedLine('registration', 'uat', new Error(`failed with ${token}`), undefined)).to.not.contain(token);
  });
});
