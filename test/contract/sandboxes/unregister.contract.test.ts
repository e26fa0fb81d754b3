import { expect } from 'chai';
import { leavesNoSecret, type Stage, useStage } from '../../support/stage.js';

const usernames = async (stage: Stage): Promise<string[]> => {
  const { sandboxes, other } = await stage.ok<Record<'sandboxes' | 'other', Array<{ username: string }>>>('org list');
  return [...other, ...sandboxes].map(({ username }) => username);
};

describe('unregistering', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register --all');
      await stage.ok('jit sandbox login -n uat --set-default');
      await stage.ok('jit sandbox login -n dev');
      const { username, url } = await stage.sandbox('own');
      await stage.ok(`org login jwt ${stage.jwtFlags({ username, loginUrl: url })} --alias own`);
    },
    { inProcess: true, sandboxes: ['uat', 'dev', 'own', 'idle'] },
  );

  it('of a production org is refused while sandboxes depend on it, and names them', async () => {
    const { stage } = on;
    const { message, actions } = await stage.fails('jit org unregister -p prod', 'SandboxesDepend');
    expect(message).to.contain('uat').and.to.contain('idle');
    expect(actions?.join('\n')).to.contain('--cascade');
  });

  it('is refused where nobody can be asked, with the flag that it needs, and changes nothing', async () => {
    const { stage } = on;
    const before = await stage.snapshot();
    for (const [command, input] of [
      ['sandbox unregister -n idle', ''],
      ['sandbox unregister -n idle', 'y\n'],
      ['org unregister -p prod --cascade', ''],
    ] as const) {
      const { code, stderr } = await stage.sf(`jit ${command}`, { input, inSf: input !== '' });
      expect({ code, stderr }).to.have.property('code', 2);
      expect(stderr).to.contain('--no-prompt').and.not.to.contain('Warning');
    }
    expect(await stage.snapshot()).to.deep.equal(before);
    const done = await stage.sf('jit sandbox unregister -n idle --no-prompt');
    expect(done.stdout).to.contain('Removed the registration of sandbox idle');
  });

  it('of a sandbox leaves its sf org in place, and is refused for one that is not registered', async () => {
    const { stage } = on;
    const { username } = await stage.sandbox('uat');
    const { '.sf/jit.json': _, ...before } = await stage.snapshot();
    expect(await stage.ok('jit sandbox unregister -n UAT --no-prompt')).to.deep.equal({
      sandboxes: [
        { sandboxName: 'uat', alias: 'uat', username, productionUsername: stage.info.username, loggedOut: false },
      ],
    });
    const { '.sf/jit.json': registry, ...after } = await stage.snapshot();
    expect(after).to.deep.equal(before);
    expect(registry).to.match(/ 600$/);
    await stage.ok(`data query -o uat -q 'SELECT Id FROM User'`);
    const { message } = await stage.fails('jit sandbox unregister -n uat --no-prompt', 'SandboxNotRegistered');
    expect(message).to.contain('"uat"');
    await stage.fails('jit sandbox unregister -n dev -n nobody --no-prompt', 'SandboxNotRegistered');
  });

  it('of a sandbox with --logout removes its sf org with alias, default and records, but no login of the user', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox register -n uat');
    const uat = await stage.sandbox('uat');
    const { sandboxes } = await stage.ok<{ sandboxes: Array<{ sandboxName: string; loggedOut: boolean }> }>(
      'jit sandbox unregister -n uat -n own --logout --no-prompt',
      { inSf: true },
    );
    expect(sandboxes.map(({ sandboxName, loggedOut }) => [sandboxName, loggedOut])).to.deep.equal([
      ['uat', true],
      ['own', false],
    ]);
    const own = await stage.sandbox('own');
    expect(await usernames(stage))
      .to.include(own.username)
      .and.to.not.include(uat.username);
    expect(await stage.aliases()).to.not.have.property('uat');
    expect((await stage.json('.sf', 'config.json'))['target-org']).to.equal(undefined);
    const left = Object.keys(await stage.snapshot()).filter(
      (name) => name.includes(uat.orgId) || /\.uat\.json$/.test(name),
    );
    expect(left).to.deep.equal([]);
  });

  it('of a production org with --cascade takes its sandboxes along, and no org of sf', async () => {
    const { stage } = on;
    const before = await usernames(stage);
    expect(await stage.ok('jit org unregister -p prod --cascade --no-prompt')).to.deep.equal({
      username: stage.info.username,
      sandboxes: ['dev'],
      environments: [],
    });
    expect(await stage.registry()).to.deep.equal({ version: 1, productionOrgs: [], sandboxes: [] });
    expect(await usernames(stage)).to.deep.equal(before);
    await stage.fails('jit org unregister --no-prompt', 'NoProductionOrg');
    expect(await stage.ok('jit sandbox unregister --all --no-prompt')).to.deep.equal({ sandboxes: [] });
  });

  leavesNoSecret(on);
});
