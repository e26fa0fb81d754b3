import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { harmlessText } from '../../../src/keys/harmlessText.js';

describe('what a program says about its failure', () => {
  const harmless = [
    'An error occurred (AccessDeniedException) when calling the Sign operation: User is not authorized',
    '[ERROR] 2026/11/28 10:00:12 could not read secret op://ci/prod/key: "prod" is not a vault in this account',
    'ERROR: (gcloud.kms.asymmetric-sign) PERMISSION_DENIED: Permission cloudkms.cryptoKeyVersions.useToSign denied',
    'Error writing data to transit/sign/salesforce: Put "https://vault.acme.com:8200/v1/transit/sign/salesforce": connection refused',
    'error: PKCS11 function C_Login failed: rv = CKR_PIN_INCORRECT',
    'Could not open file /home/me/keys/server.key: No such file or directory',
  ];
  for (const text of harmless) {
    it(`is shown when it is made of words: ${text.slice(0, 40)}`, () => {
      expect(harmlessText(text, '')).to.equal(text);
    });
  }

  it('is one line of at most 300 characters', () => {
    expect(harmlessText('first\nsecond\r\n\tthird', '')).to.equal('first second third');
    expect(harmlessText('words '.repeat(100), '')).to.have.lengthOf(300);
    expect(harmlessText('  ', '')).to.equal(undefined);
  });

  it('loses what is no word, and all of it when that is much', () => {
    expect(harmlessText('the token hvs.CAESIJ1x9Zq8Kd7uY2 is not allowed to do it', '')).to.equal(
      'the token … is not allowed to do it',
    );
    expect(harmlessText('key: hvs.CAESIJ1x9Zq8Kd7uY2', '')).to.equal(undefined);
    expect(harmlessText('the words correcthorse were printed as a key', 'correcthorsebattery')).to.equal(
      'the words … were printed as a key',
    );
  });

  describe('never shows a key', () => {
    const keys = Array.from({ length: 3 }, () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    const bodies = keys.map((key) => key.export({ type: 'pkcs8', format: 'der' }));
    const chunks = (text: string, size: number): string[] => text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
    const hasPart = (shown: string, body: Buffer): boolean =>
      [body.toString('base64'), body.toString('base64url'), body.toString('hex')].some((encoded) =>
        chunks(shown.replaceAll(/[^A-Za-z0-9+/_-]/g, ''), 12).some(
          (part) => part.length === 12 && encoded.includes(part),
        ),
      );

    it('whole or in pieces of any length, in base64 or in hexadecimal digits, among words or alone', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...bodies),
          fc.constantFrom('base64', 'base64url', 'hex'),
          fc.integer({ min: 1, max: 100 }),
          fc.constantFrom(' ', '\n', '\t', ': ', ', '),
          fc.constantFrom(
            '',
            'Error: the key is ',
            '-----BEGIN PRIVATE KEY-----\n',
            'PRIVATE KEY=',
            'the first line of it reads as follows, I think: ',
          ),
          (body, encoding, size, between, before) => {
            const text = before + chunks(body.toString(encoding), size).join(between);
            const shown = harmlessText(text, '') ?? '';
            expect(hasPart(shown, body), shown).to.equal(false);
            expect(shown.length, shown).to.be.below(before.length + 40);
          },
        ),
        { numRuns: 2000 },
      );
    });

    it('byte by byte in decimal numbers', () => {
      const text = [...(bodies[0] ?? [])].join(' ');
      expect(harmlessText(text, '')).to.equal(undefined);
    });
  });
});
