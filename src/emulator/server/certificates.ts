import { createPrivateKey } from 'node:crypto';
import 'reflect-metadata';

/** A certificate and the key that belongs to it, both PEM. */
export type KeyAndCertificate = { key: string; certificate: string };

/** A throw-away certificate authority: its certificate, and a certificate for the names of this machine's loopback. */
export type Authority = { caCertificate: string; server: KeyAndCertificate };

const yesterday = (): Date => new Date(Date.now() - 86_400_000);
const nextYear = (): Date => new Date(Date.now() + 365 * 86_400_000);
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

async function pem(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/**
 * Makes a certificate authority and signs a server certificate with it. Elliptic keys, because they take a millisecond
 * to make; the authority's key is forgotten, so nothing else can ever be signed with it.
 */
export async function createAuthority(commonName: string): Promise<Authority> {
  const x509 = await import('@peculiar/x509');
  const [caKeys, serverKeys] = await Promise.all([
    crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']),
    crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']),
  ]);
  const dates = { notBefore: yesterday(), notAfter: nextYear() };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys: caKeys,
    signingAlgorithm: ecdsa,
    ...dates,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: [{ CN: ['localhost'] }],
    issuer: ca.subject,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ecdsa,
    ...dates,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  });
  return {
    caCertificate: ca.toString('pem') + '\n',
    server: { key: await pem(serverKeys.privateKey), certificate: server.toString('pem') + '\n' },
  };
}

/** Makes what an admin uploads to a connected app (the certificate) and keeps for JWT logins (the RSA key). */
export async function createAppCertificate(commonName: string): Promise<KeyAndCertificate> {
  const x509 = await import('@peculiar/x509');
  const keys = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: rsa,
    notBefore: yesterday(),
    notAfter: nextYear(),
  });
  return { key: await pem(keys.privateKey), certificate: certificate.toString('pem') + '\n' };
}
