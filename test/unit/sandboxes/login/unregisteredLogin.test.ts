import { expect } from 'chai';
import { unregisteredLine } from '../../../../src/autoLogin/autoLoginView.js';
import { loginIfNeeded, noteTold } from '../../../../src/autoLogin/loginIfNeeded.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { LoginProgress } from '../../../../src/sandboxes/login/sandboxLogin.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import { loginSandboxes } from '../../../../src/sandboxes/login/loginSandboxes.js';
import { unregisteredLogin } from '../../../../src/sandboxes/login/unregisteredLogin.js';
import { LoginView } from '../../../../src/sandboxes/login/loginView.js';
import { emptyRegistry } from '../../../../src/registry/registry.js';
import type { LoginRecord } from '../../../../src/sfStore/storedOrg.js';
import { Waiting } from '../../../../src/terminal/waiting.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername } from '../../../support/fakes.js';

const defaults = { variables: { hasPrivateKey: false }, callbackUrl: 'http://localhost:1717/OauthRedirect' };
const username = `${productionUsername}.uat`;
const [uat] = acme().sandboxes;

describe('an alias that leads to a login of the plugin which nothing registers', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
    ports.salesforce.org = { orgId: grantFor(username).orgId, name: 'Acme', kind: 'sandbox' };
  });
  const hook = (org = 'uat') => loginIfNeeded(org, async () => defaults, ports);
  const inProject = (): void => {
    ports.registry.current = { ...acme(), sandboxes: [] };
    ports.registry.project = { sandboxes: [uat!], environments: [] };
  };
  const elsewhere = (): void => void (ports.registry.project = undefined);

  it('is told of after the project that registered it was left, and after it was unregistered here', async () => {
    inProject();
    await hook();
    elsewhere();
    expect(await hook()).to.have.property('kind', 'unregistered');
    ports.registry.current = acme();
    expect(await hook(), 'registered on this machine').to.deep.equal({ kind: 'nothing' });
    ports.registry.current = { ...acme(), sandboxes: [] };
    expect(await hook()).to.have.property('kind', 'unregistered');
    inProject();
    expect(await hook(), 'in the project again').to.deep.equal({ kind: 'nothing' });
  });

  it('is none where its sandbox is registered under another alias, and none that cannot be read', async () => {
    inProject();
    await hook();
    elsewhere();
    const dev = { ...uat!, sandboxName: 'dev', alias: 'dev' };
    const found = async (sandboxes = [dev]) =>
      (await unregisteredLogin('uat', { ...acme(), sandboxes }, ports))?.username;
    expect(await found()).to.equal(username);
    expect(await found([dev, { ...uat!, sandboxName: 'UAT', alias: 'other' }])).to.equal(undefined);
    expect(await unregisteredLogin(username, emptyRegistry, ports), 'a username').to.equal(undefined);
    ports.sfOrgs.orgs.set(username, 'unreadable');
    expect(await found()).to.equal(undefined);
    ports.sfOrgs.records.clear();
    expect(await found()).to.equal(undefined);
  });

  it('is remembered as such when it is found good after the registration is gone', async () => {
    await loginSandbox({ ...defaults, sandbox: 'uat' }, ports);
    expect(ports.sfOrgs.records.get(username)?.isUnregistered).to.equal(undefined);
    ports.registry.current = { ...acme(), sandboxes: [] };
    const { login } = await loginSandbox({ ...defaults, sandbox: 'uat', ifNeeded: true }, ports);
    expect(login.status).to.equal('already-logged-in');
    expect(ports.sfOrgs.records.get(username)?.isUnregistered).to.equal(true);
  });

  it('is told of once for each login, and costs no request', async () => {
    inProject();
    await hook();
    elsewhere();
    ports.salesforce.calls.length = 0;
    const done = await hook();
    if (done.kind !== 'unregistered') throw new Error(done.kind);
    await noteTold(done.record, ports);
    expect(await hook()).to.deep.equal({ kind: 'nothing' });
    expect(ports.salesforce.calls).to.deep.equal([]);
    expect(ports.sfOrgs.names.get('uat')).to.equal(username);
    inProject();
    await loginSandbox({ ...defaults, sandbox: 'uat' }, ports);
    elsewhere();
    expect(await hook(), 'a new login').to.have.property('kind', 'unregistered');
  });

  it('is told of again where that it was cannot be noted, and fails nothing', async () => {
    inProject();
    await hook();
    elsewhere();
    const readOnly = {
      ...ports.sfOrgs,
      keepSandbox: async () => {
        throw new JitFailure('FileNotWritable', { file: '/home/x', problem: 'read-only' });
      },
    };
    await noteTold(ports.sfOrgs.records.get(username)!, { sfOrgs: readOnly });
    expect(await hook()).to.have.property('kind', 'unregistered');
  });

  it('is no news to who named the sandbox to a login, as pipelines do', async () => {
    ports.registry.current = { ...acme(), sandboxes: [] };
    await loginSandbox({ ...defaults, sandbox: 'uat' }, ports);
    expect(await hook()).to.deep.equal({ kind: 'nothing' });
    inProject();
    await loginSandbox({ ...defaults, sandbox: 'uat' }, ports);
    elsewhere();
    await loginSandbox({ ...defaults, sandbox: 'uat', ifNeeded: true }, ports);
    expect(await hook(), 'kept by an explicit login').to.deep.equal({ kind: 'nothing' });
  });

  it('is left out where the user logged in since, where nothing is stored, and for a username', async () => {
    inProject();
    await hook();
    elsewhere();
    expect(await hook(username)).to.deep.equal({ kind: 'nothing' });
    const stored = ports.sfOrgs.orgs.get(username);
    ports.sfOrgs.orgs.set(username, { username, accessToken: 'own', refreshToken: 'own' });
    expect(await hook()).to.deep.equal({ kind: 'nothing' });
    ports.sfOrgs.orgs.delete(username);
    expect(await hook()).to.deep.equal({ kind: 'nothing' });
    ports.sfOrgs.orgs.set(username, stored!);
    expect(await hook()).to.have.property('kind', 'unregistered');
  });

  it('is one line that names alias, sandbox and production, and what to type', () => {
    const record = { sandboxName: 'uat', productionUsername: 'b@other.example', username: "o'b@other.example.uat" };
    const line = unregisteredLine('uat;touch x', record as LoginRecord);
    expect(line).to.equal(
      'Note: the alias uat;touch x leads to sandbox uat of b@other.example, which is not registered here: it was logged in to for another ' +
        'folder or an earlier registration, and that login is not renewed. This is said once. To keep it: ' +
        'sf jit sandbox register --sandbox-name uat --production-org b@other.example ' +
        "To end it: sf jit sandbox logout --sandbox-name 'o'\\''b@other.example.uat'",
    );
  });

  describe('and is given to another sandbox by an explicit login', () => {
    const other: LoginRecord = {
      username: 'b@other.example.uat',
      sandboxName: 'uat',
      productionUsername: 'b@other.example',
      orgId: '00D5g0000000009EAA',
      authType: 'access-token',
      loggedInAt: '',
      checkedAt: '',
      credentialDigest: '',
    };
    const logIn = async (sandboxes = ['uat']): Promise<LoginProgress[]> => {
      const shown: LoginProgress[] = [];
      await loginSandboxes({ ...defaults, sandboxes, wait: 0, concurrency: 1 }, ports, (one) => shown.push(one));
      return shown.filter(({ kind }) => kind === 'takes-alias');
    };
    beforeEach(async () => {
      ports.registry.current = { ...acme(), sandboxes: [] };
      await loginSandbox({ ...defaults, sandbox: 'uat' }, ports);
      const record = ports.sfOrgs.records.get(username)!;
      const { credentialDigest } = record;
      ports.sfOrgs.orgs.set(other.username, {
        ...(ports.sfOrgs.orgs.get(username) as object),
        username: other.username,
      });
      ports.sfOrgs.records.set(other.username, { ...other, authType: record.authType, credentialDigest });
      ports.sfOrgs.names.set('uat', other.username);
    });

    it('is said, with what becomes of the other login', async () => {
      const [shown, ...more] = await logIn();
      expect(more).to.deep.equal([]);
      expect(shown).to.include({ alias: 'uat' });
      expect(ports.sfOrgs.names.get('uat')).to.equal(username);
      const warned: string[] = [];
      const screen = {
        logSuccess: () => undefined,
        logToStderr: () => undefined,
        warn: (text: string) => warned.push(text),
        confirm: async () => false,
        jsonEnabled: () => true,
      };
      const waiting = new Waiting(
        { ...screen, spinner: { start: () => undefined, stop: () => undefined, status: undefined } },
        { isTerminal: false, after: () => () => undefined },
      );
      new LoginView(screen, waiting, false).show(shown!);
      expect(warned).to.deep.equal([
        'Until now the alias uat led to sandbox uat of b@other.example, which is not registered here. That login stays, without this alias. ' +
          'To end it: sf jit sandbox logout --sandbox-name b@other.example.uat',
      ]);
    });

    it('is not said where the alias stays, or leads to this sandbox already', async () => {
      await logIn();
      expect(await logIn()).to.deep.equal([]);
    });
  });
});
