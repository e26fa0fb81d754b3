import { expect } from 'chai';
import Mocha from 'mocha';
import { beginStep, explain, noteRun } from '../support/explainFailures.js';

/** What mocha prints of a failure. */
function printed(error: unknown): string {
  const lines: string[] = [];
  const { consoleLog } = Mocha.reporters.Base;
  Mocha.reporters.Base.consoleLog = (format: string, ...values: unknown[]) => {
    lines.push([format, ...values.map(String)].join(' '));
  };
  try {
    Mocha.reporters.Base.list([{ err: error, titlePath: () => ['a test'] } as unknown as Mocha.Test]);
  } finally {
    Mocha.reporters.Base.consoleLog = consoleLog;
  }
  return lines.join('\n');
}

describe('a failed test', () => {
  for (const context of ['sf jit sandbox login -n uat', undefined]) {
    it(`prints what was run, ${context === undefined ? 'without' : 'with'} a word about what was expected`, async () => {
      await beginStep();
      const note = noteRun('sf jit sandbox login -n uat');
      Object.assign(note, { ended: { code: 7, durationMs: 1 }, stdout: 'some output', stderr: 'some error' });
      let failure: unknown;
      try {
        expect({ code: 7 }, context).to.deep.equal({ code: 0 });
      } catch (error) {
        failure = error;
      }
      await explain(failure);
      for (const part of ['$ sf jit sandbox login', 'exit code 7', 'some output', 'some error']) {
        expect(printed(failure)).to.contain(part);
      }
    });
  }
});
