import { expect } from 'chai';
import type { PemBlock } from '../../../src/keys/pem.js';
import { derLengths, pemBlocks, pemText } from '../../../src/keys/pem.js';

const plain: PemBlock = { label: 'PRIVATE KEY', body: 'MIIabc', headers: [], encryptedBody: false, complete: true };

describe('pemBlocks', () => {
  const forms: Record<string, string> = {
    'in lines': '-----BEGIN PRIVATE KEY-----\nMII\nabc\n-----END PRIVATE KEY-----\n',
    'without line breaks': '-----BEGIN PRIVATE KEY-----MIIabc-----END PRIVATE KEY-----',
    'with blank lines and indented': '-----BEGIN PRIVATE KEY-----\r\n\r\n  MII\n\n  abc \n-----END PRIVATE KEY-----',
    'with four dashes and spaces': '---- BEGIN PRIVATE KEY ----\nMIIabc\n---- END PRIVATE KEY----',
    'with more spaces around its label': '-----BEGIN  PRIVATE KEY  -----\nMIIabc\n-----END PRIVATE KEY-----',
    'among other text': 'Bag Attributes\n-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----\nlater',
  };
  for (const [what, text] of Object.entries(forms)) {
    it(`finds a block ${what}`, () => expect(pemBlocks(text)).to.deep.equal([plain]));
  }

  it('finds all blocks in their order, and which of them are cut off', () => {
    const text = '-----BEGIN CERTIFICATE-----\nMIIcut\n-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----';
    expect(pemBlocks(text)).to.deep.equal([{ ...plain, label: 'CERTIFICATE', body: 'MIIcut', complete: false }, plain]);
    expect(pemBlocks('-----BEGIN PRIVATE KEY-----\nMIIabc')).to.deep.equal([{ ...plain, complete: false }]);
  });

  it('finds no block where dashes or words are missing', () => {
    for (const text of [
      '',
      'PRIVATE KEY',
      '-BEGIN PRIVATE KEY-----\nMII',
      '---BEGIN PRIVATE KEY-----\nMII',
      '-----BEGIN PRIVATE KEY---\nMII',
      '-----BEGIN private key-----\nMII',
      `-----BEGIN ${'A'.repeat(41)}-----\nMII`,
    ]) {
      expect(pemBlocks(text), text).to.deep.equal([]);
    }
  });

  it('takes no line for the end that has too few dashes', () => {
    for (const end of ['-END PRIVATE KEY-----', '-----END PRIVATE KEY-', '-----END private key-----']) {
      expect(pemBlocks(`-----BEGIN PRIVATE KEY-----\nMII\n${end}`)[0]?.complete, end).to.equal(false);
    }
  });

  describe('of an encrypted key', () => {
    const block = (headers: string): PemBlock | undefined =>
      pemBlocks(`-----BEGIN RSA PRIVATE KEY-----${headers}MIIabc\n-----END RSA PRIVATE KEY-----`)[0];
    const short = '0123456789ABCDEF';
    const long = 'abcdefABCDEF01230123456789abcdef';

    const ciphers: ReadonlyArray<readonly [cipher: string, vector: string]> = [
      ['AES-256-CBC', long],
      ['CAMELLIA-128-CBC', long],
      ['DES', short],
      ['DES-CBC', short],
      ['DES-EDE3-CBC', short.toLowerCase()],
      ['BF-CBC', short],
      ['CAST5-CBC', short],
      ['IDEA-CBC', short],
      ['RC2-40-CBC', short],
    ];
    for (const [cipher, vector] of ciphers) {
      it(`separates the headers of ${cipher} from the body`, () => {
        const expected = {
          label: 'RSA PRIVATE KEY',
          body: 'MIIabc',
          headers: ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${cipher},${vector}`],
          encryptedBody: true,
          complete: true,
        };
        for (const headers of [
          `\nProc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},${vector}\n\n`,
          `Proc-Type:4,ENCRYPTEDDEK-Info:${cipher},${vector}`,
          `\nProc-Type:  4  ,  ENCRYPTED\nDEK-Info:  ${cipher}  ,  ${vector}  `,
          `\nDEK-Info: ${cipher},${vector}\nProc-Type: 4,ENCRYPTED\n\n`,
        ]) {
          expect(block(headers), headers).to.deep.equal(expected);
        }
      });
    }

    it('knows that it is encrypted when only half of its headers is there', () => {
      expect(block('\nProc-Type: 4,ENCRYPTED\n')).to.include({ body: 'MIIabc', encryptedBody: true });
      expect(block(`\nDEK-Info: AES-256-CBC,${long}\n`)).to.include({ body: 'MIIabc', encryptedBody: false });
    });
  });
});

describe('pemText', () => {
  it('writes lines of 64 characters', () => {
    expect(pemText({ ...plain, body: 'A'.repeat(130) })).to.equal(
      `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n${'A'.repeat(64)}\nAA\n-----END PRIVATE KEY-----\n`,
    );
  });

  it('writes the headers and a blank line before the body', () => {
    expect(pemText({ ...plain, headers: ['a: b', 'c: d'] })).to.equal(
      '-----BEGIN PRIVATE KEY-----\na: b\nc: d\n\nMIIabc\n-----END PRIVATE KEY-----\n',
    );
  });

  it('writes no line for a body of nothing', () => {
    expect(pemText({ ...plain, body: '' })).to.equal('-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n');
  });
});

describe('derLengths', () => {
  /** A DER header, and zeros up to the length. */
  const der = (header: readonly number[], length: number): string =>
    Buffer.concat([Buffer.from(header), Buffer.alloc(length - header.length)]).toString('base64');

  const measured: Record<string, readonly [base64: string, present: number, announced: number]> = {
    'a short sequence': [der([0x30, 16], 18), 18, 18],
    'the longest length in one byte': [der([0x30, 0x7f], 129), 129, 129],
    'a length in a byte of its own': [der([0x30, 0x81, 0x80], 131), 131, 131],
    'a length in two bytes': [der([0x30, 0x82, 0x04, 0xa4], 1192), 1192, 1192],
    'a length in three bytes': [der([0x30, 0x83, 0x01, 0, 0], 30), 30, 65_541],
    'half of a sequence': [der([0x30, 0x82, 0x04, 0xa4], 600), 600, 1192],
    'base64 in lines': [der([0x30, 40], 42).replace(/.{8}/g, '$& \n'), 42, 42],
    'base64 without its padding': [der([0x30, 17], 19).replace(/=/g, ''), 19, 19],
    'base64 for URLs': [Buffer.from([0x30, 16, ...Buffer.alloc(16, 0xff)]).toString('base64url'), 18, 18],
  };
  for (const [what, [base64, present, announced]] of Object.entries(measured)) {
    it(`measures ${what}`, () => expect(derLengths(base64)).to.deep.equal({ present, announced }));
  }

  const others: Record<string, string> = {
    nothing: '',
    'less than a header and some': der([0x30, 15], 17).replace(/=/g, ''),
    'another kind of value': der([0x31, 16], 18),
    'a length without an end': der([0x30, 0x80], 18),
    'a length in four bytes': der([0x30, 0x84, 0, 0, 0, 12], 18),
    'a length longer than any integer': der([0x30, 0xff], 18),
    'other characters before base64': `!${der([0x30, 16], 18)}`,
    'other characters after base64': `${der([0x30, 16], 18)}!`,
    words: 'a text that is no base64 at all, with commas',
  };
  for (const [what, text] of Object.entries(others)) {
    it(`measures no ${what}`, () => expect(derLengths(text)).to.equal(undefined));
  }
});
