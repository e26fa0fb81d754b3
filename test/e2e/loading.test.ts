import { randomUUID } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { packedPlugin } from '../support/packedPlugin.js';
import type { StageSfOptions } from '../support/stage.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/*
 * Loading code is most of what a command costs (docs/salesforce.md, Exit codes and loading time). These budgets are in files and bytes, which do not
 * depend on the machine; `npm run bench` measures what they buy.
 */
describe('what commands load', () => {
  let withoutPlugin: string;
  let lib: string;
  const holder = useStage(async (stage) => {
    withoutPlugin = await stage.file('no-plugins.json', '{}');
    lib = join(await realpath((await packedPlugin()).directory), 'lib');
    await stage.registerProduction();
    await stage.ok('jit sandbox register --sandbox-name uat');
  });

  /** The files that sf loads as code for a command: the plugin's own, by their path in lib, and those of packages. */
  async function loaded(
    command: string,
    { env, ...options }: StageSfOptions = {},
  ): Promise<{ own: string[]; packages: Set<string>; bytes: number; output: string }> {
    const file = join(holder.stage.folder, `modules-${randomUUID()}`);
    const recorder = new URL('../support/recordModules.mjs', import.meta.url).href;
    const recording = { NODE_OPTIONS: `--import=${recorder}`, JIT_MODULES_FILE: file, NODE_COMPILE_CACHE: undefined };
    const run = await holder.stage.sf(command, { ...options, env: { ...recording, ...env } });
    expect(run.code, run.stderr).to.equal(0);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const paths = [...new Set(lines.map((line) => fileURLToPath(line.replace(/\?.*/, ''))))];
    const own = paths.filter((path) => path.startsWith(lib + sep));
    const sizes = await Promise.all(own.map(async (path) => (await stat(path)).size));
    return {
      own: own.map((path) => relative(lib, path).replaceAll(sep, '/')).sort(),
      // core reads our package.json for its name
      packages: new Set(paths.filter((path) => !path.startsWith(join(lib, '..') + sep))),
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      output: run.stdout,
    };
  }

  const more = (one: Set<string>, other: Set<string>): string[] => [...one].filter((path) => !other.has(path)).sort();

  it('commands that are not concerned load three small files of the plugin, and nothing of any package', async () => {
    const bare = await loaded('version', { env: { SF_DATA_DIR: withoutPlugin } });
    const installed = await loaded('version');
    expect(installed.own).to.deep.equal(['configMeta.js', 'hooks/init.js', 'hooks/postrun.js']);
    expect(installed.bytes).to.be.below(16_000);
    expect(more(installed.packages, bare.packages)).to.deep.equal([]);
  });

  it('commands on a sandbox that was checked lately load the same three', async () => {
    await holder.stage.ok('jit sandbox login --sandbox-name uat');
    const without = { SF_JIT_AUTO_LOGIN: 'false' };
    const command = `data query --query 'SELECT Name FROM Account' --target-org uat --json`;
    const off = await loaded(command, { env: without });
    const on = await loaded(command);
    expect(on.own).to.deep.equal(['configMeta.js', 'hooks/init.js', 'hooks/postrun.js']);
    expect(more(on.packages, off.packages)).to.deep.equal([]);
  });

  it('a login loads the bundle, and nothing of any package', async () => {
    const bare = await loaded('version');
    const login = await loaded('jit sandbox login --sandbox-name uat --json');
    expect(more(login.packages, bare.packages)).to.deep.equal([]);
    // many small ones: each set of commands that share a piece of code has a file of its own for it
    expect(login.own.length).to.be.below(56);
    expect(login.bytes).to.be.below(1_600_000);
  });

  it('a table is drawn without any package either', async () => {
    const bare = await loaded('version');
    const list = await loaded('jit sandbox list');
    expect(list.output).to.include('│ uat ');
    expect(more(list.packages, bare.packages)).to.deep.equal([]);
    expect(list.bytes).to.be.below(1_500_000);
  });

  leavesNoSecret(holder);
});
