import { expect } from 'chai';
import { branchPatterns } from '../../../src/environments/io/branchPatterns.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { CreateEnvironmentRequest, EnvironmentPorts } from '../../../src/environments/manageEnvironments.js';
import {
  createEnvironment,
  deleteEnvironment,
  findEnvironment,
  findEnvironmentToLogin,
  listEnvironments,
  updateEnvironment,
} from '../../../src/environments/manageEnvironments.js';
import {
  findProductionOrgToUnregister,
  findSandboxesToUnregister,
  unregisterProductionOrg,
  unregisterSandboxes,
} from '../../../src/sandboxes/register/unregister.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, productionUsername } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

describe('environments: the use cases', () => {
  let fakes: FakePorts;
  let ports: EnvironmentPorts;
  let branch: string | undefined;
  beforeEach(() => {
    fakes = fakePorts();
    branch = 'main';
    ports = {
      registry: fakes.registry,
      patterns: branchPatterns,
      sfOrgs: fakes.sfOrgs,
      currentBranch: {
        name: async () => {
          if (branch === undefined) throw new JitFailure('BranchUnknown', { problem: 'no branch' });
          return branch;
        },
      },
    };
  });
  const inProject = (): void => {
    fakes.registry.project = { sandboxes: [], environments: [] };
  };
  const create = (more: Partial<CreateEnvironmentRequest> = {}) =>
    createEnvironment({ name: 'acceptance', sandbox: 'UAT', global: false, branches: ['main'], ...more }, ports);
  const stored = {
    name: 'acceptance',
    sandboxName: 'uat',
    productionUsername,
    branches: ['main'],
    category: 'development',
  };

  describe('creating', () => {
    it('stores it on this machine outside a project, by names that mean the same everywhere', async () => {
      expect(await create()).to.deep.equal({ ...stored, layer: 'global', hidden: false });
      expect(fakes.registry.current).to.deep.equal({ ...acme(), environments: [stored] });
    });

    it('stores it in the project when there is one, or on this machine when that is asked for', async () => {
      inProject();
      expect(await create()).to.include({ layer: 'project' });
      expect(await create({ global: true })).to.include({ layer: 'global', hidden: true });
      expect(fakes.registry.project?.environments).to.deep.equal([stored]);
      expect(fakes.registry.current.environments).to.deep.equal([stored]);
      expect(await listEnvironments({}, ports)).to.deep.equal([{ ...stored, layer: 'project' }]);
    });

    it('is hidden by the one of that name in the project, and by no other', async () => {
      await create({ branches: undefined });
      inProject();
      expect(await create()).to.include({ layer: 'project', hidden: false });
      expect(await create({ name: 'other', branches: [], global: true })).to.include({
        layer: 'global',
        hidden: false,
      });
    });

    it('links no branch when none is given', async () => {
      expect((await create({ branches: undefined })).branches).to.deep.equal([]);
    });

    it('takes alias, sandbox name or username of a sandbox of either layer, and no other', async () => {
      inProject();
      const [uat] = acme().sandboxes;
      fakes.registry.project = {
        environments: [],
        sandboxes: [{ ...uat!, sandboxName: 'dev', username: 'dev@x', alias: 'shared' }],
      };
      expect(await create({ sandbox: 'shared' })).to.include({ sandboxName: 'dev' });
      expect(await create({ name: 'x', sandbox: uat!.username, branches: [] })).to.include({ sandboxName: 'uat' });
      expect((await rejection(create({ name: 'y', sandbox: 'uta' }))).name).to.equal('SandboxNotRegistered');
    });

    for (const [title, more, name] of [
      ['a name that exists', { name: 'Acceptance', branches: ['x'] }, 'EnvironmentExists'],
      ['a branch of another one', { name: 'other' }, 'BranchTaken'],
      ['the alias of production', { name: 'prod', branches: [] }, 'EnvironmentNameTaken'],
      ['a name that is no alias', { name: 'a b' }, 'InputInvalid'],
      ['an empty pattern', { name: 'other', branches: [''] }, 'InputInvalid'],
      ['a pattern that is none', { name: 'other', branches: ['release/['] }, 'InputInvalid'],
      ['a category of two words', { name: 'other', category: 'a b' }, 'InputInvalid'],
    ] satisfies Array<[string, Partial<CreateEnvironmentRequest>, string]>) {
      it(`refuses ${title}, and changes nothing`, async () => {
        await create();
        const before = fakes.registry.current;
        expect((await rejection(create(more))).name).to.equal(name);
        expect(fakes.registry.current).to.equal(before);
      });
    }

    it('says by which name one exists', async () => {
      await create();
      expect((await rejection(create({ name: 'ACCEPTANCE' }))).facts.environment).to.equal('ACCEPTANCE');
    });

    it('refuses a branch of the other layer too', async () => {
      await create();
      inProject();
      expect((await rejection(create({ name: 'other' }))).name).to.equal('BranchTaken');
    });
  });

  describe('updating', () => {
    const update = (more: object) => updateEnvironment({ name: 'ACCEPTANCE', ...more }, ports);

    it('changes what is given and nothing else, and an empty text removes', async () => {
      await create({ description: 'd', repository: 'r', category: 'staging' });
      const changed = await update({ branches: ['release/*'], description: '' });
      const { branches: _, ...rest } = stored;
      expect(changed).to.deep.equal({
        ...rest,
        branches: ['release/*'],
        category: 'staging',
        repository: 'r',
        layer: 'global',
      });
      expect(await update({ repository: '' })).not.to.have.property('repository');
    });

    it('leaves the description, and the other environments, as they are', async () => {
      await create({ name: 'other', branches: ['dev'] });
      await create({ description: 'd' });
      expect(await update({ category: 'staging' })).to.include({ description: 'd', category: 'staging' });
      const [other, acceptance] = fakes.registry.current.environments;
      expect(other).to.deep.equal({ ...stored, name: 'other', branches: ['dev'] });
      expect(acceptance).to.deep.equal({ ...stored, description: 'd', category: 'staging' });
    });

    it('refuses to link a name to a sandbox while it is the alias of another one', async () => {
      const dev = { ...acme().sandboxes[0]!, sandboxName: 'dev', alias: 'acceptance' };
      await create();
      fakes.registry.current = {
        ...fakes.registry.current,
        sandboxes: [...acme().sandboxes, dev],
        environments: [{ ...stored, sandboxName: 'dev' }],
      };
      expect((await rejection(update({ sandbox: 'uat' }))).name).to.equal('EnvironmentNameTaken');
    });

    it('acts on the layer that counts', async () => {
      inProject();
      await create();
      await create({ global: true });
      await update({ category: 'x' });
      expect(fakes.registry.project?.environments[0]?.category).to.equal('x');
      expect(fakes.registry.current.environments[0]?.category).to.equal('development');
    });

    it('writes nothing when it is as asked already', async () => {
      await create();
      const before = fakes.registry.current;
      await update({ category: 'development' });
      expect(fakes.registry.current).to.equal(before);
    });

    it('refuses an unknown name, branches of another one, and empty patterns', async () => {
      await create();
      await create({ name: 'other', branches: ['dev'] });
      expect((await rejection(update({ branches: ['dev'] }))).name).to.equal('BranchTaken');
      expect((await rejection(update({ branches: [''] }))).name).to.equal('InputInvalid');
      expect((await rejection(update({ sandbox: 'no' }))).name).to.equal('SandboxNotRegistered');
      const failure = await rejection(updateEnvironment({ name: 'othr', category: 'x' }, ports));
      expect(failure.facts).to.include({ environment: 'othr', nearest: 'other' });
    });
  });

  it('deleting uncovers the one of this machine that the project hid', async () => {
    inProject();
    await create();
    await create({ global: true });
    expect(await deleteEnvironment('Acceptance', ports)).to.include({ layer: 'project' });
    expect(await deleteEnvironment('acceptance', ports)).to.include({ layer: 'global' });
    expect((await rejection(deleteEnvironment('acceptance', ports))).name).to.equal('EnvironmentNotFound');
  });

  it('deleting leaves the others', async () => {
    await create();
    await create({ name: 'other', branches: [] });
    await deleteEnvironment('acceptance', ports);
    expect(fakes.registry.current.environments.map(({ name }) => name)).to.deep.equal(['other']);
  });

  it('listing can be narrowed to a category or a repository', async () => {
    await create({ repository: 'acme/app' });
    await create({ name: 'other', branches: [], category: 'staging' });
    const names = async (wanted: object) => (await listEnvironments(wanted, ports)).map(({ name }) => name);
    expect(await names({})).to.deep.equal(['acceptance', 'other']);
    expect(await names({ category: 'Staging' })).to.deep.equal(['other']);
    expect(await names({ repository: 'acme/APP' })).to.deep.equal(['acceptance']);
    expect(await names({ repository: 'acme/app', category: 'staging' })).to.deep.equal([]);
  });

  describe('finding', () => {
    it('goes by name, or by the current branch', async () => {
      await create();
      await create({ name: 'releases', branches: ['release/**'] });
      expect(await findEnvironment('Releases', ports)).to.deep.include({ branch: null });
      expect((await findEnvironment(undefined, ports)).environment.name).to.equal('acceptance');
      branch = 'release/1/2';
      expect(await findEnvironment(undefined, ports)).to.deep.include({ branch: 'release/1/2' });
      branch = undefined;
      expect((await rejection(findEnvironment(undefined, ports))).name).to.equal('BranchUnknown');
      expect((await findEnvironment('acceptance', ports)).environment.name).to.equal('acceptance');
    });

    it('for a login gives the sandbox, its production org and the alias', async () => {
      await create();
      expect((await findEnvironmentToLogin(undefined, ports)).login).to.deep.equal({
        sandboxes: ['uat'],
        production: productionUsername,
        alias: 'acceptance',
        isAliasOfProject: false,
      });
    });
  });

  describe('unregistering', () => {
    it('of a sandbox is refused while environments of either layer are linked to it', async () => {
      inProject();
      await create();
      await create({ global: true });
      const failure = await rejection(findSandboxesToUnregister(['uat'], fakes));
      expect(failure.name).to.equal('EnvironmentsDepend');
      expect(failure.facts.names).to.equal('acceptance (sandbox uat, project), acceptance (sandbox uat, global)');
      expect((await rejection(findSandboxesToUnregister('all', fakes))).name).to.equal('EnvironmentsDepend');
    });

    it('of a sandbox is refused when an environment came to be after the question', async () => {
      const found = await findSandboxesToUnregister(['uat'], fakes);
      await create();
      expect((await rejection(unregisterSandboxes(found, false, fakes))).name).to.equal('EnvironmentsDepend');
      expect(fakes.registry.current.sandboxes).to.have.length(1);
    });

    it('of production takes environments along with --cascade only, in both layers', async () => {
      inProject();
      await create();
      await create({ global: true });
      fakes.registry.current = { ...fakes.registry.current, sandboxes: [] };
      expect((await rejection(findProductionOrgToUnregister('prod', false, fakes))).name).to.equal(
        'EnvironmentsDepend',
      );
      const { environments } = await unregisterProductionOrg('prod', true, fakes);
      expect(environments).to.have.length(2);
      expect(fakes.registry.current.environments).to.deep.equal([]);
      expect(fakes.registry.project?.environments).to.deep.equal([]);
    });

    it('leaves a project alone that names nothing of that production org', async () => {
      inProject();
      const before = fakes.registry.project;
      await unregisterProductionOrg('prod', true, fakes);
      expect(fakes.registry.project).to.equal(before);
    });
  });
});
