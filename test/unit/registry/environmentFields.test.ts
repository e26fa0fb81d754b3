import { expect } from 'chai';
import {
  fieldProblem,
  maxPatternLength,
  maxPatterns,
  readEnvironment,
} from '../../../src/registry/environmentFields.js';

describe('what is wrong with a field of an environment', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `b${index}`);
  const shown = (value: unknown): string => {
    const text = JSON.stringify(value);
    return text.length > 40 ? `${text.slice(0, 40)}… of ${text.length} characters` : text;
  };

  const wrong: Array<[field: keyof typeof fieldProblem, value: unknown, problem: RegExp]> = [
    ['branches', 'main', /^must be a list of branch names and patterns$/],
    ['branches', many(maxPatterns + 1), /^holds 51 patterns; 50 are allowed$/],
    ['branches', ['main', 'dev', 'main'], /^holds "main" twice$/],
    ['branches', ['main', ''], /^pattern 2 is empty or not a text$/],
    ['branches', ['   '], /^pattern 1 is empty or not a text$/],
    ['branches', [5], /^pattern 1 is empty or not a text$/],
    ['branches', ['x'.repeat(maxPatternLength + 1)], /^pattern 1 is longer than 250 characters$/],
    ['branches', ['a b'], /^pattern 1 holds a space or a character that cannot be seen$/],
    ['branches', ['a\u0007b'], /cannot be seen$/],
    ['branches', ['a\u200bb'], /cannot be seen$/],
    ['branches', ['!main'], /^pattern 1 begins with "!": .* which branches are meant, not which are not$/],
    ['branches', ['refs/heads/main'], /^pattern 1 begins with "refs\/": give the name of the branch alone/],
    ['description', '', /^must be a text, or left out$/],
    ['description', ' \t ', /^must be a text, or left out$/],
    ['description', 2, /^must be a text, or left out$/],
    ['description', 'x'.repeat(501), /^is longer than 500 characters$/],
    ['description', 'two\nlines', /^must be one line without control characters$/],
    ['repository', 'x'.repeat(251), /^is longer than 250 characters$/],
    ['repository', null, /^must be a text, or left out$/],
    ['name', '-a', /begin with a letter or a digit$/],
    ['category', 'two words', /one word of letters, digits and dashes/],
  ];
  for (const [field, value, problem] of wrong) {
    it(`is told of the ${field} ${shown(value)}`, () => {
      expect(fieldProblem[field](value)).to.match(problem);
    });
  }

  const good: Array<[field: keyof typeof fieldProblem, value: unknown]> = [
    ['branches', []],
    ['branches', many(maxPatterns)],
    ['branches', ['x'.repeat(maxPatternLength)]],
    ['branches', ['hot!fix', 'a!(b)', '!(main)', 'x/refs/y']],
    ['description', 'x'.repeat(500)],
    ['description', ' Ümlaut, and spaces '],
    ['repository', 'x'.repeat(250)],
    ['category', 'x'.repeat(40)],
  ];
  for (const [field, value] of good) {
    it(`is nothing for the ${field} ${shown(value)}`, () => {
      expect(fieldProblem[field](value)).to.equal(undefined);
    });
  }

  it('is told of the link to a sandbox, which has to name both', () => {
    for (const entry of [{ sandboxName: 'much-too-long', productionUsername: '' }, {}, { productionUsername: 7 }]) {
      const result = readEnvironment({ name: 'acceptance', ...entry });
      expect(result).to.deep.equal({
        problems: [
          { field: 'sandboxName', problem: 'must be the name of a sandbox, letters and digits, ten at most' },
          { field: 'productionUsername', problem: 'must be the username of a production org' },
        ],
      });
    }
  });
});
