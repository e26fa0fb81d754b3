import { expect } from 'chai';
import type { JitSandboxRegisterResult } from '../../../src/commands/jit/sandbox/register.js';
import { leavesNoSecret, type Stage, useStage } from '../../support/stage.js';

const names = async (stage: Stage): Promise<unknown[]> =>
  (await stage.registry()).sandboxes.map(({ sandboxName }) => sandboxName);

describe('sandbox register', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
    },
    { inProcess: true },
  );

  it('registers several sandboxes with one question to production, and stores no credential', async () => {
    const { stage } = on;
    const { username } = stage.info;
    const before = await stage.snapshot();
    const entry = (name: string): object => ({
      sandboxName: name,
      username: `${username}.${name}`,
      alias: name,
      productionUsername: username,
      isJitRegistration: true,
    });
    const { result, warnings } = await stage.okJson<JitSandboxRegisterResult>('jit sandbox register -n uat -n dev', {
      inSf: true,
    });
    const { sandboxes, ...others } = result;
    expect(sandboxes).to.deep.equal(
      ['uat', 'dev'].map((name) => ({ ...entry(name), status: 'registered', sandboxStatus: 'Completed' })),
    );
    expect(Object.keys(others)).to.deep.equal(['requestId']);
    expect(warnings).to.deep.equal([]);
    expect(await stage.requests()).to.deep.equal(['production query SandboxProcess']);
    expect((await stage.registry()).sandboxes).to.deep.equal([entry('uat'), entry('dev')]);
    const { '.sf/jit.json': registry, ...unchanged } = await stage.snapshot();
    expect(registry).to.match(/ 600$/);
    const { '.sf/jit.json': _, ...othersBefore } = before;
    expect(unchanged).to.deep.equal(othersBefore);
  });

  it('changes nothing when a sandbox is registered again, in whatever letter case', async () => {
    const { stage } = on;
    const before = await stage.snapshot();
    const { sandboxes } = await stage.ok<JitSandboxRegisterResult>('jit sandbox register -n UAT -n dev');
    expect(sandboxes.map(({ status, sandboxName, alias }) => [status, sandboxName, alias])).to.deep.equal([
      ['already-registered', 'uat', 'uat'],
      ['already-registered', 'dev', 'dev'],
    ]);
    expect(await stage.snapshot()).to.deep.equal(before);
  });

  it('gives one sandbox another alias, keeps it from then on, and never gives it away', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox register -n dev --alias development');
    const { sandboxes } = await stage.ok<JitSandboxRegisterResult>('jit sandbox register -n dev');
    expect(sandboxes[0]).to.include({ alias: 'development', status: 'already-registered' });
    await stage.fails('jit sandbox register -n uat --alias Development', 'AliasTaken');
    const two = await stage.sf('jit sandbox register -n uat -n dev --alias both --json');
    expect(two.code).to.not.equal(0);
    expect((await stage.registry()).sandboxes.map(({ alias }) => alias)).to.deep.equal(['uat', 'development']);
  });

  it('offers the nearest name for one that production does not have, and then registers none of them', async () => {
    const { stage } = on;
    await stage.control.createSandbox({ name: 'Staging' });
    const { message, actions, data } = await stage.fails('jit sandbox register -n Staging -n uta', 'SandboxNotFound', {
      inSf: true,
    });
    expect(message).to.contain('"uta"').and.to.contain('"uat"');
    expect(actions?.join('\n')).to.contain('sf jit sandbox register --sandbox-name uat');
    expect(data).to.include({ sandbox: 'uta', nearest: 'uat' });
  });

  it('tells a deleted sandbox from an unknown one', async () => {
    const { stage } = on;
    await stage.control.createSandbox({ name: 'old' });
    await stage.control.deleteSandbox('old');
    await stage.fails('jit sandbox register -n old', 'SandboxDeleted');
  });

  it('registers every living sandbox with --all, under the name that production gives it', async () => {
    const { stage } = on;
    const { sandboxes } = await stage.ok<JitSandboxRegisterResult>('jit sandbox register --all');
    const statuses = Object.fromEntries(sandboxes.map(({ sandboxName, status }) => [sandboxName, status]));
    expect(statuses).to.deep.equal({ uat: 'already-registered', dev: 'already-registered', Staging: 'registered' });
    expect(await names(stage)).to.have.members(['uat', 'dev', 'Staging']);
  });

  it('warns that a sandbox is still being copied, and that another user made it', async () => {
    const { stage } = on;
    await stage.control.createUser({ username: 'colleague@acme.example' });
    await stage.control.createSandbox({ name: 'theirs', creator: 'colleague@acme.example' });
    await stage.control.createSandbox({ name: 'fresh', status: 'Processing' });
    const { result, warnings } = await stage.okJson<JitSandboxRegisterResult>(
      'jit sandbox register -n fresh -n theirs',
    );
    expect(result.sandboxes.map(({ sandboxStatus }) => sandboxStatus)).to.deep.equal(['Processing', 'Completed']);
    expect(warnings.join('\n'))
      .to.match(/fresh.*not ready.*"Processing"/)
      .and.to.match(/theirs.*another user/);
  });

  it('logs in once more when the production session has expired', async () => {
    const { stage } = on;
    await stage.control.expireSessions('production');
    await stage.requests();
    await stage.ok('jit sandbox register -n uat');
    expect(await stage.requests()).to.deep.equal([
      'production query SandboxProcess',
      'login token jwt-bearer',
      'production query SandboxProcess',
    ]);
  });

  it('sends no request with --no-verify, so that it works without any network', async () => {
    const { stage } = on;
    for (const origin of ['production', 'login']) await stage.control.setListening(origin, false);
    const { sandboxes } = await stage.ok<JitSandboxRegisterResult>('jit sandbox register -n later -p prod --no-verify');
    expect(sandboxes[0]).to.include({ sandboxName: 'later', status: 'registered', sandboxStatus: null });
    await stage.fails('jit sandbox register -n not-a-name --no-verify', 'InputInvalid');
    for (const origin of ['production', 'login']) await stage.control.setListening(origin, true);
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('keeps two sandboxes of one name apart when they belong to two production orgs', async () => {
    const { stage } = on;
    const other = await stage.control.createOrg({ kind: 'production', username: 'boss@other.example' });
    await stage.control.createSandbox({ name: 'uat', production: other.username });
    await stage.ok(`jit org register ${stage.jwtFlags(other)} --alias other`);
    const { sandboxes } = await stage.ok<JitSandboxRegisterResult>('jit sandbox register -n uat -p other');
    expect(sandboxes[0]).to.include({ alias: 'other-uat', productionUsername: other.username, status: 'registered' });
    await stage.ok('jit sandbox login -n other-uat');
    expect((await stage.requests()).at(-1)).to.match(/^sandbox:00D\w+:uat token jwt-bearer$/);
  });

  it('names what is wrong with the production org: none, or another one', async () => {
    const { stage } = on;
    const { data } = await stage.fails('jit sandbox register -n uat -p pord', 'ProductionOrgNotRegistered');
    expect(data).to.include({ production: 'pord', nearest: 'prod' });
    await stage.newHome();
    const { message } = await stage.fails('jit sandbox register -n uat', 'NoProductionOrg');
    expect(message).to.contain('Parent production org not found');
  });

  leavesNoSecret(on);
});
