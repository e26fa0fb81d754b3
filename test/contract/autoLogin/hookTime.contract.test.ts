import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import sinon from 'sinon';
import type { AutoLoginOutput } from '../../../src/autoLogin/autoLogin.js';
import { lockedFile } from '../../../src/files/io/locks.js';
import { autoLoginFailureFile } from '../../../src/files/io/stateFolders.js';
import { autoLogin } from '../../../src/wiring/autoLogin.js';
import { ports } from '../../../src/wiring/ports.js';
import { loginIfNeeded } from '../../../src/wiring/loginIfNeeded.js';
import { filesIn } from '../../support/stage.js';
import { killWorkers, startWorker } from '../../torture/support/workers.js';
import { Homes } from '../../torture/support/home.js';

/** Seconds that a busy machine may take to notice that the time is over. */
const slack = 2;

/** What the hook does before a command, with the real adapters, in this process. */
describe('the time of the automatic login', () => {
  let homes: Homes;
  before(async () => {
    homes = await Homes.open((opened) => opened.registerAndLogIn());
  });
  after(() => homes.close());
  beforeEach(async () => {
    await homes.next();
    // each case is a process of its own, as far as sessions go
    ports.sessions.clear();
  });
  afterEach(() => homes.emulator.control.clearFaults());

  const hook = async (seconds: number, output: AutoLoginOutput = 'all'): Promise<{ said: string[]; took: number }> => {
    const said: string[] = [];
    const started = performance.now();
    await loginIfNeeded(['dev'], { seconds, output, say: (line) => said.push(line), respell: () => undefined });
    return { said, took: (performance.now() - started) / 1000 };
  };
  const nextCommand = async (): Promise<{ said: string[]; took: number }> => {
    const said: string[] = [];
    const started = performance.now();
    const flags = { 'target-org': { type: 'option', char: 'o' } } as const;
    await autoLogin({ id: 'data:query', flags, argv: ['-o', 'dev'] }, (line) => said.push(line));
    return { said, took: (performance.now() - started) / 1000 };
  };
  const hang = async (): Promise<void> => {
    for (const origin of ['login', 'production']) {
      await homes.emulator.control.setFault({ origin, action: { kind: 'hang' } });
    }
  };
  const requests = async (): Promise<number> => (await homes.emulator.control.log()).length;

  /** Another process that holds the lock of the sandbox until it is killed. */
  const heldByAnother = async (): Promise<() => void> => {
    const file = lockedFile(`sandbox ${homes.emulator.info.username} dev`);
    const script = `
      const { lock } = require(${JSON.stringify(new URL('../../../node_modules/proper-lockfile/index.js', import.meta.url).pathname)});
      const { mkdirSync } = require('node:fs');
      mkdirSync(${JSON.stringify(file.replace(/[\\/][^\\/]*$/, ''))}, { recursive: true });
      lock(${JSON.stringify(file)}, { realpath: false, stale: 4000 }).then(() => process.stdout.write('held'));
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return () => void child.kill('SIGKILL');
  };

  it('ends within its limit while another process holds the lock, says so once, and holds the next command not up', async () => {
    const release = await heldByAnother();
    try {
      await homes.emulator.control.clearLog();
      const { said, took } = await hook(2);
      expect(took).to.be.within(1.5, 2 + slack);
      expect(said).to.have.length(1);
      expect(said[0]).to.match(/^Warning: not logged in to sandbox dev \(Locked\)/);
      const next = await nextCommand();
      expect(next.took).to.be.below(1);
      expect(next.said).to.have.length(1);
      expect(next.said[0]).to.match(/^Warning: not logged in to sandbox dev\. That failed at \d\d:\d\d \(Locked\)/);
      expect(await requests()).to.equal(0);
    } finally {
      release();
    }
  });

  it('ends within its limit while production hangs; elsewhere than on a terminal one line says what for, after two seconds', async () => {
    await hang();
    const { said, took } = await hook(4);
    expect(took).to.be.within(3, 4 + slack);
    expect(said).to.have.length(2);
    expect(said[0]).to.equal('Waiting for Salesforce: login to sandbox dev...');
    expect(said[1]).to.match(/^Warning: not logged in to sandbox dev \(Timeout\)/);
  });

  it('says nothing of its waiting to a program that reads JSON', async () => {
    await hang();
    expect((await hook(3, 'problems')).said).to.have.length(1);
    await homes.next();
    expect((await hook(3, 'none')).said).to.deep.equal([]);
  });

  it('shows a spinner on a terminal, which leaves nothing behind', async () => {
    await hang();
    const isTerminal = process.stderr.isTTY;
    const written: string[] = [];
    process.stderr.isTTY = true;
    const write = sinon.stub(process.stderr, 'write').callsFake((text) => written.push(String(text)) > 0);
    let said: string[];
    try {
      ({ said } = await hook(2));
    } finally {
      write.restore();
      process.stderr.isTTY = isTerminal;
    }
    expect(
      written.filter((text) => text.includes('Waiting for Salesforce: login to sandbox dev…')),
    ).to.have.length.above(2);
    expect(written.at(-1)).to.equal('\r\u001B[2K');
    expect(said).to.have.length(1);
  });

  describe('after a failure, for the commands that follow', () => {
    /** Sets the time of the failure that is remembered back. */
    const secondsLater = async (seconds: number): Promise<void> => {
      const file = autoLoginFailureFile('dev');
      const failed = JSON.parse(await readFile(file, 'utf8')) as { at: string };
      const at = new Date(Date.parse(failed.at) - seconds * 1000).toISOString();
      await writeFile(file, JSON.stringify({ ...failed, at }));
      await homes.emulator.control.clearLog();
    };

    it('notices a minute later that a sandbox is ready whose copy was under way, and asks nothing before', async () => {
      const { control } = homes.emulator;
      await control.refreshSandbox('dev');
      const { said, took } = await hook(10);
      expect(said[0]).to.match(/^Warning: not logged in to sandbox dev \(SandboxNotReady\)/);
      await control.setSandbox('dev', { status: 'Completed' });
      const { minutes = 5 } = JSON.parse(await readFile(autoLoginFailureFile('dev'), 'utf8')) as { minutes?: number };
      expect(minutes, 'one for each second that it took').to.be.within(1, Math.ceil(took));
      await secondsLater(minutes * 60 - 30);
      expect((await nextCommand()).said[0]).to.match(/^Warning: not logged in to sandbox dev\. That failed at/);
      expect(await requests()).to.equal(0);
      await secondsLater(30);
      expect((await nextCommand()).said).to.deep.equal(['Logged in to sandbox dev as admin@acme.example.dev.']);
    });

    it('asks again after five minutes only where nothing passes by itself', async () => {
      await homes.emulator.control.setUser(homes.emulator.info.username, { active: false });
      try {
        expect((await hook(10)).said[0]).to.match(/^Warning: not logged in to sandbox dev \(InactiveUser\)/);
      } finally {
        await homes.emulator.control.setUser(homes.emulator.info.username, { active: true });
      }
      await secondsLater(240);
      expect((await nextCommand()).said[0]).to.match(/^Warning: not logged in to sandbox dev\. That failed at/);
      expect(await requests()).to.equal(0);
      await secondsLater(60);
      expect((await nextCommand()).said).to.deep.equal(['Logged in to sandbox dev as admin@acme.example.dev.']);
    });
  });

  describe('before the commands of several processes at once', () => {
    after(killWorkers);
    const atOnce = async (): Promise<Array<{ said: string[]; took: number }>> => {
      const args = ['--before-command', 'dev'];
      const workers = [1, 2, 3, 4].map(() => startWorker(args, homes.home, homes.emulator.info.caFile, homes.project));
      await Promise.all(workers.map(({ ready }) => ready));
      await homes.emulator.control.clearLog();
      for (const worker of workers) worker.go();
      const ended = await Promise.all(workers.map((worker) => worker.ended));
      return ended.map(({ outcomes: [outcome], stderr }) => {
        if (outcome?.said === undefined || outcome.took === undefined) throw new Error(stderr);
        return { said: outcome.said, took: outcome.took };
      });
    };
    const leftBehind = async (): Promise<string[]> =>
      (await filesIn(homes.home)).filter((path) => /\.(lock|tmp)$/.test(path));

    it('logs in once for all of them, and says it once', async () => {
      await homes.emulator.control.setLatency(200);
      try {
        const said = (await atOnce()).flatMap((one) => one.said);
        expect(said.filter((line) => !line.startsWith('Waiting for'))).to.deep.equal([
          'Logged in to sandbox dev as admin@acme.example.dev.',
        ]);
        const asked = (await homes.emulator.control.log()).filter(({ path }) => path.endsWith('/sandboxAuth'));
        expect(asked).to.have.length(1);
        expect(await leftBehind()).to.deep.equal([]);
      } finally {
        await homes.emulator.control.setLatency(0);
      }
    });

    it('remembers a failure that all of them meet, whole, and warns each once', async () => {
      const { control, info } = homes.emulator;
      await control.setUser(info.username, { active: false });
      try {
        for (const { said } of await atOnce()) {
          const warnings = said.filter((line) => !line.startsWith('Waiting for'));
          expect(warnings).to.have.length(1);
          expect(warnings[0]).to.match(
            /^Warning: not logged in to sandbox dev(?: \(InactiveUser\):|\. That failed at)/,
          );
        }
        await control.clearLog();
        const { said } = await nextCommand();
        expect(said).to.have.length(1);
        expect(said[0]).to.match(/^Warning: not logged in to sandbox dev\. That failed at .* \(InactiveUser\)/);
        expect(await requests()).to.equal(0);
        expect(await leftBehind()).to.deep.equal([]);
      } finally {
        await control.setUser(info.username, { active: true });
      }
    });

    it('holds none of them up for longer than the limit while production hangs, though they wait for each other', async () => {
      await mkdir(join(homes.home, '.sf'), { recursive: true });
      await writeFile(join(homes.home, '.sf', 'config.json'), JSON.stringify({ 'jit-auto-login-seconds': 3 }));
      await hang();
      const all = await atOnce();
      for (const { took, said } of all) {
        expect(took).to.be.below(3 + slack);
        expect(said.at(-1)).to.match(/^Warning: not logged in to sandbox dev \((?:Timeout|Locked)\)/);
      }
      await homes.emulator.control.clearFaults();
      await homes.emulator.control.clearLog();
      expect((await nextCommand()).said[0]).to.match(/^Warning: not logged in to sandbox dev\. That failed at/);
      expect(await requests()).to.equal(0);
    });
  });
});
