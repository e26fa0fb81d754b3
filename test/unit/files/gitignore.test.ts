import { expect } from 'chai';
import { withIgnored } from '../../../src/files/gitignore.js';

describe('withIgnored', () => {
  it('adds anchored patterns, and nothing the second time', () => {
    const once = withIgnored('node_modules/\n', ['certs/server.key', 'certs/server.crt']);
    expect(once).to.equal('node_modules/\n/certs/server.key\n/certs/server.crt\n');
    expect(withIgnored(once!, ['certs/server.key', 'certs/server.crt'])).to.equal(undefined);
  });

  it('takes in copies beside the files, which are called alike', () => {
    const once = withIgnored('/a.key\n', ['a.key'], true);
    expect(once).to.equal('/a.key\n/a.key*\n');
    expect(withIgnored(once!, ['a.key'], true)).to.equal(undefined);
  });

  it('begins a new file, and a new line where the last one has no end', () => {
    expect(withIgnored('', ['.sfconnect.json'])).to.equal('/.sfconnect.json\n');
    expect(withIgnored('a', ['b'])).to.equal('a\n/b\n');
  });

  it('keeps Windows line ends and adds only what is missing', () => {
    expect(withIgnored('a\r\n/b\r\n', ['b', 'c'])).to.equal('a\r\n/b\r\n/c\r\n');
    expect(withIgnored('certs/server.key\n', ['certs/server.key'])).to.equal(undefined);
  });

  it('escapes what means something to git', () => {
    expect(withIgnored('', ['a [1]*?/b\\c '])).to.equal('/a \\[1\\]\\*\\?/b\\\\c\\ \n');
  });
});
