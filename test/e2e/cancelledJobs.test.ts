import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { ProtocolClient } from '../contract/emulator/protocolClient.js';
import { noteProcess } from '../support/explainFailures.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { sfProgram } from '../support/runSf.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** A command that ignores what can be ignored, as a child of a shell. */
const stubborn = `for (const signal of ["SIGINT","SIGTERM","SIGHUP"]) process.on(signal, () => {});require("fs").writeFileSync(process.argv[1], String(process.pid));setInterval(() => {}, 1000)`;

/**
 * The ways in which CI systems cancel a job, with real processes. The runner's own steps are played by the test, which then waits for the end,
 * however long the machine takes for it: that it comes within the time that a CI system leaves is shown with a clock of the test's own, in
 * `test/unit/exec/io/commands.test.ts` and `test/unit/exec/ending.test.ts`.
 */
describe('a job that is cancelled', function () {
  if (process.platform === 'win32') return;
  let temporary = '';
  const started: ChildProcess[] = [];
  const on = useStage(async (stage) => {
    temporary = join(stage.folder, 'tmp');
    await mkdir(temporary);
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat --no-verify');
  });

  afterEach(() => {
    for (const { pid } of started.splice(0)) if (pid !== undefined) kill(-pid, 'SIGKILL');
  });

  const kill = (pid: number, signal: NodeJS.Signals | 0): boolean => {
    try {
      process.kill(pid, signal);
      return true;
    } catch {
      return false;
    }
  };
  const isRunning = async (pid: number): Promise<boolean> =>
    kill(pid, 0) && !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: Z'));

  /** Until a process has ended, however long the machine takes for that. */
  const ended = async (pid: number): Promise<void> => {
    while (await isRunning(pid)) await setTimeout(20);
  };

  const parent = async (pid: number): Promise<number> =>
    Number(/^PPid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);

  /** The tokens of the sandbox that Salesforce still takes. */
  const living = async (): Promise<number> => {
    const { stage } = on;
    const { orgId, url } = await stage.sandbox('uat');
    const tokens = (await stage.control.issuedSecrets()).filter((text) => text.startsWith(`${orgId.slice(0, 15)}!`));
    const query = `${url}/services/data/v60.0/query?q=${encodeURIComponent('SELECT Id FROM User')}`;
    const answers = await Promise.all(
      tokens.map((token) =>
        new ProtocolClient(stage.info).send(query, { headers: { authorization: `Bearer ${token}` } }),
      ),
    );
    return answers.filter(({ status }) => status === 200).length;
  };

  /** A step of a job: a shell in a process group of its own that runs a script with `exec` in it. */
  const step = async (name: string, between?: 'a shell'): Promise<{ shell: number; exec: number; command: number }> => {
    const { stage } = on;
    const { dataDirectory, compileCache } = await packedPlugin();
    const pidFile = join(stage.folder, `${name}.pid`);
    const run = [
      ...(between ? ['sh', '-c', `'"$@"; true'`, 'sh'] : []),
      process.execPath,
      sfProgram,
      'jit',
      'sandbox',
      'exec',
      '-n',
      'uat',
      '--',
    ];
    const command = ['sh', '-c', `'"${process.execPath}" -e '\\''${stubborn}'\\'' "$0"; true' "${pidFile}"`];
    const script = join(stage.folder, `${name}.sh`);
    await writeFile(script, `${run.join(' ')} ${command.join(' ')}\necho after\n`);
    const shell = spawn('bash', ['-e', script], {
      cwd: stage.home,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: stage.home,
        TMPDIR: temporary,
        SF_DATA_DIR: dataDirectory,
        NODE_COMPILE_CACHE: compileCache,
        SF_DISABLE_AUTOUPDATE: 'true',
        SF_DISABLE_TELEMETRY: 'true',
        SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
        NODE_EXTRA_CA_CERTS: stage.info.caFile,
      },
    });
    started.push(noteProcess(shell, `bash -e ${script}`));
    let output = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (data: Buffer) => (output += String(data)));
    for (;;) {
      const pid = await readFile(pidFile, 'utf8').catch(() => '');
      if (pid !== '') {
        const exec = await parent(await parent(Number(pid)));
        return { shell: shell.pid!, exec, command: Number(pid) };
      }
      if (shell.exitCode !== null) throw new Error(output);
      await setTimeout(50);
    }
  };

  const expectEnded = async ({ exec, command }: { exec: number; command: number }): Promise<void> => {
    expect(await living(), 'living tokens').to.equal(0);
    expect(await isRunning(command), 'the command').to.equal(false);
    expect(await isRunning(exec), 'exec').to.equal(false);
    expect((await readdir(temporary)).filter((name) => !name.startsWith('tsx-'))).to.deep.equal([]);
    expect(await readdir(join(on.stage.home, '.sf', 'jit', 'exec'))).to.deep.equal([]);
  };

  it('by GitHub leaves no living token: SIGINT and later SIGTERM, both to the shell of the step alone', async () => {
    const job = await step('github');
    kill(job.shell, 'SIGINT');
    expect(await living(), 'the shell passes nothing on').to.equal(1);
    kill(job.shell, 'SIGTERM');
    await Promise.all([ended(job.exec), ended(job.command)]);
    await expectEnded(job);
  });

  it('by GitLab leaves no living token: SIGTERM to the process group', async () => {
    const job = await step('gitlab');
    kill(-job.shell, 'SIGTERM');
    await Promise.all([ended(job.exec), ended(job.command)]);
    await expectEnded(job);
  });

  it('by Jenkins leaves no living token: SIGTERM to each process of the build', async () => {
    const job = await step('jenkins');
    for (const pid of [job.shell, job.exec, job.command]) kill(pid, 'SIGTERM');
    await Promise.all([ended(job.exec), ended(job.command)]);
    await expectEnded(job);
  });

  it('whose shell is killed alone ends as well, also behind a program in between', async () => {
    const job = await step('orphaned', 'a shell');
    kill(job.shell, 'SIGKILL');
    await Promise.all([ended(job.exec), ended(job.command)]);
    await expectEnded(job);
  });

  it('by SIGKILL to all leaves a token that the next command of the plugin revokes, and nothing that shows it', async () => {
    const { stage } = on;
    const job = await step('killed');
    kill(-job.shell, 'SIGKILL');
    await Promise.all([ended(job.exec), ended(job.command)]);
    expect(await living()).to.equal(1);
    const [note] = await readdir(join(stage.home, '.sf', 'jit', 'exec'));
    expect(note).to.match(/^[0-9a-f]{16}\.json$/);
    await stage.expectNoSecrets();
    await stage.ok('jit org list');
    await expectEnded(job);
  });

  it('is not taken for one while it runs', async () => {
    const { stage } = on;
    const job = await step('running');
    await stage.ok('jit org list');
    expect(await living()).to.equal(1);
    kill(job.exec, 'SIGTERM');
    kill(job.command, 'SIGKILL');
    await Promise.all([ended(job.exec), ended(job.command)]);
    await expectEnded(job);
  });

  leavesNoSecret(on);
});
