import { execFileSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitOrgRegisterResult } from '../../../src/commands/jit/org/register.js';
import { leavesNoSecret, type Stage, useStage } from '../../support/stage.js';

/** Everything that registering by JWT asks: one login, and two questions about the org. */
const loginAndQuestions = [
  'login token jwt-bearer',
  'production query Organization',
  'production query SandboxProcess',
];

function expected({ info }: Stage, more: object): object {
  return {
    username: info.username,
    alias: 'prod',
    orgId: info.orgId,
    instanceUrl: info.productionUrl,
    loginUrl: info.loginUrl,
    clientId: info.clientId,
    callbackUrl: null,
    canManageSandboxes: true,
    ...more,
  };
}

describe('org register with a key file', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  it('registers production in one login, keeps the path of the key and never the key, in a file for its owner alone', async () => {
    const { stage } = on;
    const { info } = stage;
    const key = { source: 'file', path: info.keyFile };
    const { options, hosts } = stage.connections();
    const answer = await stage.okJson<JitOrgRegisterResult>(
      `jit org register ${stage.jwtFlags()} --alias prod`,
      options,
    );
    const { requestId, ...result } = answer.result;
    expect(result).to.deep.equal(expected(stage, { key }));
    // an administrator finds all of the run by it
    expect((await stage.control.log()).map((request) => request.requestId)).to.deep.equal(
      Array.from(loginAndQuestions, () => requestId),
    );
    expect(answer.warnings).to.deep.equal([]);
    expect(await stage.requests()).to.deep.equal(loginAndQuestions);
    expect(await hosts()).to.deep.equal(['localhost']);
    const { canManageSandboxes: _, callbackUrl: __, ...entry } = result;
    expect(await stage.registry()).to.deep.equal({ version: 1, productionOrgs: [entry], sandboxes: [] });
    expect((await stage.snapshot())['.sf/jit.json']).to.match(/ 600$/);
  });

  it('leaves production as a normal sf org, as sf org login jwt would', async () => {
    const { stage } = on;
    const { info } = stage;
    expect(await stage.ok('org display -o prod')).to.include({
      username: info.username,
      id: info.orgId,
      instanceUrl: info.productionUrl,
      connectedStatus: 'Connected',
    });
    await stage.control.expireSessions('production');
    expect(await stage.ok(`data query -o prod -q 'SELECT Id FROM Organization'`)).to.include({ totalSize: 1 });
    const ours = await stage.storedOrg(info.username);
    await stage.newHome();
    await stage.ok(`org login jwt ${stage.jwtFlags()}`);
    const stock = await stage.storedOrg(info.username);
    for (const field of ['clientId', 'privateKey', 'instanceUrl', 'orgId', 'username']) {
      expect(ours[field], field).to.equal(stock[field]);
    }
    // stock keeps the URL as a URL, with a slash at its end
    expect(`${String(ours['loginUrl'])}/`).to.equal(stock['loginUrl']);
  });

  it('keeps alias and sandboxes when production is registered again', async () => {
    const { stage } = on;
    await stage.newHome();
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat --no-verify');
    const run = await stage.sf(`jit org register ${stage.jwtFlags()}`);
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain('Registered production org "Acme"').and.to.contain('sf jit sandbox register');
    const { productionOrgs, sandboxes } = await stage.registry();
    expect(sandboxes).to.have.lengthOf(1);
    expect(productionOrgs.map(({ alias }) => alias)).to.deep.equal(['prod']);
  });

  it('warns of a key file that other users can read, and of a user who may not manage sandboxes', async () => {
    const { stage } = on;
    await stage.newHome();
    const open = await stage.file('open.key', await stage.key());
    await chmod(open, 0o644);
    await stage.control.setUser(stage.info.username, { managesSandboxes: false });
    const { warnings, result } = await stage.okJson<JitOrgRegisterResult>(
      `jit org register ${stage.jwtFlags().replace(stage.info.keyFile, open)}`,
    );
    await stage.control.setUser(stage.info.username, { managesSandboxes: true });
    expect(result.canManageSandboxes).to.equal(false);
    expect(warnings.join('\n')).to.contain(`chmod 600 ${open}`).and.to.contain('Manage Sandboxes');
  });

  it('makes production the default with --set-default, which settles which one is meant', async () => {
    const { stage } = on;
    await stage.newHome();
    const other = await stage.control.createOrg({ kind: 'production', username: 'boss@other.example' });
    await stage.ok(`jit org register ${stage.jwtFlags(other)} --alias other`);
    await stage.registerProduction();
    await stage.fails('jit sandbox register -n uat', 'AmbiguousProductionOrg');
    await stage.ok(`jit org register ${stage.jwtFlags()} --alias prod --set-default`);
    expect(await stage.registry()).to.include({ defaultProductionOrg: stage.info.username });
    // sf's own settings are untouched: without this plugin they would be misread
    expect(Object.keys(await stage.snapshot()).filter((file) => /config\.json$/.test(file))).to.deep.equal([]);
    await stage.ok('jit sandbox register -n uat');
    expect((await stage.registry()).sandboxes[0]).to.include({ productionUsername: stage.info.username });
  });

  leavesNoSecret(on);
});

describe('org register with a key that stays in memory', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  const flags = ({ info }: Stage): string =>
    `jit org register --username ${info.username} --client-id ${info.clientId} --instance-url ${info.loginUrl} --alias prod`;

  /** That production is registered and nothing else is stored: no org of sf, no alias, no session. */
  async function expectRegistrationOnly(
    stage: Stage,
    { requestId: _, ...result }: JitOrgRegisterResult,
    key: object,
  ): Promise<void> {
    expect(result).to.deep.equal(expected(stage, { key }));
    expect(await stage.requests()).to.deep.equal(loginAndQuestions);
    expect((await stage.registry()).productionOrgs[0]).to.deep.include({ key });
    const files = Object.keys(await stage.snapshot()).filter((name) => !/^\.sfdx\/(alias|key)\.json$/.test(name));
    expect(files).to.deep.equal(['.sf/jit.json']);
    await stage.expectNoSecrets();
  }

  it('takes it from standard input', async () => {
    const { stage } = on;
    const input = await stage.key();
    const result = await stage.ok<JitOrgRegisterResult>(`${flags(stage)} --jwt-key-file -`, {
      input,
      inSf: true,
    });
    await expectRegistrationOnly(stage, result, { source: 'stdin' });
    const told = await stage.sf(`${flags(stage)} --jwt-key-file -`, { input });
    expect(told.stderr).to.match(/used once.*SF_PRIVATE_KEY.*--jwt-key-env/s);
    expect(told.stdout).not.to.contain('Next:');
    await stage.requests();
    await stage.fails(`${flags(stage)} --jwt-key-file -`, 'KeyInvalid');
  });

  it('takes it from the variable that --jwt-key-env names, also in one line or in base64, and notes the name', async () => {
    const { stage } = on;
    await stage.newHome();
    const key = await stage.key();
    for (const value of [key.replaceAll('\n', '\\n'), Buffer.from(key).toString('base64')]) {
      const options = { env: { PROD_KEY: value } };
      const result = await stage.ok<JitOrgRegisterResult>(`${flags(stage)} --jwt-key-env PROD_KEY`, options);
      await expectRegistrationOnly(stage, result, { source: 'env', name: 'PROD_KEY' });
    }
  });

  it('takes everything from the four variables', async () => {
    const { stage } = on;
    await stage.newHome();
    const { info } = stage;
    const env = {
      SF_INSTANCE_URL: info.loginUrl,
      SF_CLIENT_ID: info.clientId,
      SF_USERNAME: info.username,
      SF_PRIVATE_KEY: await stage.key(),
    };
    const result = await stage.ok<JitOrgRegisterResult>('jit org register --alias prod', { env });
    await expectRegistrationOnly(stage, result, { source: 'env', name: 'SF_PRIVATE_KEY' });
  });

  it('opens an encrypted key with SF_PRIVATE_KEY_PASSPHRASE and keeps the passphrase to itself', async () => {
    const { stage } = on;
    await stage.newHome();
    const passphrase = stage.secret('correct-horse-battery');
    const PROD_KEY = execFileSync('openssl', ['pkcs8', '-topk8', '-v2', 'aes256', '-passout', `pass:${passphrase}`], {
      input: await stage.key(),
      encoding: 'utf8',
    });
    const register = `${flags(stage)} --jwt-key-env PROD_KEY`;
    const { message } = await stage.fails(register, 'KeyInvalid', { env: { PROD_KEY } });
    expect(message).to.contain('SF_PRIVATE_KEY_PASSPHRASE');
    await stage.fails(register, 'KeyInvalid', {
      env: { PROD_KEY, SF_PRIVATE_KEY_PASSPHRASE: stage.secret('wrong-horse') },
    });
    await stage.ok(register, { env: { PROD_KEY, SF_PRIVATE_KEY_PASSPHRASE: passphrase } });
  });

  leavesNoSecret(on);
});

describe('org register with an org that sf knows', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  it('takes over a JWT login with its key file, without logging in again', async () => {
    const { stage } = on;
    const { info } = stage;
    await stage.ok(`org login jwt ${stage.jwtFlags()} --alias known`);
    await stage.requests();
    const { requestId: _, ...result } = await stage.ok<JitOrgRegisterResult>(
      'jit org register --target-org known --alias prod',
    );
    expect(result).to.deep.equal(expected(stage, { key: { source: 'file', path: info.keyFile } }));
    expect(await stage.requests()).to.deep.equal(['production query Organization', 'production query SandboxProcess']);
    expect(await stage.aliases()).to.include({ known: info.username, prod: info.username });
  });

  it('takes over a web login, whose refresh token stays with sf', async () => {
    const { stage } = on;
    const { info } = stage;
    await stage.newHome();
    const { sfdxAuthUrl, instanceUrl } = await stage.control.issueTokens(info.username);
    // from a file: on a busy machine sf gives up on standard input before it is there
    await stage.ok(`org login sfdx-url --sfdx-url-file ${await stage.file('web.txt', sfdxAuthUrl)} --alias web`);
    const stored = await stage.storedOrg(info.username);
    const { result, warnings } = await stage.okJson<JitOrgRegisterResult>(`jit org register -o ${info.username}`);
    expect(result).to.include({ clientId: 'PlatformCLI', loginUrl: instanceUrl, alias: null });
    expect(result.key).to.deep.equal({ source: 'sf' });
    expect(warnings).to.deep.equal([]);
    expect(await stage.storedOrg(info.username)).to.deep.equal(stored);
  });

  it('warns that a login by access token alone ends with its session', async () => {
    const { stage } = on;
    await stage.newHome();
    const { accessToken, instanceUrl } = await stage.control.issueTokens(stage.info.username);
    await stage.ok(`org login access-token --instance-url ${instanceUrl} --alias token --no-prompt`, {
      env: { SF_ACCESS_TOKEN: accessToken },
    });
    const { warnings } = await stage.okJson<JitOrgRegisterResult>('jit org register -o token');
    expect(warnings.join('\n')).to.contain('no refresh token');
  });

  leavesNoSecret(on);
});

describe('org register of what is not production', () => {
  const scratch = 'test-abc@example.com';
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      const { loginUrl } = await stage.control.createOrg({ kind: 'scratch', username: scratch });
      await stage.ok(`org login jwt ${stage.jwtFlags({ loginUrl, username: scratch })} --alias scratch`);
    },
    { inProcess: true },
  );

  it('refuses a scratch org, given by key or as an org that sf knows', async () => {
    const { stage } = on;
    const key = stage.jwtFlags({ username: scratch, loginUrl: stage.info.testUrl });
    await stage.fails(`jit org register ${key} --alias wrong`, 'ScratchOrgNotSupported');
    const { message } = await stage.fails('jit org register --target-org scratch', 'ScratchOrgNotSupported');
    expect(message).to.contain(scratch);
  });

  it('refuses a sandbox, given by key at either host or as an org that sf knows', async () => {
    const { stage } = on;
    const { username, url } = await stage.sandbox('uat');
    for (const loginUrl of [stage.info.testUrl, url]) {
      await stage.fails(`jit org register ${stage.jwtFlags({ username, loginUrl })} -a wrong`, 'NotAProductionOrg');
    }
    await stage.ok(`org login jwt ${stage.jwtFlags({ username, loginUrl: url })} --alias known`);
    const { message } = await stage.fails('jit org register -o known --set-default', 'NotAProductionOrg');
    expect(message).to.contain(username);
  });

  it('says which org sf does not know, and what is missing when nothing is given', async () => {
    const { stage } = on;
    await stage.requests();
    const unknown = await stage.fails('jit org register --target-org nobody', 'OrgNotStored');
    expect(unknown.message).to.contain('nobody');
    const nothing = await stage.fails('jit org register', 'FlagMissing', { exitCode: 2 });
    expect(nothing.message).to.contain('--username').and.to.contain('--client-id').and.to.contain('--jwt-key-file');
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('leaves the good registration in place', async () => {
    const { stage } = on;
    expect((await stage.registry()).productionOrgs.map(({ alias }) => alias)).to.deep.equal(['prod']);
    expect(await readdir(join(stage.home, '.sf'))).to.not.include('config.json');
  });

  leavesNoSecret(on);
});
