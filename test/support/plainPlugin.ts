import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot, packedPlugin } from './packedPlugin.js';

/**
 * Makes the CLI know the plugin as it is without the bundle: the files of `src/`, one by one, and every package from `node_modules`.
 *
 * @returns oclif's data folder (`SF_DATA_DIR`), beside that of the packed plugin
 */
export async function plainPlugin(): Promise<string> {
  const packed = await packedPlugin();
  const dataDirectory = await mkdtemp(join(packed.dataDirectory, '..', 'plain-'));
  const directory = join(dataDirectory, 'node_modules', 'sf-plugin-jit');
  await mkdir(directory, { recursive: true });
  await build({
    absWorkingDir: packageRoot,
    entryPoints: globSync('src/**/*.ts', { cwd: packageRoot }).filter((path) => !path.endsWith('.d.ts')),
    outdir: join(directory, 'lib'),
    format: 'esm',
    platform: 'node',
    target: 'node22',
    logLevel: 'warning',
  });
  for (const part of ['package.json', 'oclif.manifest.json', 'messages']) {
    await cp(join(packed.directory, part), join(directory, part), { recursive: true });
  }
  await symlink(join(packageRoot, 'node_modules'), join(directory, 'node_modules'), 'junction');
  await installAs(dataDirectory, ['sf-plugin-jit']);
  return dataDirectory;
}

/** Notes what a command tells the CLI besides its output: hooks, events, the error that telemetry would get. */
const witness = `
import { Lifecycle } from '@salesforce/core/lifecycle';
const tell = (what) => process.stderr.write('seen: ' + JSON.stringify(what) + '\\n');
export default async function ({ Command, argv }) {
  if (!Command.id.startsWith('jit:')) return;
  tell({ prerun: Command.id, argv });
  process.once('sfCommandError', (error, id) => tell({ error: error.name, exitCode: error.exitCode, context: error.context, id }));
  Lifecycle.getInstance().onTelemetry(async (data) => tell({ telemetry: data }));
  process.once('exit', (code) => tell({ code, json: process.env.SF_CONTENT_TYPE ?? null }));
}
`;

/** Adds a plugin that tells on standard error what it sees of a `jit` command through hooks and events. */
export async function addWitness(dataDirectory: string): Promise<void> {
  const directory = join(dataDirectory, 'node_modules', 'witness');
  await mkdir(join(directory, 'hooks'), { recursive: true });
  const oclif = { hooks: { prerun: './hooks/prerun', postrun: './hooks/postrun' } };
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'witness', version: '1.0.0', type: 'module', files: ['/hooks'], oclif }),
  );
  await writeFile(join(directory, 'hooks', 'prerun.js'), witness);
  await writeFile(
    join(directory, 'hooks', 'postrun.js'),
    `export default async ({ Command, argv, result }) => {
      if (Command.id.startsWith('jit:')) process.stderr.write('seen: ' + JSON.stringify({ postrun: Command.id, argv, result }) + '\\n');
    };`,
  );
  await symlink(join(packageRoot, 'node_modules'), join(directory, 'node_modules'), 'junction');
  await installAs(dataDirectory, ['sf-plugin-jit', 'witness']);
}

async function installAs(dataDirectory: string, names: readonly string[]): Promise<void> {
  const plugins = names.map((name) => ({ name, tag: 'latest', type: 'user' }));
  await writeFile(
    join(dataDirectory, 'package.json'),
    JSON.stringify({ private: true, oclif: { schema: 1, plugins } }),
  );
}
