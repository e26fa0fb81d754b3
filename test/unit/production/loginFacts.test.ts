import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import { toSfError } from '../../../src/failures/failureView.js';
import { withLoginFacts, loginFacts } from '../../../src/production/loginFacts.js';
import type { KeySource } from '../../../src/keys/keySource.js';

const login = (key: KeySource) => ({
  username: 'admin@acme.com',
  clientId: '3MVG9abc',
  loginUrl: 'https://acme.my.salesforce.com',
  key,
  from: 'registration' as const,
});

describe('what advice knows of the login of production', () => {
  it('is the flags that register it again, its key where that can be said in a word', () => {
    const { loginUrl, userAndApp, key } = loginFacts(login({ source: 'file', path: 'certs/server.key' }));
    expect([loginUrl, userAndApp, key]).to.deep.equal([
      'https://acme.my.salesforce.com',
      '--username admin@acme.com --client-id 3MVG9abc',
      '--jwt-key-file certs/server.key',
    ]);
    expect(loginFacts(login({ source: 'env', name: 'PROD_KEY' })).key).to.equal('--jwt-key-env PROD_KEY');
    expect(loginFacts(login({ source: 'agent', fingerprint: 'SHA256:ab+/c' })).key).to.equal(
      '--jwt-agent SHA256:ab+/c',
    );
    expect(loginFacts(login({ source: 'file', path: 'my keys/$(rm).key' })).key).to.equal(undefined);
    expect(loginFacts(login({ source: 'stdin' })).key).to.equal(undefined);
    expect(loginFacts({ ...login({ source: 'stdin' }), username: 'a b;c' }).userAndApp).to.equal(undefined);
  });

  it('is the address alone of an org that sf logged in to', () => {
    expect(loginFacts(login({ source: 'sf' }))).to.deep.equal({ loginUrl: 'https://acme.my.salesforce.com' });
  });

  it('is added to a failure, whose own facts stay; and is no data of it but for the address', async () => {
    const failure = new JitFailure('ApiLimitReached', { org: 'production org', loginUrl: 'https://known.example' });
    const known = (await withLoginFacts(login({ source: 'stdin' }), () => Promise.reject(failure)).catch(
      (error: unknown) => error,
    )) as JitFailure;
    expect(known.facts).to.include({ org: 'production org', loginUrl: 'https://known.example' });
    expect(known.facts.userAndApp).to.contain('3MVG9abc');
    expect(toSfError(known)).to.have.deep.property('data', {
      org: 'production org',
      loginUrl: 'https://known.example',
    });
    const bug = new RangeError('bug');
    const thrown = await withLoginFacts(login({ source: 'stdin' }), () => Promise.reject(bug)).catch((e: unknown) => e);
    expect(thrown).to.equal(bug);
  });
});
