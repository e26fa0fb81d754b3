import { expect } from 'chai';
import { leavesNoSecret, useStage } from '../support/stage.js';
import type { ProgramRun } from '../support/runSf.js';

/*
 * The tables of commands run in the process of the test (`test/support/commandInProcess.ts`). That proves something only if such a run is
 * what a user would see, so here the same commands are run in both ways, each in a home folder of its own.
 */
describe('a command in the process of the test, and in the real sf', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  type Case = [command: string, options?: { env?: Record<string, string>; input?: string }];

  /** A day of somebody who makes some mistakes: each command finds the files that those before it left. */
  const commands = (): Case[] => [
    ['jit org list'],
    [`jit org register ${on.stage.jwtFlags()} --alias prod`],
    ['jit org register --jwt-key-file - --username a@b.example --client-id x', { input: 'no key' }],
    ['jit sandbox register -n uat'],
    ['jit sandbox login -n uat --json', { env: { SF_JIT_AUTH_TYPE: 'access-token' } }],
    ['jit sandbox login -n uta --json'],
    ['jit sandbox login -n uta'],
    ['jit sandbox login'],
    ['jit sandbox login -n uat --nonsense'],
    ['jit sandbox list'],
    ['jit sandbox unregister -n uat', { input: 'y\n' }],
    ['jit sandbox logout -n uat --json'],
    ['jit sandbox list'],
  ];

  /** Without what differs between two runs of the same: times, ids, the place, and what sf adds to an error for whoever debugs. */
  const comparable = ({ code, stdout, stderr }: ProgramRun, home: string): object => {
    const plain = (text: string): string =>
      text
        .replaceAll(home, '<home>')
        .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '<time>')
        .replaceAll(/\b[0-9a-f]{32}\b/g, '<request id>')
        .replaceAll(/,\s*"requestId": "<request id>"/g, '')
        .replaceAll(/"(stack|cause)": "(?:[^"\\]|\\.)*"/g, '"$1": "…"');
    return { code, stdout: plain(stdout), stderr: plain(stderr) };
  };

  it('ends, prints and leaves the same', async () => {
    const { stage } = on;
    const seen: object[][] = [];
    for (const inSf of [true, false]) {
      const home = await stage.newHome();
      const runs: object[] = [];
      for (const [command, options] of commands()) {
        runs.push({ command, ...comparable(await stage.sf(command, { ...options, inSf }), home) });
      }
      runs.push({ files: Object.keys(await stage.snapshot()), requests: await stage.requests() });
      seen.push(runs);
    }
    const [inSf, inProcess] = seen;
    expect(inProcess).to.deep.equal(inSf);
  });

  it('keeps nothing for the next one: variables, folder, outputs and exit code are those of the test again', async () => {
    const { stage } = on;
    const state = () => ({
      env: { ...process.env },
      cwd: process.cwd(),
      argv: process.argv,
      exitCode: process.exitCode,
      listeners: process.listenerCount('SIGINT'),
      stdin: process.stdin,
      write: process.stdout.write,
    });
    const before = state();
    await stage.sf('jit sandbox login -n uta --json', { env: { SF_TARGET_ORG: 'x' }, cwd: stage.folder, input: 'x' });
    expect(state()).to.deep.equal(before);
  });

  it('refuses a command that needs a process of its own', async () => {
    const failed = await on.stage.sf('jit sandbox keep -n uat').catch((error: unknown) => String(error));
    expect(failed).to.contain('needs a process of its own');
  });

  leavesNoSecret(on);
});
