import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packedPlugin, sf } from '../support/packedPlugin.js';
import { environmentOf, sfProgram } from '../support/runSf.js';
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.js';

describe('the lines that emulator start prints', () => {
  let folder: TemporaryDirectory;
  before(async function () {
    // the lines of Windows are for PowerShell
    if (process.platform === 'win32') this.skip();
    folder = await temporaryDirectory('jit-emulator-lines-');
  });
  after(() => folder?.remove());

  /** Runs the lines as a user who pastes them, with an `sf` that has the packed plugin. */
  async function paste(lines: string): Promise<string> {
    const { dataDirectory, compileCache } = await packedPlugin();
    const bin = join(folder.path, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'sf'), `#!/bin/sh\nexec '${process.execPath}' --no-deprecation '${sfProgram}' "$@"\n`);
    await chmod(join(bin, 'sf'), 0o755);
    const env = { SF_DATA_DIR: dataDirectory, NODE_COMPILE_CACHE: compileCache, PATH: `${bin}:${process.env['PATH']}` };
    const { stdout, stderr } = await promisify(execFile)('/bin/sh', ['-ec', lines], {
      cwd: folder.path,
      env: environmentOf({ home: folder.path, env }),
    });
    return stdout + stderr;
  }

  it('do what they say when they are pasted: register, use, refresh, and clean up', async () => {
    let pasted: Promise<string> | undefined;
    const run = await sf(['jit', 'emulator', 'start', '--sandbox', 'uat'], {
      home: folder.path,
      onOutput: (stdout, pid) => {
        if (pasted !== undefined || !/org unregister .*\n/.test(stdout)) return;
        const lines = stdout.split('\n').filter((line) => /^(export| {2}(sf|curl)) /.test(line));
        pasted = paste(lines.join('\n')).finally(() => process.kill(pid, 'SIGINT'));
        pasted.catch(() => undefined);
      },
    });
    const printed = await pasted;
    expect(run.code, run.stderr).to.equal(0);
    expect(printed)
      .to.contain('Registered sandbox uat with alias "emulator-uat"')
      .and.to.contain('First account of uat copy 1')
      .and.to.contain('Sandbox uat was refreshed on ')
      .and.to.contain('Removed the registration of sandbox uat and its sf org');
  });
});
