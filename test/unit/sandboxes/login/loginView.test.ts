import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { LoginOutcome } from '../../../../src/sandboxes/login/sandboxLogin.js';
import { LoginView } from '../../../../src/sandboxes/login/loginView.js';
import { uatLogin as login } from '../../../support/fakes.js';

const ok: LoginOutcome = { sandbox: 'uat', login };
const own = (sandbox: string): LoginOutcome => ({
  sandbox,
  failure: new JitFailure('TraditionalOrgStored', { sandbox, user: `me@acme.example.${sandbox}` }),
});
const waiting = {
  kind: 'waiting',
  sandbox: 'uat',
  seconds: 5,
  failure: new JitFailure('SandboxNotReady', { sandbox: 'uat', production: 'p', status: 'Processing' }),
} as const;

/** A command's output, noted line by line. */
function screen({ json = false, answer = true } = {}) {
  const shown: string[] = [];
  const questions: string[] = [];
  return {
    shown,
    questions,
    logSuccess: (text: string) => void shown.push(`stdout ${text}`),
    logToStderr: (text: string) => void shown.push(`stderr ${text}`),
    warn: (text: string) => void shown.push(`warning ${text}`),
    confirm: ({ message }: { message: string }) => {
      questions.push(message);
      return Promise.resolve(answer);
    },
    jsonEnabled: () => json,
    spinner: {
      start: (action: string) => void shown.push(`spinner ${action}`),
      stop: () => void shown.push('spinner stops'),
      get status(): string | undefined {
        return undefined;
      },
      set status(text: string | undefined) {
        shown.push(`spinner ${text ?? ''}`);
      },
    },
  };
}

describe('how logins are shown', () => {
  const play = (view: LoginView): void => {
    view.show({ kind: 'started', done: 0, of: 2 });
    view.show(waiting);
    view.show({ kind: 'finished', outcome: ok, done: 1, of: 2 });
    view.show({ kind: 'finished', outcome: own('dev'), done: 2, of: 2 });
  };

  it('is live on a terminal', () => {
    const on = screen();
    play(new LoginView(on, true, true));
    expect(on.shown[0]).to.equal('spinner Logging in to 2 sandboxes');
    expect(on.shown.some((line) => /^spinner Trying again in 5 s\. uat: /.test(line))).to.equal(true);
    expect(on.shown).to.include('spinner 1 of 2 done').and.to.include('spinner stops');
  });

  it('is live on a terminal for a single sandbox that has to be waited for, and quiet for one that has not', () => {
    const on = screen();
    const view = new LoginView(on, true, true);
    view.show({ kind: 'started', done: 0, of: 1 });
    expect(on.shown).to.deep.equal([]);
    view.show(waiting);
    view.show({ kind: 'finished', outcome: ok, done: 1, of: 1 });
    expect(on.shown[0]).to.match(/^spinner Trying again/);
    expect(on.shown.at(-1)).to.equal('spinner stops');
  });

  it('is a line each without one', () => {
    const on = screen();
    play(new LoginView(on, false, false));
    expect(on.shown).to.have.length(2);
    expect(on.shown[0]).to.match(/^stderr Trying again in 5 s\. uat: .*Processing/s);
    expect(on.shown[1]).to.match(/^stdout Logged in to sandbox uat/);
  });

  it('is nothing but the result with --json', () => {
    const on = screen({ json: true });
    const view = new LoginView(on, true, true);
    play(view);
    view.showFailures([own('dev')]);
    expect(on.shown.filter((line) => !line.startsWith('stdout'))).to.deep.equal([]);
  });
});

describe('what files and servers call things', () => {
  const evil = (text: string): string => `${text}\u001b]0;pwned\u0007\u009b2K\r`;

  it('cannot act on the terminal, wherever it is shown', async () => {
    const outcomes: LoginOutcome[] = [
      {
        sandbox: evil('uat'),
        login: {
          ...login,
          alias: evil('alias'),
          sandboxName: evil('uat'),
          username: evil('user'),
          orgId: evil('00D'),
        },
        refusedFirst: new JitFailure('AppNotInSandbox', { org: evil('sandbox uat'), host: 'uat.example' }),
      },
      own(evil('dev')),
    ];
    for (const terminal of [true, false]) {
      const on = screen();
      const view = new LoginView(on, terminal, terminal);
      view.show({ ...waiting, sandbox: evil('uat') });
      outcomes.forEach((outcome, index) => {
        view.show({ kind: 'finished', outcome, done: index + 1, of: 2 });
      });
      await view.replaceAfterAsking(outcomes, () => Promise.resolve([]));
      view.showFailures(outcomes);
      const seen = [...on.shown, ...on.questions].join('');
      expect(seen).to.contain('uat').and.to.contain('alias').and.to.contain('dev');
      // the lines of a failure and its actions are ours
      expect(seen.replaceAll('\n', '')).not.to.match(/\p{Cc}/u);
    }
  });
});

describe('a login that the user made', () => {
  it('is replaced when the user agrees, and only that one', async () => {
    const on = screen();
    const asked: string[][] = [];
    const outcomes = await new LoginView(on, true, true).replaceAfterAsking([ok, own('dev')], (sandboxes) => {
      asked.push(sandboxes);
      return Promise.resolve([{ sandbox: 'dev', login: { ...login, sandboxName: 'dev' } }]);
    });
    expect(on.questions).to.have.length(1);
    expect(on.questions[0]).to.contain('me@acme.example.dev');
    expect(asked).to.deep.equal([['dev']]);
    expect(outcomes.map((outcome) => 'login' in outcome)).to.deep.equal([true, true]);
  });

  for (const [title, [terminal, canAsk], options] of [
    ['when the user does not agree', [true, true], { answer: false }],
    ['without a terminal', [false, false], {}],
    ['with a terminal for output only, where no answer can come', [true, false], {}],
    ['with --json', [true, true], { json: true }],
  ] as const) {
    it(`is not replaced ${title}`, async () => {
      const on = screen(options);
      const before = [own('dev')];
      const outcomes = await new LoginView(on, terminal, canAsk).replaceAfterAsking(before, () => {
        throw new Error('must not be called');
      });
      if (!canAsk) expect(on.questions).to.deep.equal([]);
      expect(outcomes).to.equal(before);
    });
  }
});
