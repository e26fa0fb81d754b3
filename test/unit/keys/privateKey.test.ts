import type { KeyObject } from 'node:crypto';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { JitFailure } from '../../../src/failures/failures.js';
import { looksLikePrivateKey, parsePrivateKey } from '../../../src/keys/privateKey.js';
import { ownTime } from '../../support/ownTime.js';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = rsa.privateKey.export(pem) as string;
const pkcs1 = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
const passphrase = 'correct horse';
const encrypted8 = rsa.privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase }) as string;
const encrypted1 = rsa.privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase }) as string;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wrapped = (text: string): string => text.replace(/.{76}/g, '$&\n');
const bodyOf = (text: string): string => text.split('\n').slice(1, -2).join('\n');

/** What CI systems, shells and people do to a key. */
const manglings: Record<string, (key: string) => string> = {
  'nothing at all': (key) => key,
  'no last line break': (key) => key.trimEnd(),
  'spaces and line breaks around it': (key) => `\n  ${key}\t\n\n`,
  'a byte order mark': (key) => `\uFEFF${key}`,
  CRLF: (key) => key.replace(/\n/g, '\r\n'),
  'CR alone': (key) => key.replace(/\n/g, '\r'),
  'double quotes': (key) => `"${key}"`,
  'single quotes': (key) => `'${key}'`,
  'back quotes': (key) => `\`${key}\``,
  'quotes inside quotes': (key) => `'"${key}"'`,
  'line breaks as \\n': (key) => key.replace(/\n/g, '\\n'),
  'line breaks as \\r\\n': (key) => key.replace(/\n/g, '\\r\\n'),
  'line breaks as \\\\n': (key) => key.replace(/\n/g, '\\\\n'),
  'quotes and \\n': (key) => `"${key.replace(/\n/g, '\\n')}"`,
  'backslashes at the line ends': (key) => key.replace(/\n/g, '\\\n'),
  'spaces for line breaks': (key) => key.replace(/\n/g, ' '),
  'no line breaks': (key) => key.replace(/\n/g, ''),
  'indented lines': (key) => key.replace(/^/gm, '    '),
  'blank lines between': (key) => key.replace(/\n/g, '\n\n'),
  base64: base64,
  'base64 in lines': (key) => wrapped(base64(key)),
  'base64 in quotes': (key) => `"${base64(key)}"\n`,
  'base64 with \\n': (key) => wrapped(base64(key)).replace(/\n/g, '\\n'),
  'base64 twice': (key) => base64(base64(key)),
  'URL-safe base64': (key) => Buffer.from(key).toString('base64url'),
  'base64 of CRLF': (key) => base64(key.replace(/\n/g, '\r\n')),
  'base64 of \\n': (key) => base64(key.replace(/\n/g, '\\n')),
  'a JSON string': (key) => JSON.stringify(key),
  'a JSON object': (key) => JSON.stringify({ clientId: '3MVG9', privateKey: key }),
  'a JSON object of base64': (key) => JSON.stringify({ key: base64(key) }),
  'JSON in JSON': (key) => JSON.stringify(JSON.stringify({ private_key: key })),
  'base64 of JSON': (key) => base64(JSON.stringify({ key })),
  'a line of an .env file': (key) => `export SF_PRIVATE_KEY="${key.replace(/\n/g, '\\n')}"`,
  'a certificate before it': (key) => `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${key}`,
  'bag attributes before it': (key) =>
    `Bag Attributes\n    friendlyName: server\nKey Attributes: <No Attributes>\n${key}`,
};

const problemOf = (text: string, options: { passphrase?: string } = {}): string => {
  try {
    parsePrivateKey(text, { ...options, origin: { variable: 'SF_PRIVATE_KEY', production: 'admin@acme.example' } });
  } catch (error) {
    expect(error).to.be.instanceOf(JitFailure);
    const failure = error as JitFailure;
    expect(failure.name).to.equal('KeyInvalid');
    expect(failure.facts).to.include({ variable: 'SF_PRIVATE_KEY', production: 'admin@acme.example' });
    expect(failure.cause).to.equal(undefined);
    return failure.facts.problem ?? '';
  }
  throw new Error('the key was accepted');
};

describe('parsePrivateKey', () => {
  for (const [what, mangle] of Object.entries(manglings)) {
    it(`reads a key with ${what}`, () => {
      for (const key of [pkcs8, pkcs1]) {
        const parsed = parsePrivateKey(mangle(key), { origin: { production: 'admin@acme.example' } });
        expect(parsed.equals(rsa.privateKey)).to.equal(true);
      }
      for (const key of [encrypted8, encrypted1]) {
        expect(
          parsePrivateKey(mangle(key), { passphrase, origin: { production: 'admin@acme.example' } }).equals(
            rsa.privateKey,
          ),
        ).to.equal(true);
      }
    });
  }

  it('reads a key whose header was lost', () => {
    for (const key of [pkcs8, pkcs1]) {
      expect(
        parsePrivateKey(bodyOf(key), { origin: { production: 'admin@acme.example' } }).equals(rsa.privateKey),
      ).to.equal(true);
      expect(
        parsePrivateKey(bodyOf(key).replace(/\n/g, ''), { origin: { production: 'admin@acme.example' } }).equals(
          rsa.privateKey,
        ),
      ).to.equal(true);
    }
  });

  it('reads keys of 3072 and 4096 bits', function () {
    this.timeout(60_000);
    for (const modulusLength of [3072, 4096]) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
      expect(
        parsePrivateKey(privateKey.export(pem) as string, { origin: { production: 'admin@acme.example' } }).equals(
          privateKey,
        ),
      ).to.equal(true);
    }
  });

  it('forgives a line break after the passphrase, and ignores one that is not needed', () => {
    expect(
      parsePrivateKey(encrypted8, { passphrase: `${passphrase}\n`, origin: { production: 'admin@acme.example' } }).type,
    ).to.equal('private');
    expect(parsePrivateKey(pkcs8, { passphrase, origin: { production: 'admin@acme.example' } }).type).to.equal(
      'private',
    );
  });

  it('names an encrypted key without its passphrase, and with a wrong one', () => {
    for (const key of [encrypted8, encrypted1, base64(encrypted8), encrypted1.replace(/\n/g, ' ')]) {
      expect(problemOf(key)).to.match(/encrypted, and no passphrase/);
      expect(problemOf(key, { passphrase: '' })).to.match(/encrypted, and no passphrase/);
      expect(problemOf(key, { passphrase: 'wrong' })).to.match(/passphrase .* does not open it/);
    }
  });

  it('names a cipher that Node cannot read, when a passphrase is there to open it', () => {
    for (const cipher of ['DES-CBC', 'BF-CBC']) {
      const headers = `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},0123456789ABCDEF`;
      const key = `-----BEGIN RSA PRIVATE KEY-----\n${headers}\n\n${'A'.repeat(64)}\n-----END RSA PRIVATE KEY-----`;
      expect(problemOf(key, { passphrase })).to.match(/cannot read; encrypt it again with AES-256$/);
      expect(problemOf(key)).to.match(/no passphrase was given/);
    }
  });

  const other = {
    short: generateKeyPairSync('rsa', { modulusLength: 1024 }),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ed25519: generateKeyPairSync('ed25519'),
    dsa: generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
    pss: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    sm2: generateKeyPairSync('ec', { namedCurve: 'SM2' }),
  };
  const withoutHeader = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const wrong: Record<string, readonly [text: string, problem: RegExp]> = {
    'an empty text': ['', /^it is empty$/],
    spaces: [' \n ', /^it is empty$/],
    'empty quotes': ['""', /^it is empty$/],
    'a certificate': ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', /a certificate; the private key/],
    'a certificate request': [
      '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----',
      /signing request/,
    ],
    'a public key': [rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string, /a public key/],
    'an RSA public key': [rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }) as string, /a public key/],
    'an SSH public key': ['ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me@host', /an SSH public key/],
    'a key of 1024 bits': [other.short.privateKey.export(pem) as string, /RSA key of 1024 bits; Salesforce needs 2048/],
    'an EC key': [other.ec.privateKey.export(pem) as string, /an EC key/],
    'an EC key in SEC1': [other.ec.privateKey.export({ type: 'sec1', format: 'pem' }) as string, /an EC key/],
    'an Ed25519 key': [other.ed25519.privateKey.export(pem) as string, /an Ed25519 key/],
    'a DSA key': [other.dsa.privateKey.export(pem) as string, /a DSA key/],
    'an RSA-PSS key': [other.pss.privateKey.export(pem) as string, /an RSA-PSS key/],
    'a key of a type without a name here': [
      other.sm2.privateKey.export(pem) as string,
      /is a key of another type; Sales/,
    ],
    'an EC key whose header was lost': [withoutHeader(other.ec.privateKey), /^it is an EC key/],
    'a key of 1024 bits whose header was lost': [
      withoutHeader(other.short.privateKey),
      /^it is an RSA key of 1024 bits/,
    ],
    'a PEM block of another kind': [
      '-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n',
      /holds no private key \(53 characters, 3 lines\)$/,
    ],
    'a PKCS#7 bundle': ['-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----', /PKCS#7 bundle/],
    'an SSH public key of RFC 4716': [
      '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----',
      /a public key/,
    ],
    'an OpenSSH key': [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----',
      /OpenSSH format/,
    ],
    'a PGP key': ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc\n-----END PGP PRIVATE KEY BLOCK-----', /a PGP key/],
    'a PuTTY key': ['PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none', /a PuTTY key/],
    'a key without its end': [pkcs8.slice(0, 900), /cut off: it begins .* no END line \(900 characters, \d+ lines\)/],
    'a key without its beginning': [pkcs8.slice(40), /cut off: it has the END line/],
    'a key without its middle': [`${pkcs8.slice(0, 900)}\n-----END PRIVATE KEY-----`, /cut off: \d+ of its \d+ bytes/],
    'half of a base64 text': [base64(pkcs8).slice(0, 800), /cut off/],
    'half of a body': [bodyOf(pkcs8).slice(0, 800), /cut off: it has no header, and \d+ of its \d+ bytes/],
    'a damaged key': [pkcs8.replace(/[a-z]/g, 'A').replace(/BEGIN.*/, 'BEGIN PRIVATE KEY-----'), /damaged|cut off/],
    'an empty key': ['-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', /damaged/],
    'base64 of a public key': [
      rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      /not a private key/,
    ],
    'a path': ['./certs/server.key', /a path to a file/],
    'an absolute path': ['/home/me/.ssh/key', /a path to a file/],
    'a path in the home folder': ['~/certs/server.key', /a path to a file/],
    'a Windows path': ['C:\\new\\release\\server.key', /a path to a file/],
    'a file name': ['server.key', /the name of a file/],
    'a consumer key': [`3MVG9${'aB1_.'.repeat(16)}`, /the consumer key/],
    'an access token': ['00D5g00000AbCdE!AQ0AQsecret.secret', /an access token/],
    'a JWT': ['eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.sig', /a JWT/],
    'an sfdx auth URL': ['force://PlatformCLI::5Aep861secret@acme.my.salesforce.com', /an sfdx auth URL/],
    'a URL': ['https://login.salesforce.com', /a URL/],
    'a masked value': ['***', /masked/],
    'a variable that was not replaced': ['$SF_PRIVATE_KEY', /not replaced/],
    'a secret that was not replaced': ['${{ secrets.SF_PRIVATE_KEY }}', /not replaced/],
    'a command that was not run': ['$(cat certs/server.key)', /not replaced/],
    'JSON without a key': ['{"clientId":"x"}', /JSON without a private key/],
    'a binary file': ['0\u0082\u0009\u0001\u0000\uFFFD', /binary/],
    'something else': ['hello', /no line "BEGIN PRIVATE KEY" \(5 characters, 1 line\)/],
    'something else in lines': ['\nhello\r\nagain\rand\nagain\n', /\(24 characters, 4 lines\)/],
  };
  for (const [what, [text, problem]] of Object.entries(wrong)) {
    it(`names ${what}`, () => expect(problemOf(text)).to.match(problem));
  }

  it('names the file that the key came from', () => {
    try {
      parsePrivateKey('', { origin: { file: '/certs/server.key', production: 'admin@acme.example' } });
      expect.fail('the key was accepted');
    } catch (error) {
      expect((error as JitFailure).facts).to.deep.equal({
        problem: 'it is empty',
        file: '/certs/server.key',
        production: 'admin@acme.example',
      });
    }
  });

  /** Whether the problem repeats a piece of the input: words that every key file has, whole or cut off, are no such piece. */
  const repeats = (text: string, problem: string): boolean => {
    const own = text.replace(/-+(BEGIN|END)[A-Z0-9 ]*-+|PRIVATE KEY/g, '\n');
    const said = problem.replaceAll(/"?(BEGIN|END) [A-Z0-9 ]*PRIVATE KEY"?/g, '\n');
    for (let at = 0; at + 12 <= own.length; at++) if (said.includes(own.slice(at, at + 12))) return true;
    return false;
  };

  it('throws nothing but KeyInvalid and repeats nothing of what it was given', () => {
    const noise = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.base64String({ maxLength: 2000 }),
      fc.json(),
      fc
        .tuple(fc.nat(pkcs8.length), fc.nat(pkcs8.length))
        .map(([from, to]) => pkcs8.slice(Math.min(from, to), Math.max(from, to))),
      fc.tuple(fc.nat(base64(pkcs1).length), fc.nat()).map(([to]) => base64(pkcs1).slice(0, to)),
      fc
        .tuple(fc.nat(pkcs8.length), fc.string({ maxLength: 5 }))
        .map(([at, insert]) => pkcs8.slice(0, at) + insert + pkcs8.slice(at + 7)),
      fc
        .tuple(fc.constantFrom(...Object.values(manglings)), fc.string({ maxLength: 200 }))
        .map(([mangle, text]) => mangle(text)),
    );
    fc.assert(
      fc.property(noise, fc.option(fc.string(), { nil: undefined }), (text, secret) => {
        try {
          parsePrivateKey(text, { passphrase: secret, origin: { production: 'admin@acme.example' } });
        } catch (error) {
          expect(error).to.be.instanceOf(JitFailure);
          const { problem } = (error as JitFailure).facts;
          expect(problem).to.be.a('string');
          expect(repeats(text, problem ?? ''), problem).to.equal(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not take long over a hostile text', () => {
    const milliseconds = ownTime();
    for (const text of [
      '-----BEGIN '.repeat(20_000),
      '{"'.repeat(50_000),
      '\\n'.repeat(100_000),
      'A'.repeat(1_000_000),
      '"'.repeat(100_000),
    ]) {
      problemOf(text);
    }
    expect(milliseconds()).to.be.lessThan(3000);
  });
});

describe('looksLikePrivateKey', () => {
  it('knows a key, however mangled', () => {
    for (const [what, mangle] of Object.entries(manglings))
      expect(looksLikePrivateKey(mangle(pkcs8)), what).to.equal(true);
    expect(looksLikePrivateKey(encrypted8)).to.equal(true);
    expect(looksLikePrivateKey(bodyOf(pkcs8))).to.equal(true);
    expect(looksLikePrivateKey(pkcs8.slice(0, 500))).to.equal(true);
  });

  it('takes no path for one', () => {
    for (const path of [
      'certs/server.key',
      '/home/BEGIN/key.pem',
      'C:\\new\\server.key',
      '-',
      '',
      'MIIkeys/server.key',
      `./MII${'a'.repeat(300)}`,
      `MII${'a'.repeat(300)}.key`,
      `MII${'a'.repeat(299)}`,
    ]) {
      expect(looksLikePrivateKey(path), path).to.equal(false);
    }
  });
});

it('the test keys are what they should be', () => {
  expect(createPrivateKey(pkcs1).equals(rsa.privateKey)).to.equal(true);
});
