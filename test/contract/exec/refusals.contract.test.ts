import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { leavesNoSecret, useStage } from '../../support/stage.js';
import type { ProgramRun } from '../../support/runSf.js';

/** What `exec` refuses before it asks Salesforce for anything: one case each is in the real sf as well (`test/e2e/sandboxExec.test.ts`). */
describe('sandbox exec, refused', () => {
  let temporary = '';
  const on = useStage(
    async (stage) => {
      temporary = join(stage.folder, 'tmp');
      await mkdir(temporary);
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat --no-verify');
    },
    { inProcess: true },
  );
  const exec = (commandLine: string): Promise<ProgramRun> =>
    on.stage.sf(`jit sandbox exec ${commandLine}`, { env: { TMPDIR: temporary } });

  afterEach('leaves no file, and has sent nothing', async () => {
    expect((await readdir(temporary)).filter((name) => !name.startsWith('tsx-'))).to.deep.equal([]);
    expect(await on.stage.requests()).to.deep.equal([]);
  });

  const commands: ReadonlyArray<[what: string, command: () => string | Promise<string>, code: number, says: string]> = [
    ['a command that is on no path', () => 'no-such-command-here', 127, 'There is no command'],
    ['a file that is not there', () => './missing', 127, 'There is no command'],
    ['no name at all', () => `''`, 127, 'There is no command'],
    [
      'a script that may not be run',
      () => on.stage.file('script.sh', '#!/bin/sh\necho hello\n', 0o644),
      126,
      'cannot be run',
    ],
    ['a folder', () => on.stage.folder, 126, 'cannot be run'],
  ];
  for (const [what, command, code, says] of commands) {
    it(`for a command that cannot be run: ${what}`, async () => {
      const run = await exec(`-n uat -- ${await command()}`);
      expect(run, run.stderr).to.include({ code, stdout: '' });
      expect(run.stderr).to.contain(says);
    });
  }

  for (const [line, words] of [
    ['-n uat', 'no command'],
    ['-n uat --', 'no command'],
    ['-n uat echo hi', 'Unexpected argument'],
    ['-n uat echo -- hi', 'Unexpected argument'],
    ['-- echo hi', 'sandbox-name'],
    ['-n uat --json -- echo hi', '--json'],
  ] as const) {
    it(`for its command line: ${line}`, async () => {
      const run = await exec(line);
      expect(run, run.stderr).to.include({ code: 2, stdout: '' });
      expect(run.stderr).to.contain(words);
    });
  }

  leavesNoSecret(on);
});
