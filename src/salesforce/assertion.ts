import type { SigningKey } from '../keys/signingKey.js';

/** What an assertion claims (docs/salesforce.md, Assertion). */
export type Claims = {
  /** Consumer key of the app. */
  readonly iss: string;
  /** Username. */
  readonly sub: string;
  /** Login host. */
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
};

/**
 * The claims as a signed JWT (RFC 7515, compact serialization), with the one algorithm that Salesforce takes. Put together here and not by
 * a library, since libraries sign with keys in memory only, and the key may be in an agent's or a program's hands.
 *
 * @throws what the key throws
 */
export async function signAssertion(claims: Claims, key: SigningKey): Promise<string> {
  const input = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${input}.${(await key.sign(Buffer.from(input))).toString('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
