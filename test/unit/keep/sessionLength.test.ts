import { expect } from 'chai';
import fc from 'fast-check';
import {
  learnFromEnd,
  learnFromCheck,
  renewAfter,
  shortestSession,
  unusedTimeNeeded,
} from '../../../src/keep/sessionLength.js';

const minute = 60_000;

describe('the length of sessions', () => {
  it('is taken for the shortest timeout of Salesforce at first, and renewed before that', () => {
    expect(shortestSession).to.deep.equal({ minutes: 15, isFinal: false });
    expect(renewAfter(shortestSession)).to.equal(12 * minute);
  });

  it('grows from one documented timeout to the next, as unused sessions prove good', () => {
    const seen = [];
    for (let known = shortestSession; !known.isFinal; known = learnFromCheck(known, true)) seen.push(known.minutes);
    expect(seen).to.deep.equal([15, 30, 60, 120, 240, 480, 720]);
  });

  it('stays at what was proven when an unused session has ended', () => {
    expect(learnFromCheck({ minutes: 60, isFinal: false }, false)).to.deep.equal({ minutes: 60, isFinal: true });
  });

  it('begins anew when a session ended that should have lived', () => {
    expect(learnFromEnd({ minutes: 120, isFinal: true }, 30 * minute)).to.deep.equal(shortestSession);
    expect(learnFromEnd({ minutes: 15, isFinal: true }, 5 * minute)).to.deep.equal({ minutes: 15, isFinal: true });
    expect(learnFromEnd({ minutes: 30, isFinal: true }, 31 * minute)).to.deep.equal({ minutes: 30, isFinal: true });
  });

  it('is never taken for longer than it is, whatever timeout the org has', () => {
    fc.assert(
      fc.property(fc.constantFrom(15, 30, 60, 120, 240, 480, 720, 1440), (timeout) => {
        let known = shortestSession;
        while (!known.isFinal) {
          const alive = unusedTimeNeeded(known) < timeout * minute;
          known = learnFromCheck(known, alive);
          expect(renewAfter(known)).to.be.lessThan(timeout * minute);
        }
        expect(known.minutes).to.equal(timeout);
      }),
    );
  });
});
