import { createPrivateKey, X509Certificate } from 'node:crypto';
import 'reflect-metadata';
import type { JsonNameParams } from '@peculiar/x509';
import type { CertificateSubject, KeySize } from '../keyPair.js';
import type { SigningKey } from '../signingKey.js';

type CertificateTerms = { days: number; subject: CertificateSubject; now: Date };
type CertificateRequest = CertificateTerms & { keySize: KeySize };

type Certificate = {
  /** PEM. */
  readonly certificate: string;
  readonly fingerprintSha256: string;
  readonly expiresAt: Date;
  readonly subject: string;
};

/** With its key: PKCS#8, PEM. */
type CreatedCertificate = Certificate & { readonly key: string };

/** RSA keys from Node, certificates from `@peculiar/x509`, which is loaded only here: it takes a tenth of a second. */
export const certificates = {
  async create({ keySize, ...terms }: CertificateRequest): Promise<CreatedCertificate> {
    const algorithm = { ...rs256, modulusLength: keySize, publicExponent: new Uint8Array([1, 0, 1]) };
    const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey));
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return {
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ...(await selfSigned(publicKey, privateKey, terms, crypto)),
    };
  },
};

/**
 * A self-signed certificate for a key that is kept elsewhere: what is to be signed goes to it, and its private half comes from nowhere.
 *
 * @throws what the key throws
 */
export async function certificateFor(key: SigningKey, terms: CertificateTerms): Promise<Certificate> {
  const der = key.publicKey.export({ type: 'spki', format: 'der' });
  const publicKey = await crypto.subtle.importKey('spki', new Uint8Array(der), rs256, true, ['verify']);
  // of a signing key only its kind is looked at: signing is the key's own
  return selfSigned(publicKey, publicKey, terms, signingElsewhere(key));
}

async function selfSigned(
  publicKey: CryptoKey,
  signingKey: CryptoKey,
  { days, subject, now }: CertificateTerms,
  cryptography: Crypto,
): Promise<Certificate> {
  const x509 = await import('@peculiar/x509');
  const { notBefore, notAfter } = validity(days, now);
  const name = new x509.Name(nameOf(subject));
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: name,
      issuer: name,
      publicKey,
      signingKey,
      signingAlgorithm: rs256,
      notBefore,
      notAfter,
      // As "openssl req -x509" makes it, which is what Salesforce's own guide uses.
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(publicKey),
      ],
    },
    cryptography,
  );
  return {
    certificate: `${certificate.toString('pem')}\n`,
    fingerprintSha256: new X509Certificate(Buffer.from(certificate.rawData)).fingerprint256,
    expiresAt: notAfter,
    subject: certificate.subject,
  };
}

const rs256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

function validity(days: number, now: Date): { notBefore: Date; notAfter: Date } {
  // DER has no milliseconds.
  const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * 86_400_000) };
}

/** Node's own cryptography, but for signing. */
function signingElsewhere(key: SigningKey): Crypto {
  const sign = async (_algorithm: unknown, _key: unknown, input: BufferSource): Promise<ArrayBuffer> => {
    const bytes = ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input);
    return new Uint8Array(await key.sign(bytes)).buffer;
  };
  const subtle = new Proxy(crypto.subtle, {
    get: (own, name) => (name === 'sign' ? sign : bound(own, name)),
  });
  return new Proxy(crypto, { get: (own, name) => (name === 'subtle' ? subtle : bound(own, name)) });
}

function bound(own: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(own, name, own);
  return typeof value === 'function' ? (value.bind(own) as unknown) : value;
}

/**
 * The name in the order in which openssl writes it. Each value with its type: of a plain text the library would take quotes, `#` and
 * backslashes for syntax.
 */
function nameOf(subject: CertificateSubject): JsonNameParams {
  const { country, email } = subject;
  const texts = [
    ['ST', subject.state],
    ['L', subject.locality],
    ['O', subject.organization],
    ['OU', subject.organizationalUnit],
    ['CN', subject.commonName],
  ] as const;
  return [
    ...(country === undefined ? [] : [{ C: [{ printableString: country }] }]),
    ...texts.flatMap(([name, value]) => (value === undefined ? [] : [{ [name]: [{ utf8String: value }] }])),
    ...(email === undefined ? [] : [{ E: [{ ia5String: email }] }]),
  ];
}
