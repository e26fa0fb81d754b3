import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { LoginOutcome } from '../../../../src/sandboxes/login/sandboxLogin.js';
import { loginEntry, LoginView } from '../../../../src/sandboxes/login/loginView.js';
import { Waiting } from '../../../../src/terminal/waiting.js';
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
      stop: (ending = 'done') => void shown.push(`spinner ends: ${ending}`),
      get status(): string | undefined {
        return undefined;
      },
      set status(text: string | undefined) {
        shown.push(`spinner ${text ?? ''}`);
      },
    },
  };
}

/** The view of these logins; where nobody watches, two seconds pass as soon as it begins to count. */
function viewOn(on: ReturnType<typeof screen>, isTerminal: boolean, mayAsk = isTerminal): LoginView {
  const after = (_milliseconds: number, then: () => void): (() => void) => {
    then();
    return () => undefined;
  };
  return new LoginView(on, new Waiting(on, { isTerminal, after }), mayAsk);
}

describe('how logins are shown', () => {
  const play = (view: LoginView): void => {
    view.show({ kind: 'started', sandboxes: ['uat', 'dev'] });
    view.show(waiting);
    view.show({ kind: 'finished', outcome: ok, done: 1, of: 2 });
    view.show({ kind: 'finished', outcome: own('dev'), done: 2, of: 2 });
  };

  it('is live on a terminal', () => {
    const on = screen();
    play(viewOn(on, true));
    expect(on.shown[0]).to.equal('spinner Logging in to 2 sandboxes');
    expect(on.shown.some((line) => /^spinner Trying again in 5 s\. uat: /.test(line))).to.equal(true);
    expect(on.shown).to.include('spinner 1 of 2 done');
    expect(on.shown.at(-1)).to.equal('spinner ends: 1 of 2 logged in');
  });

  it('is live on a terminal for a single sandbox too, and after its success nothing says that it is waited for', () => {
    const on = screen();
    const view = viewOn(on, true);
    view.show({ kind: 'started', sandboxes: ['uat'] });
    expect(on.shown).to.deep.equal(['spinner Logging in to sandbox uat']);
    view.show(waiting);
    expect(on.shown[1]).to.match(/^spinner Trying again in 5 s\. uat: [^\n]*Processing[^\n]*$/);
    view.show({ kind: 'finished', outcome: ok, done: 1, of: 1 });
    expect(on.shown[2]).to.equal('spinner ends: done');
    expect(on.shown[3]).to.match(/^stdout Logged in to sandbox uat/);
    expect(on.shown).to.have.length(4);
  });

  it('ends with what it is for a single sandbox that failed', () => {
    const on = screen();
    const view = viewOn(on, true);
    view.show({ kind: 'started', sandboxes: ['dev'] });
    view.show({ kind: 'finished', outcome: own('dev'), done: 1, of: 1 });
    expect(on.shown.at(-1)).to.equal('spinner ends: not logged in');
  });

  it('is a line each without one', () => {
    const on = screen();
    play(viewOn(on, false));
    expect(on.shown).to.have.length(3);
    expect(on.shown[0]).to.equal('stderr Logging in to 2 sandboxes...');
    expect(on.shown[1]).to.match(/^stderr Trying again in 5 s\. uat: .*Processing/s);
    expect(on.shown[2]).to.match(/^stdout Logged in to sandbox uat/);
  });

  it('tells of a refresh, and warns once when another user made it', () => {
    const refreshed = { ...login, refreshed: true, refreshedAt: '2026-11-28T14:05:00.000Z' };
    const of = (refreshedBy: string, refusedFirst?: JitFailure): string[] => {
      const on = screen();
      const outcome = { sandbox: 'uat', login: { ...refreshed, refreshedBy }, ...(refusedFirst && { refusedFirst }) };
      viewOn(on, true).show({ kind: 'finished', outcome, done: 1, of: 1 });
      return on.shown.filter((line) => !line.startsWith('spinner'));
    };
    expect(of('admin@acme.example')).to.deep.equal([
      'stdout Sandbox uat was refreshed on 2026-11-28 14:05 UTC by admin@acme.example. Logged in to the new copy as ' +
        'admin@acme.example.uat with org ID 00D5g0000000005EAA; source tracking starts anew. Use it with: --target-org uat',
    ]);
    const warnings = (lines: string[]): string[] => lines.filter((line) => line.startsWith('warning'));
    expect(warnings(of('grace@acme.example'))).to.have.lengthOf(1);
    const facts = { sandbox: 'uat', production: 'admin@acme.example', user: 'admin@acme.example' };
    const refusal = new JitFailure('NotSandboxCreator', facts);
    expect(warnings(of('grace@acme.example', refusal)), 'the refusal says the same').to.have.lengthOf(1);
  });

  it('is nothing but the result with --json', () => {
    const on = screen({ json: true });
    const view = viewOn(on, true);
    play(view);
    view.showFailures([own('dev')]);
    expect(on.shown.filter((line) => !line.startsWith('stdout'))).to.deep.equal([]);
  });
});

describe('the end of several logins', () => {
  const limit = new JitFailure('ApiLimitReached', { org: 'production org p', side: 'production' });
  const lines = (outcomes: LoginOutcome[]): string[] => {
    const on = screen();
    viewOn(on, false).showFailures(outcomes);
    return on.shown.map((line) => line.trimEnd());
  };

  it('says how many worked, and which failed', () => {
    expect(lines([ok, ok])).to.deep.equal(['stderr 2 of 2 logged in.']);
    expect(lines([ok, { sandbox: 'hotfix', failure: limit }]).at(-1)).to.equal(
      'stderr 1 of 2 logged in; failed: hotfix',
    );
  });

  it('tells one reason once, and in one line who was not tried for it', () => {
    const others = Array.from({ length: 498 }, (_, index) => ({ sandbox: `box${index}`, notTried: limit }));
    const shown = lines([ok, { sandbox: 'first', failure: limit }, ...others]);
    expect(shown).to.have.length(3);
    expect(shown[0]).to.match(/^stderr Sandbox first failed \(ApiLimitReached\)/);
    expect(shown[1]).to.match(
      /^stderr 498 sandboxes not tried, for the same reason \(ApiLimitReached\): box0, .*box9 and 488 more$/,
    );
    expect(shown[2]).to.equal('stderr 1 of 500 logged in; failed: first');
  });

  it('says which were passed over, and how one of them is handed over', () => {
    const { failure } = own('dev') as { failure: JitFailure };
    const shown = lines([ok, { sandbox: 'dev', notTried: failure }]);
    expect(shown[0]).to.contain('dev').and.to.contain('sf jit sandbox login --sandbox-name dev --replace');
    expect(shown[1]).to.equal('stderr 1 of 1 logged in.');
  });

  it('is in the JSON of each: its status, and why', () => {
    const entry = loginEntry({ sandbox: 'dev', notTried: limit });
    expect(entry).to.include({ sandboxName: 'dev', status: 'not-tried' });
    expect(entry).to.have.nested.property('error.name', 'ApiLimitReached');
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
      const view = viewOn(on, terminal);
      view.show({ kind: 'started', sandboxes: [evil('uat')] });
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
    const outcomes = await viewOn(on, true).replaceAfterAsking([ok, own('dev')], (sandboxes) => {
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
      const outcomes = await viewOn(on, terminal, canAsk).replaceAfterAsking(before, () => {
        throw new Error('must not be called');
      });
      if (!canAsk) expect(on.questions).to.deep.equal([]);
      expect(outcomes).to.equal(before);
    });
  }
});
