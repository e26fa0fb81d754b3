import { constants, createHash, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { keyLength, parseSignature, signatureProblem } from '../../../src/keys/signature.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const input = Buffer.from('header.claims');

describe('a signature', () => {
  it('is good when the public key confirms that it is RS256 of this input', () => {
    expect(signatureProblem(input, sign('sha256', input, privateKey), publicKey)).to.equal(undefined);
  });

  const others = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const longer = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
  const wrong: ReadonlyArray<readonly [string, Buffer, RegExp]> = [
    ['with SHA-512', sign('sha512', input, privateKey), /SHA-512 \(RS512\)/],
    ['with SHA-384', sign('sha384', input, privateKey), /SHA-384 \(RS384\)/],
    ['with SHA-1', sign('sha1', input, privateKey), /SHA-1,/],
    [
      'with PSS',
      sign('sha256', input, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
      /PSS \(PS256\)/,
    ],
    ['of the hash', sign('sha256', createHash('sha256').update(input).digest(), privateKey), /the hash of the input/],
    ['of a line', sign('sha256', Buffer.from('header.claims\n'), privateKey), /line break/],
    ['of something else', sign('sha256', Buffer.from('header.others'), privateKey), /something else was signed/],
    ['by another key', sign('sha256', input, others), /another key made it/],
    ['by a longer key', sign('sha256', input, longer), /^it is 384 bytes long, and the key makes 256/],
    ['that is none', Buffer.alloc(256), /another key made it/],
    ['without a byte', Buffer.alloc(0), /^it is 0 bytes long/],
  ];
  for (const [what, signature, problem] of wrong) {
    it(`${what} is not, and the reason is told`, () => {
      expect(signatureProblem(input, signature, publicKey)).to.match(problem);
    });
  }
});

describe('a printed signature', () => {
  const signature = sign('sha256', input, privateKey);
  const base64 = signature.toString('base64');
  const printed: Record<string, string | Buffer> = {
    base64,
    base64url: signature.toString('base64url'),
    'base64 in lines': `${base64.replace(/.{64}/g, '$&\r\n')}\n`,
    'base64 of Vault': `vault:v12:${base64}\n`,
    bytes: signature,
  };
  for (const [form, text] of Object.entries(printed)) {
    it(`is read as ${form}`, () => {
      expect(parseSignature(Buffer.from(text), publicKey)).to.deep.equal(signature);
    });
  }

  it('is not read out of anything else', () => {
    for (const text of ['', '{"Signature":"AAAA"}', `SHA256(stdin)= ${signature.toString('hex')}`, 'an error!']) {
      expect(parseSignature(Buffer.from(text), publicKey), text).to.equal(undefined);
    }
  });

  it('has the length of the key', () => {
    expect(keyLength(publicKey)).to.equal(256);
  });
});
