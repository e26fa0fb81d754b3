import { expect } from 'chai';
import { addToGitignore } from '../../../src/files/gitignore.js';

describe('addToGitignore', () => {
  it('adds anchored patterns, and nothing the second time', () => {
    const once = addToGitignore('node_modules/\n', ['certs/server.key', 'certs/server.crt']);
    expect(once).to.equal('node_modules/\n/certs/server.key\n/certs/server.crt\n');
    expect(addToGitignore(once!, ['certs/server.key', 'certs/server.crt'])).to.equal(undefined);
  });

  it('takes in copies beside the files, which are called alike', () => {
    const once = addToGitignore('/a.key\n', ['a.key'], true);
    expect(once).to.equal('/a.key\n/a.key*\n');
    expect(addToGitignore(once!, ['a.key'], true)).to.equal(undefined);
  });

  it('begins a new file, and a new line where the last one has no end', () => {
    expect(addToGitignore('', ['.sfconnect.json'])).to.equal('/.sfconnect.json\n');
    expect(addToGitignore('a', ['b'])).to.equal('a\n/b\n');
  });

  it('keeps Windows line ends and adds only what is missing', () => {
    expect(addToGitignore('a\r\n/b\r\n', ['b', 'c'])).to.equal('a\r\n/b\r\n/c\r\n');
    expect(addToGitignore('certs/server.key\n', ['certs/server.key'])).to.equal(undefined);
  });

  it('escapes what means something to git', () => {
    expect(addToGitignore('', ['a [1]*?/b\\c '])).to.equal('/a \\[1\\]\\*\\?/b\\\\c\\ \n');
  });
});
