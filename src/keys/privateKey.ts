import type { KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { JitFailure } from '../failures/failures.js';
import { unwrap } from './mangledSecret.js';
import type { PemBlock } from './pem.js';
import { derLengths, pemBlocks, pemText } from './pem.js';

/** The shortest RSA key with which Salesforce accepts assertions (docs/salesforce.md, Assertion). */
const smallestKeySize = 2048;

/** Where a key came from, so that a failure can name the place: a file, a variable, a program, or none when it was piped in. */
export type KeyOrigin = {
  readonly file?: string;
  readonly variable?: string;
  /** The program that printed it. */
  readonly program?: string;
  /** Username of the production org whose key it should be. */
  readonly production: string;
};

/** What is wrong with a key, in words that end the sentence "The private key cannot be used: …". Never a part of the key. */
class KeyProblem extends Error {}

/**
 * Reads production's private key, whatever CI systems did to it on the way: quotes around it, `\n` as two characters, CRLF,
 * base64 of the whole, surrounding spaces, everything on one line, wrapped in JSON (docs/salesforce.md, Keys from CI systems).
 *
 * @param options.passphrase for an encrypted key; ignored by a key that is not
 * @returns an RSA private key of at least 2048 bits
 * @throws KeyInvalid naming what the text is instead, by its shape only: never by its value.
 */
export function parsePrivateKey(text: string, options: { passphrase?: string; origin: KeyOrigin }): KeyObject {
  try {
    return usableKey(text, options.passphrase);
  } catch (error) {
    if (!(error instanceof KeyProblem)) throw error;
    // The cause is left out on purpose: what OpenSSL says adds nothing, and a key must not travel in an error by accident.
    throw new JitFailure('KeyInvalid', { problem: error.message, ...options.origin });
  }
}

/** Whether this is the text of a key rather than a path to one: the mistake of `--jwt-key-file "$SF_PRIVATE_KEY"`. */
export function looksLikePrivateKey(text: string): boolean {
  const plain = unwrap(text);
  return /BEGIN [A-Z ]{0,40}PRIVATE KEY/.test(plain) || /^MII[A-Za-z0-9+/=\s]{300,}$/.test(plain);
}

/**
 * Refuses a key that was put where something else belongs, before it is sent or shown anywhere.
 *
 * @param place the flag or variable; `expected` what it takes
 * @throws KeyInvalid
 */
export function refuseKeyText(value: string | undefined, place: string, expected: string): void {
  if (value === undefined || !looksLikePrivateKey(value)) return;
  throw new JitFailure('KeyInvalid', { problem: `the key itself was given to ${place}, which takes ${expected}` });
}

function usableKey(text: string, passphrase: string | undefined): KeyObject {
  const plain = unwrap(text);
  if (plain === '') throw new KeyProblem('it is empty');
  const blocks = pemBlocks(plain);
  const block = blocks.find(({ label }) => label.endsWith('PRIVATE KEY')) ?? blocks[0];
  if (!block) return keyWithoutHeader(plain, text);
  const wrongKind = kinds.find(({ label }) => label.test(block.label));
  if (wrongKind) throw new KeyProblem(wrongKind.problem);
  if (!block.label.endsWith('PRIVATE KEY')) {
    throw new KeyProblem(`it is a PEM block of a kind that holds no private key (${shape(text)})`);
  }
  if (!block.complete) {
    throw new KeyProblem(`it is cut off: it begins as a private key but has no END line (${shape(text)})`);
  }
  const lengths = derLengths(block.body);
  if (lengths && !block.encryptedBody && lengths.present < lengths.announced) {
    throw new KeyProblem(`it is cut off: ${lengths.present} of its ${lengths.announced} bytes are there`);
  }
  return requireUsableKey(openBlock(block, passphrase, text));
}

/** What else people paste where the private key belongs, by PEM label; the first match counts. */
const kinds: ReadonlyArray<{ readonly label: RegExp; readonly problem: string }> = [
  {
    label: /CERTIFICATE REQUEST/,
    problem: 'it is a certificate signing request; the private key that it was made from is needed',
  },
  {
    label: /CERTIFICATE/,
    problem:
      'it is a certificate; the private key that belongs to it is needed (the .key file, not the .crt or .pem file)',
  },
  { label: /PUBLIC KEY/, problem: 'it is a public key; the private key that belongs to it is needed' },
  {
    label: /OPENSSH PRIVATE KEY/,
    problem:
      'it is a key in OpenSSH format; Salesforce needs an RSA key in PEM format ("ssh-keygen -p -m PEM -f" converts a copy of it)',
  },
  { label: /^EC (PRIVATE KEY|PARAMETERS)/, problem: 'it is an EC key; Salesforce accepts RSA keys only' },
  { label: /^DSA /, problem: 'it is a DSA key; Salesforce accepts RSA keys only' },
  { label: /^PGP /, problem: 'it is a PGP key; an RSA private key in PEM format is needed' },
  { label: /PKCS7|CMS/, problem: 'it is a PKCS#7 bundle of certificates; the private key is needed' },
];

/** Opens a block whose label says that it holds a private key. */
function openBlock(block: PemBlock, passphrase: string | undefined, text: string): KeyObject {
  const pem = pemText(block);
  const encrypted = block.encryptedBody || block.label.startsWith('ENCRYPTED');
  if (!encrypted) {
    try {
      return createPrivateKey(pem);
    } catch {
      throw new KeyProblem(`it has the form of a private key, but its content is damaged (${shape(text)})`);
    }
  }
  if (passphrase === undefined || passphrase === '') {
    throw new KeyProblem('it is encrypted, and no passphrase was given (SF_PRIVATE_KEY_PASSPHRASE)');
  }
  // A passphrase from a secret store often ends in a line break that is not part of it.
  for (const attempt of new Set([passphrase, passphrase.trim()])) {
    try {
      return createPrivateKey({ key: pem, passphrase: attempt });
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ERR_OSSL_EVP_UNSUPPORTED') {
        throw new KeyProblem(
          'it is encrypted in a way that this version of Node cannot read; encrypt it again with AES-256',
        );
      }
    }
  }
  throw new KeyProblem('it is encrypted, and the passphrase (SF_PRIVATE_KEY_PASSPHRASE) does not open it');
}

function requireUsableKey(key: KeyObject): KeyObject {
  const problem = rsaKeyProblem(key);
  if (problem !== undefined) throw new KeyProblem(problem);
  return key;
}

/** What keeps Salesforce from taking a key, private or public, in words that end "The private key cannot be used: …". */
export function rsaKeyProblem(key: KeyObject): string | undefined {
  const type = key.asymmetricKeyType;
  if (type !== 'rsa')
    return `it is ${keyTypes[type ?? ''] ?? 'a key of another type'}; Salesforce accepts RSA keys only`;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < smallestKeySize
    ? `it is an RSA key of ${bits} bits; Salesforce needs ${smallestKeySize} bits or more`
    : undefined;
}

const keyTypes: Readonly<Record<string, string>> = {
  ec: 'an EC key',
  ed25519: 'an Ed25519 key',
  ed448: 'an Ed448 key',
  x25519: 'an X25519 key',
  x448: 'an X448 key',
  dsa: 'a DSA key',
  dh: 'a Diffie-Hellman key',
  'rsa-pss': 'an RSA-PSS key, which cannot sign with RS256',
};

/** A text without any PEM header: either the bare base64 of a key, which is good enough, or something else to be named. */
function keyWithoutHeader(plain: string, text: string): KeyObject {
  const lengths = derLengths(plain);
  if (lengths) {
    if (lengths.present < lengths.announced) {
      throw new KeyProblem(
        `it is cut off: it has no header, and ${lengths.present} of its ${lengths.announced} bytes are there`,
      );
    }
    for (const type of ['pkcs8', 'pkcs1'] as const) {
      try {
        return requireUsableKey(createPrivateKey({ key: Buffer.from(plain, 'base64'), format: 'der', type }));
      } catch (error) {
        if (error instanceof KeyProblem) throw error;
      }
    }
    throw new KeyProblem(`it is base64 without a header, and what it encodes is not a private key (${shape(text)})`);
  }
  const other = notKeys.find(({ looks }) => looks.test(plain));
  if (other) throw new KeyProblem(other.problem);
  throw new KeyProblem(`it has no line "BEGIN PRIVATE KEY" (${shape(text)})`);
}

/** Texts that are not PEM at all; the first match counts. */
const notKeys: ReadonlyArray<{ readonly looks: RegExp; readonly problem: string }> = [
  {
    looks: /[\u0000-\u0008\u000E-\u001F\uFFFD]/,
    problem: 'it is binary: convert a DER, PKCS#12 (.p12, .pfx) or Java key store to PEM first',
  },
  {
    looks: /^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-\S+) /,
    problem: 'it is an SSH public key; an RSA private key in PEM format is needed',
  },
  {
    looks: /^PuTTY-User-Key-File/,
    problem: 'it is a PuTTY key; export it in PEM format with PuTTYgen (Conversions > Export OpenSSH key)',
  },
  {
    looks: /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/,
    problem: 'it is cut off: it has the END line of a private key but no BEGIN line',
  },
  {
    looks: /^3MVG9[\w.]+$/,
    problem: 'it is the consumer key of an app (that belongs in --client-id), not a private key',
  },
  { looks: /^force:\/\//, problem: 'it is an sfdx auth URL, not a private key' },
  { looks: /^00D\w{12,15}!/, problem: 'it is an access token, not a private key' },
  { looks: /^eyJ[\w-]+\.[\w-]+\./, problem: 'it is a JWT, not a private key' },
  { looks: /^\*+$/, problem: 'it is a masked value (asterisks), not a private key' },
  {
    looks: /^(\$\{?\w+\}?|\$\(.*\)|\$\{\{.*\}\}|%\w+%|\{\{.*\}\})$/,
    problem: 'it is a reference to a variable or command that was not replaced by its value',
  },
  { looks: /^\{[\s\S]*\}$/, problem: 'it is JSON without a private key in it' },
  { looks: /^https?:\/\/\S+$/, problem: 'it is a URL, not a private key' },
  {
    looks: /^(~|\.{1,2}|[A-Za-z]:)?[\\/][^\r\n]{0,1000}$/,
    problem: 'it is a path to a file; the key itself is needed here, or the path in --jwt-key-file',
  },
  {
    looks: /^[^\r\n]{1,1000}\.(key|pem|crt|cer|der|p8|p12|pfx|jks|txt)$/i,
    problem: 'it is the name of a file; the key itself is needed here, or the file in --jwt-key-file',
  },
];

/** The outline of a secret: enough to recognise it by, nothing of its value. */
function shape(text: string): string {
  const lines = text.trim().split(/\r\n|\r|\n/).length;
  return `${text.length} characters, ${lines} ${lines === 1 ? 'line' : 'lines'}`;
}
