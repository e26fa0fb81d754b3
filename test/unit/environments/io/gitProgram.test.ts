import { expect } from 'chai';
import { gitPlaces } from '../../../../src/environments/io/gitProgram.js';

describe('gitPlaces', () => {
  it('are folders that PATH names in full, on Windows under any spelling of PATH, and never the current one', () => {
    const Path = '.;;bin;"C:\\Program Files\\Git\\cmd";C:\\Windows';
    expect(gitPlaces({ Path }, 'win32')).to.deep.equal([
      'C:\\Program Files\\Git\\cmd\\git.exe',
      'C:\\Windows\\git.exe',
    ]);
    expect(gitPlaces({ PATH: '.::bin:/usr/bin:/opt/git bin' }, 'linux')).to.deep.equal([
      '/usr/bin/git',
      '/opt/git bin/git',
    ]);
  });

  it('are none without a PATH', () => {
    expect(gitPlaces({}, 'linux')).to.deep.equal([]);
    expect(gitPlaces({ Path: '/bin' }, 'linux')).to.deep.equal([]);
  });
});
