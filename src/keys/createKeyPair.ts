import { join } from 'node:path';
import { JitFailure } from '../failures/failures.js';
import type { CertificateSubject, KeySize } from './keyPair.js';
import { checkSubject } from './keyPair.js';

export type CreateKeyPairRequest = {
  /** Absolute path of the folder for both files; made when it is not there. */
  readonly outputDir: string;
  readonly keySize: KeySize;
  /** Days until the certificate expires. */
  readonly days: number;
  readonly subject: CertificateSubject;
};

/** What was made. Nothing of the key itself. */
export type CreatedKeyPair = {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly keySize: KeySize;
  /** As `openssl x509 -fingerprint -sha256` prints it: hex digits in pairs, with colons. */
  readonly fingerprintSha256: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Such as `C=US, O=Acme, CN=sf-plugin-jit`. */
  readonly subject: string;
  /** The `.gitignore` that names both files; `null` outside a git work tree. */
  readonly gitignore: string | null;
};

/** Makes keys and self-signed certificates. */
interface Certificates {
  create(request: { keySize: KeySize; days: number; subject: CertificateSubject; now: Date }): Promise<{
    /** PKCS#8, PEM. */
    readonly key: string;
    /** PEM. */
    readonly certificate: string;
    readonly fingerprintSha256: string;
    readonly expiresAt: Date;
    readonly subject: string;
  }>;
}

/** Files that must not be there yet, in a folder that may be a git work tree. */
export interface NewFiles {
  exists(path: string): Promise<boolean>;
  /** Writes whole files or none, and never over another one. @throws FileExists, FileNotWritable */
  create(
    files: ReadonlyArray<{ readonly path: string; readonly content: string; readonly mode: number }>,
  ): Promise<void>;
  /**
   * Has git ignore these files, if they are in a work tree.
   *
   * @param withCopies also files beside them whose names begin so: copies, and what a kill leaves of their making
   * @returns path of the `.gitignore`, or `null` outside a work tree
   * @throws FileNotWritable
   */
  ignore(paths: readonly string[], withCopies?: boolean): Promise<string | null>;
}

export type CreateKeyPairPorts = {
  readonly certificates: Certificates;
  readonly newFiles: NewFiles;
  readonly now: () => Date;
};

/**
 * Makes an RSA key (0600) and a self-signed certificate for the app in Salesforce, and has git ignore both.
 *
 * @throws FileExists before anything is made; FileNotWritable, InputInvalid
 */
export async function createKeyPair(request: CreateKeyPairRequest, ports: CreateKeyPairPorts): Promise<CreatedKeyPair> {
  const subject = checkSubject(request.subject);
  const keyFile = join(request.outputDir, 'server.key');
  const certificateFile = join(request.outputDir, 'server.crt');
  for (const file of [keyFile, certificateFile]) {
    if (await ports.newFiles.exists(file)) throw new JitFailure('FileExists', { file });
  }
  const { keySize, days } = request;
  const made = await ports.certificates.create({ keySize, days, subject, now: ports.now() });
  // First the .gitignore, which also covers what a kill may leave: there is no moment at which git could pick up the key.
  const gitignore = await ports.newFiles.ignore([keyFile, certificateFile], true);
  await ports.newFiles.create([
    { path: keyFile, content: made.key, mode: 0o600 },
    { path: certificateFile, content: made.certificate, mode: 0o644 },
  ]);
  const { fingerprintSha256 } = made;
  const expiresAt = made.expiresAt.toISOString();
  return { keyFile, certificateFile, keySize, fingerprintSha256, expiresAt, subject: made.subject, gitignore };
}
