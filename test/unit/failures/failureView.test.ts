import { inspect } from 'node:util';
import { SfError } from '@salesforce/core/sfError';
import { expect } from 'chai';
import type { FailureFacts } from '../../../src/failures/failures.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { toSfError, failureText } from '../../../src/failures/failureView.js';

const notReady = (facts: Partial<FailureFacts> = {}, cause?: unknown) =>
  new JitFailure(
    'SandboxNotReady',
    { sandbox: 'uat', production: 'admin@acme.com', status: 'Processing', ...facts },
    cause,
  );

describe('toSfError', () => {
  it('makes an SfError with name, text, actions, facts, exit code and cause', () => {
    const cause = new Error('below');
    const error = toSfError(notReady({ progress: '34', nearest: undefined }, cause));
    if (!(error instanceof SfError)) throw new Error('it is no SfError');
    expect(error.name).to.equal('SandboxNotReady');
    expect(error.message).to.equal(
      'The sandbox "uat" of production org admin@acme.com is not ready yet (status: Processing).\nCopied so far: 34 percent.',
    );
    expect(error.actions).to.include('Wait for it, up to an hour: sf jit sandbox login --sandbox-name uat --wait 60');
    expect(error.exitCode).to.equal(69);
    expect(error.cause).to.equal(cause);
    expect(error.data).to.deep.equal({
      sandbox: 'uat',
      production: 'admin@acme.com',
      status: 'Processing',
      progress: '34',
    });
    expect(error.toObject()).to.include({ name: 'SandboxNotReady', exitCode: 69 });
  });

  it('quotes a name in a command of its advice, so that a shell takes it for one word', () => {
    const { actions, message } = failureText(notReady({ sandbox: "uat;touch it's" }));
    expect(actions).to.include(
      "Wait for it, up to an hour: sf jit sandbox login --sandbox-name 'uat;touch it'\\''s' --wait 60",
    );
    expect(message).to.contain('The sandbox "uat;touch it\'s" of');
  });

  it('leaves other errors alone', () => {
    const error = new TypeError('a fault of ours');
    expect(toSfError(error)).to.equal(error);
    expect(toSfError('text').message).to.equal('text');
  });

  it('drops a cause out of which sf would read another exit code, and keeps what lies below it', () => {
    const below = new Error('connect ECONNREFUSED');
    expect(toSfError(notReady({}, new TypeError('fetch failed', { cause: below }))).cause).to.equal(below);
    expect(toSfError(notReady({}, new TypeError('fetch failed'))).cause).to.equal(undefined);
    expect(toSfError(notReady({}, new Error('outside', { cause: new TypeError('inside') }))).cause).to.equal(undefined);
    expect(toSfError(notReady({}, 'no error')).cause).to.equal(undefined);
  });

  it('passes no secret on in a cause, and no chain of causes without an end', () => {
    const url = 'http://me:hunter2@proxy:3128';
    const inside = new Error(`no way through ${url}`);
    for (const cause of [inside, new Error('outside', { cause: inside })]) {
      const shown = toSfError(notReady({}, cause)).cause as Error;
      expect(inspect(shown)).not.to.contain('hunter2');
      expect(shown.message).to.match(/^(no way through http:\/\/proxy:3128|outside)$/);
    }
    const loop = new Error('round');
    loop.cause = new Error('and round', { cause: loop });
    expect(toSfError(notReady({}, loop)).cause).to.equal(undefined);
  });

  it('keeps Salesforce error ids and the word TypeError from deciding the exit code', () => {
    const answer = 'UNKNOWN_EXCEPTION: TypeError, ErrorId 123456789-12345 (-1234567890)';
    const { message } = toSfError(notReady({ answer }));
    expect(message).to.contain('ErrorId 123456789-12345 [-1234567890]');
    expect(message).not.to.match(/\d{9,}-\d{3,} \(-?\d{7,}\)|TypeError/);
  });
});

describe('failureText', () => {
  it('leaves out lines and actions that mention an absent fact', () => {
    const facts = { production: 'prdo' };
    expect(failureText(new JitFailure('ProductionOrgNotRegistered', facts)).message).not.to.contain('nearest');
    const near = failureText(new JitFailure('ProductionOrgNotRegistered', { ...facts, nearest: 'prod' }));
    expect(near.message)
      .to.match(/^Parent production org not found/)
      .and.contain('The nearest registered name is "prod".');
    expect(near.actions[0]).to.contain('--production-org prod');
  });

  it('shows server text last, escaped and on one line', () => {
    const answer = 'no\u001b[31m way\n\u202Eevil';
    const { message } = failureText(notReady({ answer }));
    expect(message.split('\n').at(-1)).to.equal('Salesforce answered: no [31m wayevil'.replace('wayevil', 'way evil'));
  });

  it('does not fill in what a fact happens to contain', () => {
    const { message } = failureText(notReady({ sandbox: '{production}', answer: '$& {sandbox} %s' }));
    expect(message).to.contain('The sandbox "{production}"').and.contain('$& {sandbox} %s');
  });

  it('keeps the lines of a list of problems', () => {
    const failure = new JitFailure('ConfigInvalid', {
      file: '.sfconnect.json',
      problems: 'clientId is missing\nusername is missing',
    });
    expect(failureText(failure).message).to.equal(
      'The file .sfconnect.json cannot be used:\n- clientId is missing\n- username is missing',
    );
  });

  it('does not cut a path', () => {
    const file = `/${'folder/'.repeat(60)}server.key`;
    expect(failureText(new JitFailure('FileExists', { file })).message).to.contain(file);
  });
});
