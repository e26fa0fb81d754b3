import { expect } from 'chai';
import fc from 'fast-check';
import { failedBeforeFrom, isLeftAlone, markOf, triedAgainAt } from '../../../src/autoLogin/failedBefore.js';

const at = '2026-11-22T12:00:00.000Z';
const failed = { at, mark: 'm' };
const minutesLater = (minutes: number): Date => new Date(Date.parse(at) + minutes * 60_000);
const notStored = { isStored: false };
const checkedAt = (minutes: number): Parameters<typeof isLeftAlone>[1] => ({
  isStored: true,
  record: { checkedAt: minutesLater(minutes).toISOString() },
});

describe('an org whose automatic login failed', () => {
  it('is left alone for five minutes, to the millisecond', () => {
    expect(isLeftAlone(failed, notStored, 'm', minutesLater(0))).to.equal(true);
    expect(isLeftAlone(failed, notStored, 'm', new Date(Date.parse(at) + 299_999))).to.equal(true);
    expect(isLeftAlone(failed, notStored, 'm', minutesLater(5))).to.equal(false);
    expect(triedAgainAt(failed)).to.deep.equal(minutesLater(5));
  });

  it('is left alone for less than that where it says so, and never for longer', () => {
    const passing = { ...failed, minutes: 1 };
    expect(isLeftAlone(passing, notStored, 'm', new Date(Date.parse(at) + 59_999))).to.equal(true);
    expect(isLeftAlone(passing, notStored, 'm', minutesLater(1))).to.equal(false);
    expect(triedAgainAt(passing)).to.deep.equal(minutesLater(1));
    for (const minutes of [60, -1, 0, Number.NaN, '1', null]) {
      const read = failedBeforeFrom({ ...failed, minutes });
      expect(read, String(minutes)).to.deep.equal(failed);
    }
    expect(failedBeforeFrom(passing)).to.deep.equal(passing);
  });

  it('is not left alone after a failure of the future', () => {
    expect(isLeftAlone(failed, notStored, 'm', minutesLater(-1))).to.equal(false);
  });

  it('is not left alone once something changed on which the login depends', () => {
    expect(isLeftAlone(failed, notStored, 'other', minutesLater(1))).to.equal(false);
  });

  it('is not left alone once somebody logged in since, and is when the login is older', () => {
    expect(isLeftAlone(failed, checkedAt(1), 'm', minutesLater(2))).to.equal(false);
    expect(isLeftAlone(failed, checkedAt(-1), 'm', minutesLater(2))).to.equal(true);
    expect(isLeftAlone(failed, { isStored: true, record: { checkedAt: '' } }, 'm', minutesLater(2))).to.equal(true);
  });

  it('is remembered by what the plugin wrote, and by nothing else', () => {
    expect(failedBeforeFrom({ ...failed, line: 'Warning', more: 1 })).to.deep.equal({ ...failed, line: 'Warning' });
    expect(failedBeforeFrom(failed)).to.deep.equal(failed);
    for (const other of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { at },
      { mark: 'm' },
      { at: 'soon', mark: 'm' },
      { at: 1, mark: 'm' },
    ]) {
      expect(failedBeforeFrom(other), JSON.stringify(other)).to.equal(undefined);
    }
    expect(failedBeforeFrom({ ...failed, line: 5 })).to.deep.equal(failed);
  });
});

describe('the mark of what a login depends on', () => {
  it('is the same for the same values, and another for others', () => {
    expect(markOf(['a', 'b'])).to.equal(markOf(['a', 'b']));
    expect(
      new Set([['a', 'b'], ['ab', ''], ['', 'ab'], ['b', 'a'], ['a'], []].map((values) => markOf(values))).size,
    ).to.equal(6);
  });

  it('is too small to give anything away', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => {
        expect(markOf(values)).to.match(/^[0-9a-f]{1,8}$/);
      }),
    );
  });
});
