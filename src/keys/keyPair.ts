import { JitFailure } from '../failures/failures.js';

/** The sizes of RSA keys that Salesforce accepts and that make sense (docs/salesforce.md, Assertion). */
export const keySizes = [2048, 3072, 4096] as const;
export type KeySize = (typeof keySizes)[number];

/** The name in a certificate. Salesforce shows it and checks nothing in it. */
export type CertificateSubject = {
  readonly commonName: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  /** Two letters (ISO 3166). */
  readonly country?: string;
  readonly state?: string;
  readonly locality?: string;
  readonly email?: string;
};

/** Longest values by field, in characters (RFC 5280, appendix A: ub-common-name and others). */
const longest: Record<keyof CertificateSubject, number> = {
  commonName: 64,
  organization: 64,
  organizationalUnit: 64,
  country: 2,
  state: 128,
  locality: 128,
  email: 255,
};

/**
 * The subject without surrounding spaces.
 *
 * @throws InputInvalid naming the first field that cannot stand in a certificate
 */
export function checkSubject(subject: CertificateSubject): CertificateSubject {
  const entries = Object.entries(subject).flatMap(([field, value]: [string, string | undefined]) =>
    value === undefined ? [] : [[field, checkField(field as keyof CertificateSubject, value.trim())] as const],
  );
  return Object.fromEntries(entries) as CertificateSubject;
}

function checkField(field: keyof CertificateSubject, value: string): string {
  const flag = `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const invalid = (problem: string): JitFailure => new JitFailure('InputInvalid', { field: flag, problem });
  if (value === '') throw invalid('it is empty');

  if (/[\u0000-\u001F\u007F-\u009F]/.test(value)) throw invalid('it contains a control character');
  if (field === 'country' && !/^[A-Za-z]{2}$/.test(value)) {
    throw invalid('it must be the two letters of a country, such as US');
  }

  if (field === 'email' && !/^[\u0021-\u007E]+@[\u0021-\u007E]+$/.test(value)) {
    throw invalid('it must be an e-mail address in ASCII');
  }
  if ([...value].length > longest[field]) throw invalid(`it is longer than ${longest[field]} characters`);
  return field === 'country' ? value.toUpperCase() : value;
}

/** The certificate that lies beside a key file. */
export type CertificateFacts = { readonly file: string; readonly expiresAt: Date; readonly belongsToKey: boolean };
