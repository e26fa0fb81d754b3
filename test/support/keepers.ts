import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/*
 * Real keepers of keys: OpenSSH's agent, openssl, and SoftHSM with pkcs11-tool. On Debian: apt-get install openssh-client openssl softhsm2
 * opensc. Tests that need one of them are skipped, with a sentence, where it is missing.
 */

const run = promisify(execFile);

/** Skips a suite on a machine without these programs, and says so. */
export function needs(suite: Mocha.Context, ...programs: readonly string[]): void {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length === 0) return;
  process.stdout.write(
    `\n  skipped, because this machine has no ${missing.join(' and no ')}: ${suite.test?.parent?.fullTitle() ?? ''}\n`,
  );
  suite.skip();
}

function isThere(program: string): boolean {
  if (program === 'softhsm2') return softHsm() !== undefined && isThere('softhsm2-util');
  return process.platform !== 'win32' && spawnSync('/bin/sh', ['-c', `command -v ${program}`]).status === 0;
}

/** SoftHSM's PKCS#11 library, where Debian and others install it. */
function softHsm(): string | undefined {
  return globSync([
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib*/**/softhsm/libsofthsm2.so',
    '/usr/local/lib/softhsm/libsofthsm2.so',
  ])[0];
}

/** An ssh-agent of one's own. */
export class TestAgent {
  private constructor(
    /** Its SSH_AUTH_SOCK. */
    public readonly socket: string,
    private readonly pid: number,
  ) {}

  /** @param folder for its socket; its path must be short */
  public static async start(folder: string, env: NodeJS.ProcessEnv = {}): Promise<TestAgent> {
    const socket = join(folder, 'agent.sock');
    const { stdout } = await run('ssh-agent', ['-s', '-a', socket], { env: { ...process.env, ...env } });
    return new TestAgent(socket, Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]));
  }

  /** Adds a key file. @returns the fingerprint of the newest key */
  public async add(keyFile: string, ...options: readonly string[]): Promise<string> {
    await run('ssh-add', [...options, keyFile], { env: this.env });
    return (await this.fingerprints()).at(-1) ?? '';
  }

  /** Adds the keys of a PKCS#11 module. */
  public async addModule(module: string, pin: string, folder: string): Promise<void> {
    const ask = join(folder, 'pin.sh');
    await writeFile(ask, `#!/bin/sh\necho ${pin}\n`, { mode: 0o700 });
    await run('ssh-add', ['-s', module], { env: { ...this.env, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: 'force' } });
  }

  public async fingerprints(): Promise<string[]> {
    const { stdout } = await run('ssh-add', ['-l'], { env: this.env });
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
  }

  public stop(): void {
    process.kill(this.pid);
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, SSH_AUTH_SOCK: this.socket };
  }
}

/** A token of SoftHSM with one key in it, which cannot be taken out. */
export class TestHsm {
  public readonly pin = '4711';

  private constructor(
    public readonly module: string,
    /** Variables with which its module finds the token. */
    public readonly env: { readonly SOFTHSM2_CONF: string },
  ) {}

  /** @param pkcs8File the key to put in; PEM */
  public static async make(folder: string, pkcs8File: string): Promise<TestHsm> {
    const module = softHsm();
    if (module === undefined) throw new Error('There is no SoftHSM.');
    const env = { SOFTHSM2_CONF: join(folder, 'softhsm2.conf') };
    const tokens = join(folder, 'tokens');
    await run('mkdir', ['-p', tokens]);
    await writeFile(env.SOFTHSM2_CONF, `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`);
    const hsm = new TestHsm(module, env);
    const options = { env: { ...process.env, ...env } };
    await run(
      'softhsm2-util',
      ['--init-token', '--free', '--label', 'jit', '--pin', hsm.pin, '--so-pin', hsm.pin],
      options,
    );
    await run(
      'softhsm2-util',
      ['--import', pkcs8File, '--token', 'jit', '--label', 'prod', '--id', '01', '--pin', hsm.pin],
      options,
    );
    return hsm;
  }

  /** The command line with which pkcs11-tool signs. */
  public get signCommand(): string {
    return `pkcs11-tool --module ${this.module} --token-label jit --id 01 --sign --mechanism SHA256-RSA-PKCS --login --pin ${this.pin}`;
  }
}
