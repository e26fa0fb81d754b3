import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { SandboxRegistration } from '../../../../src/registry/sandboxFields.js';
import { emptyRegistry } from '../../../../src/registry/registry.js';
import type { RegisterSandboxesRequest } from '../../../../src/sandboxes/register/registerSandboxes.js';
import { registerSandboxes } from '../../../../src/sandboxes/register/registerSandboxes.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, productionOrgId, productionUsername, state } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const sandbox = (sandboxName: string, alias: string, owner = productionUsername): SandboxRegistration => ({
  sandboxName,
  username: `${owner}.${sandboxName.toLowerCase()}`,
  alias,
  productionUsername: owner,
  isJitRegistration: true,
});

describe('registering sandboxes', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts({ ...acme(), sandboxes: [] });
    ports.salesforce.states = [state('UAT'), state('dev'), state('gone', { status: 'Deleting' })];
  });

  const register = (more: Partial<RegisterSandboxesRequest> = {}) =>
    registerSandboxes(
      { sandboxes: ['uat'], variables: { hasPrivateKey: false }, verify: true, project: false, ...more },
      ports,
    );
  const other = { ...acme().productionOrgs[0]!, username: 'ops@other.example', alias: 'other' };

  it('is for the production org that is named, else for the configured one', async () => {
    ports.registry.current = { ...ports.registry.current, productionOrgs: [...acme().productionOrgs, other] };
    const ownerWith = async (more: Partial<RegisterSandboxesRequest>) =>
      (await register({ verify: false, ...more }))[0]?.productionUsername;
    expect(await ownerWith({ production: 'other' })).to.equal(other.username);
    expect(await ownerWith({ defaultProduction: 'other' })).to.equal(other.username);
    expect(await ownerWith({ production: 'prod', defaultProduction: 'other' })).to.equal(productionUsername);
    expect((await rejection(register())).name).to.equal('AmbiguousProductionOrg');
  });

  it('tells who made the copy, unless either user is unknown', async () => {
    const made = async (createdById: string | undefined): Promise<boolean | undefined> => {
      ports.salesforce.states = [state('UAT', { createdById })];
      return (await register())[0]?.createdByAnotherUser;
    };
    expect(await made('0055g0000000001')).to.equal(false);
    expect(await made('0055g0000000009AAA')).to.equal(true);
    expect(await made(undefined)).to.equal(undefined);
    ports = fakePorts(ports.registry.current);
    ports.salesforce.jwt = () => ({ accessToken: 'a', instanceUrl: 'https://acme.example', orgId: '00D5g0000000001' });
    expect(await made('0055g0000000009AAA'), 'asked of production, where sf does not know it').to.equal(true);
    expect(ports.salesforce.calls.filter((call) => call.startsWith('users'))).to.have.length(1);
    ports.salesforce.known = [];
    expect(await made('0055g0000000009AAA')).to.equal(undefined);
  });

  it('says nothing of the copy when production was not asked', async () => {
    const [uat] = await register({ verify: false });
    expect(uat).to.deep.equal({
      ...sandbox('uat', 'uat'),
      status: 'registered',
      sandboxStatus: undefined,
      createdByAnotherUser: undefined,
      hasLoginOfUser: false,
    });
  });

  it('tells of a login that the user made by hand, and of no login of the plugin', async () => {
    const [{ username } = sandbox('uat', 'uat')] = await register();
    ports.sfOrgs.orgs.set(username, { username, accessToken: 'mine' });
    expect((await register())[0]?.hasLoginOfUser).to.equal(true);
    ports.sfOrgs.orgs.set(username, 'unreadable');
    expect((await register())[0]?.hasLoginOfUser).to.equal(false);
  });

  it('needs production to be asked which sandboxes are all', async () => {
    const { name, facts } = await rejection(register({ sandboxes: 'all', verify: false }));
    expect([name, facts.field]).to.deep.equal(['InputInvalid', '--all']);
    expect(facts.problem).to.contain('--no-verify');
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  it('skips what production calls by a name that no sandbox can have, when all are asked for', async () => {
    const unfit = ['old-sandbox', 'a\u001b[2K', 'elevenchars'];
    ports.salesforce.states = [...unfit.map((name) => state(name)), state('UAT'), state('x-y', { status: 'Deleted' })];
    const skipped: string[] = [];
    const request = { sandboxes: 'all', variables: { hasPrivateKey: false }, verify: true, project: false } as const;
    const done = await registerSandboxes(request, ports, (name) => skipped.push(name));
    expect(done.map(({ sandboxName }) => sandboxName)).to.deep.equal(['UAT']);
    expect(skipped).to.deep.equal(unfit);
    expect(ports.registry.current.sandboxes).to.deep.equal([sandbox('UAT', 'UAT')]);
  });

  it('refuses a name of production that no sandbox can have, also where it only looks like the one that was typed', async () => {
    // a Kelvin sign, which is a K in lower case
    ports.salesforce.states = [state('old-sandbox'), state('\u212aIT')];
    for (const [typed, found] of [
      ['Old-Sandbox', 'old-sandbox'],
      ['kit', '\u212aIT'],
    ] as const) {
      const { name, facts } = await rejection(register({ sandboxes: [typed] }));
      expect([name, facts.field], typed).to.deep.equal(['InputInvalid', '--sandbox-name']);
      expect(facts.problem).to.contain(`"${found}" cannot be the name of a sandbox`);
    }
    expect((await rejection(register({ sandboxes: ['old-sandbo'] }))).facts.nearest).to.equal(undefined);
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
  });

  it('refuses what cannot be a name, without asking', async () => {
    for (const wrong of ["u' OR", '', 'elevenchars', 'a-b']) {
      const { name, facts } = await rejection(register({ sandboxes: ['uat', wrong], verify: false }));
      expect([name, facts.field], wrong).to.deep.equal(['InputInvalid', '--sandbox-name']);
      expect(facts.problem).to.contain(`"${wrong}" cannot be the name of a sandbox`);
    }
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
  });

  it('refuses what cannot be an alias, an empty one too, without asking', async () => {
    for (const alias of ['', ' ', '-x', 'a\u001b[2K']) {
      const { name, facts } = await rejection(register({ alias }));
      expect([name, facts.field], alias).to.deep.equal(['InputInvalid', '--alias']);
    }
    expect(ports.salesforce.calls).to.deep.equal([]);
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
  });

  it('tells what became of a sandbox that is deleted, and of which production org', async () => {
    expect((await rejection(register({ sandboxes: ['Gone'] }))).facts).to.include({
      sandbox: 'Gone',
      production: productionUsername,
      status: 'Deleting',
    });
    const unknown = await rejection(register({ sandboxes: ['zzzzzzzz'] }));
    expect(unknown.facts).to.include({ sandbox: 'zzzzzzzz', production: productionUsername });
    expect(unknown.facts.nearest).to.equal(undefined);
  });

  it('passes on why production could not be asked, and writes nothing', async () => {
    ports.salesforce.states = new JitFailure('ApiLimitReached', { org: 'production' });
    expect((await rejection(register())).name).to.equal('ApiLimitReached');
    expect(ports.registry.current.sandboxes).to.deep.equal([]);
  });

  describe('again', () => {
    it('gives it the alias that is asked for now, in the place of the one before', async () => {
      await register();
      const [renamed] = await register({ alias: 'acceptance' });
      expect(renamed).to.include({ status: 'registered', alias: 'acceptance' });
      expect(ports.registry.current.sandboxes).to.deep.equal([sandbox('UAT', 'acceptance')]);
    });

    it('changes nothing when it has that alias', async () => {
      await register({ alias: 'acceptance' });
      const before = ports.registry.current;
      expect((await register({ alias: 'acceptance' }))[0]?.status).to.equal('already-registered');
      expect(ports.registry.current).to.equal(before);
    });

    it('keeps the true username that a login has brought', async () => {
      const known = { ...sandbox('UAT', 'uat'), username: 'admin@acme.example.uat.made.unique' };
      ports.registry.current = { ...ports.registry.current, sandboxes: [known] };
      const [renamed] = await register({ alias: 'acceptance' });
      expect(renamed?.username).to.equal(known.username);
    });

    it('keeps all else that is known of it under another alias', async () => {
      const known = { ...sandbox('UAT', 'uat'), signedInBy: 'own-key' as const };
      ports.registry.current = { ...ports.registry.current, sandboxes: [known] };
      await register({ alias: 'acceptance' });
      expect(ports.registry.current.sandboxes).to.deep.equal([{ ...known, alias: 'acceptance' }]);
    });

    it('takes no other sandbox for it that has its name as an alias', async () => {
      ports.registry.current = {
        ...ports.registry.current,
        sandboxes: [sandbox('old', 'uat'), sandbox('UAT', 'prod-uat')],
      };
      const before = ports.registry.current;
      expect((await register())[0]).to.include({
        sandboxName: 'UAT',
        alias: 'prod-uat',
        status: 'already-registered',
      });
      expect(ports.registry.current).to.equal(before);
    });
  });

  describe('under an alias that is taken', () => {
    beforeEach(() => {
      ports.registry.current = { ...ports.registry.current, sandboxes: [sandbox('dev', 'mine', other.username)] };
    });

    it('is refused with the sandbox that has it', async () => {
      ports.registry.project = { sandboxes: [], environments: [] };
      for (const project of [false, true]) {
        const { name, facts } = await rejection(register({ alias: 'Mine', project }));
        expect([name, facts.org, facts.free]).to.deep.equal(['AliasTaken', 'sandbox dev of ops@other.example', 'uat']);
      }
    });

    it('is told apart by the production org, by its username when it has no alias', async () => {
      ports.registry.current = {
        ...ports.registry.current,
        productionOrgs: acme().productionOrgs.map((org) => ({ ...org, alias: undefined })),
        sandboxes: [sandbox('dev', 'uat', other.username)],
      };
      expect((await register())[0]?.alias).to.equal(`${productionUsername}-uat`);
    });

    it('leaves the same sandbox name of another production org alone', async () => {
      ports.registry.current = { ...ports.registry.current, sandboxes: [sandbox('dev', 'mine', other.username)] };
      await register({ sandboxes: ['dev'] });
      expect(ports.registry.current.sandboxes).to.deep.equal([
        sandbox('dev', 'mine', other.username),
        sandbox('dev', 'dev'),
      ]);
    });
  });

  describe('under the alias of production', () => {
    it('is refused, in either layer', async () => {
      ports.registry.project = { sandboxes: [], environments: [] };
      for (const [alias, project] of [
        ['Prod', false],
        ['prod', true],
        [productionUsername, false],
      ] as const) {
        const { name, facts } = await rejection(register({ alias, project }));
        expect([name, facts.alias, facts.sandbox]).to.deep.equal(['AliasTaken', alias, 'UAT']);
      }
      expect(ports.registry.current.sandboxes).to.deep.equal([]);
      expect(ports.registry.project.sandboxes).to.deep.equal([]);
    });

    it('is refused where only sf knows production by it, and is not the default then', async () => {
      ports.registry.current = emptyRegistry;
      ports.sfOrgs.orgs.set(productionUsername, { username: productionUsername });
      ports.sfOrgs.orgs.set('ops@other.example', { username: 'ops@other.example' });
      ports.sfOrgs.names.set('live', 'ops@other.example').set('uat', 'ops@other.example');
      const environment = { username: productionUsername, clientId: '3MVG9', hasPrivateKey: true };
      expect((await rejection(register({ alias: 'live', variables: environment }))).facts.org).to.equal(
        'production org ops@other.example',
      );
      expect((await register({ variables: environment }))[0]?.alias).to.equal(`${productionUsername}-uat`);
    });

    it('is never the default, in either layer', async () => {
      const productionOrgs = [{ ...acme().productionOrgs[0]!, alias: 'uat' }];
      ports.registry.current = { ...ports.registry.current, productionOrgs };
      ports.registry.project = { sandboxes: [], environments: [] };
      for (const project of [false, true]) expect((await register({ project }))[0]?.alias).to.equal('uat-uat');
    });

    it('gives a registration that has it from before another one', async () => {
      ports.registry.current = { ...ports.registry.current, sandboxes: [sandbox('UAT', 'prod')] };
      expect((await register())[0]).to.include({ alias: 'uat', status: 'registered' });
    });
  });

  it('is refused when no default alias is left, and says what to do', async () => {
    ports.registry.current = {
      ...ports.registry.current,
      sandboxes: [sandbox('a', 'uat', other.username), sandbox('b', 'prod-uat', other.username)],
    };
    const { name, facts } = await rejection(register());
    expect([name, facts.field]).to.deep.equal(['InputInvalid', 'The default alias of sandbox UAT']);
    expect(facts.problem).to.contain('--alias');
    expect((await register({ alias: 'mine' }))[0]?.alias).to.equal('mine');
    const productionOrgs = [{ ...acme().productionOrgs[0]!, alias: '-x' }];
    ports.registry.current = {
      ...ports.registry.current,
      productionOrgs,
      sandboxes: [sandbox('a', 'uat', 'x@y.example')],
    };
    expect((await rejection(register())).name).to.equal('InputInvalid');
  });

  describe('in the project', () => {
    const shared = (...of: Parameters<typeof sandbox>) => ({ ...sandbox(...of), productionOrgId });
    const environments = [
      { name: 'acceptance', sandboxName: 'uat', productionUsername, branches: ['main'], category: 'staging' },
    ];
    beforeEach(() => {
      ports.registry.project = { sandboxes: [], environments };
    });

    it('writes to its file alone, and keeps what else is there', async () => {
      const before = ports.registry.current;
      expect((await register({ project: true }))[0]?.status).to.equal('registered');
      expect(ports.registry.project).to.deep.equal({ sandboxes: [shared('UAT', 'uat')], environments });
      expect(ports.registry.current).to.equal(before);
    });

    it('writes nothing when all are there already, and adds those that are not', async () => {
      await register({ project: true });
      const before = ports.registry.project;
      expect((await register({ project: true }))[0]?.status).to.equal('already-registered');
      expect(ports.registry.project).to.equal(before);
      const both = await register({ project: true, sandboxes: ['uat', 'dev'] });
      expect(both.map(({ status }) => status)).to.deep.equal(['already-registered', 'registered']);
      expect(ports.registry.project?.sandboxes).to.deep.equal([shared('UAT', 'uat'), shared('dev', 'dev')]);
    });

    it('finds what a colleague registered as another user of the same org, and leaves it under that name', async () => {
      const theirs = { ...shared('UAT', 'uat'), productionUsername: 'eve@acme.example' };
      ports.registry.project = { sandboxes: [theirs], environments };
      const before = ports.registry.project;
      expect((await register({ project: true }))[0]?.status).to.equal('already-registered');
      expect(ports.registry.project).to.equal(before);
    });

    it('writes what is registered on this machine only until now', async () => {
      await register({ alias: 'mine' });
      expect((await register({ project: true }))[0]).to.include({ status: 'registered', alias: 'uat' });
    });
  });

  it('reports each sandbox once, even if the store tries its change again', async () => {
    const { update } = ports.registry;
    ports.registry.update = async (change) => {
      change(ports.registry.current);
      return update(change);
    };
    expect(await register({ sandboxes: 'all' })).to.have.lengthOf(2);
  });
});
