import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { KeySource } from '../keySource.js';
import type { CertificateFacts } from '../keyPair.js';
import type { SigningKey } from '../signingKey.js';

/** What certificates beside a key are called. */
const extensions = ['.crt', '.cer', '.pem'];

/** The certificate of a key: the one that was named with it, or the one beside its file. Nothing is known of other keys'. */
export async function certificateOf(source: KeySource, key: SigningKey): Promise<CertificateFacts | undefined> {
  if (source.source === 'sign-command') return certificateIn(source.certificateFile, key);
  return source.source === 'file' ? certificateBeside(source.path, key) : undefined;
}

/**
 * The certificate beside a key file, with the same name but for the extension; of several, the one that belongs to the key. A file that
 * is not a certificate (a `.pem` can be anything) counts as not there.
 */
async function certificateBeside(keyFile: string, key: SigningKey): Promise<CertificateFacts | undefined> {
  const { dir, name, base } = parse(keyFile);
  const names = extensions.map((extension) => name + extension).filter((candidate) => candidate !== base);
  const found = (await Promise.all(names.map(async (candidate) => certificateIn(join(dir, candidate), key)))).filter(
    (certificate) => certificate !== undefined,
  );
  return found.find(({ belongsToKey }) => belongsToKey) ?? found[0];
}

async function certificateIn(file: string, key: SigningKey): Promise<CertificateFacts | undefined> {
  try {
    const certificate = new X509Certificate(await readFile(file));
    return { file, expiresAt: certificate.validToDate, belongsToKey: certificate.publicKey.equals(key.publicKey) };
  } catch {
    return undefined;
  }
}
