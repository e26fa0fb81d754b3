import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { Registry } from '../../../../src/registry/registry.js';
import { emptyRegistry } from '../../../../src/registry/registry.js';
import type { SandboxState } from '../../../../src/salesforce/sandboxState.js';
import type { LoginSandboxRequest } from '../../../../src/sandboxes/login/loginSandbox.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import type { FakePorts } from '../../../support/fakes.js';
import {
  acme,
  fakePorts,
  grantFor,
  loginUrl,
  productionOrgId,
  productionUsername,
  state,
} from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';
import type { KeySource } from '../../../../src/keys/keySource.js';

const username = `${productionUsername}.uat`;
const callbackUrl = 'http://localhost:1717/OauthRedirect';
const sandboxUrl = 'https://uat.example';

const request = (more: Partial<LoginSandboxRequest> = {}): LoginSandboxRequest => ({
  sandbox: 'uat',
  variables: { hasPrivateKey: false },
  callbackUrl,
  ...more,
});

const withKey = (key: KeySource): Registry => {
  const registry = acme();
  return { ...registry, productionOrgs: registry.productionOrgs.map((org) => ({ ...org, key })) };
};

const refusal = (name: 'AppNotInSandbox' | 'UserNotApproved'): JitFailure =>
  new JitFailure(name, { org: 'sandbox uat', host: 'uat.example', user: username });

describe('loginSandbox', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
  });

  it('refuses what cannot be an alias, an empty one too, without asking', async () => {
    for (const alias of ['', '-x']) {
      const { name, facts } = await rejection(loginSandbox(request({ alias }), ports));
      expect([name, facts.field], alias).to.deep.equal(['InputInvalid', '--alias']);
    }
    expect(ports.salesforce.calls).to.deep.equal([]);
  });

  describe('under an alias that means production', () => {
    const shared = { sandboxName: 'uat', username, productionUsername, isJitRegistration: true } as const;
    beforeEach(() => {
      ports.sfOrgs.names.set('prod', productionUsername).set('known', productionUsername);
    });
    const names = () => Object.fromEntries(ports.sfOrgs.names);

    for (const alias of ['prod', 'PROD', productionUsername, 'known']) {
      it(`is refused when the project says "${alias}", and changes nothing`, async () => {
        ports.registry.project = { sandboxes: [{ ...shared, alias }], environments: [] };
        const before = names();
        const { name: failure, facts } = await rejection(loginSandbox(request({ sandbox: alias }), ports));
        expect([failure, facts]).to.deep.equal([
          'AliasTaken',
          {
            alias,
            org: `production org ${productionUsername}`,
            sandbox: 'uat',
            production: productionUsername,
            free: 'uat',
          },
        ]);
        expect([ports.salesforce.calls, names()]).to.deep.equal([[], before]);
        await loginSandbox(request({ alias: 'acceptance' }), ports);
        expect(names()).to.deep.equal({ ...before, acceptance: username });
      });
    }

    it('is refused when the flag says so, and when production is not registered', async () => {
      expect((await rejection(loginSandbox(request({ alias: 'Prod' }), ports))).name).to.equal('AliasTaken');
      ports.registry.current = emptyRegistry;
      const environment = { username: productionUsername, clientId: '3MVG9', hasPrivateKey: true };
      const login = loginSandbox(request({ alias: 'known', variables: environment }), ports);
      expect((await rejection(login)).name).to.equal('AliasTaken');
      expect(names()).to.deep.equal({ prod: productionUsername, known: productionUsername });
    });
  });

  it('does not take the alias of another registered sandbox, and says what is free', async () => {
    const sit = { sandboxName: 'SIT', username: 'x@acme.example.sit', alias: 'SIT', productionUsername } as const;
    ports.registry.current = { ...acme(), sandboxes: [...acme().sandboxes, { ...sit, isJitRegistration: true }] };
    ports.sfOrgs.names.set('SIT', sit.username);
    const { name, facts } = await rejection(loginSandbox(request({ alias: 'SIT' }), ports));
    expect([name, facts.org, facts.free]).to.deep.equal(['AliasTaken', `sandbox SIT of ${productionUsername}`, 'uat']);
    expect([ports.salesforce.calls, ports.sfOrgs.names.get('SIT')]).to.deep.equal([[], sit.username]);
  });

  describe('requests', () => {
    it('makes three when nothing is cached: production, sandboxAuth, sandbox', async () => {
      await loginSandbox(request(), ports);
      expect(ports.salesforce.calls).to.deep.equal([
        `jwt ${productionUsername} at ${loginUrl}`,
        `sandboxAuth uat for ${callbackUrl}`,
        `jwt ${username} at ${sandboxUrl}`,
      ]);
    });

    it('makes two with a cached production session', async () => {
      const cached = { username: productionUsername, ...grantFor(productionUsername), clientId: '3MVG9test' };
      await ports.sfOrgs.storeProduction(cached, undefined);
      await loginSandbox(request(), ports);
      expect(ports.salesforce.calls).to.deep.equal([
        `sandboxAuth uat for ${callbackUrl}`,
        `jwt ${username} at ${sandboxUrl}`,
      ]);
    });

    it('logs in to production once more when the cached session is refused', async () => {
      await ports.sfOrgs.storeProduction(
        { username: productionUsername, ...grantFor(productionUsername), accessToken: 'old', clientId: '3MVG9test' },
        undefined,
      );
      const vouch = ports.salesforce.vouch;
      ports.salesforce.vouch = (token) => {
        if (token === 'old') throw new JitFailure('SessionInvalid', { org: 'production' });
        return vouch(token);
      };
      await loginSandbox(request(), ports);
      expect(ports.salesforce.calls.filter((call) => call.startsWith('sandboxAuth'))).to.have.length(2);
      expect(ports.sfOrgs.orgs.get(productionUsername)).to.include({ accessToken: `token of ${productionUsername}` });
    });

    it('does not log in again and again when every session is refused', async () => {
      ports.salesforce.vouch = () => {
        throw new JitFailure('SessionInvalid', { org: 'production' });
      };
      const failure = await rejection(loginSandbox(request(), ports));
      expect(failure.name).to.equal('SessionInvalid');
      expect(ports.salesforce.calls).to.have.length(2);
    });

    it('does not use a session of another org that was stored under the production username', async () => {
      await ports.sfOrgs.storeProduction(
        { username: productionUsername, ...grantFor(productionUsername), orgId: '00D000000000009AAA' },
        undefined,
      );
      await loginSandbox(request(), ports);
      expect(ports.salesforce.calls[0]).to.equal(`jwt ${productionUsername} at ${loginUrl}`);
    });
  });

  it('prepares to store before the first request, and not when it will store nothing', async () => {
    const { calls } = ports.salesforce;
    ports.sfOrgs.prepareToStore = () => void calls.push('prepare');
    await loginSandbox(request(), ports);
    expect(calls.splice(0)[0]).to.equal('prepare');
    ports.salesforce.org = { ...ports.salesforce.org, orgId: grantFor(username).orgId };
    await loginSandbox(request({ ifNeeded: true }), ports);
    expect(calls).to.deep.equal(['organization']);
  });

  it('has a sandbox logged in to by one process at a time, under whatever name', async () => {
    const held: string[] = [];
    ports = { ...ports, locks: { hold: (name, work) => (held.push(name), work()) } };
    for (const [sandbox, alias] of [
      ['uat', 'a'],
      [username, 'a'],
      ['dev', 'b'],
    ] as const) {
      await loginSandbox(request({ sandbox, alias }), ports);
    }
    expect(held.filter((name) => name.startsWith('sandbox'))).to.deep.equal([
      `sandbox ${productionUsername} uat`,
      `sandbox ${productionUsername} uat`,
      `sandbox ${productionUsername} dev`,
    ]);
  });

  describe('what is stored', () => {
    it('is what sf can renew by itself when production has a key file', async () => {
      const { login } = await loginSandbox(request(), ports);
      expect(login).to.deep.equal({
        sandboxName: 'uat',
        alias: 'uat',
        username,
        orgId: '00D5g0000000005EAA',
        instanceUrl: sandboxUrl,
        loginUrl: sandboxUrl,
        productionUsername,
        authType: 'jwt',
        signedInBy: 'jwt',
        status: 'logged-in',
        refreshed: false,
      });
      expect(ports.sfOrgs.orgs.get(username)).to.include({
        privateKey: '/keys/server.key',
        clientId: '3MVG9test',
        isSandbox: true,
      });
      expect(ports.sfOrgs.names.get('uat')).to.equal(username);
    });

    it('is the access token alone when the key comes from the environment', async () => {
      ports = fakePorts(withKey({ source: 'env', name: 'PROD_KEY' }));
      const { login } = await loginSandbox(request(), ports);
      expect(login.authType).to.equal('access-token');
      const stored = ports.sfOrgs.orgs.get(username);
      expect(stored).to.have.property('accessToken');
      expect(stored).not.to.have.any.keys('refreshToken', 'privateKey', 'clientId');
      expect(ports.sfOrgs.orgs.has(productionUsername), 'production').to.equal(false);
    });

    it('has the refresh token only when it is asked for', async () => {
      const { login } = await loginSandbox(request({ authType: 'sfdx-auth-url' }), ports);
      expect(login.authType).to.equal('sfdx-auth-url');
      expect(ports.sfOrgs.orgs.get(username)).to.include({ refreshToken: 'refresh-token' });
    });

    it('gets the alias that was asked for, else the registered one', async () => {
      await loginSandbox(request({ alias: 'other' }), ports);
      expect([...ports.sfOrgs.names.keys()]).to.deep.equal(['other']);
    });

    it('becomes the default org only when asked', async () => {
      await loginSandbox(request(), ports);
      expect(ports.chosen.targetOrg).to.equal(undefined);
      await loginSandbox(request({ setDefault: true }), ports);
      expect(ports.chosen.targetOrg).to.equal('uat');
    });

    it('corrects the registered username when Salesforce names another one', async () => {
      const { vouch } = ports.salesforce;
      ports.salesforce.vouch = (token) => ({ ...vouch(token), authUserName: 'renamed@acme.example.uat' });
      await loginSandbox(request(), ports);
      expect(ports.registry.current.sandboxes[0]?.username).to.equal('renamed@acme.example.uat');
    });
  });

  it('remembers when it logged in before, the last fifty times, a login that is kept not among them', async () => {
    const times: string[] = [];
    ports.salesforce.org = { orgId: '00D5g0000000005EAA', name: 'Acme', kind: 'sandbox' };
    const record = () => ports.sfOrgs.records.get(username);
    for (let login = 1; login <= 53; login += 1) {
      await loginSandbox(request(), ports);
      await loginSandbox(request({ ifNeeded: true }), ports);
      times.unshift(record()!.loggedInAt);
      await ports.sleep(60_000);
    }
    expect(new Set(times).size).to.equal(53);
    expect(record()?.earlierLogins).to.deep.equal(times.slice(1, 51));
  });

  it('leaves the registry alone when the registered username is true', async () => {
    ports.registry.update = () => Promise.reject(new Error('changed'));
    await loginSandbox(request(), ports);
  });

  describe('after a refresh', () => {
    beforeEach(async () => {
      await loginSandbox(request(), ports);
      const stored = ports.sfOrgs.orgs.get(username);
      if (stored === undefined || stored === 'unreadable') throw new Error('nothing stored');
      ports.sfOrgs.orgs.set(username, { ...stored, tracksSource: true, instanceApiVersion: '66.0', orgName: 'Old' });
    });

    it('keeps the source-tracking setting and drops what belongs to the old copy', async () => {
      ports.salesforce.jwt = (name) => ({
        ...grantFor(name),
        orgId: name === username ? '00D5g0000000099EAA' : productionOrgId,
      });
      const { login } = await loginSandbox(request(), ports);
      expect(login.refreshed).to.equal(true);
      const stored = ports.sfOrgs.orgs.get(username);
      expect(stored).to.include({ tracksSource: true, orgId: '00D5g0000000099EAA' });
      expect(stored).not.to.have.any.keys('instanceApiVersion', 'orgName');
    });

    it('tells when and by whom, for one query that a login without a refresh does not make', async () => {
      ports.salesforce.calls.length = 0;
      expect((await loginSandbox(request(), ports)).login).to.not.have.any.keys('refreshedAt', 'refreshedBy');
      expect(ports.salesforce.calls).to.not.include('sandboxStates');
      const orgId = '00D5g0000000099EAA';
      ports.salesforce.jwt = (name) => ({ ...grantFor(name), orgId: name === username ? orgId : productionOrgId });
      ports.salesforce.states = [state('uat', { sandboxOrgId: orgId })];
      let held = 0;
      const hold: typeof ports.locks.hold = async (_, work) => {
        held += 1;
        try {
          return await work();
        } finally {
          held -= 1;
        }
      };
      const states = async (): Promise<SandboxState[]> => {
        expect(held, 'other processes need not wait for it').to.equal(0);
        return [state('uat', { sandboxOrgId: orgId })];
      };
      const { login } = await loginSandbox(request(), {
        ...ports,
        locks: { hold },
        salesforce: { ...ports.salesforce, sandboxStates: states },
      });
      expect(login).to.include({ refreshedAt: '2026-11-01T01:00:00.000Z', refreshedBy: productionUsername });
    });

    it('notices it also when sf has renewed the session since, and knows the new org id already', async () => {
      const stored = ports.sfOrgs.orgs.get(username);
      if (stored === undefined || stored === 'unreadable') throw new Error('nothing stored');
      ports.sfOrgs.orgs.set(username, { ...stored, orgId: '00D5g0000000099EAA', accessToken: 'renewed by sf' });
      ports.salesforce.jwt = (name) => ({
        ...grantFor(name),
        orgId: name === username ? '00D5g0000000099EAA' : productionOrgId,
      });
      const { login } = await loginSandbox(request(), ports);
      expect(login.refreshed).to.equal(true);
      expect(ports.sfOrgs.orgs.get(username)).not.to.have.property('instanceApiVersion');
    });

    it('keeps what sf learned about an org that is still the same', async () => {
      const { login } = await loginSandbox(request(), ports);
      expect(login.refreshed).to.equal(false);
      expect(ports.sfOrgs.orgs.get(username)).to.include({
        tracksSource: true,
        instanceApiVersion: '66.0',
        orgName: 'Old',
      });
    });
  });

  describe('two ways of signing in', () => {
    it('takes the authorization code when the app is not in the sandbox, and says so', async () => {
      ports.salesforce.jwt = (name) => {
        if (name === username) throw refusal('AppNotInSandbox');
        return grantFor(name);
      };
      const { login, refusedFirst } = await loginSandbox(request(), ports);
      expect(login.authType).to.equal('access-token');
      expect(refusedFirst?.name).to.equal('AppNotInSandbox');
    });

    it('takes JWT with the key in memory, and exchanges no code', async () => {
      ports = fakePorts(withKey({ source: 'env', name: 'PROD_KEY' }));
      const { login } = await loginSandbox(request(), ports);
      expect(login.authType).to.equal('access-token');
      expect(ports.salesforce.calls.at(-1)).to.equal(`jwt ${username} at ${sandboxUrl}`);
    });

    it('tells the first refusal, and that the other way was tried, when both are refused', async () => {
      ports.salesforce.jwt = (name) => {
        if (name === username) throw refusal('UserNotApproved');
        return grantFor(name);
      };
      ports.salesforce.code = () => {
        throw new JitFailure('AuthorizationCodeExpired', { org: 'sandbox uat', host: 'uat.example' });
      };
      const failure = await rejection(loginSandbox(request(), ports));
      expect(failure.name).to.equal('UserNotApproved');
      expect(failure.facts.alsoTried).to.equal(
        'code: AuthorizationCodeExpired; platform-cli: AuthorizationCodeExpired',
      );
      expect(ports.sfOrgs.orgs.has(username)).to.equal(false);
    });

    it('does not try the other way when it could not help', async () => {
      ports.salesforce.jwt = (name) => {
        if (name === username) throw new JitFailure('InactiveUser', { org: 'sandbox uat', user: username });
        return grantFor(name);
      };
      expect((await rejection(loginSandbox(request(), ports))).name).to.equal('InactiveUser');
      expect(ports.salesforce.calls.filter((call) => call.startsWith('code'))).to.have.length(0);
    });

    it('never tries JWT when production has no key', async () => {
      ports = fakePorts(withKey({ source: 'sf' }));
      const cached = { username: productionUsername, ...grantFor(productionUsername), clientId: '3MVG9test' };
      await ports.sfOrgs.storeProduction(cached, undefined);
      ports.salesforce.code = () => {
        throw new JitFailure('AuthorizationCodeExpired', { org: 'sandbox uat', host: 'uat.example' });
      };
      expect((await rejection(loginSandbox(request(), ports))).name).to.equal('AuthorizationCodeExpired');
      expect(ports.salesforce.calls.some((call) => call.startsWith('jwt'))).to.equal(false);
    });
  });

  describe('the way of signing in that the next login starts with', () => {
    const remembered = (): unknown => ports.registry.current.sandboxes[0]?.signedInBy;
    const loginsAsked = (): string[] => ports.salesforce.calls.splice(0).filter((call) => !call.includes(loginUrl));
    const withoutApp = (): void => {
      ports.salesforce.jwt = (name) => {
        if (name === username) throw refusal('AppNotInSandbox');
        return grantFor(name);
      };
      ports.salesforce.code = (clientId) => {
        if (clientId !== 'PlatformCLI') throw refusal('AppNotInSandbox');
        return grantFor(username);
      };
    };
    const asksForSf = 'sandboxAuth uat for http://localhost:1717/OauthRedirect of PlatformCLI';
    const bySf = `code at ${sandboxUrl} for http://localhost:1717/OauthRedirect of PlatformCLI`;

    it('is remembered once the login is stored, told once, and costs two requests from then on', async () => {
      withoutApp();
      const first = await loginSandbox(request(), ports);
      expect([first.login.signedInBy, first.refusedFirst?.name]).to.deep.equal(['platform-cli', 'AppNotInSandbox']);
      expect(remembered()).to.equal('platform-cli');
      loginsAsked();
      const second = await loginSandbox(request(), ports);
      expect([second.login.signedInBy, second.refusedFirst]).to.deep.equal(['platform-cli', undefined]);
      expect(loginsAsked()).to.deep.equal([asksForSf, bySf]);
      expect(remembered()).to.equal('platform-cli');
    });

    it('is the usual one again where the other stops working, and after a refresh', async () => {
      withoutApp();
      await loginSandbox(request(), ports);
      ports.salesforce.code = () => ({ ...grantFor(username), orgId: '00D5g0000000008EAA' });
      expect((await loginSandbox(request(), ports)).login).to.include({ signedInBy: 'platform-cli', refreshed: true });
      expect(remembered()).to.equal(undefined);
      withoutApp();
      await loginSandbox(request(), ports);
      expect(remembered()).to.equal('platform-cli');
      ports.salesforce.jwt = grantFor;
      ports.salesforce.code = () => {
        throw new JitFailure('AppBlocked', { org: 'sandbox uat', user: username });
      };
      expect((await loginSandbox(request(), ports)).login.signedInBy).to.equal('jwt');
      expect(remembered()).to.equal(undefined);
    });

    it('is known of a sandbox that only a project registers, in the layer of this machine', async () => {
      withoutApp();
      const [sandbox] = acme().sandboxes;
      ports.registry.current = { ...acme(), sandboxes: [] };
      ports.registry.project = { sandboxes: [sandbox!], environments: [] };
      await loginSandbox(request(), ports);
      expect(ports.registry.current.usernames).to.deep.equal([
        { sandboxName: 'uat', productionUsername, username, signedInBy: 'platform-cli' },
      ]);
      expect(ports.registry.project.sandboxes).to.deep.equal([sandbox]);
      loginsAsked();
      await loginSandbox(request(), ports);
      expect(loginsAsked()).to.deep.equal([asksForSf, bySf]);
    });

    describe('where nothing registers the sandbox', () => {
      const unregistered = { ...acme(), sandboxes: [] };
      beforeEach(async () => {
        ports = fakePorts(unregistered);
        withoutApp();
        await loginSandbox(request(), ports);
        loginsAsked();
      });

      it('is remembered beside the login, and nowhere else', async () => {
        const { login, refusedFirst } = await loginSandbox(request(), ports);
        expect([login.signedInBy, refusedFirst]).to.deep.equal(['platform-cli', undefined]);
        expect(loginsAsked()).to.deep.equal([asksForSf, bySf]);
        expect(ports.registry.current).to.deep.equal(unregistered);
        await loginSandbox(request(), ports);
        expect(loginsAsked(), 'a third time').to.deep.equal([asksForSf, bySf]);
      });

      it('is the usual one again with another app of production, and after a refresh', async () => {
        const [prod] = acme().productionOrgs;
        ports.registry.current = { ...unregistered, productionOrgs: [{ ...prod!, clientId: 'another-app' }] };
        expect((await loginSandbox(request(), ports)).refusedFirst?.name).to.equal('AppNotInSandbox');
        ports.salesforce.code = () => ({ ...grantFor(username), orgId: '00D5g0000000008EAA' });
        expect((await loginSandbox(request(), ports)).login.refreshed).to.equal(true);
        withoutApp();
        ports.salesforce.code = (clientId) => {
          if (clientId !== 'PlatformCLI') throw refusal('AppNotInSandbox');
          return { ...grantFor(username), orgId: '00D5g0000000008EAA' };
        };
        expect((await loginSandbox(request(), ports)).refusedFirst?.name).to.equal('AppNotInSandbox');
      });

      it('does not count for the sandbox of that name of another production org, nor once it is registered', async () => {
        const record = ports.sfOrgs.records.get(username)!;
        ports.sfOrgs.records.set(username, { ...record, productionUsername: 'other@acme.example' });
        expect((await loginSandbox(request(), ports)).refusedFirst?.name).to.equal('AppNotInSandbox');
        ports.registry.current = acme();
        expect((await loginSandbox(request(), ports)).refusedFirst?.name).to.equal('AppNotInSandbox');
        expect(ports.sfOrgs.records.get(username)).not.to.have.property('startWith');
      });
    });

    it('is not learned from another user, nor registered where nothing is, nor learned from a login that could not be stored', async () => {
      withoutApp();
      ports.sfOrgs.storeSandbox = () =>
        Promise.reject(new JitFailure('FileNotWritable', { file: 'f', problem: 'full' }));
      expect((await rejection(loginSandbox(request(), ports))).name).to.equal('FileNotWritable');
      expect(remembered()).to.equal(undefined);
      ports = fakePorts({ ...acme(), sandboxes: [] });
      withoutApp();
      await loginSandbox(request(), ports);
      expect(ports.registry.current).to.deep.equal({ ...acme(), sandboxes: [] });
    });
  });

  describe('failures', () => {
    const snapshot = (): string =>
      JSON.stringify([
        [...ports.sfOrgs.orgs],
        [...ports.sfOrgs.names],
        [...ports.sfOrgs.records],
        ports.registry.current,
      ]);

    it('leaves everything as it was when the new login fails', async () => {
      await loginSandbox(request(), ports);
      const before = snapshot();
      ports.salesforce.jwt = () => {
        throw new JitFailure('Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '60' });
      };
      await rejection(loginSandbox(request(), ports));
      expect(snapshot()).to.equal(before);
    });

    it('asks production why, once, when sandboxAuth is refused, and names the nearest sandbox', async () => {
      ports.salesforce.vouch = () => {
        throw new JitFailure('SandboxAuthFailed', { sandbox: 'uta', production: productionUsername });
      };
      ports.salesforce.states = [state('uat'), state('dev')];
      const failure = await rejection(loginSandbox(request({ sandbox: 'uatt' }), ports));
      expect(failure.name).to.equal('SandboxNotFound');
      expect(failure.facts.nearest).to.equal('uat');
      expect(ports.salesforce.calls.filter((call) => call === 'sandboxStates')).to.have.length(1);
    });

    it('sends nothing when the key is wrong', async () => {
      ports = {
        ...ports,
        keys: { ...ports.keys, read: () => Promise.reject(new JitFailure('KeyInvalid', { problem: 'empty' })) },
      };
      expect((await rejection(loginSandbox(request(), ports))).name).to.equal('KeyInvalid');
      expect(ports.salesforce.calls).to.deep.equal([]);
    });

    it('does not take a name that is neither registered nor possible for a sandbox', async () => {
      const failure = await rejection(loginSandbox(request({ sandbox: 'no-such-alias' }), ports));
      expect(failure.name).to.equal('SandboxNotRegistered');
      expect(ports.salesforce.calls).to.deep.equal([]);
    });
  });

  describe('logins that the user made', () => {
    beforeEach(() => {
      ports.sfOrgs.orgs.set(username, { username, orgId: '00D5g0000000005EAA', refreshToken: 'mine' });
    });

    it('are not replaced', async () => {
      const failure = await rejection(loginSandbox(request(), ports));
      expect(failure).to.deep.include({ name: 'TraditionalOrgStored', facts: { sandbox: 'uat', user: username } });
      expect(ports.salesforce.calls).to.deep.equal([]);
    });

    it('are replaced when that is asked for', async () => {
      await loginSandbox(request({ replace: true }), ports);
      expect(ports.sfOrgs.orgs.get(username)).not.to.have.property('refreshToken');
    });

    it('are recognised although the plugin logged in before', async () => {
      ports.sfOrgs.orgs.delete(username);
      await loginSandbox(request(), ports);
      ports.sfOrgs.orgs.set(username, { username, refreshToken: 'web login' });
      expect((await rejection(loginSandbox(request(), ports))).name).to.equal('TraditionalOrgStored');
    });

    it('are not what a kill leaves when a login of the plugin replaces another: its record, and the org of before', async () => {
      ports.sfOrgs.orgs.delete(username);
      let count = 0;
      ports.salesforce.code = () => ({ ...grantFor(username), accessToken: `token ${(count += 1)}` });
      ports.salesforce.jwt = (name) => {
        if (name === username) throw refusal('AppNotInSandbox');
        return grantFor(name);
      };
      const authType = 'access-token';
      await loginSandbox(request({ authType }), ports);
      const before = ports.sfOrgs.orgs.get(username)!;
      for (const time of ['a kill', 'one more']) {
        await loginSandbox(request({ authType }), ports);
        ports.sfOrgs.orgs.set(username, before);
        expect((await ports.sfOrgs.loginRecord(username))?.replaces, time).not.to.equal(undefined);
      }
      await loginSandbox(request({ authType }), ports);
      expect(ports.sfOrgs.orgs.get(username)).to.include({ accessToken: 'token 4' });
    });

    it('are also found under the username that Salesforce names', async () => {
      ports.sfOrgs.orgs.clear();
      ports.sfOrgs.orgs.set('renamed@acme.example.uat', { username: 'renamed@acme.example.uat', refreshToken: 'mine' });
      const { vouch } = ports.salesforce;
      ports.salesforce.vouch = (token) => ({ ...vouch(token), authUserName: 'renamed@acme.example.uat' });
      expect((await rejection(loginSandbox(request(), ports))).name).to.equal('TraditionalOrgStored');
    });

    it('that nobody can read any more are as good as none', async () => {
      ports.sfOrgs.orgs.clear();
      await loginSandbox(request(), ports);
      const stored = ports.sfOrgs.orgs.get(username);
      ports.sfOrgs.orgs.set(username, 'unreadable');
      await loginSandbox(request(), ports);
      expect(ports.sfOrgs.orgs.get(username)).to.deep.equal(stored).and.to.include({ isSandbox: true });
    });
  });

  describe('without a registration', () => {
    it('works through the only registered production org, under the name that was given', async () => {
      const { login } = await loginSandbox(request({ sandbox: 'UAT' }), fakePorts({ ...acme(), sandboxes: [] }));
      expect(login).to.include({ sandboxName: 'UAT', alias: 'UAT' });
    });

    it('works from the environment alone, and leaves no production login', async () => {
      ports = fakePorts(emptyRegistry);
      const environment = { username: productionUsername, clientId: '3MVG9env', hasPrivateKey: true };
      const { login } = await loginSandbox(request({ variables: environment }), ports);
      expect(login.authType).to.equal('access-token');
      expect(ports.salesforce.calls[0]).to.equal(`jwt ${productionUsername} at https://login.salesforce.com`);
      expect([...ports.sfOrgs.orgs.keys()]).to.deep.equal([username]);
    });

    it('fails when no production org is known', async () => {
      const failure = await rejection(loginSandbox(request(), fakePorts(emptyRegistry)));
      expect(failure.name).to.equal('NoProductionOrg');
    });
  });
});
