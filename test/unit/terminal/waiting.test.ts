import { expect } from 'chai';
import { Waiting } from '../../../src/terminal/waiting.js';

/** A command's standard error, and a clock that goes on when it is told to. */
function stage({ json = false, isTerminal = true } = {}) {
  const shown: string[] = [];
  const timers: Array<{ at: number; then: () => void }> = [];
  const screen = {
    jsonEnabled: () => json,
    logToStderr: (text: string) => void shown.push(text),
    spinner: {
      start: (action: string) => void shown.push(`${action} |`),
      stop: (ending = 'done') => void shown.push(`| ${ending}`),
      get status(): string | undefined {
        return undefined;
      },
      set status(text: string | undefined) {
        shown.push(`| ${text ?? ''} |`);
      },
    },
  };
  const after = (milliseconds: number, then: () => void): (() => void) => {
    const timer = { at: milliseconds, then };
    timers.push(timer);
    return () => void timers.splice(0, timers.length, ...timers.filter((other) => other !== timer));
  };
  const pass = (milliseconds: number): void => {
    for (const timer of timers.splice(0)) {
      if (timer.at <= milliseconds) timer.then();
      else timers.push({ ...timer, at: timer.at - milliseconds });
    }
  };
  return { shown, timers, pass, waiting: new Waiting(screen, { isTerminal, after }) };
}

const words = 'Asking production';

describe('what a command waits for', () => {
  it('is shown at once on a terminal, and how it went when it is over', async () => {
    const { shown, waiting } = stage();
    const result = await waiting.during(words, () => {
      expect(shown).to.deep.equal(['Asking production |']);
      waiting.say('half of it');
      return Promise.resolve(7);
    });
    expect(result).to.equal(7);
    expect(shown).to.deep.equal(['Asking production |', '| half of it |', '| done']);
  });

  it('gives way on a terminal to a line that is written meanwhile, and elsewhere to that line', () => {
    for (const isTerminal of [true, false]) {
      const { shown, waiting, timers } = stage({ isTerminal });
      const line = (): void => void shown.push('a line');
      waiting.aside(line);
      waiting.start(words);
      waiting.aside(line);
      const drawn = ['a line', 'Asking production |', '| done', 'a line', 'Asking production |'];
      expect(shown).to.deep.equal(isTerminal ? drawn : ['a line', 'a line']);
      expect(timers).to.deep.equal([]);
    }
  });

  it('is left to sf to end when the command fails', async () => {
    const { shown, waiting } = stage();
    const error = await waiting.during(words, () => Promise.reject(new Error('no'))).catch((e: unknown) => e);
    expect(error).to.have.property('message', 'no');
    expect(shown).to.deep.equal(['Asking production |']);
  });

  it('is one line where there is no terminal, and only after two seconds', async () => {
    const { shown, waiting, pass, timers } = stage({ isTerminal: false });
    await waiting.during(words, () => {
      pass(1999);
      expect(shown).to.deep.equal([]);
      pass(1);
      waiting.say('not shown where lines stay');
      return Promise.resolve();
    });
    expect(shown).to.deep.equal(['Asking production...']);
    expect(timers).to.deep.equal([]);
  });

  it('is not said any more where another line was said, or nothing is waited for', async () => {
    const { shown, waiting, pass } = stage({ isTerminal: false });
    waiting.start(words);
    waiting.say('ignored', 'Trying again in 5 s.');
    pass(5000);
    expect(shown).to.deep.equal(['Trying again in 5 s.']);
    waiting.stop();
    await waiting.during(words, () => Promise.reject(new Error('no'))).catch(() => undefined);
    pass(5000);
    waiting.say('after the end', 'after the end');
    expect(shown).to.deep.equal(['Trying again in 5 s.']);
  });

  for (const isTerminal of [true, false]) {
    it(`is nothing with --json ${isTerminal ? 'on' : 'without'} a terminal`, async () => {
      const { shown, waiting, pass } = stage({ json: true, isTerminal });
      await waiting.during(words, () => {
        waiting.say('status', 'line');
        pass(5000);
        return Promise.resolve();
      });
      expect(shown).to.deep.equal([]);
    });
  }

  it('may begin later, after a question', async () => {
    const { shown, waiting } = stage();
    await waiting.during(undefined, () => Promise.resolve());
    expect(shown).to.deep.equal([]);
    await waiting.during(undefined, () => {
      waiting.start(words);
      return Promise.resolve();
    });
    expect(shown).to.deep.equal(['Asking production |', '| done']);
  });
});
