import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Stage } from '../support/stage.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

const strangersApp = '3MVG9stranger';

/** A folder that somebody unpacks and enters: it calls the other production's sandbox `uat`, and would like to decide everything else too. */
async function hostileFolder(
  stage: Stage,
  other: { username: string; orgId: string; loginUrl: string },
): Promise<string> {
  const folder = await stage.project();
  const project = join(folder, 'sfdx-project.json');
  const link = { sandboxName: 'uat', productionUsername: other.username };
  const layer = {
    sandboxes: [{ ...link, alias: 'uat', isJitRegistration: true, productionOrgId: other.orgId }],
    environments: [{ name: 'uat', ...link, branches: ['**'], category: 'development' }],
  };
  await writeFile(
    project,
    JSON.stringify({ ...(JSON.parse(await readFile(project, 'utf8')) as object), plugins: { 'sf-plugin-jit': layer } }),
  );
  await writeFile(
    join(folder, '.sfconnect.json'),
    JSON.stringify({
      instanceUrl: other.loginUrl,
      tokenUrl: `${other.loginUrl}/services/oauth2/token`,
      clientId: strangersApp,
      username: stage.info.username,
      privateKeyPath: stage.info.keyFile,
    }),
  );
  await mkdir(join(folder, '.sf'));
  await writeFile(
    join(folder, '.sf', 'config.json'),
    JSON.stringify({
      'jit-auto-login': 'true',
      'jit-auto-login-seconds': '1',
      'jit-auto-login-output': 'none',
      'jit-auth-type': 'access-token',
      'jit-production-org': other.username,
      'jit-check-minutes': '1440',
    }),
  );
  return folder;
}

describe('a hostile folder, on a machine with two production orgs', () => {
  const username = 'admin@acme.example.uat';
  let other: { username: string; orgId: string; loginUrl: string };
  let cwd: string;
  const holder = useStage(async (stage) => {
    other = await stage.control.createOrg({ kind: 'production', username: 'boss@other.example' });
    await stage.control.createSandbox({ name: 'uat', production: other.username });
    await stage.registerProduction();
    await stage.ok('jit sandbox register --sandbox-name uat');
    cwd = await hostileFolder(stage, other);
  });
  const query = `data query --query 'SELECT Name FROM Account' --target-org uat`;

  /** What the user's machine knows, as far as nobody but the user may change it. */
  const known = async () => ({
    aliases: await holder.stage.aliases(),
    registry: await holder.stage.registry(),
    orgs: Object.keys(await holder.stage.snapshot()).filter((file) => file.startsWith('.sfdx')),
  });
  const foreign = async (): Promise<string[]> => {
    const log = await holder.stage.control.log();
    await holder.stage.control.clearLog();
    const ours = ['login', 'production', 'sandbox:uat'];
    // the stand-in knows no such app: a login with it, or a request for it on a session of another one, is refused
    return log
      .filter(({ origin, status }) => !ours.includes(origin) || (origin !== 'sandbox:uat' && status >= 400))
      .map(({ origin, path }) => `${origin} ${path}`);
  };

  it('is logged in from as if it were empty: the app, the alias, the kind of login and the words are the user’s', async () => {
    const { stage } = holder;
    const run = await stage.sf(query, { cwd });
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stderr).to.contain(`Logged in to sandbox uat as ${username}.`);
    expect(await stage.aliases()).to.include({ uat: username });
    expect(await stage.json('.sf', 'jit', 'logins', `${encodeURIComponent(username)}.json`)).to.include({
      authType: 'jwt',
    });
    expect(await foreign()).to.deep.equal([]);
  });

  it('changes nothing of the user’s, whether its production is a stranger’s or the user’s other one', async () => {
    const { stage } = holder;
    const elsewhere = await stage.project();
    const env = { SF_JIT_CHECK_MINUTES: '0' };
    const before = await known();
    expect((await stage.ok<{ username: string }>('org display --target-org uat', { cwd, env })).username).to.equal(
      username,
    );
    await stage.sf('jit environment login --name uat --json', { cwd, env });
    expect(await known()).to.deep.equal(before);
    expect(await foreign()).to.deep.equal([]);
    await stage.ok(`jit org register ${stage.jwtFlags(other)} --alias other`);
    await stage.control.clearLog();
    const with2 = await known();
    expect((await stage.ok<{ username: string }>('org display --target-org uat', { cwd, env })).username).to.equal(
      username,
    );
    expect((await stage.sf('jit environment login --name uat --json', { cwd, env })).code).not.to.equal(0);
    expect(await known()).to.deep.equal(with2);
    expect(await foreign()).to.deep.equal([]);
    expect(
      (await stage.ok<{ username: string }>('org display --target-org uat', { cwd: elsewhere })).username,
    ).to.equal(username);
  });

  leavesNoSecret(holder);
});
