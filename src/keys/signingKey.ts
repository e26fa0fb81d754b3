import type { KeyObject } from 'node:crypto';
import { createPublicKey, sign } from 'node:crypto';

/**
 * An RSA private key as its users see it: it signs, and shows its public half. Where the private half is (in memory, in an agent,
 * in a program's hands) is nobody's business but its maker's.
 */
export interface SigningKey {
  /** The public half; of an RSA key of 2048 bits or more. */
  readonly publicKey: KeyObject;
  /**
   * Signs with RSASSA-PKCS1-v1_5 and SHA-256, which JWT calls RS256.
   *
   * @returns a signature that the public half confirms
   * @throws SignatureUnusable and others when the key is somewhere else and does not sign
   */
  sign(input: Uint8Array): Promise<Buffer>;
}

/** A key in memory. */
export function signingKey(key: KeyObject): SigningKey {
  return {
    publicKey: createPublicKey(key),
    sign: (input) => Promise.resolve(sign('sha256', input, key)),
  };
}

/** The size of the key in bits. */
export function keyBits({ publicKey }: Pick<SigningKey, 'publicKey'>): number {
  return publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
}
