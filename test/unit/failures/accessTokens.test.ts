import { expect } from 'chai';
import { withoutAccessTokens } from '../../../src/failures/accessTokens.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { toSfError, failureText } from '../../../src/failures/failureView.js';

const opaque = '00D5g0000000001!AQEAQNkq.x_Y';
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1YXQifQ.c2lnbmF0dXJl_-';

describe('an access token that was given as a name', () => {
  it('is never shown, whichever format it has, neither in the text nor in --json', () => {
    for (const token of [opaque, jwt]) {
      const failure = new JitFailure('SandboxNotRegistered', { sandbox: token });
      const { message, actions } = failureText(failure);
      const error = toSfError(failure) as Error & { data?: unknown };
      const all = [message, ...actions, JSON.stringify(error.data), error.message].join('\n');
      expect(all).to.contain('[access token]').and.not.contain(token).and.not.contain(token.slice(4, 20));
    }
  });

  it('is all that is taken out of a text', () => {
    expect(withoutAccessTokens(`uat, "${opaque}", ${jwt} and eyJ.x`)).to.equal(
      'uat, "[access token]", [access token] and eyJ.x',
    );
    for (const text of ['00D5g0000000001EAA', 'admin@acme.example', 'feature/eyJack', '']) {
      expect(withoutAccessTokens(text)).to.equal(text);
    }
  });
});
