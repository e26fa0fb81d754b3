import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import type { Emulator, EmulatorInfo, EmulatorOptions } from '../../src/emulator/index.js';
import { EmulatorControl, startEmulator } from '../../src/emulator/index.js';
import { trustCertificate } from './certificates.js';
import { addWitness, explain, noteRun, type Witness } from './explainFailures.js';
import { packedPlugin, sf, type SfJson } from './packedPlugin.js';
import type { ProgramOptions, ProgramRun } from './runSf.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporaryDirectory.js';

export type StageOptions = EmulatorOptions & {
  /**
   * Runs the plugin's commands in this process (`commandInProcess.ts`), for tables of cases; stock commands run in the real sf in any case.
   * `JIT_IN_SF=1` has all of them run in the real sf.
   */
  readonly inProcess?: boolean;
};

export type StageSfOptions = Partial<ProgramOptions> & {
  /** Runs the plugin's command in the real sf, also on a stage that runs them in this process: two cases of every table. */
  readonly inSf?: boolean;
};

/** Every file of a home folder: digest of its bytes and its mode, by its path. */
export type Snapshot = Record<string, string>;

type LogEntry = Awaited<ReturnType<EmulatorControl['log']>>[number];

/** Remembers what is cleared from the log: a test counts requests by clearing, and a failure is explained with all of them. */
class RememberingControl extends EmulatorControl {
  private cleared: LogEntry[] = [];

  public override async clearLog(): Promise<void> {
    this.cleared.push(...(await this.log()));
    await super.clearLog();
  }

  /** Everything since the last call of {@link forget}, what was in the log then included. */
  public async remembered(): Promise<LogEntry[]> {
    return [...this.cleared, ...(await this.log())];
  }

  public forget(): void {
    this.cleared = [];
  }
}

/** What a request was, in a few words. */
function inWords({ origin, path, grantType, soql }: LogEntry): string {
  const what = grantType ? ` ${grantType}` : soql ? ` ${/\bFROM (\w+)/i.exec(soql)?.[1] ?? soql}` : '';
  return `${origin} ${path.split('/').at(-1) ?? path}${what}`;
}

/**
 * A Salesforce of one's own, home folders that begin empty, and the real sf with the packed plugin, or the plugin's commands in this process.
 * What every command printed is kept, so that {@link expectNoSecrets} can look for secrets in it and in every file of every home folder.
 */
export class Stage implements Witness {
  public readonly control: RememberingControl;
  public readonly info: EmulatorInfo;
  /** Temporary folder for what a test needs besides, outside every home folder. */
  public readonly folder: string;
  /** The home folder that commands use unless told otherwise. */
  public home = '';
  private readonly homes: string[] = [];
  private readonly printed: Array<ProgramRun & { commandLine: string }> = [];
  /** Other texts that must not be found anywhere. */
  private readonly otherSecrets: string[] = [];
  private began: { at: string; files: Snapshot } = { at: '', files: {} };
  private readonly stopTelling = addWitness(this);

  private constructor(
    private readonly emulator: Emulator,
    private readonly temporary: TemporaryDirectory,
    /** Ends what this process has for running commands itself. */
    private readonly endTrust: (() => void) | undefined,
  ) {
    this.info = emulator.info;
    this.control = new RememberingControl(this.info.controlUrl, this.info.controlToken);
    this.folder = temporary.path;
  }

  public static async open({ inProcess = false, ...options }: StageOptions = {}): Promise<Stage> {
    const isInProcess = inProcess && process.env['JIT_IN_SF'] !== '1';
    // packed before this process looks like another one to the programs that it starts
    if (isInProcess) await packedPlugin();
    const emulator = await startEmulator(options);
    const endTrust = isInProcess ? await trustCertificate(emulator.info.caFile) : undefined;
    const stage = new Stage(emulator, await temporaryDirectory('jit-e2e-'), endTrust);
    await stage.newHome();
    return stage;
  }

  /** Makes an empty home folder and the default of the commands that follow. */
  public async newHome(): Promise<string> {
    const home = join(this.folder, `home${this.homes.length}`);
    this.homes.push(home);
    this.home = home;
    await mkdir(home, { mode: 0o700 });
    return home;
  }

  /** Runs sf against the emulator. An argument with spaces stands between single quotes. */
  public async sf(commandLine: string, options: StageSfOptions = {}): Promise<ProgramRun> {
    const run = await this.unrecorded(commandLine, options);
    this.printed.push({ ...run, commandLine });
    return run;
  }

  /** As {@link sf}, for what prints a secret because it was asked for it: nobody looks for secrets in this output. */
  public async unrecorded(commandLine: string, { inSf, ...options }: StageSfOptions = {}): Promise<ProgramRun> {
    const run = { home: this.home, ...options, env: { NODE_EXTRA_CA_CERTS: this.info.caFile, ...options.env } };
    if (this.endTrust === undefined || inSf || !commandLine.startsWith('jit ')) return sf(words(commandLine), run);
    // loaded only where it is used: it brings oclif and the whole plugin
    const { runInProcess } = await import('./commandInProcess.js');
    return runInProcess(words(commandLine), run, noteRun(`sf ${commandLine}  (in the process of the test)`));
  }

  /** Runs sf with `--json` and expects success. */
  public async ok<T>(args: string, options?: StageSfOptions): Promise<T> {
    return (await this.okJson<T>(args, options)).result;
  }

  /** As {@link ok}, with the warnings. */
  public async okJson<T>(args: string, options?: StageSfOptions): Promise<SfJson<T>> {
    const run = await this.sf(`${args} --json`, options);
    const answer = run.json<SfJson<T>>();
    expect(run.code, `sf ${args}: ${run.stdout}${run.stderr}`).to.equal(0);
    return answer;
  }

  /** Runs sf with `--json` and expects a failure of this class, with actions, this exit code and nothing on disk changed. */
  public async fails(
    args: string,
    name: string,
    options: StageSfOptions & { exitCode?: number } = {},
  ): Promise<SfJson<unknown>> {
    const { exitCode = 1, ...sfOptions } = options;
    const before = await this.snapshot(options.home);
    const run = await this.sf(`${args} --json`, sfOptions);
    const answer = run.json<SfJson<unknown>>();
    expect(answer.name, `sf ${args}: ${answer.message}`).to.equal(name);
    expect({ process: run.code, exitCode: answer.exitCode, status: answer.status }, `sf ${args}`).to.deep.equal({
      process: exitCode,
      exitCode,
      status: exitCode,
    });
    expect(answer.message, 'message')
      .to.match(/\S/)
      .and.not.match(/undefined|\{\w+\}|\[object/);
    expect(answer.actions, `actions of ${name}`).to.be.an('array').that.is.not.empty;
    expect(await this.snapshot(options.home), 'files').to.deep.equal(before);
    return answer;
  }

  /** Registers production with the app's key file as `prod`. */
  public async registerProduction(options?: StageSfOptions): Promise<void> {
    await this.ok(`jit org register ${this.jwtFlags()} --alias prod`, options);
  }

  /** The flags of a JWT login to production, for `sf jit org register` and `sf org login jwt` alike. */
  public jwtFlags(info: Pick<EmulatorInfo, 'username' | 'loginUrl'> = this.info): string {
    return `--username ${info.username} --client-id ${this.info.clientId} --jwt-key-file ${this.info.keyFile} --instance-url ${info.loginUrl}`;
  }

  /** What makes sf note every host it connects to, as options of a command, and what it noted. */
  public connections(): { options: StageSfOptions; hosts: () => Promise<string[]> } {
    const file = join(this.folder, `connections-${randomUUID()}`);
    const recorder = `--import=${new URL('./recordConnections.ts', import.meta.url).href}`;
    return {
      options: { inSf: true, env: { NODE_OPTIONS: recorder, JIT_CONNECTIONS_FILE: file } },
      hosts: async () => [...new Set((await readFile(file, 'utf8')).trim().split('\n'))],
    };
  }

  /** What the servers were asked since the last call, a line a request: `login token jwt-bearer`, `production sandboxAuth`. */
  public async requests(): Promise<string[]> {
    const log = await this.control.log();
    await this.control.clearLog();
    return log.map(inWords);
  }

  /** The home folder's files, logs left out. */
  public async snapshot(home = this.home): Promise<Snapshot> {
    const snapshot: Snapshot = {};
    for (const path of await filesIn(home)) {
      const name = relative(home, path);
      // the note of the last failure is what a failure may leave behind, also half-way in a command that runs beside this one
      if (/\.log$|^\.cache\b|^\.sf.jit.last-failure\.json/.test(name)) continue;
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
        .slice(0, 16);
      snapshot[name] = `${digest} ${((await stat(path)).mode & 0o777).toString(8)}`;
    }
    return snapshot;
  }

  /** A JSON file under the home folder. */
  public async json<T = Record<string, unknown>>(...path: string[]): Promise<T> {
    return JSON.parse(await readFile(join(this.home, ...path), 'utf8')) as T;
  }

  public async registry(): Promise<{
    productionOrgs: Array<Record<string, unknown>>;
    sandboxes: Array<Record<string, unknown>>;
  }> {
    return this.json('.sf', 'jit.json');
  }

  /** The org as sf stores it: tokens are encrypted in it. */
  public async storedOrg(username: string): Promise<Record<string, unknown>> {
    return this.json('.sfdx', `${username}.json`);
  }

  /** Aliases by name. */
  public async aliases(): Promise<Record<string, string>> {
    return (await this.json<{ orgs: Record<string, string> }>('.sfdx', 'alias.json')).orgs;
  }

  /** A folder with an sf project in it, outside the home folders. */
  public async project(): Promise<string> {
    const folder = await mkdtemp(join(this.folder, 'project-'));
    await mkdir(join(folder, 'force-app'));
    await writeFile(
      join(folder, 'sfdx-project.json'),
      JSON.stringify({ packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '60.0' }),
    );
    return folder;
  }

  /** Username and org id of a sandbox as they are now. */
  public async sandbox(name: string): Promise<EmulatorInfo['sandboxes'][number]> {
    const found = (await this.control.info()).sandboxes.find((sandbox) => sandbox.name === name);
    if (!found) throw new Error(`There is no sandbox ${name}.`);
    return found;
  }

  /** Private key of the app, as PEM. */
  public async key(): Promise<string> {
    return readFile(this.info.keyFile, 'utf8');
  }

  /** Writes a file outside the home folders. @returns its path */
  public async file(name: string, content: string, mode = 0o600): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content, { mode });
    return path;
  }

  /** sf's log files of all home folders. */
  public async logFiles(): Promise<string[]> {
    const files = await Promise.all(this.homes.map(filesIn));
    return files.flat().filter((path) => path.endsWith('.log'));
  }

  /** One more text that must be found neither in an output nor in a file. */
  public secret(text: string): string {
    this.otherSecrets.push(text);
    return text;
  }

  /** Looks for secrets in everything that was printed and in every file of every home folder. */
  public async expectNoSecrets(): Promise<void> {
    const secrets = [...(await this.control.issuedSecrets()), ...this.otherSecrets];
    const keyPieces = pieces(await readFile(this.info.keyFile, 'utf8'));
    const finds = (text: string): string[] => {
      const bare = text.replace(/\\[nr]|\s/g, '');
      return [
        ...secrets.filter((secret) => text.includes(secret)).map((secret) => `the secret ${secret.slice(0, 6)}…`),
        ...(keyPieces.some((piece) => bare.includes(piece)) ? ['a part of the private key'] : []),
      ];
    };
    const found = this.printed.flatMap(({ commandLine, stdout, stderr }) =>
      finds(`${stdout}\n${stderr}`).map((secret) => `${secret} printed by sf ${commandLine}`),
    );
    for (const home of this.homes) {
      for (const path of await filesIn(home)) {
        found.push(...finds(await readFile(path, 'utf8')).map((secret) => `${secret} in ${relative(home, path)}`));
      }
    }
    expect(found).to.deep.equal([]);
  }

  public async begin(): Promise<void> {
    this.control.forget();
    this.began = { at: new Date().toISOString(), files: await this.allFiles() };
  }

  public async tell(): Promise<string[]> {
    const { at, files: before } = this.began;
    const requests = (await this.control.remembered()).filter(({ time }) => time >= at);
    const now = await this.allFiles();
    const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])]
      .filter((path) => before[path] !== now[path])
      .map((path) => `  ${path in before ? (path in now ? 'changed' : 'removed') : 'new'} ${path}`);
    return [
      ['The stand-in was asked:', ...requests.map((entry) => `  ${entry.status} ${inWords(entry)}`)],
      ['Files:', ...changed.sort()],
    ].map((lines) => (lines.length === 1 ? `${lines[0] ?? ''} nothing` : lines.join('\n')));
  }

  /** The files of every home folder, by their paths below the stage's folder. */
  private async allFiles(): Promise<Snapshot> {
    const all: Snapshot = {};
    for (const home of this.homes) {
      for (const [path, state] of Object.entries(await this.snapshot(home))) {
        all[join(relative(this.folder, home), path)] = state;
      }
    }
    return all;
  }

  public async close(): Promise<void> {
    this.stopTelling();
    this.endTrust?.();
    await this.emulator.stop();
    await this.temporary.remove();
  }
}

/**
 * Opens a stage for a suite and closes it after. The last test of the suite must be {@link leavesNoSecret}.
 *
 * @param prepare what every test of the suite builds on
 */
export function useStage(prepare: (stage: Stage) => Promise<void>, options?: StageOptions): { readonly stage: Stage } {
  const holder: { stage: Stage } = { stage: undefined as unknown as Stage };
  before(async () => {
    holder.stage = await Stage.open(options);
    try {
      await prepare(holder.stage);
    } catch (error) {
      await explain(error);
      throw error;
    }
    await holder.stage.control.clearLog();
  });
  after(async () => {
    await holder.stage?.close();
  });
  return holder;
}

/** The test that ends every suite: whatever it did, no token, code or key came to light. */
export function leavesNoSecret(holder: { readonly stage: Stage }): void {
  it('leaves no token, code or part of the key in any output or file', async () => {
    await holder.stage.expectNoSecrets();
  });
}

/** Runs `work` for every item, three at a time: more makes nothing faster on the machines that run this. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker(), worker()]);
  return results;
}

/** The words of a command line; one with spaces stands between single quotes. */
export function words(commandLine: string): string[] {
  return (commandLine.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/s, '$1'));
}

/** Every file in a folder and below, as full paths in a stable order. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Pieces of a PEM's body, of which every stretch of 31 characters holds at least one. What every RSA key begins with is left out. */
function pieces(pem: string): string[] {
  const body = pem.replace(/-----[^-]+-----|\s/g, '').slice(48);
  return body.match(/.{16}/g) ?? [];
}
