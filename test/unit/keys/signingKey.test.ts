import { generateKeyPairSync, verify } from 'node:crypto';
import { expect } from 'chai';
import { keyBits, signingKey } from '../../../src/keys/signingKey.js';

describe('a key in memory', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 3072 });

  it('shows its public half and its size, never its private half', () => {
    const key = signingKey(pair.privateKey);
    expect(key.publicKey.equals(pair.publicKey)).to.equal(true);
    expect(keyBits(key)).to.equal(3072);
    expect(Object.values(key)).to.not.include(pair.privateKey);
  });

  it('signs with RS256', async () => {
    const input = Buffer.from('header.claims');
    const signature = await signingKey(pair.privateKey).sign(input);
    expect(verify('sha256', input, pair.publicKey, signature)).to.equal(true);
    expect(verify('sha256', Buffer.from('header.others'), pair.publicKey, signature)).to.equal(false);
  });
});
