import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packedPlugin } from '../support/packedPlugin.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** Every setting of ours, as `sf config set` takes it. */
const settings = {
  'jit-production-org': 'prod',
  'jit-auth-type': 'jwt',
  'jit-auto-login': 'true',
  'jit-check-minutes': '0',
  'jit-auto-login-seconds': '20',
  'jit-auto-login-output': 'problems',
};

describe('sf plugins uninstall sf-plugin-jit', () => {
  const username = 'admin@acme.example.uat';
  let env: Record<string, string>;
  let cwd: string;
  const holder = useStage(async (stage) => {
    // a copy: other suites of this process use the plugin that is installed there
    env = { SF_DATA_DIR: join(stage.folder, 'data') };
    await cp((await packedPlugin()).dataDirectory, env['SF_DATA_DIR']!, { recursive: true, verbatimSymlinks: true });
    cwd = await stage.project();
    await mkdir(join(cwd, '.sf'));
    await writeFile(join(cwd, '.sf', 'config.json'), '{"jit-auto-login":"false"}');
    await stage.ok(`jit org register ${stage.jwtFlags()} --alias prod --set-default`, { env });
    await stage.ok('jit sandbox register --all', { env });
    await stage.ok('jit sandbox login -n uat --set-default', { env });
    await stage.ok('jit sandbox login -n dev', { env });
    const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    await stage.ok(`config set ${pairs.join(' ')} --global`, { env });
    const { code, stdout, stderr } = await stage.sf('plugins uninstall sf-plugin-jit', { env, cwd });
    expect(code, stdout + stderr).to.equal(0);
    expect(stderr).to.match(/Removed the settings of sf-plugin-jit .*: jit-production-org, jit-auth-type, /);
  });

  it('leaves none of the plugin', async () => {
    const { stage } = holder;
    expect((await stage.sf('plugins', { env })).stdout).not.to.contain('sf-plugin-jit');
    expect((await stage.sf('jit org list', { env })).code).not.to.equal(0);
  });

  it('leaves logins, aliases and the default org that every stock command can use', async () => {
    const { stage } = holder;
    const listed = await stage.ok<Record<string, Array<{ username: string; connectedStatus?: string }>>>('org list', {
      env,
    });
    const orgs = Object.values(listed).flat();
    expect(orgs.map((org) => org.username)).to.include.members([stage.info.username, username]);
    const aliases = await stage.ok<Array<{ alias: string; value: string }>>('alias list', { env });
    expect(aliases.find(({ alias }) => alias === 'uat')?.value).to.equal(username);
    expect(await stage.ok('org display', { env })).to.include({ username, connectedStatus: 'Connected' });
    expect(await stage.ok('org display -o dev', { env })).to.include({ username: 'admin@acme.example.dev' });
    for (const options of [{ env }, { env, cwd }]) {
      const { totalSize } = await stage.ok<{ totalSize: number }>("data query -q 'SELECT Name FROM Account'", options);
      expect(totalSize).to.equal(3);
    }
  });

  it('leaves no setting that sf takes for another one, also after sf has written its settings again', async () => {
    const { stage } = holder;
    for (const time of ['before', 'after']) {
      const listed = await stage.ok<Array<{ name: string; value?: string }>>('config list', { env, cwd });
      const values = Object.fromEntries(listed.map(({ name, value }) => [name, value]));
      expect(values, time).to.include({ 'target-org': 'uat' });
      expect(Object.keys(values), time).not.to.include.oneOf(['org-instance-url', 'org-api-version']);
      const got = await stage.ok<Array<{ name: string; value?: string }>>('config get org-instance-url target-org', {
        env,
      });
      expect(
        got.map(({ value }) => value ?? null),
        time,
      ).to.deep.equal([null, 'uat']);
      await stage.ok('config set org-metadata-rest-deploy=true --global', { env });
      await stage.ok('config set target-org=uat', { env, cwd });
    }
    expect(await stage.ok('org display', { env })).to.include({ username, connectedStatus: 'Connected' });
  });

  leavesNoSecret(holder);
});
