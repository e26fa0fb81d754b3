import { expect } from 'chai';
import fc from 'fast-check';
import { nextCheck, nextRetry } from '../../../src/keep/schedule.js';

const due = fc.record({
  now: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  every: fc.integer({ min: 60_000, max: 86_400_000 }),
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

describe('the schedule of a keeper', () => {
  it('checks within the interval, never earlier than nine tenths of it', () => {
    fc.assert(
      fc.property(due, (one) => {
        const next = nextCheck(one, undefined) - one.now;
        expect(next).to.be.within(one.every * 0.9 - 1, one.every);
      }),
    );
  });

  it('renews in time, and not before now', () => {
    expect(nextCheck({ now: 1000, every: 60_000, random: 0 }, 5000)).to.equal(5000);
    expect(nextCheck({ now: 1000, every: 60_000, random: 0 }, 500)).to.equal(1000);
  });

  it('tries again after 30 seconds, then twice as long each time, up to the interval', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 1000].map((failures) =>
      nextRetry({ now: 0, every: 600_000, random: 0 }, failures),
    );
    expect(pauses).to.deep.equal([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  });
});
