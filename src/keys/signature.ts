import type { KeyObject } from 'node:crypto';
import { constants, createHash, verify } from 'node:crypto';

/**
 * What keeps a signature from being sent: `undefined` when it is RS256 of this input by this key, else what it is instead, in words that
 * follow "The signature cannot be used: ".
 */
export function signatureProblem(input: Uint8Array, signature: Uint8Array, publicKey: KeyObject): string | undefined {
  if (verify('sha256', input, publicKey, signature)) return undefined;
  const length = keyLength(publicKey);
  if (signature.length !== length) {
    return `it is ${signature.length} bytes long, and the key makes ${length}: another key made it, or it is no RSA signature`;
  }
  const other = mistakes.find(({ is }) => is(input, signature, publicKey));
  return other?.problem ?? 'the public key does not confirm it: another key made it, or something else was signed';
}

/** Bytes of every signature of this key. */
export function keyLength(publicKey: KeyObject): number {
  return Math.ceil((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
}

/** What signing services do when they are asked in a slightly wrong way. */
const mistakes: ReadonlyArray<{
  readonly is: (input: Uint8Array, signature: Uint8Array, publicKey: KeyObject) => boolean;
  readonly problem: string;
}> = [
  {
    is: (input, signature, key) => verify('sha512', input, key, signature),
    problem: 'it was made with SHA-512 (RS512), and Salesforce takes SHA-256 (RS256) only',
  },
  {
    is: (input, signature, key) => verify('sha384', input, key, signature),
    problem: 'it was made with SHA-384 (RS384), and Salesforce takes SHA-256 (RS256) only',
  },
  {
    is: (input, signature, key) => verify('sha1', input, key, signature),
    problem: 'it was made with SHA-1, and Salesforce takes SHA-256 (RS256) only',
  },
  {
    is: (input, signature, publicKey) =>
      verify('sha256', input, { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING }, signature),
    problem: 'it is padded as PSS (PS256), and Salesforce takes PKCS#1 v1.5 (RS256) only',
  },
  {
    is: (input, signature, key) => verify('sha256', createHash('sha256').update(input).digest(), key, signature),
    problem:
      'the hash of the input was signed as if it were the input; have the input itself signed, or say that it is a hash',
  },
  {
    is: (input, signature, key) => verify('sha256', Buffer.concat([input, Buffer.from('\n')]), key, signature),
    problem: 'the input was signed with a line break at its end',
  },
];

/**
 * The signature that a program printed: base64 or base64url with any white space, also behind the `vault:v1:` of HashiCorp Vault; or the
 * bytes themselves, as openssl and pkcs11-tool print them.
 */
export function parseSignature(printed: Buffer, publicKey: KeyObject): Buffer | undefined {
  if (printed.length === keyLength(publicKey)) return printed;
  const text = printed
    .toString('latin1')
    .replace(/\s/g, '')
    .replace(/^vault:v\d{1,9}:/, '');
  return /^[A-Za-z0-9+/_-]{4,}={0,2}$/.test(text) && !text.includes('-----') ? Buffer.from(text, 'base64') : undefined;
}
