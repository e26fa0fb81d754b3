import { expect } from 'chai';
import fc from 'fast-check';
import { branchPatterns } from '../../../../src/environments/io/branchPatterns.js';
import { maxPatternLength } from '../../../../src/registry/environmentFields.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import { failureOf } from '../../../support/rejection.js';
import { ownTime } from '../../../support/ownTime.js';

const { problem, matches } = branchPatterns;

describe('branch patterns', () => {
  for (const [pattern, fitting, others] of [
    ['main', ['main'], ['Main', 'main2', 'x/main']],
    ['*', ['main', '.hidden', 'v1.0'], ['a/b']],
    ['**', ['main', 'a/b', 'a/.b/c.d'], []],
    ['release/*', ['release/1.0', 'release/.x'], ['release', 'release/1/2', 'Release/1']],
    ['release/**', ['release/1', 'release/1/2'], ['releases/1']],
    ['{main,develop}', ['main', 'develop'], ['{main,develop']],
    ['{feature,bugfix/*}/x', ['feature/x', 'bugfix/1/x'], ['bugfix/x']],
    ['hotfix-?', ['hotfix-1'], ['hotfix-12', 'hotfix-']],
    ['v[0-9]', ['v1'], ['vx']],
    ['!(main)', ['develop'], ['main']],
  ] as const) {
    it(`${pattern} fits what it fits in the usual glob libraries`, () => {
      expect(problem(pattern)).to.equal(undefined);
      for (const branch of fitting) expect(matches(pattern, branch), branch).to.equal(true);
      for (const branch of others) expect(matches(pattern, branch), branch).to.equal(false);
    });
  }

  for (const pattern of ['[', 'release/[', '{a,b', '(a', 'a)', ']']) {
    it(`${pattern} is refused: a bracket is missing`, () => {
      expect(problem(pattern)).to.contain('is no pattern');
      expect(failureOf(() => matches(pattern, 'x')).name).to.equal('InputInvalid');
    });
  }

  for (const pattern of [
    '*a'.repeat(125),
    '{a,a}'.repeat(50),
    '{'.repeat(125) + '}'.repeat(125),
    `${'{a,'.repeat(60)}a${'}'.repeat(60)}`,
    '+('.repeat(80) + 'a' + ')'.repeat(80),
    '(a+)+b',
    '(?:(a|aa)+)+b',
    '{1..99999999}'.repeat(19),
    '**/'.repeat(83),
    '\\'.repeat(250),
  ]) {
    it(`${pattern.slice(0, 20)}… cannot hang a command`, () => {
      const milliseconds = ownTime();
      try {
        matches(pattern, `${'a'.repeat(250)}c`);
      } catch (error) {
        expect(error).to.be.instanceOf(JitFailure).and.to.have.property('name', 'InputInvalid');
      }
      expect(milliseconds()).to.be.lessThan(5000);
    });
  }

  it('is compared or refused, whatever the pattern', () => {
    const anything = fc.oneof(
      fc.string({ minLength: 1, maxLength: maxPatternLength }),
      fc.string({ unit: fc.constantFrom(...'*?[]{}()!+@|\\,./a1-'), minLength: 1, maxLength: 30 }),
    );
    fc.assert(
      fc.property(anything, fc.string({ maxLength: 20 }), (pattern, branch) => {
        try {
          expect(matches(pattern, branch)).to.be.a('boolean');
        } catch (error) {
          expect(error).to.be.instanceOf(JitFailure);
        }
      }),
      { numRuns: 300 },
    );
  });
});
