import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JitFailure } from '../../failures/failures.js';
import { isThere } from '../../files/io/files.js';
import { sfFolder } from '../../files/io/stateFolders.js';
import { findProgram } from '../../programs/io/findProgram.js';

/** Where sf keeps its plugins and caches (oclif's `dataDir` …), which an sf with another home folder would look for there. */
export type SfFolders = { readonly dataDir: string; readonly cacheDir: string; readonly configDir: string };

/** A temporary folder with an `sf` in `bin` that keeps its state in `home`. */
export type PrivateSf = {
  readonly folder: string;
  readonly bin: string;
  readonly home: string;
  readonly wipe: () => void;
};

/** The names of such folders. */
export const privateFolderPattern = /^sf-jit-exec-\w+$/;

/**
 * Makes the private place of a command. The `sf` in it is the one that runs now, with a home folder of its own: sf's orgs, aliases and
 * keys follow the home folder and nothing else (docs/salesforce.md, Files of core), and to move that for the command itself
 * would take git, npm, ssh and every version manager away from it.
 *
 * That `sf` is run once, which takes no longer than a shell does to start: where it could not run, the command would find the real one.
 *
 * @throws TemporaryFolderUnusable
 */
export async function makePrivateSf(folders: SfFolders): Promise<PrivateSf> {
  const folder = await withUsableFolder(() => mkdtemp(join(tmpdir(), 'sf-jit-exec-')));
  const wipe = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const bin = join(folder, 'bin');
    const home = join(folder, 'home');
    await withUsableFolder(async () => {
      await mkdir(bin);
      await mkdir(join(home, '.sf'), { recursive: true });
      await copySettings(join(home, '.sf', 'config.json'));
      await writeSf(bin, { ...(await variables(home)), ...environmentOf(folders) });
      await prove(join(bin, 'sf'));
    });
    return { folder, bin, home, wipe };
  } catch (error) {
    wipe();
    throw error;
  }
}

/** What goes wrong in the temporary folder is reported as such. @throws TemporaryFolderUnusable */
export async function withUsableFolder<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem =
      problems[code ?? ''] ?? (error instanceof JitFailure ? error.facts.problem : undefined) ?? code ?? message;
    throw new JitFailure('TemporaryFolderUnusable', { file: tmpdir(), problem }, error);
  }
}

const problems: Record<string, string> = {
  ENOENT: 'there is no such folder (ENOENT)',
  EACCES: 'no permission to write or to run files there (EACCES)',
  EPERM: 'no permission (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOSPC: 'the disk is full (ENOSPC)',
};

/** The argument with which a private sf says that it can be run. */
const proof = '--sf-jit-can-run';

async function prove(sf: string): Promise<void> {
  const { file, args, verbatim } = await findProgram([sf, proof], '');
  await promisify(execFile)(file, args, { windowsVerbatimArguments: verbatim });
}

function environmentOf({ dataDir, cacheDir, configDir }: SfFolders): Record<string, string> {
  return { SF_DATA_DIR: dataDir, SF_CACHE_DIR: cacheDir, SF_CONFIG_DIR: configDir };
}

async function variables(home: string): Promise<Record<string, string>> {
  const gitConfig = join(homedir(), '.gitconfig');
  const forGit = process.env['GIT_CONFIG_GLOBAL'] === undefined && (await isThere(gitConfig));
  return {
    HOME: home,
    USERPROFILE: home,
    // the key for what this sf encrypts lies in its own home, not in the user's keychain
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    // plugins call git
    ...(forGit ? { GIT_CONFIG_GLOBAL: gitConfig } : {}),
  };
}

/** The user's own settings hold for this sf too, but for those that name an org that it does not know. */
async function copySettings(to: string): Promise<void> {
  try {
    const settings = JSON.parse(await readFile(join(sfFolder(), 'config.json'), 'utf8')) as Record<string, unknown>;
    const kept = Object.entries(settings).filter(([key]) => !/^target-|^org-instance-url$|^org-isv-/.test(key));
    await writeFile(to, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 });
  } catch {
    // none, or damaged: sf itself goes on without, too
  }
}

/** `sf` and `sfdx`, which are the same program. */
async function writeSf(bin: string, env: Record<string, string>): Promise<void> {
  const [node, script] = process.argv;
  if (node === undefined || script === undefined) return;
  const command = [node, ...process.execArgv, script];
  for (const name of ['sf', 'sfdx']) {
    if (process.platform === 'win32') await writeFile(join(bin, `${name}.cmd`), batchScript(command, env));
    else {
      await writeFile(join(bin, name), shellScript(command, env));
      await chmod(join(bin, name), 0o700);
    }
  }
}

function shellScript(command: readonly string[], env: Record<string, string>): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [
    '#!/bin/sh',
    `[ "\${1-}" = ${proof} ] && exit 0`,
    ...exports,
    // the org by its name, which is stored in this home: what shows the default org then shows no token
    // and so does what is told to use it: --target-org "$SF_TARGET_ORG"
    'if [ -n "${SF_ACCESS_TOKEN-}" ]; then',
    '  if [ "${SF_TARGET_ORG-}" = "$SF_ACCESS_TOKEN" ]; then export SF_TARGET_ORG="${SF_JIT_USERNAME-}"; fi',
    '  for word do',
    '    shift',
    '    case "$word" in',
    '      "$SF_ACCESS_TOKEN") word="${SF_JIT_USERNAME-}" ;;',
    '      -*"=$SF_ACCESS_TOKEN") word="${word%"$SF_ACCESS_TOKEN"}${SF_JIT_USERNAME-}" ;;',
    '    esac',
    '    set -- "$@" "$word"',
    '  done',
    'fi',
    `exec ${command.map(quoted).join(' ')} "$@"`,
    '',
  ].join('\n');
}

function batchScript(command: readonly string[], env: Record<string, string>): string {
  const literal = (text: string): string => text.replaceAll('%', '%%');
  const sets = Object.entries(env).map(([name, value]) => `set "${name}=${literal(value)}"`);
  return [
    '@echo off',
    `if "%~1"=="${proof}" exit /b 0`,
    'setlocal',
    ...sets,
    'if "%SF_TARGET_ORG%"=="%SF_ACCESS_TOKEN%" set "SF_TARGET_ORG=%SF_JIT_USERNAME%"',
    `${command.map((word) => `"${literal(word)}"`).join(' ')} %*`,
    '',
  ].join('\r\n');
}
