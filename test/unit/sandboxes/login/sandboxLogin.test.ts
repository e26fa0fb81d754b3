import { expect } from 'chai';
import { toFailedLogin } from '../../../../src/sandboxes/login/sandboxLogin.js';

describe('the entry for a login that failed', () => {
  const unknown = {
    sandboxName: 'uat',
    alias: null,
    username: null,
    orgId: null,
    instanceUrl: null,
    loginUrl: null,
    productionUsername: null,
    authType: null,
    status: 'failed',
    refreshed: false,
  };

  it('has the error with its actions, and null for all that was not found out', () => {
    const error = { name: 'Timeout', message: 'No answer.', actions: ['Try again'] };
    expect(toFailedLogin('uat', 'failed', error)).to.deep.equal({ ...unknown, error });
  });

  it('has an empty list for an error that suggests nothing', () => {
    expect(toFailedLogin('uat', 'failed', { name: 'Error', message: 'm' }).error.actions).to.deep.equal([]);
  });

  it('takes nothing else of the error, which may hold a secret', () => {
    const error = Object.assign(new Error('m'), { request: { assertion: 'secret' } });
    expect(toFailedLogin('uat', 'failed', error)).to.deep.equal({
      ...unknown,
      error: { name: 'Error', message: 'm', actions: [] },
    });
  });
});
