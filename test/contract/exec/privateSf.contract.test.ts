import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { PrivateSf } from '../../../src/exec/io/privateSf.js';
import { makePrivateSf } from '../../../src/exec/io/privateSf.js';
import type { TemporaryDirectory } from '../../support/temporaryDirectory.js';
import { temporaryDirectory } from '../../support/temporaryDirectory.js';

const token = '00D5g0000000001!AQ.$(x) `y`';
const username = 'admin@acme.com.uat';

describe('the sf of a command that exec runs', () => {
  let folder: TemporaryDirectory;
  let place: PrivateSf;
  const { argv, execArgv } = process;

  before(async function () {
    // that of Windows is a batch file, which leaves arguments as they are
    if (process.platform === 'win32') this.skip();
    folder = await temporaryDirectory();
    const script = join(folder.path, 'sf.mjs');
    await writeFile(
      script,
      'console.log(JSON.stringify({ argv: process.argv.slice(2), target: process.env.SF_TARGET_ORG ?? null }));',
    );
    process.argv = [process.execPath, script];
    process.execArgv = [];
    place = await makePrivateSf({ dataDir: folder.path, cacheDir: folder.path, configDir: folder.path });
  });
  after(async () => {
    Object.assign(process, { argv, execArgv });
    place?.wipe();
    await folder?.remove();
  });

  const seen = async (args: string[], env: Record<string, string>): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(join(place.bin, 'sf'), args, {
      env: { PATH: process.env['PATH'], ...env },
    });
    return JSON.parse(stdout);
  };
  const variables = { SF_ACCESS_TOKEN: token, SF_JIT_USERNAME: username };

  it('knows the sandbox by its username where it is told the token, so that no command shows that as a name', async () => {
    const args = ['org', 'display', '-o', token, `--target-org=${token}`, `-o=${token}`];
    expect(await seen(args, { ...variables, SF_TARGET_ORG: token })).to.deep.equal({
      argv: ['org', 'display', '-o', username, `--target-org=${username}`, `-o=${username}`],
      target: username,
    });
  });

  it('leaves every other argument as it is, to the letter', async () => {
    const args = [
      'data',
      'query',
      '-q',
      "SELECT 'it''s' FROM X",
      '',
      ' ',
      `text ${token}`,
      '*',
      '$HOME',
      '-o',
      'other',
    ];
    expect(await seen(args, { ...variables, SF_TARGET_ORG: 'other' })).to.deep.equal({ argv: args, target: 'other' });
    expect(await seen(args, {})).to.deep.equal({ argv: args, target: null });
    expect(await seen([], variables)).to.deep.equal({ argv: [], target: null });
  });
});
