import { expect } from 'chai';
import { unwrap } from '../../../src/keys/mangledSecret.js';

/** The least that looks like a key. */
const lines = ['-----BEGIN PRIVATE KEY-----', 'MIIabc', '-----END PRIVATE KEY-----'];
const key = lines.join('\n');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('unwrap', () => {
  const layers: Record<string, readonly string[]> = {
    'white space and a byte order mark': [` \n${key}\t\n`, `\uFEFF${key}`, `\uFEFF\n${key}\r\n`],
    quotes: [`"${key}"`, `'${key}'`, `\`${key}\``, `' "${key}" '`],
    'other line breaks': [lines.join('\r\n'), lines.join('\r')],
    'line breaks of two characters': [
      lines.join('\\n'),
      lines.join('\\r\\n'),
      lines.join('\\\\n'),
      lines.join('\\\\r\\\\n'),
      `${lines.join('\\n')}\\n`,
    ],
    'backslashes at the ends of lines': [lines.join('\\\n'), lines.join('\\\\\n'), `${key}\\`, `${key}\\\\`],
    'a JSON string': [JSON.stringify(key), JSON.stringify(JSON.stringify(key))],
    'a JSON object or list': [
      JSON.stringify({ id: 'x', number: 1, nothing: null, key }),
      JSON.stringify([key]),
      JSON.stringify({ id: 'x', key: base64(key) }),
      JSON.stringify(JSON.stringify({ id: 'x', key })),
    ],
    'an assignment': [
      `SF_PRIVATE_KEY="${key}"`,
      `KEY2=${key}`,
      `K=${key}\n`,
      `export SF_KEY='${key}'`,
      `export  \tSF_KEY=${key}`,
      `SF_KEY=${base64(key)}`,
      `SF_KEY=${base64(key).replace(/.{40}/g, '$&\n')}`,
      `SF_KEY="${base64(key)}"`,
      `export SF_KEY='${base64(key)}'`,
    ],
    base64: [
      base64(key),
      Buffer.from(key).toString('base64url'),
      base64(base64(key)),
      base64(`'${key}'`),
      base64(JSON.stringify({ key })),
      base64(key).replace(/.{40}/g, '$&\n  '),
      base64(key).replace(/.{40}/g, '$&\\n'),
      base64(key).replace(/.{40}/g, '$&\\r\\n'),
      base64(key).replace(/.{40}/g, '$&\\\\n'),
      base64(key).replace(/.{20}/g, '$&\\\\n'),
    ],
  };
  for (const [what, texts] of Object.entries(layers)) {
    it(`takes off ${what}`, () => {
      for (const text of texts) expect(unwrap(text), text).to.equal(key);
    });
  }

  it('takes the first value of a JSON object that is a key, of any kind', () => {
    for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']) {
      const wanted = `-----BEGIN ${label}-----\nMII\n-----END ${label}-----`;
      const certificate = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----';
      expect(unwrap(JSON.stringify({ certificate, wanted, key }))).to.equal(wanted);
    }
  });

  it('takes off six layers and no more', () => {
    expect(unwrap(`''''''x''''''`)).to.equal('x');
    expect(unwrap(`'''''''x'''''''`)).to.equal(`'x'`);
  });

  it('reads base64 of forty characters and more', () => {
    const short = `{"a":"${'b'.repeat(22)}"}`;
    expect(base64(short)).to.have.lengthOf(40);
    expect(unwrap(base64(short))).to.equal(short);
    const shorter = Buffer.from(short.replace('b', '')).toString('base64url');
    expect(unwrap(shorter)).to.equal(shorter);
  });

  const binary = Buffer.concat([Buffer.from('{'), Buffer.alloc(40, 0xff)]).toString('base64');
  const kept: Record<string, readonly string[]> = {
    'what is not wrapped': ['', 'hello', '"', `'`, 'null', 'true', '7', `'a"`, `"a" b`, `x "a"`],
    'JSON without a key in it': ['{"a":"b"}', '{"a":{"b":"c"}}', '[1]', '{"a":null}', '{not JSON}'],
    'a key in JSON that is no text': [JSON.stringify({ keys: ['-----BEGIN PRIVATE KEY-----'] })],
    'an assignment of something else': ['KEY=value', 'K=-----BEGIN', `key=${base64(key)}`, `1K=${base64(key)}`],
    'an assignment that is not at the beginning': [
      `see KEY=${base64(key)}`,
      `exported KEY=${base64(key)}`,
      `SF-KEY=${base64(key)}`,
      `KEY=x${base64(key)}`,
    ],
    'a Windows path': [
      'C:\\new\\release\\server.key',
      'certs\\new\\r.key',
      `C:\\${'a'.repeat(20)}\\new`,
      `\\\\server\\new\\`,
    ],
    'base64 of other words': [
      base64('words that are no key and have no quotes'),
      base64('words, then {"a": "JSON"} inside'),
    ],
    'base64 of bytes that are no text': [binary],
    'base64 with something else before or after it': [`!${base64(key)}`, `${base64(key)}!`, `=${base64(key)}`],
  };
  for (const [what, texts] of Object.entries(kept)) {
    it(`leaves ${what}`, () => {
      for (const text of texts) expect(unwrap(text), text).to.equal(text);
    });
  }

  it('leaves a backslash within a line of a key', () => {
    expect(unwrap('-----BEGIN PRIVATE KEY-----\na\\b')).to.equal('-----BEGIN PRIVATE KEY-----\na\\b');
  });
});
