import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import sinon from 'sinon';
import { runNotesWith } from '../../../src/exec/io/runNoteFiles.js';
import type { NotedLogin } from '../../../src/exec/runNotes.js';
import { useHome } from '../../support/home.js';

const login: NotedLogin = {
  sandboxName: 'uat',
  username: 'admin@acme.example.uat',
  productionUsername: 'admin@acme.example',
  instanceUrl: 'https://uat.example',
  accessToken: '00D5g0000000005!secret-access-token',
  refreshToken: 'secret-refresh-token',
};

/** Notes of runs of `exec` on a real disk, encrypted by core, about real processes. */
describe('notes of runs', () => {
  const home = useHome();
  const started: ChildProcess[] = [];

  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  const notes = runNotesWith(() => home.path);
  const files = async (): Promise<string[]> => readdir(join(home.path, '.sf', 'jit', 'exec'));

  /** A note as another process would have written it. */
  const noteOf = async (pid: number): Promise<void> => {
    await notes.keep(login);
    const path = join(home.path, '.sf', 'jit', 'exec', (await files())[0]!);
    await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), pid }));
  };

  const running = (...command: [string, ...string[]]): ChildProcess => {
    const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(child);
    return child;
  };

  it('show neither token nor instance URL in the file, and are gone when they are forgotten', async () => {
    const note = await notes.keep(login);
    const [name] = await files();
    const text = await readFile(join(home.path, '.sf', 'jit', 'exec', name!), 'utf8');
    expect(text).to.contain('"sandboxName":"uat"').and.not.contain('secret');
    await note.forget();
    expect(await files()).to.deep.equal([]);
  });

  it('of this process, and of another one that goes on, are left alone', async () => {
    await notes.keep(login);
    expect(await notes.left()).to.deep.equal([]);
    await (await notes.keep(login)).forget();
    const other = running(process.execPath, '-e', 'setInterval(() => {}, 1000)');
    await noteOf(other.pid!);
    expect(await notes.left()).to.deep.equal([]);
  });

  it("of another user's process are left alone", async () => {
    const other = running(process.execPath, '-e', 'setInterval(() => {}, 1000)');
    await noteOf(other.pid!);
    sinon.replace(process, 'kill', () => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    try {
      expect(await notes.left()).to.deep.equal([]);
    } finally {
      sinon.restore();
    }
  });

  it('of a process that is gone are given back whole', async () => {
    const other = running(process.execPath, '-e', '');
    await once(other, 'exit');
    await noteOf(other.pid!);
    const [left] = await notes.left();
    expect(left?.login).to.deep.equal(login);
    await left?.forget();
    expect(await files()).to.deep.equal([]);
  });

  it('of a process that was killed are given back though nobody took notice of its end', async function () {
    if (process.platform !== 'linux') this.skip();
    // its parent becomes a program that never asks, as the first process of many containers
    const parent = running('sh', '-c', 'sleep 60 & echo $!; exec sleep 60');
    const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
    const pid = Number(String(line));
    // until then the parent is a shell, which does ask
    while ((await readFile(`/proc/${parent.pid!}/comm`, 'utf8')) !== 'sleep\n') await setTimeout(5);
    process.kill(pid, 'SIGKILL');
    while (!(await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z ')) await setTimeout(5);
    await noteOf(pid);
    expect((await notes.left()).map((run) => run.login)).to.deep.equal([login]);
  });
});
