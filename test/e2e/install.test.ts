import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../support/packedPlugin.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** What npm needs of the tester's environment to reach its registry: sf installs plugins with an npm of its own. */
const forNpm = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(npm_config_|NODE_EXTRA_CA_CERTS$|(https?|no)_proxy$)/i.test(name)),
);

describe('sf plugins install, in a clean home', () => {
  let env: Record<string, string>;
  const holder = useStage(async (stage) => {
    env = { SF_DATA_DIR: join(stage.folder, 'data'), SF_CONFIG_DIR: join(stage.folder, 'config') };
    await mkdir(join(stage.folder, 'packed'));
  });

  it('installs the tarball of npm pack, with the packages it depends on', async () => {
    const { stage } = holder;
    const destination = join(stage.folder, 'packed');
    const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination];
    const { stdout } = await promisify(execFile)('npm', packing, { cwd: packageRoot, maxBuffer: 16 * 1024 * 1024 });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    // the allow-list knows names of packages, and a file has none: sf asks
    const run = await stage.sf(`plugins install file:${join(destination, filename)}`, {
      env: { ...forNpm, ...env },
      input: 'y\n',
      timeoutMs: 400_000,
    });
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    expect((await stage.sf('plugins', { env })).stdout).to.match(/^sf-plugin-jit \d/m);
  }).timeout(420_000);

  it('does the main job there: register production once, and any command works on the sandbox', async () => {
    const { stage } = holder;
    await stage.ok(`jit org register ${stage.jwtFlags()} --alias prod`, { env });
    await stage.ok('jit sandbox register --sandbox-name uat', { env });
    const query = "data query --query 'SELECT Name FROM Account' --target-org uat";
    const { totalSize } = await stage.ok<{ totalSize: number }>(query, { env });
    expect(totalSize).to.equal(3);
    // core as a whole, tables and certificates come from the packages that were installed
    expect((await stage.sf('jit sandbox list', { env })).stdout).to.contain('uat');
    await stage.ok('jit sandbox logout --sandbox-name uat --no-prompt', { env });
    await stage.ok(`jit key create --output-dir ${join(stage.folder, 'certs')}`, { env });
  });

  leavesNoSecret(holder);
});
