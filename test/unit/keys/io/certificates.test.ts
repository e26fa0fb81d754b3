import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { certificates } from '../../../../src/keys/io/certificates.js';
import { parsePrivateKey } from '../../../../src/keys/privateKey.js';

const subject = {
  commonName: 'Zoë, O=Evil',
  organization: 'Acme "Inc"',
  organizationalUnit: '#IT+Ops\\',
  country: 'US',
  state: 'California',
  locality: 'San Francisco',
  email: 'admin@acme.com',
};
const now = new Date('2026-11-22T10:20:30.456Z');

describe('certificates', function () {
  this.timeout(60_000);

  for (const keySize of [2048, 3072, 4096] as const) {
    it(`makes an RSA key of ${keySize} bits and a certificate that belongs to it`, async () => {
      const made = await certificates.create({ keySize, days: 90, subject, now });
      const certificate = new X509Certificate(made.certificate);
      const key = parsePrivateKey(made.key, { origin: { production: 'admin@acme.example' } });
      expect(key.asymmetricKeyDetails?.modulusLength).to.equal(keySize);
      expect(certificate.checkPrivateKey(createPrivateKey(made.key))).to.equal(true);
      expect(certificate.verify(certificate.publicKey)).to.equal(true);
      expect(certificate.fingerprint256).to.equal(made.fingerprintSha256);
      expect(new Date(certificate.validFrom).toISOString()).to.equal('2026-11-22T10:20:30.000Z');
      expect(new Date(certificate.validTo).toISOString()).to.equal('2027-02-20T10:20:30.000Z');
      expect(made.expiresAt.toISOString()).to.equal('2027-02-20T10:20:30.000Z');
    });
  }

  it('is accepted by openssl, every field in its place', async function () {
    if (spawnSync('openssl', ['version']).status !== 0) this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'jit-certificate-'));
    try {
      const made = await certificates.create({ keySize: 2048, days: 3650, subject, now: new Date() });
      const file = join(folder, 'server.crt');
      writeFileSync(file, made.certificate);
      const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
      expect(openssl('verify', '-x509_strict', '-CAfile', file, file)).to.contain(': OK');
      const text = openssl(
        'x509',
        '-in',
        file,
        '-noout',
        '-subject',
        '-issuer',
        '-fingerprint',
        '-sha256',
        '-nameopt',
        'sep_multiline,sname,utf8',
      );
      expect(text).to.contain(`Fingerprint=${made.fingerprintSha256}`);
      for (const line of [
        'C=US',
        'ST=California',
        'L=San Francisco',
        'O=Acme "Inc"',
        'OU=#IT+Ops\\',
        'CN=Zoë, O=Evil',
        'emailAddress=admin@acme.com',
      ]) {
        expect(
          text.split('\n').filter((printed) => printed.trim() === line),
          `${line} in subject and issuer:\n${text}`,
        ).to.have.length(2);
      }
      // 2036 and beyond must not wrap around
      expect(openssl('x509', '-in', file, '-noout', '-checkend', String(3649 * 86_400))).to.contain('will not expire');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
