import { expect } from 'chai';
import { isSafeFromEavesdroppers, loginOrigin } from '../../../src/salesforce/loginUrl.js';
import { failureOf } from '../../support/rejection.js';

describe('where a login may be sent', () => {
  it('is no address with a user name or a password in it, as somebody else may read those', () => {
    for (const url of ['https://me@acme.my.salesforce.com', 'https://:secret@acme.my.salesforce.com']) {
      const { name, facts } = failureOf(() => loginOrigin(url, '-r'));
      expect([name, facts.problem], url).to.deep.equal(['InputInvalid', 'it must not contain a user name or password']);
    }
  });

  it('is no address of the Lightning interface, which takes no logins', () => {
    expect(failureOf(() => loginOrigin('https://acme.lightning.force.com', '-r')).name).to.equal('InputInvalid');
    const other = 'https://acme.lightning.force.com.example';
    expect(loginOrigin(other, '-r')).to.equal(other);
  });

  it('is safe from eavesdroppers when it is encrypted, or on this machine by http', () => {
    for (const [url, isSafe] of [
      ['https://acme.my.salesforce.com', true],
      ['http://acme.my.salesforce.com', false],
      ['http://localhost:1717', true],
      ['http://[::1]:1717', true],
      ['ftp://localhost', false],
      ['no url', false],
    ] as const) {
      expect(isSafeFromEavesdroppers(url), url).to.equal(isSafe);
    }
  });
});
