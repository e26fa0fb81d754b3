import { expect } from 'chai';
import type { ReadAnswer } from '../../../src/salesforce/answerText.js';
import { readAnswer } from '../../../src/salesforce/answerText.js';
import { quotable, withoutSecrets } from '../../../src/failures/quotable.js';

const read = (body: string, contentType = 'text/plain'): ReadAnswer => readAnswer({ status: 400, contentType, body });

/** Made up; long and mixed as a token is. */
const token = 'AQ0AQFkQ2.x_Yz19bQpLmN3vRsTuW8e';
const hex = '0123456789abcdef';

describe('readAnswer', () => {
  it('reads a body of nothing or of white space as empty', () => {
    for (const body of ['', ' \r\n\t ', `${' '.repeat(100_000)}too late`]) {
      expect(read(body)).to.deep.equal({ kind: 'empty', errors: [], quote: undefined });
    }
  });

  const reported: Record<string, readonly [body: unknown, errors: ReadAnswer['errors'], quote: string]> = {
    'the error of OAuth': [
      { error: 'invalid_grant', error_description: 'expired' },
      [{ code: 'invalid_grant', text: 'expired' }],
      'invalid_grant: expired',
    ],
    'a code without words': [{ error: 'invalid_grant' }, [{ code: 'invalid_grant', text: '' }], 'invalid_grant'],
    'the errors of the REST API': [
      [
        { errorCode: 'A', message: 'one' },
        { errorCode: 'B', message: 'two' },
      ],
      [
        { code: 'A', text: 'one' },
        { code: 'B', text: 'two' },
      ],
      'A: one; B: two',
    ],
    'words without a code, in a list': [[{ message: 'one' }], [{ code: '', text: 'one' }], 'one'],
    'what is an error among other items': [
      [null, 'x', 7, ['y'], {}, { errorCode: 'A' }],
      [{ code: 'A', text: '' }],
      'A',
    ],
    'a code before the words that stand for it': [
      { error: 'second', errorCode: 'first', message: 'fourth', error_description: 'third' },
      [{ code: 'first', text: 'third' }],
      'first: third',
    ],
    'a code whose words are no text': [{ error: 'e', message: { a: 1 } }, [{ code: 'e', text: '' }], 'e'],
  };
  for (const [what, [body, errors, quote]] of Object.entries(reported)) {
    it(`reads ${what}`, () => {
      expect(read(` ${JSON.stringify(body)}\n`)).to.deep.equal({ kind: 'errors', errors, quote });
    });
  }

  it('looks at twenty errors and a thousand characters of each', () => {
    const many = read(JSON.stringify(Array.from({ length: 25 }, (_, index) => ({ errorCode: `E${index}` }))));
    expect(many.errors.map(({ code }) => code))
      .to.have.lengthOf(20)
      .and.include('E19');
    const [long] = read(JSON.stringify({ error: 'e', message: 'm'.repeat(1001) })).errors;
    expect(long?.text).to.equal('m'.repeat(1000));
  });

  it('takes secrets out of reported errors', () => {
    const { quote } = read(JSON.stringify({ error: 'invalid_grant', error_description: `token ${token} expired` }));
    expect(quote).to.equal('invalid_grant: token [hidden] expired');
  });

  it('shows the names of other JSON and never its values', () => {
    const fields: Array<[body: unknown, quote: string]> = [
      [{ id: 'short', code: 'abc' }, 'JSON with the fields id, code'],
      [{ message: 'words without a code' }, 'JSON with the fields message'],
      [{}, 'JSON'],
      [[], 'JSON'],
      [['value'], 'JSON'],
      [[{ id: 'value' }], 'JSON'],
      [[null], 'JSON'],
    ];
    for (const [body, quote] of fields) {
      expect(read(JSON.stringify(body)), quote).to.deep.equal({ kind: 'json', errors: [], quote });
    }
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`f${index}`, 1]));
    expect(read(JSON.stringify(many)).quote).to.match(/f18, f19$/);
  });

  it('does not believe the content type of a page, nor of plain words', () => {
    const pages: Array<[body: string, contentType: string]> = [
      ['<!DOCTYPE html><p>Sorry</p>', 'application/json'],
      ['<html><p>Sorry</p>', 'text/plain'],
      ['<head></head>Sorry', ''],
      ['\n<BODY>Sorry', ''],
      ['<p>Sorry</p>', 'text/html'],
    ];
    for (const [body, contentType] of pages) {
      expect(read(body, contentType), body).to.deep.equal({ kind: 'page', errors: [], quote: 'Sorry' });
    }
    const words: Array<[body: string, contentType: string]> = [
      ['Sorry', 'text/html'],
      ['1 < 2', 'text/html'],
      ['<p>Sorry</p>', 'application/xml'],
      ['see <html>', 'text/plain'],
    ];
    for (const [body, contentType] of words) {
      const expected = { kind: 'text', errors: [{ code: '', text: body }], quote: body };
      expect(read(body, contentType), body).to.deep.equal(expected);
    }
  });

  it('quotes a page without its secrets, and says when it has no words', () => {
    expect(read(`<html><p title="x">sid=abc ${token}</p>`).quote).to.equal('sid=[hidden] [hidden]');
    expect(read('<html><br></html>').quote).to.equal('an HTML page without text');
  });

  it('reads what only begins like JSON, or is a bare value, as words', () => {
    for (const body of ['{"error":', '[object Object]', '"text"', '"a [text]"', '7', 'null', 'Error: {"error":"x"}']) {
      expect(read(body)).to.deep.equal({ kind: 'text', errors: [{ code: '', text: body }], quote: body });
    }
  });

  it('keeps a thousand characters of words', () => {
    expect(read('w'.repeat(1001)).errors).to.deep.equal([{ code: '', text: 'w'.repeat(1000) }]);
  });
});

describe('quotable', () => {
  it('is one line of at most 300 characters', () => {
    expect(quotable('one\r\ntwo')).to.equal('one two');
    expect(quotable('x '.repeat(150).trim())).to.have.lengthOf(299);
    expect(quotable('x '.repeat(151)))
      .to.have.lengthOf(300)
      .and.match(/…$/);
  });

  it('takes a secret out before it shortens, so that no half of one is left', () => {
    expect(quotable(`${'x '.repeat(140)}password=${'p'.repeat(50)} y`)).to.match(/password=\[hidd/);
  });

  it('does not look beyond the beginning', () => {
    expect(quotable(`${' '.repeat(5000)}late`)).to.equal('');
    expect(quotable(`${' '.repeat(4999)}late`)).to.equal('l');
  });
});

describe('withoutSecrets', () => {
  const hides: Record<string, ReadonlyArray<readonly [text: string, shown: string]>> = {
    'a key or certificate': [
      ['a -----BEGIN RSA PRIVATE KEY-----\nMIIshort\n-----END RSA PRIVATE KEY----- b', 'a [hidden] b'],
      ['-----BEGIN X509 CRL-----\nMII\n-----END X509 CRL-----', '[hidden]'],
      ['---- BEGIN SSH2 KEY ----\nMII\n---- END SSH2 KEY ---- b', '[hidden] b'],
      ['----BEGIN KEY----MII----END KEY---- b', '[hidden] b'],
      ['a -----BEGIN PRIVATE KEY-----\nMII cut off', 'a [hidden]'],
      ['-----BEGIN A-----\nx\n-----END A----- b -----BEGIN C-----\ny\n-----END C-----', '[hidden] b [hidden]'],
      ['-----BEGIN A-----\nx -END A- y ----END a---- z\n-----END A-----', '[hidden]'],
      ['-----BEGIN A-----\n-----END A- y -----END A-----', '[hidden]'],
      ['-----BEGIN A-----\n-END A----- y\n-----END A-----', '[hidden]'],
    ],
    'an sfdx auth URL': [
      ['use force://Cli:secret:5Aep861@acme.my.salesforce.com now', 'use [hidden] now'],
      ['FORCE://Cli::5Aep', '[hidden]'],
    ],
    'a user and password in an address': [
      ['proxy http://me:secret@proxy.acme.example:8080/', 'proxy http://proxy.acme.example:8080/'],
      ['https://token@acme.example/x', 'https://acme.example/x'],
      ['http://me:se@cr@et@proxy:8080', 'http://proxy:8080'],
      ['me:secret@proxy:8080', '[hidden]@proxy:8080'],
      ['me:se@cret@proxy:8080', '[hidden]@proxy:8080'],
      ['(me:secret@proxy)', '[hidden]@proxy)'],
    ],
    'an access token': [
      ['sent 00D5g00000AbCdE!AQ.x_y z', 'sent [hidden] z'],
      ['00D5g00000AbCdEFGH!AQ', '[hidden]'],
      ['00d5g00000AbCdE%21AQ z', '[hidden] z'],
      ['00D5g00000AbCdE!', '[hidden]'],
    ],
    'a JWT': [
      ['a eyJhbGc.eyJpc3M.s-i_g b', 'a [hidden] b'],
      ['eyJhbGc.eyJpc3M', '[hidden]'],
      ['eyJh-_bGc, b', '[hidden], b'],
      ['eyJhbGc..sig b', '[hidden] b'],
    ],
    'what authorizes a request': [
      ['Bearer abc', 'Bearer [hidden]'],
      ['bearer \t abc, b', 'bearer [hidden] b'],
      ['authorization: Bearer abc', 'authorization: Bearer [hidden]'],
      ['Proxy-Authorization:Basic  bWU6cA== b', 'Proxy-Authorization:Basic [hidden] b'],
      ['{"Authorization" : "Basic bWU6cA==" }', '{"Authorization" : "Basic [hidden] }'],
      ["{'authorization'='Basic bWU6cA==' }", "{'authorization'='Basic [hidden] }"],
      ['{\\"Authorization\\":\\"Basic bWU6cA== \\"', '{\\"Authorization\\":\\"Basic [hidden] \\"'],
    ],
    'the value of a name': [
      ['access_token=abc&refresh_token=def&x=1', 'access_token=[hidden]&refresh_token=[hidden]&x=1'],
      ['client_secret: 12 b', 'client_secret: [hidden] b'],
      ['auth_code=a authcode=b AuthCode=c', 'auth_code=[hidden] authcode=[hidden] AuthCode=[hidden]'],
      ['assertion=a PASSWORD = a passphrase:a', 'assertion=[hidden] PASSWORD = [hidden] passphrase:[hidden]'],
      ['sid=a', 'sid=[hidden]'],
      ['/callback?code=abc&state=x', '/callback?code=[hidden]&state=x'],
      ['/callback?state=x&code=abc', '/callback?state=x&code=[hidden]'],
      ['password=a,b;c}d"e\'f g', 'password=[hidden] g'],
    ],
    'a value in quotes, with the spaces in it': [
      ['password="correct horse" b', 'password=[hidden] b'],
      ["passphrase: 'correct horse' b", 'passphrase: [hidden] b'],
      ['{"password" : "correct horse","x":1}', '{"password" : [hidden],"x":1}'],
      ["{'password':'correct horse','x':1}", "{'password':[hidden],'x':1}"],
      ['{"password":"cor\\"rect\\\\","x":1}', '{"password":[hidden],"x":1}'],
      ["{'password':'cor\\'rect\\\\','x':1}", "{'password':[hidden],'x':1}"],
      ['password="cor\\ rect" b', 'password=[hidden] b'],
      ["password='cor\\ rect' b", 'password=[hidden] b'],
      ['password="it\'s cut off', 'password=[hidden]'],
      ["password='it is cut off", 'password=[hidden]'],
      ['password="" b', 'password=[hidden] b'],
      ["password='' b", 'password=[hidden] b'],
    ],
    'a value in JSON within a text': [
      ['{\\"password\\":\\"correct horse\\"}', '{\\"password\\":[hidden]"}'],
      ["{\\\\'password\\\\' : \\\\'correct horse\\\\'}", "{\\\\'password\\\\' : [hidden]'}"],
    ],
    'anything else that looks like a token': [
      [`code ${token}.`, 'code [hidden]'],
      ['5Aep861+/=.%-_aaaaaaaaaaaaaaa x', '[hidden] x'],
      ['Aa1aaaaaaaaaaaaaaaaaaaaaaaaa', '[hidden]'],
      [`${hex}${hex} x`, '[hidden] x'],
      [`${hex}${hex}`.toUpperCase(), '[hidden]'],
      [`token=${hex}${hex} x`, '[hidden] x'],
      [`${hex}${hex}.log x`, '[hidden] x'],
    ],
  };
  for (const [what, examples] of Object.entries(hides)) {
    it(`hides ${what}`, () => {
      for (const [text, shown] of examples) expect(withoutSecrets(text), text).to.equal(shown);
    });
  }

  it('leaves words, addresses and names as they are', () => {
    for (const text of [
      'invalid_grant: user hasn’t approved this consumer',
      'https://acme--uat.sandbox.my.salesforce.com/services/oauth2/token?x=1',
      'https://acme.my.salesforce.com/about/me@acme.example',
      'admin@acme.example has no password',
      'at 12:30 admin@acme.example logged in',
      'the error code: 7',
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      'INSUFFICIENT_ACCESS_ON_2_CROSS_REFERENCES',
      'acme--uat1.sandbox.my.salesforce.com',
      'ThisIsAVeryLongNameOfAnExceptionClass',
      'Aa1aaaaaaaaaaaaaaaaaaaaaaaa',
      `${hex}${hex}`.slice(1),
      'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
      '00D5g00000AbCdE is the id of the org',
      'eyJ is how a token begins',
      'the bearer',
      'inside: yes',
      'authorization is required here',
      '-BEGIN A- x',
      '-----BEGIN lower----- x',
      '-----BEGIN A- x',
      '----------',
    ]) {
      expect(withoutSecrets(text), text).to.equal(text);
    }
  });
});
