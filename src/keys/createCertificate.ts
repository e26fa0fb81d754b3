import { join } from 'node:path';
import { JitFailure } from '../failures/failures.js';
import type { NewFiles } from './createKeyPair.js';
import type { CertificateSubject } from './keyPair.js';
import { checkSubject } from './keyPair.js';
import type { SigningKey } from './signingKey.js';
import { keyBits } from './signingKey.js';

export type CreateCertificateRequest = {
  /** Absolute path of the folder for the certificate; made when it is not there. */
  readonly outputDir: string;
  /** Days until the certificate expires. */
  readonly days: number;
  readonly subject: CertificateSubject;
};

/** What was made. */
export type CreatedCertificateFile = {
  readonly certificateFile: string;
  readonly keySize: number;
  /** As `openssl x509 -fingerprint -sha256` prints it: hex digits in pairs, with colons. */
  readonly fingerprintSha256: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly subject: string;
};

export type CreateCertificatePorts = {
  /** The key, which is somewhere else. */
  readonly key: () => Promise<SigningKey>;
  readonly certificateFor: (
    key: SigningKey,
    request: { days: number; subject: CertificateSubject; now: Date },
  ) => Promise<{
    readonly certificate: string;
    readonly fingerprintSha256: string;
    readonly expiresAt: Date;
    readonly subject: string;
  }>;
  readonly newFiles: Pick<NewFiles, 'exists' | 'create'>;
  readonly now: () => Date;
};

/**
 * Makes the self-signed certificate that Salesforce wants, for a key that never leaves its keeper.
 *
 * @throws FileExists before the key is asked for anything; InputInvalid, FileNotWritable, and what the key throws
 */
export async function createCertificate(
  request: CreateCertificateRequest,
  ports: CreateCertificatePorts,
): Promise<CreatedCertificateFile> {
  const subject = checkSubject(request.subject);
  const certificateFile = join(request.outputDir, 'server.crt');
  if (await ports.newFiles.exists(certificateFile)) throw new JitFailure('FileExists', { file: certificateFile });
  const key = await ports.key();
  const made = await ports.certificateFor(key, { days: request.days, subject, now: ports.now() });
  await ports.newFiles.create([{ path: certificateFile, content: made.certificate, mode: 0o644 }]);
  return {
    certificateFile,
    keySize: keyBits(key),
    fingerprintSha256: made.fingerprintSha256,
    expiresAt: made.expiresAt.toISOString(),
    subject: made.subject,
  };
}
