import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  AgentAnswerProblem,
  AgentRefusal,
  identitiesIn,
  identitiesRequest,
  otherThanRsa,
  rsaPublicKey,
  signatureIn,
  signingRequest,
} from '../../../src/keys/sshAgentMessages.js';

const text = (bytes: Uint8Array | string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(bytes));
  return Buffer.concat([length, Buffer.from(bytes as Uint8Array)]);
};
const number = (value: number): Buffer => text(Buffer.alloc(value)).subarray(0, 4);

describe('messages to an ssh-agent', () => {
  it('are as the protocol wants them, the flag for SHA-256 included', () => {
    expect(identitiesRequest().toString('hex')).to.equal('000000010b');
    expect(signingRequest(Buffer.from('K'), Buffer.from('in')).toString('hex')).to.equal(
      '00000010' + '0d' + '000000014b' + '00000002696e' + '00000002',
    );
  });
});

describe('answers of an ssh-agent', () => {
  // from ssh-keygen: the test vector holds public halves only
  const ed25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS';

  it('hold keys, each with its fingerprint', () => {
    const blob = Buffer.from(ed25519, 'base64');
    const keys = identitiesIn(
      Buffer.concat([Buffer.from([12]), number(2), text(blob), text('mine'), text(blob), text('')]),
    );
    expect(keys.map(({ type, comment }) => [type, comment])).to.deep.equal([
      ['ssh-ed25519', 'mine'],
      ['ssh-ed25519', ''],
    ]);
    expect(keys[0]?.fingerprint).to.match(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(identitiesIn(Buffer.from([12, 0, 0, 0, 0]))).to.deep.equal([]);
  });

  it('hold the name of the algorithm beside the signature', () => {
    const answer = Buffer.concat([Buffer.from([14]), text(Buffer.concat([text('rsa-sha2-512'), text('sig')]))]);
    expect(signatureIn(answer)).to.deep.equal({ algorithm: 'rsa-sha2-512', signature: Buffer.from('sig') });
  });

  it('hold an RSA key as one that can be compared and used', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' }) as { n?: string; e?: string };
    const positive = (part: string): Buffer => text(Buffer.concat([Buffer.from([0]), Buffer.from(part, 'base64url')]));
    const blob = Buffer.concat([text('ssh-rsa'), text(Buffer.from(e, 'base64url')), positive(n)]);
    expect(createPublicKey({ key: rsaPublicKey(blob), format: 'jwk' }).equals(publicKey)).to.equal(true);
    expect(() => rsaPublicKey(Buffer.from(ed25519, 'base64'))).to.throw(AgentAnswerProblem);
  });

  it('may be a refusal, which has no reasons', () => {
    expect(() => identitiesIn(Buffer.from([5]))).to.throw(AgentRefusal);
    expect(() => signatureIn(Buffer.from([5]))).to.throw(AgentRefusal);
  });

  it('of any other form are refused as such, and cost nothing', () => {
    for (const bytes of [[], [6], [12], [12, 255, 255, 255, 255], [12, 0, 0, 0, 1, 0, 0, 0, 9], [14, 0, 0, 0, 0]]) {
      const read = bytes[0] === 14 ? signatureIn : identitiesIn;
      expect(() => read(Buffer.from(bytes)), String(bytes)).to.throw(AgentAnswerProblem);
    }
    const known = (error: unknown): boolean => error instanceof AgentAnswerProblem || error instanceof AgentRefusal;
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(12, 14), (bytes, type) => {
        for (const read of [identitiesIn, signatureIn, rsaPublicKey]) {
          try {
            read(Buffer.from([type, ...bytes]));
          } catch (error) {
            expect(known(error), String(error)).to.equal(true);
          }
        }
      }),
    );
  });

  it('name keys that are not RSA for what they are', () => {
    expect(
      [
        'ssh-rsa',
        'ssh-ed25519',
        'ecdsa-sha2-nistp256',
        'sk-ssh-ed25519@openssh.com',
        'ssh-dss',
        'ssh-rsa-cert-v01@openssh.com',
        'x',
      ].map(otherThanRsa),
    ).to.deep.equal([
      undefined,
      'an Ed25519 key',
      'an EC key',
      'a FIDO security key',
      'a DSA key',
      'an SSH certificate, not the key itself',
      'a key of another type',
    ]);
  });
});
