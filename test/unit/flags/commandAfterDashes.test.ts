import { expect } from 'chai';
import { splitAtDashes } from '../../../src/flags/commandAfterDashes.js';

describe('the command after --', () => {
  const cases: Array<[argv: string, own: string, command: string]> = [
    ['-n uat -- npm test -- --grep x', '-n uat', 'npm test -- --grep x'],
    ['-n uat', '-n uat', ''],
    ['-n uat --', '-n uat', ''],
    ['-- env', '', 'env'],
  ];
  const words = (line: string): string[] => line.split(' ').filter(Boolean);
  for (const [argv, own, command] of cases) {
    it(`of "${argv}" is "${command}", every word as it was typed`, () => {
      expect(splitAtDashes(words(argv))).to.deep.equal({ own: words(own), command: words(command) });
    });
  }
});
