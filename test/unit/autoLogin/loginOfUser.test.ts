import { expect } from 'chai';
import { isRefusedLogin, registeredAlias } from '../../../src/autoLogin/loginOfUser.js';

const error = (name: string, message: string, cause?: Error): Error =>
  Object.assign(new Error(message, { cause }), { name });

describe('a login of the user that is refused', () => {
  it('is told from any other failure of a command', () => {
    expect(isRefusedLogin(error('INVALID_SESSION_ID', 'Session expired or invalid'))).to.equal(true);
    expect(isRefusedLogin(error('Error', 'Unable to refresh session: expired access/refresh token'))).to.equal(true);
    expect(isRefusedLogin(error('SfError', 'It failed', error('JwtAuthError', 'no')))).to.equal(true);
    for (const other of [error('MALFORMED_QUERY', 'unexpected token'), error('NoOrgFound', 'none'), 'text', undefined])
      expect(isRefusedLogin(other), String(other)).to.equal(false);
  });

  it('does not follow causes that lead in a circle', () => {
    const circle = error('SfError', 'x');
    circle.cause = circle;
    expect(isRefusedLogin(circle)).to.equal(false);
  });

  it('is of the sandbox that is registered with that username, in either layer', () => {
    const machine = { sandboxes: [{ username: 'Admin@acme.com.uat', alias: 'uat' }] };
    const project = { sandboxes: [{ username: 'admin@acme.com.sit', alias: 'sit' }] };
    expect(registeredAlias('admin@acme.com.uat', [machine, project])).to.equal('uat');
    expect(registeredAlias('admin@acme.com.sit', [machine, project])).to.equal('sit');
    expect(registeredAlias('admin@acme.com.dev', [machine, project])).to.equal(undefined);
  });

  it('is of none when files are damaged, or an alias could do more than name a sandbox', () => {
    const odd = [
      { username: 'a@b', alias: 7 },
      { username: 7, alias: 'uat' },
      { username: 'a@b', alias: 'rm -rf ~; uat' },
    ];
    const hostile = { sandboxes: [null, 1, {}, { username: 'a@b', alias: 'uat; rm -rf ~' }, ...odd] };
    for (const layer of [undefined, null, 'text', { sandboxes: {} }, hostile]) {
      expect(registeredAlias('a@b', [layer])).to.equal(undefined);
    }
  });
});
