import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ownVariables, type ProgramOptions, type ProgramRun, runSf } from './runSf.js';
import { temporaryDirectory } from './temporaryDirectory.js';

const run = promisify(execFile);

/**
 * The folder whose package is tested: the repository, built before (`lib/` and `oclif.manifest.json`). `JIT_E2E_PACKAGE_ROOT` names
 * another one, for trying out a build that lies elsewhere while the repository's own is being changed.
 */
export const packageRoot = resolve(
  process.env['JIT_E2E_PACKAGE_ROOT'] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..'),
);

/** Where the CLI has the plugin installed. */
export type PackedPlugin = {
  /** Folder of the unpacked package. */
  readonly directory: string;
  /** Paths of all files in the tarball, as npm lists them. */
  readonly files: readonly string[];
  /** oclif's data folder (`SF_DATA_DIR`), in which the plugin is installed. */
  readonly dataDirectory: string;
  /** Where Node keeps the code that it compiled: it takes a quarter off the time of each of the many runs of sf. */
  readonly compileCache: string;
};

let packed: Promise<PackedPlugin> | undefined;

/** Packs the plugin and makes the CLI know it, once in a process; both are gone when the process ends. */
export async function packedPlugin(): Promise<PackedPlugin> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<PackedPlugin> {
  const { path: temporary } = await temporaryDirectory('jit-packed-');
  process.once('exit', () => {
    rmSync(temporary, { recursive: true, force: true });
  });
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', temporary];
  const { stdout } = await run('npm', packing, { cwd: packageRoot, env: ownVariables, maxBuffer: 16 * 1024 * 1024 });
  const [tarball] = JSON.parse(stdout) as [{ filename: string; files: Array<{ path: string }> }];
  const files = tarball.files.map(({ path }) => path);
  checkContents(files);
  await run('tar', ['-xzf', join(temporary, basename(tarball.filename)), '-C', temporary]);
  // as `sf plugins install` leaves it, but for the packages it needs, which are the repository's
  const dataDirectory = join(temporary, 'data');
  const directory = join(dataDirectory, 'node_modules', 'sf-plugin-jit');
  await mkdir(dirname(directory), { recursive: true });
  await rename(join(temporary, 'package'), directory);
  await symlink(join(packageRoot, 'node_modules'), join(directory, 'node_modules'), 'junction');
  const plugins = [{ name: 'sf-plugin-jit', tag: 'latest', type: 'user' }];
  await writeFile(
    join(dataDirectory, 'package.json'),
    JSON.stringify({ private: true, oclif: { schema: 1, plugins } }),
  );
  return { directory, files, dataDirectory, compileCache: join(temporary, 'compile-cache') };
}

function checkContents(files: readonly string[]): void {
  const needed = ['package.json', 'oclif.manifest.json', 'lib/commands/jit/sandbox/login.js', 'messages/failures.md'];
  const missing = needed.filter((path) => !files.includes(path));
  const tooMuch = files.filter((path) => /^(src|test|scripts|bin|node_modules)\/|(?<!\.d)\.ts$|\.test\./.test(path));
  expect({ missing, tooMuch }, 'the tarball').to.deep.equal({ missing: [], tooMuch: [] });
}

/** How sf answers with `--json`: `result` for a success, the rest for a failure. */
export type SfJson<T> = {
  status: number;
  result: T;
  warnings: string[];
  name: string;
  message: string;
  exitCode: number;
  actions?: string[];
  data?: Record<string, string>;
};

/** Longer than any command may take, even on a busy machine. */
const patienceMs = 150_000;

/** Runs the stock CLI with the packed plugin in it. */
export async function sf(args: string[], options: ProgramOptions): Promise<ProgramRun> {
  const { dataDirectory, compileCache } = await packedPlugin();
  const env = { SF_DATA_DIR: dataDirectory, NODE_COMPILE_CACHE: compileCache };
  return runSf(args, { timeoutMs: patienceMs, ...options, env: { ...env, ...options.env } });
}
