import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JitSandboxShowCredentialsResult } from '../../../src/commands/jit/sandbox/show-credentials.js';
import { ProtocolClient } from '../emulator/protocolClient.js';
import type { SfJson } from '../../support/packedPlugin.js';
import type { ProgramRun } from '../../support/runSf.js';
import { leavesNoSecret, type Stage, type StageSfOptions, useStage } from '../../support/stage.js';

/** Runs the command without keeping what it prints: it prints secrets on purpose. */
const shown = (stage: Stage, flags: string, options?: StageSfOptions): Promise<ProgramRun> =>
  stage.unrecorded(`jit sandbox show-credentials ${flags}`, options);

describe('sandbox show-credentials', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat --no-verify');
    },
    { inProcess: true },
  );

  /** The issued secrets that a text holds. */
  const secretsIn = async (text: string): Promise<string[]> =>
    (await on.stage.control.issuedSecrets()).filter((secret) => text.includes(secret));

  it('gives a fresh access token that works as JSON, with the warning of stock sf, and stores nothing', async () => {
    const { stage } = on;
    const uat = await stage.sandbox('uat');
    const before = await stage.snapshot();
    const started = Date.now();
    const run = await shown(stage, '-n uat --json', { inSf: true });
    expect({ code: run.code, stderr: run.stderr }).to.deep.equal({ code: 0, stderr: '' });
    const { result, warnings } = run.json<SfJson<{ accessToken: string; instanceUrl: string; issuedAt: string }>>();
    const { accessToken, issuedAt, ...rest } = result;
    expect(rest).to.deep.equal({ username: uat.username, orgId: uat.orgId, instanceUrl: uat.url });
    expect(Date.parse(issuedAt)).to.be.within(started, Date.now());
    expect(new Date(issuedAt).toISOString()).to.equal(issuedAt);
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.contain('sensitive access token');
    const headers = { authorization: `Bearer ${accessToken}` };
    const query = `${uat.url}/services/data/v60.0/query?q=SELECT+Id+FROM+User`;
    expect((await new ProtocolClient(stage.info).send(query, { headers })).status).to.equal(200);
    expect(await stage.snapshot()).to.deep.equal(before);
  });

  it('gives an auth URL with which stock sf logs in elsewhere', async () => {
    const { stage } = on;
    const run = await shown(stage, '-n uat --auth-type sfdx-auth-url --json');
    const { result } = run.json<SfJson<JitSandboxShowCredentialsResult>>();
    expect(result).to.have.all.keys('username', 'orgId', 'issuedAt', 'sfdxAuthUrl');
    const { sfdxAuthUrl } = result as { sfdxAuthUrl: string };
    const home = stage.home;
    await stage.newHome();
    await stage.ok(
      `org login sfdx-url --sfdx-url-file ${await stage.file('elsewhere.url', sfdxAuthUrl)} --alias elsewhere`,
    );
    await stage.ok(`data query --query 'SELECT Id FROM User' -o elsewhere`);
    stage.home = home;
  });

  it('prints the secret on standard output and the warning on standard error with --no-prompt', async () => {
    const { stage } = on;
    const run = await shown(stage, '-n uat --no-prompt');
    expect(run.code).to.equal(0);
    expect(run.stderr).to.contain('Warning').and.contain('sensitive access token');
    const [secret, ...others] = await secretsIn(run.stdout);
    expect(others).to.deep.equal([]);
    expect(run.stdout).to.contain(`Access token: ${secret}\n`).and.contain('Instance URL: https://');
    expect(await secretsIn(run.stderr)).to.deep.equal([]);
  });

  it('refuses without a terminal, --no-prompt and --json, before it asks Salesforce for anything', async () => {
    const { stage } = on;
    await stage.requests();
    for (const input of ['', 'y\n']) {
      const run = await stage.sf('jit sandbox show-credentials -n uat', { input });
      expect(run).to.include({ code: 1, stdout: '' });
      expect(run.stderr).to.contain('nobody confirmed it').and.contain('--no-prompt');
    }
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('masks the secret under GitHub Actions before it prints it', async () => {
    const { stage } = on;
    // what is masked on standard error depends on what that is: a file, or something that a runner reads
    const options = { env: { GITHUB_ACTIONS: 'true' }, inSf: true };
    const text = await shown(stage, '-n uat --no-prompt', options);
    const [token] = await secretsIn(text.stdout);
    expect(text.stdout.split('\n')[0]).to.equal(`::add-mask::${token}`);
    expect(await secretsIn(text.stderr)).to.deep.equal([]);

    const url = await shown(stage, '-n uat --no-prompt --auth-type sfdx-auth-url', options);
    const [refreshToken] = await secretsIn(url.stdout);
    const lines = url.stdout.split('\n');
    const masks = lines.filter((line) => line.startsWith('::add-mask::'));
    expect(lines.slice(0, masks.length), 'first').to.deep.equal(masks);
    expect(masks[0]).to.match(/^::add-mask::force:\/\//);
    expect(masks).to.include(`::add-mask::${refreshToken}`);

    const json = await shown(stage, '-n uat --json', options);
    const { result } = json.json<SfJson<{ accessToken: string }>>();
    expect(json.stderr, 'standard output is one JSON, so the mask goes the other way').to.equal(
      `::add-mask::${result.accessToken}\n`,
    );

    const variables = await shown(stage, '-n uat --no-prompt --format env', options);
    const [, accessToken] = /^SF_ACCESS_TOKEN=(\S+)$/m.exec(variables.stdout) ?? [];
    expect(variables.stdout, 'nothing but variables').to.match(/^(\w+=\S+\n){4}$/);
    expect(variables.stderr).to.include(`::add-mask::${accessToken}\n`);
  });

  it('fails as a login does, and refuses wrong flags', async () => {
    const { stage } = on;
    await stage.fails('jit sandbox show-credentials -n nowhere', 'SandboxNotFound');
    await stage.fails('jit sandbox show-credentials -n not-a-sandbox', 'SandboxNotRegistered');
    for (const flags of ['', '-n uat extra']) {
      expect((await stage.sf(`jit sandbox show-credentials ${flags}`)).code, flags).to.equal(2);
    }
    const { code, stderr } = await stage.sf('jit sandbox show-credentials -n uat --auth-type jwt');
    expect(code).to.not.equal(0);
    expect(stderr).to.contain('access-token').and.contain('sfdx-auth-url');
  });

  it("does not take production's login from a .sfconnect.json that it only finds", async () => {
    const { stage } = on;
    await stage.newHome();
    await stage.requests();
    const project = await stage.project();
    const { loginUrl: instanceUrl, clientId, username, keyFile: privateKeyPath } = stage.info;
    const fields = { instanceUrl, clientId, username, privateKeyPath };
    await writeFile(join(project, '.sfconnect.json'), JSON.stringify(fields));
    await stage.fails('jit sandbox show-credentials -n uat', 'NoProductionOrg', { cwd: project });
    expect(await stage.requests()).to.deep.equal([]);
  });

  leavesNoSecret(on);
});
