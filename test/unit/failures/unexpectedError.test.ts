import { inspect } from 'node:util';
import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import { originOf, toFailure } from '../../../src/failures/unexpectedError.js';

describe('an error that nobody expected', () => {
  it('stays what it is when it is a failure', () => {
    const failure = new JitFailure('OrgNotStored', { user: 'u' });
    expect(toFailure(failure)).to.equal(failure);
  });

  it('becomes a failure in its own words', () => {
    expect(toFailure(new RangeError('out of it'))).to.deep.include({
      name: 'UnexpectedError',
      facts: { problem: 'RangeError: out of it' },
    });
    expect(toFailure('thrown').facts).to.deep.equal({ problem: 'thrown' });
    expect(toFailure('').facts).to.deep.equal({ problem: 'an error without words' });
  });

  it('leaves its stack and its causes to whoever debugs, and no secret', () => {
    const secret = '5Aep861TSESvWeug1xvFHRBTTbf';
    const cause = Object.assign(new Error(`refresh_token=${secret}`), { secret });
    const error = new TypeError('x is not a function', { cause });
    cause.cause = error;
    const failure = toFailure(error);
    expect(originOf(failure))
      .to.match(/^TypeError: x is not a function\n\s+at .*unexpectedError\.test\.ts/)
      .and.to.contain('caused by Error: refresh_token=[hidden]')
      .and.to.not.contain(secret);
    expect(inspect(failure)).to.not.contain('caused by');
    expect(originOf(toFailure('thrown'))).to.equal('thrown');
    expect(originOf(new JitFailure('OrgNotStored', { user: 'u' }))).to.equal(undefined);
  });

  it('leaves the places in the code as they are, whose paths can look like a token, and nothing else', () => {
    const place = '    at work (/builds/Team7/project/lib/shared/chunkPPHAIP2L/unexpectedError.js:1:2)';
    const secret = '5Aep861TSESvWeug1xvFHRBTTbfQ0x9';
    const withStack = (message: string, stack: string): string =>
      originOf(toFailure(Object.assign(new Error(message), { stack }))) ?? '';
    expect(withStack('cut', `Error: cut\n${place}`)).to.equal(`Error: cut\n${place}`);
    expect(withStack(`${secret} cut`, `Error: ${secret} cut\n${place}`)).to.equal(`Error: [hidden] cut\n${place}`);
    expect(withStack(`cut\n    at ${secret}`, `Error: cut\n    at ${secret}\n${place}`)).to.not.contain(secret);
    for (const message of ['', 'another'])
      expect(withStack(message, `Error: ${secret}\n${place}`)).to.not.contain(secret);
  });

  it('shows no secret, no control character, and not much', () => {
    const secret = '5Aep861TSESvWeug1xvFHRBTTbf';
    const error = Object.assign(new Error(`\u001b]0;pwned\u0007 refresh_token=${secret} ${'x '.repeat(5000)}`), {
      secret,
    });
    const shown = inspect(toFailure(error));
    expect(shown).to.contain('refresh_token=[hidden]').and.to.not.contain(secret);
    expect(shown).to.not.match(/[\u0000-\u0009\u000b-\u001f]|\\x1[bB]/);
    expect(toFailure(error).facts.problem).to.have.lengthOf.at.most(300);
  });
});
