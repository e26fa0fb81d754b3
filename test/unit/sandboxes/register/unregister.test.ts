import { expect } from 'chai';
import type { Environment } from '../../../../src/registry/environmentFields.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { SandboxRegistration } from '../../../../src/registry/sandboxFields.js';
import { emptyRegistry } from '../../../../src/registry/registry.js';
import type { StoredOrg } from '../../../../src/sfStore/storedOrg.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import {
  findProductionOrgToUnregister,
  findSandboxesToUnregister,
  unregisterProductionOrg,
  unregisterSandboxes,
} from '../../../../src/sandboxes/register/unregister.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const username = `${productionUsername}.uat`;
const [prod] = acme().productionOrgs;
const [uat] = acme().sandboxes;
const other = { ...prod!, username: 'ops@other.example', alias: 'other' };
const named = (sandboxName: string): SandboxRegistration => ({
  ...uat!,
  sandboxName,
  alias: sandboxName,
  username: `${productionUsername}.${sandboxName}`,
});
const environment = (name: string, owner = productionUsername): Environment => ({
  name,
  sandboxName: 'uat',
  productionUsername: owner,
  branches: [],
  category: 'development',
});

describe('unregistering a production org', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts({ ...acme(), productionOrgs: [prod!, other] });
  });

  it('names it by its alias where it has one', async () => {
    const reasonWith = async (alias: string | undefined, more: object) => {
      ports.registry.current = { ...acme(), productionOrgs: [{ ...prod!, alias }], ...more };
      const { name, facts } = await rejection(findProductionOrgToUnregister(productionUsername, false, ports));
      return `${name} of ${facts.production}`;
    };
    const environments = { sandboxes: [], environments: [environment('acceptance')] };
    expect(await reasonWith('prod', {})).to.equal('SandboxesDepend of prod');
    expect(await reasonWith(undefined, {})).to.equal(`SandboxesDepend of ${productionUsername}`);
    expect(await reasonWith('prod', environments)).to.equal('EnvironmentsDepend of prod');
    expect(await reasonWith(undefined, environments)).to.equal(`EnvironmentsDepend of ${productionUsername}`);
  });

  it('is not kept by sandboxes and environments of another one', async () => {
    ports.registry.current = { ...ports.registry.current, environments: [environment('acceptance')] };
    expect(await findProductionOrgToUnregister('other', false, ports)).to.deep.equal({
      org: other,
      sandboxes: [],
      environments: [],
    });
    await unregisterProductionOrg('other', false, ports);
    expect(ports.registry.current).to.deep.equal({ ...acme(), environments: [environment('acceptance')] });
  });

  it('is kept by what came to be after the first look, of another process', async () => {
    for (const [name, since] of [
      ['SandboxesDepend', { sandboxes: [uat!] }],
      ['EnvironmentsDepend', { environments: [environment('acceptance')] }],
    ] as const) {
      const bare = { ...acme(), sandboxes: [] };
      ports = fakePorts(bare);
      const { update } = ports.registry;
      ports.registry.update = async (change) => {
        ports.registry.current = { ...ports.registry.current, ...since };
        return update(change);
      };
      const failure = await rejection(unregisterProductionOrg('prod', false, ports));
      expect([failure.name, failure.facts.production]).to.deep.equal([name, 'prod']);
      expect(ports.registry.current).to.deep.equal({ ...bare, ...since });
      await unregisterProductionOrg('prod', true, ports);
      expect(ports.registry.current).to.deep.equal(emptyRegistry);
    }
  });

  it('is kept by a sandbox that the project hides, and leaves the project alone without being told to cascade', async () => {
    const shared = { ...named('uat'), productionUsername: other.username };
    ports.registry.project = { sandboxes: [shared], environments: [] };
    const { project } = ports.registry;
    const inProject = (await ports.registry.read()).sandboxes.filter((sandbox) => sandbox.project);
    expect(inProject.map(({ productionUsername: owner }) => owner)).to.deep.equal([other.username]);
    expect((await rejection(unregisterProductionOrg('prod', false, ports))).name).to.equal('SandboxesDepend');
    ports.registry.current = { ...ports.registry.current, sandboxes: [] };
    await unregisterProductionOrg('prod', false, ports);
    expect(ports.registry.project).to.equal(project);
  });

  it('takes along what either layer has of it, and nothing else', async () => {
    const theirs = { ...uat!, productionUsername: other.username };
    ports.registry.current = {
      ...ports.registry.current,
      environments: [environment('mine'), environment('theirs', other.username)],
    };
    ports.registry.project = {
      sandboxes: [uat!, theirs],
      environments: [environment('shared', productionUsername.toUpperCase()), environment('more', other.username)],
    };
    const found = await unregisterProductionOrg('prod', true, ports);
    expect(found.environments.map(({ name, layer }) => [name, layer])).to.deep.equal([
      ['shared', 'project'],
      ['mine', 'global'],
    ]);
    expect(ports.registry.current).to.deep.equal({
      productionOrgs: [other],
      sandboxes: [],
      environments: [environment('theirs', other.username)],
    });
    expect(ports.registry.project).to.deep.include({
      sandboxes: [theirs],
      environments: [environment('more', other.username)],
    });
  });

  it('clears a project that has nothing but a sandbox, or nothing but an environment of it', async () => {
    for (const project of [
      { sandboxes: [uat!], environments: [] },
      { sandboxes: [], environments: [environment('shared')] },
    ]) {
      ports = fakePorts();
      ports.registry.project = project;
      await unregisterProductionOrg('prod', true, ports);
      expect(ports.registry.project).to.deep.include({ sandboxes: [], environments: [] });
    }
  });

  it('leaves the orgs that sf has stored', async () => {
    await ports.sfOrgs.storeProduction({ username: productionUsername }, 'prod');
    ports.sfOrgs.orgs.set(username, { username });
    await unregisterProductionOrg('prod', true, ports);
    expect([...ports.sfOrgs.orgs.keys()]).to.deep.equal([productionUsername, username]);
  });
});

describe('unregistering sandboxes', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts({ ...acme(), sandboxes: [uat!, named('dev'), named('qa')] });
  });
  const unregister = async (names: readonly string[] | 'all', logout = false) =>
    unregisterSandboxes(await findSandboxesToUnregister(names, ports), logout, ports);
  const left = () => ports.registry.current.sandboxes.map(({ sandboxName }) => sandboxName);

  it('removes all, or those that are named, or none if one is not known', async () => {
    expect((await rejection(unregister(['uat', 'nope']))).name).to.equal('SandboxNotRegistered');
    expect(left()).to.deep.equal(['uat', 'dev', 'qa']);
    await unregister(['UAT', 'qa']);
    expect(left()).to.deep.equal(['dev']);
    await unregister('all');
    expect(left()).to.deep.equal([]);
  });

  it('removes them from the project too, whatever else is there', async () => {
    const environments = [{ ...environment('shared'), sandboxName: 'dev' }];
    ports.registry.project = { sandboxes: [named('dev'), { ...uat!, sandboxName: 'UAT' }], environments };
    await unregister(['uat', 'qa']);
    expect(left()).to.deep.equal(['dev']);
    expect(ports.registry.project).to.deep.include({ sandboxes: [named('dev')], environments });
  });

  it('writes nothing to a project that has none of them', async () => {
    const project = { sandboxes: [named('dev')], environments: [] };
    ports.registry.project = project;
    await unregister(['uat']);
    expect(ports.registry.project).to.equal(project);
  });

  it('does not log out of what is not logged in, or cannot be read, although a login is remembered', async () => {
    await loginSandbox({ sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://c' }, ports);
    const removed: string[] = [];
    ports.sfOrgs.remove = async (name) => void removed.push(name);
    ports.sfOrgs.orgs.set(username, 'unreadable');
    const loggedOut = async () =>
      (await unregisterSandboxes([uat!], true, ports)).map(({ loggedOut: is, logoutFailure }) => [
        is,
        logoutFailure?.name,
      ]);
    expect(await loggedOut()).to.deep.equal([[false, 'LoginUnreadable']]);
    expect(removed).to.deep.equal([]);
    ports.sfOrgs.orgs.delete(username);
    expect(await loggedOut()).to.deep.equal([[false, undefined]]);
  });

  it('revokes the tokens first, and removes org and registration also when that fails', async () => {
    const login = { variables: { hasPrivateKey: false }, callbackUrl: 'http://c' };
    await loginSandbox({ sandbox: 'uat', ...login }, ports);
    const { accessToken } = (await ports.sfOrgs.read(username)) as StoredOrg;
    ports.salesforce.ends = () => {
      expect(left()).to.include('uat');
      throw new JitFailure('Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '60' });
    };
    const [uatNow, dev] = await unregister(['uat', 'dev'], true);
    expect(ports.salesforce.calls).to.include(`revoke ${accessToken} at https://uat.example`);
    expect([uatNow?.loggedOut, uatNow?.logoutFailure?.name]).to.deep.equal([true, 'Timeout']);
    expect([dev?.loggedOut, dev?.logoutFailure]).to.deep.equal([false, undefined]);
    expect(left()).to.deep.equal(['qa']);
  });

  it('keeps all as it is when an org cannot be removed', async () => {
    await loginSandbox({ sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://c' }, ports);
    ports.sfOrgs.remove = async () => {
      throw new Error('broken');
    };
    await unregister(['uat'], true).catch(() => undefined);
    expect(left()).to.include('uat');
  });
});
