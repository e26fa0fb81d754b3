import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { noteProcess } from '../support/explainFailures.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { environmentOf, sfProgram } from '../support/runSf.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** Milliseconds that each request takes. */
const latency = 800;
/** Milliseconds within which something has to be seen. */
const bound = 500;
/** Milliseconds that a busy machine may take to get round to it. */
const slack = 2000;

/** What came of a terminal: each piece of it, with when. */
type Shown = ReadonlyArray<{ readonly text: string; readonly at: number }>;

/** What a first user sees on a real terminal, whose line to Salesforce is slow: every other test reads pipes. */
describe('on a slow line', () => {
  const on = useStage(async (stage) => {
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat');
  });
  before(function () {
    // util-linux's `script` gives a command a terminal
    if (process.platform !== 'linux' || !existsSync('/usr/bin/script')) this.skip();
  });
  beforeEach(async () => {
    const { stage } = on;
    // production's session is of an earlier login, as it is on most days
    await stage.control.clearLog();
    await stage.control.setLatency(latency);
  });
  afterEach(() => on.stage.control.setLatency(0));

  /** Runs sf on a terminal. @returns what it showed, and in one text */
  async function onTerminal(...args: string[]): Promise<{ shown: Shown; text: string; code: number | null }> {
    const { stage } = on;
    const { dataDirectory, compileCache } = await packedPlugin();
    const command = [process.execPath, '--no-deprecation', sfProgram, ...args].map((word) => `'${word}'`).join(' ');
    const env = {
      ...environmentOf({ home: stage.home }),
      SF_DATA_DIR: dataDirectory,
      NODE_COMPILE_CACHE: compileCache,
      NODE_EXTRA_CA_CERTS: stage.info.caFile,
      TERM: 'xterm-256color',
    };
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: stage.home, env, stdio: 'pipe' });
    noteProcess(child, command);
    const shown: Array<{ text: string; at: number }> = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => shown.push({ text, at: Date.now() }));
    const [code] = (await once(child, 'close')) as [number | null];
    return { shown, text: shown.map(({ text }) => text).join(''), code };
  }

  const firstRequest = async (): Promise<number> => Date.parse((await on.stage.control.log())[0]?.time ?? '');
  const seen = (shown: Shown, words: string): number => shown.find(({ text }) => text.includes(words))?.at ?? Infinity;

  it('a login of ours shows a spinner within half a second', async () => {
    const { shown, text, code } = await onTerminal('jit', 'sandbox', 'login', '-n', 'uat');
    expect(code, text).to.equal(0);
    const asked = await firstRequest();
    expect(seen(shown, 'Logging in to sandbox uat') - asked, text).to.be.below(bound + slack);
    expect(seen(shown, 'Logging in to sandbox uat')).to.be.below(seen(shown, 'Logged in to sandbox uat'));
  });

  it('the automatic login shows one, takes it away, and the stock command begins with its own words', async () => {
    await on.stage.control.setLatency(0);
    await on.stage.ok('jit sandbox logout -n uat --no-prompt');
    await on.stage.control.clearLog();
    await on.stage.control.setLatency(latency);
    const query = ['data', 'query', '-o', 'uat', '--query', 'SELECT Name FROM Account'];
    const { shown, text, code } = await onTerminal(...query);
    expect(code, text).to.equal(0);
    const waiting = 'Waiting for Salesforce: login to sandbox uat…';
    expect(seen(shown, waiting) - (await firstRequest()), text).to.be.below(bound + slack);
    const erase = '\r\u001B[2K';
    const line = `Logged in to sandbox uat as ${on.stage.info.username}.uat.`;
    const [before = '', after = ''] = text.split(`${erase}${line}\r\n`);
    expect(before, text).to.contain(waiting);
    expect(after, text).to.contain('First account of uat').and.not.contain('Waiting for Salesforce');

    // checked a moment ago, so nothing is asked before the command, and there is nothing to see of it
    await on.stage.control.clearLog();
    const again = await onTerminal(...query);
    expect(again.text)
      .to.contain('First account of uat')
      .and.not.match(/Waiting for|Logged in/);
    const asked = (await on.stage.control.log()).map(({ origin, userAgent }) => [origin, /jit/.test(userAgent)]);
    expect(asked).to.not.deep.include(['sandbox:uat', true]).and.to.not.deep.include(['production', true]);
    const words = again.shown.find(({ text: piece }) => /\S/.test(piece))?.at ?? Infinity;
    expect(words, 'the first words come before the first answer').to.be.below((await firstRequest()) + latency + slack);
  });

  leavesNoSecret(on);
});
