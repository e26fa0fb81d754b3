import { X509Certificate, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CreateCertificatePorts } from '../../../src/keys/createCertificate.js';
import { createCertificate } from '../../../src/keys/createCertificate.js';
import { certificateFor } from '../../../src/keys/io/certificates.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { signingKey } from '../../../src/keys/signingKey.js';
import { needs } from '../../support/keepers.js';
import { rejection } from '../../support/rejection.js';
import { temporaryDirectory } from '../../support/temporaryDirectory.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const request = { outputDir: '/out', days: 90, subject: { commonName: ' Zoë, "x" ', country: 'us' } };
const file = join('/out', 'server.crt');

describe('a certificate for a key that is kept elsewhere', () => {
  let written: Record<string, string>;
  let ports: CreateCertificatePorts;
  let signed: number;
  beforeEach(() => {
    [written, signed] = [{}, 0];
    const key = signingKey(pair.privateKey);
    ports = {
      key: async () => ({
        publicKey: key.publicKey,
        sign: async (input) => {
          signed++;
          return key.sign(input);
        },
      }),
      certificateFor,
      newFiles: {
        exists: async (path) => path in written,
        create: async (files) => {
          for (const { path, content } of files) written[path] = content;
        },
      },
      now: () => new Date('2026-11-28T10:00:00.500Z'),
    };
  });

  it('is signed once by that key, belongs to it, and is valid as long as it was asked for', async () => {
    const made = await createCertificate(request, ports);
    const certificate = new X509Certificate(written[file] ?? '');
    expect(certificate.publicKey.equals(createPublicKey(pair.privateKey))).to.equal(true);
    expect(certificate.verify(pair.publicKey)).to.equal(true);
    expect([new Date(certificate.validFrom).toISOString(), new Date(certificate.validTo).toISOString()]).to.deep.equal([
      '2026-11-28T10:00:00.000Z',
      '2027-02-26T10:00:00.000Z',
    ]);
    expect(signed).to.equal(1);
    expect(made).to.deep.include({
      certificateFile: file,
      keySize: 2048,
      fingerprintSha256: certificate.fingerprint256,
      expiresAt: '2027-02-26T10:00:00.000Z',
    });
    expect(Object.keys(written)).to.deep.equal([file]);
  });

  it('is confirmed by openssl', async function () {
    needs(this, 'openssl');
    await createCertificate(request, ports);
    const folder = await temporaryDirectory();
    try {
      const path = join(folder.path, 'c.crt');
      await writeFile(path, written[file] ?? '');
      const verified = execFileSync('openssl', ['verify', '-check_ss_sig', '-x509_strict', '-CAfile', path, path], {
        encoding: 'utf8',
      });
      expect(verified).to.contain('OK');
      const shown = execFileSync('openssl', ['x509', '-in', path, '-noout', '-text'], { encoding: 'utf8' });
      expect(shown)
        .to.match(/sha256WithRSAEncryption/)
        .and.to.match(/C = US, CN = /);
    } finally {
      await folder.remove();
    }
  });

  it('never takes the place of another, and then the key is asked for nothing', async () => {
    written[file] = 'old';
    expect((await rejection(createCertificate(request, ports))).name).to.equal('FileExists');
    expect([written[file], signed]).to.deep.equal(['old', 0]);
  });

  it('is not written when the key does not sign', async () => {
    const refusal = new JitFailure('SignatureUnusable', { problem: 'not touched' });
    const key = { ...signingKey(pair.privateKey), sign: () => Promise.reject(refusal) };
    expect(await rejection(createCertificate(request, { ...ports, key: async () => key }))).to.equal(refusal);
    expect(written).to.deep.equal({});
  });
});
