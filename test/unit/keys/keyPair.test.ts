import { expect } from 'chai';
import type { JitFailure } from '../../../src/failures/failures.js';
import type { CertificateSubject } from '../../../src/keys/keyPair.js';
import { checkSubject } from '../../../src/keys/keyPair.js';

const problemOf = (subject: Partial<CertificateSubject>): string => {
  try {
    checkSubject({ commonName: 'x', ...subject });
  } catch (error) {
    const { name, facts } = error as JitFailure;
    expect(name).to.equal('InputInvalid');
    return `${facts.field}: ${facts.problem}`;
  }
  throw new Error('the subject was accepted');
};

describe('checkSubject', () => {
  it('trims values, leaves absent ones out, and writes countries in capitals', () => {
    expect(checkSubject({ commonName: ' Acme CI ', country: 'us', state: undefined })).to.deep.equal({
      commonName: 'Acme CI',
      country: 'US',
    });
    expect(checkSubject({ commonName: 'Zoë, O=Evil' }).commonName).to.equal('Zoë, O=Evil');
  });

  it('names the flag and what is wrong with its value', () => {
    expect(problemOf({ country: 'USA' })).to.equal('--country: it must be the two letters of a country, such as US');
    expect(problemOf({ commonName: ' ' })).to.equal('--common-name: it is empty');
    expect(problemOf({ organizationalUnit: 'a'.repeat(65) })).to.equal(
      '--organizational-unit: it is longer than 64 characters',
    );
    expect(problemOf({ organization: 'a\nb' })).to.equal('--organization: it contains a control character');
    expect(problemOf({ email: 'admin' })).to.contain('--email: it must be an e-mail address');
    expect(problemOf({ email: 'zoë@acme.com' })).to.contain('in ASCII');
  });
});
