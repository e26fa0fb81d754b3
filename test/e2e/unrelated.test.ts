import { cp, mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runMany } from '../support/manyCommands.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { inParallel, leavesNoSecret, useStage, words } from '../support/stage.js';

/** What a command printed; its JSON with lists of orgs in one order, for core lists them as their files happen to be read. */
function comparable(stdout: string): unknown {
  try {
    return JSON.parse(stdout, (_, value: unknown) =>
      Array.isArray(value) ? value.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other))) : value,
    );
  } catch {
    return stdout;
  }
}

/** What is no org has no name and stays where it is. */
function nameOf(entry: unknown): string {
  const username = (entry as { username?: unknown } | null)?.username;
  return typeof username === 'string' ? username : '';
}

/** Stock commands of many kinds that have nothing to do with a registered sandbox: good ones, wrong ones, with and without an org. */
const commands = [
  'version --json',
  'alias list --json',
  'alias set one=two --json',
  'config list --json',
  'config get target-org --json',
  'config set org-api-version=60.0 --global --json',
  'config set nonsense=1 --json',
  'org list --json',
  'org list auth --json',
  'org display --target-org traditional --json',
  'org display --target-org traditional',
  'org display --target-org nobody --json',
  "data query --query 'SELECT Name FROM Account' --target-org traditional --json",
  "data query --query 'SELECT Name FROM Account' --target-org traditional --result-format csv",
  'data query --target-org traditional --json',
  'org display --help',
  'project list ignored --json',
  'config get org-api-version --json',
  'project retrieve start --target-org nobody --json',
  'schema generate tab --json',
  'org logout --target-org nobody --no-prompt --json',
  'nonsense --json',
] as const;

describe('unrelated sf commands', () => {
  let withoutPlugin: string;
  let template: string;
  const holder = useStage(async (stage) => {
    withoutPlugin = join(stage.folder, 'no-plugins');
    await mkdir(withoutPlugin);
    const uat = await stage.sandbox('uat');
    await stage.ok(
      `org login jwt ${stage.jwtFlags({ username: uat.username, loginUrl: uat.url })} --alias traditional`,
    );
    await stage.registerProduction();
    await stage.ok('jit sandbox register --sandbox-name uat --alias registered');
    template = stage.home;
  });

  /** A copy of the home folder and a project, and what takes the times and these folders out of what a command prints. */
  async function place(): Promise<{ home: string; cwd: string; plain: (text: string) => string }> {
    const { stage } = holder;
    const home = await stage.newHome();
    await cp(template, home, { recursive: true });
    const cwd = await stage.project();
    const places = [home, cwd, await realpath(home), await realpath(cwd)];
    const plain = (text: string): string =>
      places
        .reduce((rest, one) => rest.replaceAll(one, '<folder>'), text)
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+0000)/g, '<time>')
        .replaceAll(/project-\w{6}/g, '<project>');
    return { home, cwd, plain };
  }

  type Ended = { code: number | null; stdout: unknown; stderr: string };

  /** Runs all of them, one after the other in one process: a start of sf each would take a minute and a half. */
  async function runAll(plugin: boolean): Promise<Ended[]> {
    const { home, cwd, plain } = await place();
    const dataDirectory = plugin ? (await packedPlugin()).dataDirectory : withoutPlugin;
    const env = { NODE_EXTRA_CA_CERTS: holder.stage.info.caFile };
    const runs = await runMany(commands.map(words), { home, cwd, dataDirectory, env });
    return runs.map(({ error, exitCode, stdout, stderr }) => ({
      code: exitCode,
      error,
      stdout: comparable(plain(stdout)),
      stderr: plain(stderr),
    }));
  }

  /** Runs one in a process of its own. */
  async function run(command: string, plugin: boolean): Promise<Ended> {
    const { home, cwd, plain } = await place();
    const env = plugin ? {} : { SF_DATA_DIR: withoutPlugin };
    const { code, stdout, stderr } = await holder.stage.sf(command, { home, cwd, env });
    return { code, stdout: comparable(plain(stdout)), stderr: plain(stderr) };
  }

  it('print the same and end the same with and without the plugin', async () => {
    const [withPlugin, without] = [await runAll(true), await runAll(false)];
    for (const [index, command] of commands.entries()) {
      expect(withPlugin[index], command).to.deep.equal(without[index]);
    }
    // else they would be the same for a reason that proves nothing
    expect(new Set(without.map(({ code }) => code)).size).to.be.above(2);
    expect(without.filter(({ code }) => code === 0).length).to.be.above(10);
    expect(await holder.stage.requests()).not.to.include('production sandboxAuth');
  });

  it('do so in a process of their own: one that works, and one that fails', async () => {
    for (const command of [commands[12], commands[11]]) {
      const [withPlugin, without] = await inParallel([true, false], async (plugin) => run(command, plugin));
      expect(withPlugin, command).to.deep.equal(without);
    }
    expect(await holder.stage.requests()).not.to.include('production sandboxAuth');
  });

  it('complete the flags of the plugin, too', async () => {
    const { stage } = holder;
    const home = await stage.newHome();
    const cache = join(home, 'cache');
    const run = await stage.sf('autocomplete --refresh-cache', {
      home,
      env: { SF_CACHE_DIR: cache, SHELL: '/bin/bash' },
    });
    expect(run.code, run.stderr).to.equal(0);
    const functions = await readFile(join(cache, 'autocomplete', 'functions', 'bash', 'sf.bash'), 'utf8');
    const login = functions.split('\n').find((line) => line.trim().startsWith('jit:sandbox:login '));
    expect(login).to.contain('--sandbox-name').and.contain('--if-needed').and.contain('--wait');
  });

  leavesNoSecret(holder);
});
