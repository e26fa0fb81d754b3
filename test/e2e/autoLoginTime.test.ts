import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { expect } from 'chai';
import type { ProgramRun } from '../support/runSf.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/**
 * All that the hook may take, in seconds. Loading is not in it, and is slow on the machines that run this. The table of docs/reliability.md is
 * measured with JIT_HOOK_SECONDS=10, the default of users.
 */
const seconds = Number(process.env['JIT_HOOK_SECONDS'] ?? 4);

/*
 * The table of docs/reliability.md, "Without asking": what a command costs when something hangs, with the automatic login and without it. Each
 * row is printed as it was measured.
 */
describe('how long the automatic login holds a command up', () => {
  let env: Record<string, string>;
  const holder = useStage(async (stage) => {
    env = { SF_JIT_CHECK_MINUTES: '0', SF_JIT_AUTO_LOGIN_SECONDS: String(seconds) };
    await stage.registerProduction();
    await stage.ok('jit sandbox register --sandbox-name uat');
  });
  beforeEach(async () => {
    await holder.stage.control.clearFaults();
    await holder.stage.ok('jit sandbox login --sandbox-name uat');
  });

  const query = `data query --query 'SELECT Name FROM Account' -o uat --json`;
  const run = (more: Record<string, string> = {}, home = holder.stage.home): Promise<ProgramRun> =>
    holder.stage.sf(query, { home, env: { ...env, ...more }, timeoutMs: 150_000 });
  const off = { SF_JIT_AUTO_LOGIN: 'false' };

  /** Runs the command without the hook, with it, and once more, where that is another case: what failed before is remembered. */
  async function measured(
    situation: string,
    more: Record<string, string> = {},
    { again = true, home }: { again?: boolean; home?: string } = {},
  ): Promise<ProgramRun[]> {
    const runs = [await run({ ...more, ...off }, home), await run(more, home)];
    if (again) runs.push(await run(more, home));
    const shown = runs.map(({ durationMs, code }) => `${(durationMs / 1000).toFixed(1)} s (exit ${code})`);
    process.stdout.write(`    | ${situation} | ${shown.join(' | ')} |\n`);
    return runs;
  }
  const secondsOf = ({ durationMs }: ProgramRun): number => durationMs / 1000;

  it('production hangs, and sf renews the login by itself: not longer than its limit, once, without a word', async () => {
    const { control } = holder.stage;
    for (const origin of ['login', 'production']) await control.setFault({ origin, action: { kind: 'hang' } });
    await control.expireSessions('sandbox:uat');
    const [, first, second] = await measured('production hangs, the session has ended, sf renews it');
    expect([first!, second!].map(({ code, stderr }) => ({ code, stderr }))).to.deep.equal(
      Array(2).fill({ code: 0, stderr: '' }),
    );
    expect(secondsOf(second!)).to.be.below(seconds + 15);
  });

  it('the sandbox hangs: the check of its login is given up', async () => {
    const slow = seconds + 5;
    const { control } = holder.stage;
    await control.setFault({
      origin: 'sandbox:uat',
      path: 'query$',
      action: { kind: 'slow', delayMs: slow * 1000 },
    });
    // a check that was given up is no failure that is remembered; for the table it is measured all the same
    const [without, first] = await measured(
      `the sandbox answers queries after ${slow} s`,
      {},
      {
        again: seconds === 10,
      },
    );
    expect({ code: first!.code, stderr: first!.stderr }).to.deep.equal({
      code: without!.code,
      stderr: without!.stderr,
    });
    // as many slow answers as stock waits for, and one that was given up
    expect(secondsOf(first!)).to.be.below(secondsOf(without!) + seconds + 15);
  });

  it('a name server hangs, and offline: an intact login is left alone without a word', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const preload = `--import=${new URL('../support/ownResolver.mjs', import.meta.url).href}`;
    const { stage } = holder;
    const before = await stage.snapshot();
    const { home } = stage;
    const other = await stage.newHome();
    stage.home = home;
    await cp(home, other, { recursive: true });
    // sf waits most of this time, so the two can wait at the same time
    const [slow, offline] = await Promise.all([
      measured('the name server does not answer', {
        NODE_OPTIONS: preload,
        JIT_NAME_SERVER: `127.0.0.1:${silent.address().port}`,
      }),
      measured('offline', { NODE_OPTIONS: preload, JIT_NAME_SERVER: '127.0.0.1:1' }, { home: other }),
    ]);
    silent.close();
    for (const [without, ...withHook] of [slow, offline]) {
      for (const one of withHook) {
        expect({ code: one.code, stderr: one.stderr }).to.deep.equal({ code: without!.code, stderr: without!.stderr });
      }
    }
    const stored = Object.fromEntries(Object.entries(before).filter(([path]) => path.startsWith('.sfdx')));
    for (const one of [home, other]) expect(await stage.snapshot(one)).to.include(stored);
  });

  leavesNoSecret(holder);
});
