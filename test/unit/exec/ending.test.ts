import { expect } from 'chai';
import type { EndingCause } from '../../../src/exec/ending.js';
import { timeUntilKill } from '../../../src/exec/ending.js';

describe('the time that a command gets to end', () => {
  const cases: ReadonlyArray<[what: string, causes: EndingCause[], milliseconds: number | undefined]> = [
    ['Ctrl-C, which is a question', ['SIGINT'], undefined],
    ['Ctrl-C twice', ['SIGINT', 'SIGINT'], undefined],
    ['Ctrl-\\', ['SIGQUIT'], undefined],
    ['a container or GitLab, which kill after 10 s', ['SIGTERM'], 5000],
    ['a terminal that is closed', ['SIGHUP'], 5000],
    ['an interruption that is meant', ['SIGINT', 'SIGTERM'], 1000],
    ['a second request', ['SIGTERM', 'SIGTERM'], 1000],
    ['GitHub, which ends the shell alone and kills after 2.5 s', ['abandoned'], 1000],
    ['a group whose shell goes first', ['SIGTERM', 'abandoned'], 1000],
    ['nothing', [], undefined],
  ];
  for (const [what, causes, milliseconds] of cases) {
    it(`is ${milliseconds ?? 'as long as it likes'}, when it was told by ${what}`, () => {
      expect(timeUntilKill(causes)).to.equal(milliseconds);
    });
  }
});
