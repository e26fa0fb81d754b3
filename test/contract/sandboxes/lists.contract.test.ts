import { expect } from 'chai';
import type { JitOrgListResult } from '../../../src/commands/jit/org/list.js';
import type { JitSandboxListResult } from '../../../src/commands/jit/sandbox/list.js';
import { leavesNoSecret, type Stage, useStage } from '../../support/stage.js';

type Row = JitSandboxListResult['orgs'][0];

async function rows(stage: Stage, env: Record<string, string> = {}): Promise<Record<string, Row>> {
  const { orgs } = await stage.ok<JitSandboxListResult>('jit sandbox list', { env });
  return Object.fromEntries(orgs.map((row) => [row.alias ?? row.username, row]));
}

describe('lists', () => {
  const on = useStage(
    async (stage) => {
      const { info } = stage;
      const other = await stage.control.createOrg({ kind: 'production', username: 'boss@other.example' });
      await stage.registerProduction();
      await stage.ok(
        `jit org register --username ${other.username} -i ${info.clientId} --jwt-key-env PROD_KEY -r ${other.loginUrl} -a other`,
        { env: { PROD_KEY: await stage.key() } },
      );
      await stage.ok('jit sandbox register -n uat -n dev -n own -p prod');
      await stage.ok('jit sandbox login -n uat');
      for (const name of ['own', 'stray']) {
        const { username, url } = await stage.sandbox(name);
        await stage.ok(`org login jwt ${stage.jwtFlags({ username, loginUrl: url })} --alias ${name}`);
      }
      for (const origin of ['login', 'production', 'sandbox:uat']) await stage.control.setListening(origin, false);
    },
    { inProcess: true, sandboxes: ['uat', 'dev', 'own', 'stray'] },
  );

  it('show production, JIT and traditional orgs side by side, each with its state, without a request', async () => {
    const { stage } = on;
    const { prod, other, uat, dev, own, stray } = await rows(stage);
    const { info } = stage;
    const global = { layer: 'global' };
    expect(prod).to.include({
      ...global,
      kind: 'production',
      state: 'ready',
      username: info.username,
      orgId: info.orgId,
    });
    expect(other).to.include({ ...global, kind: 'production', state: 'key-needed', lastLogin: null });
    const ofProd = { ...global, kind: 'jit', productionUsername: info.username };
    const current = await stage.sandbox('uat');
    expect(uat).to.include({ ...ofProd, state: 'logged-in', orgId: current.orgId, instanceUrl: current.url });
    expect(Date.now() - Date.parse(uat?.lastLogin ?? '')).to.be.within(0, 600_000);
    expect(dev).to.include({ ...ofProd, state: 'not-logged-in', orgId: null, lastLogin: null });
    expect(own, 'registered, but logged in to by the user').to.include({
      ...global,
      state: 'own-login',
      lastLogin: null,
    });
    expect(stray).to.include({ kind: 'traditional', state: 'own-login', layer: null, productionUsername: null });
    expect(await rows(stage, { PROD_KEY: 'set' })).to.have.nested.property('other.state', 'ready');
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('show one production org or sandbox in full, and its fields are those of the list', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('dev');
    const [all, orgs, uat, dev] = await Promise.all([
      rows(stage),
      stage.ok<JitOrgListResult>('jit org list'),
      stage.ok('jit sandbox display -n UAT', { inSf: true }),
      stage.ok(`jit sandbox display -n ${username}`),
    ]);
    expect(uat).to.deep.equal(all['uat']);
    expect(dev).to.deep.equal(all['dev']);
    expect(orgs.map(({ alias, key, sandboxes, isDefault }) => ({ alias, key, sandboxes, isDefault }))).to.deep.equal([
      {
        alias: 'prod',
        key: { source: 'file', path: stage.info.keyFile },
        sandboxes: ['uat', 'dev', 'own'],
        isDefault: false,
      },
      { alias: 'other', key: { source: 'env', name: 'PROD_KEY' }, sandboxes: [], isDefault: false },
    ]);
    const [named, other] = await Promise.all([
      stage.ok('jit org display -p PROD'),
      stage.ok('jit org display', { env: { SF_JIT_PRODUCTION_ORG: 'other' } }),
      stage.fails('jit org display', 'AmbiguousProductionOrg'),
      stage.fails('jit sandbox display -n stray', 'SandboxNotRegistered'),
    ]);
    expect(named).to.deep.equal(orgs[0]);
    expect(other).to.deep.equal({ ...orgs[1], isDefault: true });
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('are tables for people, and name the first step when there is nothing to list', async () => {
    const { stage } = on;
    const list = await stage.sf('jit sandbox list', { inSf: true });
    expect(list.stdout.split('\n').find((line) => line.includes('uat'))).to.match(
      /JIT.*uat.*logged in.*\d{4}-\d\d-\d\d/,
    );
    const display = await stage.sf('jit org display -p prod');
    expect(display.stdout).to.contain(stage.info.keyFile).and.to.contain('uat, dev, own');
    await stage.newHome();
    for (const command of ['jit sandbox list', 'jit org list']) {
      expect((await stage.sf(command)).stdout).to.contain('sf jit org register');
    }
  });

  leavesNoSecret(on);
});

describe('a traditional org', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat --alias acceptance');
      const { username } = await stage.sandbox('uat');
      await stage.ok(`org login jwt ${stage.jwtFlags({ username, loginUrl: stage.info.testUrl })} --alias mine`);
    },
    { inProcess: true },
  );

  it('is never replaced without --replace, also when the sandbox is not registered, and costs no request', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('uat');
    const { message } = await stage.fails('jit sandbox login -n acceptance', 'TraditionalOrgStored');
    expect(message).to.contain(username);
    await stage.ok('jit sandbox unregister -n uat --no-prompt');
    await stage.fails('jit sandbox login -n uat', 'TraditionalOrgStored');
    expect(await stage.requests()).to.deep.equal([]);
    await stage.ok('jit sandbox register -n uat --alias acceptance --no-verify');
  });

  it('is told of when its sandbox is registered, and when a refresh has ended it, with how to hand it over', async () => {
    const { stage } = on;
    const register = await stage.sf('jit sandbox register -n uat');
    expect(register.stdout).to.match(
      /with another sf command.*sf jit sandbox login --sandbox-name acceptance --replace/,
    );
    const { username } = await stage.sandbox('uat');
    const { sfdxAuthUrl } = await stage.control.issueTokens(username);
    await stage.ok(`org logout -o ${username} --no-prompt`);
    await stage.ok(`org login sfdx-url --sfdx-url-file ${await stage.file('url', sfdxAuthUrl)} --alias mine`);
    const query = "data query -o mine -q 'SELECT Id FROM User'";
    expect((await stage.sf(query)).code).to.equal(0);
    await stage.control.refreshSandbox('uat', { complete: true });
    await stage.requests();
    const refused = await stage.sf(query);
    expect(refused.code).not.to.equal(0);
    expect(refused.stderr).to.match(
      /\nThe login to mine was made with another sf command.*sf jit sandbox login --sandbox-name acceptance --replace\n$/,
    );
    expect(await stage.requests(), 'nothing of ours is asked').not.to.include('production sandboxAuth');
  });

  it('is replaced with --replace, keeps its alias, and is a JIT sandbox from then on', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('uat');
    await stage.ok('jit sandbox login -n uat --replace');
    expect(await stage.aliases()).to.include({ mine: username, acceptance: username });
    expect(await stage.ok('jit sandbox display -n uat')).to.include({ state: 'logged-in' });
    await stage.ok('jit sandbox login -n uat');
    await stage.ok(`data query -o mine -q 'SELECT Id FROM User'`);
  });

  it('is what a JIT sandbox becomes when the user logs in to it with another command', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('uat');
    const { accessToken, instanceUrl } = await stage.control.issueTokens(username);
    await stage.ok('org logout -o uat --no-prompt'.replace('uat', username));
    await stage.ok(`org login access-token --instance-url ${instanceUrl} --no-prompt`, {
      env: { SF_ACCESS_TOKEN: accessToken },
    });
    expect(await stage.ok('jit sandbox display -n uat')).to.include({ state: 'own-login' });
    await stage.fails('jit sandbox login -n uat', 'TraditionalOrgStored');
  });

  leavesNoSecret(on);
});
