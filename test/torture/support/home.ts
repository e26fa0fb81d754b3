import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { keys } from '../../../src/keys/io/keyReader.js';
import { withinTime } from '../../../src/files/io/timeLimit.js';
import { attemptLimit } from '../../../src/salesforce/io/http.js';
import { processLocks } from '../../../src/files/io/locks.js';
import { registry } from '../../../src/registry/io/layers.js';
import { salesforce } from '../../../src/salesforce/io/restApi.js';
import { settings } from '../../../src/wiring/settings.js';
import { sfOrgs } from '../../../src/sfStore/io/orgFiles.js';
import { failureClasses, type JitFailure } from '../../../src/failures/failures.js';
import type { LoginOutcome } from '../../../src/sandboxes/login/sandboxLogin.js';
import type { Emulator, EmulatorOptions } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import type { Ports } from '../../../src/ports.js';
import { failureText } from '../../../src/failures/failureView.js';
import type { LoginSandboxesRequest } from '../../../src/sandboxes/login/loginSandboxes.js';
import { loginSandboxes } from '../../../src/sandboxes/login/loginSandboxes.js';
import { registerProductionOrg } from '../../../src/production/registerProductionOrg.js';
import { registerSandboxes } from '../../../src/sandboxes/register/registerSandboxes.js';
import { trustCertificate } from '../../support/certificates.js';
import { filesIn, type Snapshot } from '../../support/stage.js';
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporaryDirectory.js';

export const callbackUrl = 'http://localhost:1717/OauthRedirect';

/** No variable of the tester's decides over production. */
export const variables = { hasPrivateKey: false };

/** The use cases' ports, all of them real. Each has sessions of its own, as a process of its own would. */
export function realPorts(): Ports {
  return {
    salesforce,
    sfOrgs,
    registry,
    keys,
    locks: processLocks,
    timeLimits: { attempt: attemptLimit, within: withinTime },
    settings,
    now: () => new Date(),
    random: Math.random,
    sleep: () => Promise.resolve(),
    sessions: new Map(),
  };
}

/** Logs in as `sf jit sandbox login` does, in this process. */
export async function login(
  sandboxes: LoginSandboxesRequest['sandboxes'],
  more: Partial<LoginSandboxesRequest> = {},
): Promise<LoginOutcome[]> {
  const request = { sandboxes, variables, callbackUrl, wait: 0, concurrency: 5, ...more };
  return loginSandboxes(request, realPorts(), () => undefined);
}

/** The one outcome of a login to one sandbox: nothing, or its failure. */
export async function loginFailure(
  sandbox: string,
  more: Partial<LoginSandboxesRequest> = {},
): Promise<JitFailure | undefined> {
  const [outcome] = await login([sandbox], more);
  return outcome && 'failure' in outcome ? outcome.failure : undefined;
}

/**
 * A stand-in over HTTPS, and home folders and projects in which the use cases run with the real adapters, in this process: hundreds of
 * cases take seconds, where a process each would take many minutes.
 */
export class Homes {
  /** Home folder of the present case, and its project. */
  public home = '';
  public project = '';
  private count = 0;

  private constructor(
    public readonly emulator: Emulator,
    private readonly temporary: TemporaryDirectory,
    private readonly before: { cwd: string; endTrust: () => void; variables: Record<string, string | undefined> },
  ) {}

  /** @param prepare makes the home folder that every case begins with a copy of */
  public static async open(prepare: (homes: Homes) => Promise<void>, options?: EmulatorOptions): Promise<Homes> {
    const emulator = await startEmulator(options);
    const variables = Object.fromEntries(changedVariables.map((name) => [name, process.env[name]]));
    const endTrust = await trustCertificate(emulator.info.caFile);
    const homes = new Homes(emulator, await temporaryDirectory('jit-torture-'), {
      cwd: process.cwd(),
      endTrust,
      variables,
    });
    process.env['SF_USE_GENERIC_UNIX_KEYCHAIN'] = 'true';
    process.env['SF_DISABLE_LOG_FILE'] = 'true';
    delete process.env['SF_AUDIENCE_URL'];
    try {
      await homes.enter('template');
      await prepare(homes);
      return homes;
    } catch (error) {
      await homes.close();
      throw error;
    }
  }

  /** A home folder and a project of their own, as they were prepared. */
  public async next(): Promise<void> {
    this.count += 1;
    await this.enter(`case${this.count}`);
  }

  private async enter(name: string): Promise<void> {
    const folder = join(this.temporary.path, name);
    this.home = join(folder, 'home');
    this.project = join(folder, 'project');
    if (name === 'template') {
      await mkdir(this.home, { recursive: true, mode: 0o700 });
      await mkdir(this.project);
      await writeFile(
        join(this.project, 'sfdx-project.json'),
        '{\n  "packageDirectories": [{ "path": "force-app" }]\n}',
      );
    } else {
      await cp(join(this.temporary.path, 'template'), folder, { recursive: true });
    }
    process.env['HOME'] = this.home;
    process.chdir(this.project);
  }

  /** Registers production and some sandboxes, one of them in the project, and logs in to `uat`. */
  public async registerAndLogIn(): Promise<void> {
    const { username, clientId, loginUrl, keyFile } = this.emulator.info;
    const key = { source: 'file', path: keyFile } as const;
    await registerProductionOrg({ way: 'jwt', username, clientId, loginUrl, key, alias: 'prod' }, realPorts());
    await registerSandboxes({ sandboxes: ['uat'], variables, verify: true, project: false }, realPorts());
    await registerSandboxes({ sandboxes: ['dev'], variables, verify: true, project: true }, realPorts());
    const failure = await loginFailure('uat');
    if (failure) throw failure;
    await this.emulator.control.clearLog();
  }

  /**
   * Registers production anew, as an org that sf logged in to on the web, with a session that production does not take any more.
   *
   * @returns the refresh token
   */
  public async haveProductionFromTheWeb(): Promise<string> {
    const { username, orgId, loginUrl, productionUrl } = this.emulator.info;
    const { accessToken, refreshToken } = await this.emulator.control.issueTokens(username);
    const org = { username, orgId, refreshToken, clientId: 'PlatformCLI', loginUrl, instanceUrl: productionUrl };
    await sfOrgs.storeProduction({ ...org, accessToken }, undefined);
    await registerProductionOrg({ way: 'stored-org', aliasOrUsername: username, alias: 'prod' }, realPorts());
    await sfOrgs.storeProduction({ ...org, accessToken: `${accessToken.slice(0, 20)}.ended` }, undefined);
    await this.emulator.control.clearLog();
    return refreshToken;
  }

  /** A path in the home folder. */
  public at(...path: string[]): string {
    return join(this.home, ...path);
  }

  /** Replaces a text in a file. */
  public async edit(path: string, from: string, to: string): Promise<void> {
    const text = await readFile(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
    await writeFile(path, text.replaceAll(from, to));
  }

  /** Every file of the home folder and the project: digest and mode, by path. Logs, and the note of the last failure, are left out. */
  public async snapshot(): Promise<Snapshot> {
    const snapshot: Snapshot = {};
    for (const folder of [this.home, this.project]) {
      for (const path of await filesIn(folder)) {
        const name = relative(join(this.home, '..'), path);
        if (/\.log$|\.sf.jit.last-failure\.json/.test(name)) continue;
        const digest = createHash('sha256').update(await readFile(path));
        snapshot[name] = `${digest.digest('hex').slice(0, 16)} ${((await stat(path)).mode & 0o777).toString(8)}`;
      }
    }
    return snapshot;
  }

  public async close(): Promise<void> {
    process.chdir(this.before.cwd);
    this.before.endTrust();
    for (const [name, value] of Object.entries(this.before.variables)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await this.emulator.stop();
    await this.temporary.remove();
  }
}

/** A class of the table, with a text that says what is wrong and nothing that is missing in it. */
export function expectExplained(failure: JitFailure): void {
  expect(failureClasses).to.have.any.keys(failure.name);
  const { message, actions } = failureText(failure);
  expect(message)
    .to.match(/\S/)
    .and.not.match(/undefined|\{\w+\}|\[object|sid=secret/);
  expect(actions).to.not.deep.equal([]);
}

/** The names of the files that are not as they were. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);
}

const changedVariables = [
  'HOME',
  'HTTP_TIMEOUT',
  'SF_AUDIENCE_URL',
  'SF_DISABLE_LOG_FILE',
  'SF_USE_GENERIC_UNIX_KEYCHAIN',
];

/** Opens homes for a suite and closes them after. */
export function useHomes(options?: EmulatorOptions): { readonly homes: Homes } {
  const holder: { homes: Homes } = { homes: undefined as unknown as Homes };
  before(async () => {
    holder.homes = await Homes.open((homes) => homes.registerAndLogIn(), options);
  });
  after(async () => {
    await holder.homes?.close();
  });
  return holder;
}
