import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { KeySource } from '../../../../src/keys/keySource.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import { logoutSandboxes } from '../../../../src/sandboxes/logout/logoutSandboxes.js';
import { endHeldTokens, withOneRefreshToken } from '../../../../src/sandboxes/signIn/oneRefreshToken.js';
import type { HeldToken } from '../../../../src/sfStore/sfOrgs.js';
import type { AuthType, FreshLogin, StoredOrg } from '../../../../src/sfStore/storedOrg.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const username = `${productionUsername}.uat`;
const orgId = '00D5g0000000005EAA';
const instanceUrl = 'https://uat.example';

describe('the refresh token that comes with an authorization code', () => {
  let ports: FakePorts;
  /** The refresh tokens that live at Salesforce, oldest first. */
  let alive: string[];
  let copy: string;

  const begin = (key: KeySource): void => {
    const registry = acme();
    ports = fakePorts({ ...registry, productionOrgs: registry.productionOrgs.map((org) => ({ ...org, key })) });
    alive = [];
    copy = orgId;
    let count = 0;
    ports.salesforce.code = () => {
      const refreshToken = `refresh ${(count += 1)}`;
      alive.push(refreshToken);
      return { ...grantFor(username), orgId: copy, accessToken: `access ${count}`, refreshToken };
    };
    ports.salesforce.ends = (token) => {
      alive = alive.filter((one) => one !== token);
    };
  };
  const login = (authType?: AuthType): ReturnType<typeof loginSandbox> =>
    loginSandbox({ sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://c', authType }, ports);
  const refuseKey = (): void => {
    ports.salesforce.jwt = (name) => {
      if (name === username) throw new JitFailure('AppNotInSandbox', { org: 'sandbox uat', host: 'uat.example' });
      return grantFor(name);
    };
  };
  const held = (): Array<[string, string]> =>
    (ports.sfOrgs.held.get(username) ?? []).map(({ use, refreshToken }) => [use, refreshToken]);

  beforeEach(async () => {
    begin({ source: 'sf' });
    await ports.sfOrgs.storeProduction({ username: productionUsername, ...grantFor(productionUsername) }, undefined);
  });

  it('is kept in the store of sf where production is one of its logins, as the only one after many logins', async () => {
    for (let count = 1; count <= 100; count += 1) {
      const { login: result } = await login();
      expect(result.authType).to.equal('sfdx-auth-url');
    }
    expect(alive).to.deep.equal(['refresh 100']);
    expect(ports.sfOrgs.orgs.get(username)).to.include({ refreshToken: 'refresh 100', clientId: '3MVG9test' });
    expect(held()).to.deep.equal([]);
  });

  it('does not exist where there is a key: no code is exchanged', async () => {
    for (const key of [{ source: 'file', path: '/k' }, { source: 'env', name: 'K' }, { source: 'stdin' }] as const) {
      begin(key);
      await login('access-token');
      expect(alive, key.source).to.deep.equal([]);
      expect(ports.sfOrgs.orgs.get(username)).not.to.have.any.keys('refreshToken', 'privateKey');
    }
  });

  for (const [title, key] of [
    ['without a key', { source: 'sf' }],
    ['after a refused key', { source: 'env', name: 'K' }],
  ] as const) {
    it(`is held beside a login with the access token alone, ${title}, until the next login or logout`, async () => {
      begin(key);
      refuseKey();
      await ports.sfOrgs.storeProduction({ username: productionUsername, ...grantFor(productionUsername) }, undefined);
      for (let count = 1; count <= 7; count += 1) await login('access-token');
      expect(alive).to.deep.equal(['refresh 7']);
      expect(held()).to.deep.equal([['login', 'refresh 7']]);
      const stored = ports.sfOrgs.orgs.get(username);
      expect(stored).to.include({ accessToken: 'access 7' }).and.not.have.any.keys('refreshToken', 'clientId');
      const target = { sandboxName: 'uat', alias: 'uat', username, productionUsername };
      const [outcome] = await logoutSandboxes({ targets: [target], unknown: [], named: true }, ports);
      expect(outcome).to.include({ status: 'logged-out', revoked: true });
      expect([alive, held()]).to.deep.equal([[], []]);
    });
  }

  it('of the login before ends whatever kinds the two are', async () => {
    for (const kind of ['sfdx-auth-url', 'access-token', 'access-token', 'sfdx-auth-url'] as const) {
      await login(kind);
      expect(alive, kind).to.have.length(1);
    }
  });

  it('of a copy that was refreshed since is not asked about: it ended with the copy', async () => {
    await login('access-token');
    copy = '00D5g0000000099EAA';
    await login('access-token');
    expect(ports.salesforce.calls.filter((call) => call.startsWith('revoke'))).to.deep.equal([]);
    expect(held()).to.deep.equal([['login', 'refresh 2']]);
  });

  it('of a login that the user made is none of our business', async () => {
    ports.sfOrgs.orgs.set(username, { username, orgId, instanceUrl, refreshToken: 'of the user' });
    alive = ['of the user'];
    const request = { sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: 'http://c', replace: true };
    await loginSandbox(request, ports);
    expect(alive).to.deep.equal(['of the user', 'refresh 1']);
  });

  it('that cannot be revoked stays held, and is revoked with the next login', async () => {
    await login();
    const { ends } = ports.salesforce;
    ports.salesforce.ends = () => {
      throw new JitFailure('Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '60' });
    };
    await login();
    expect([alive, held()]).to.deep.equal([['refresh 1', 'refresh 2'], [['replaced', 'refresh 1']]]);
    ports.salesforce.ends = ends;
    await login();
    expect([alive, held()]).to.deep.equal([['refresh 3'], []]);
  });

  it('of a login that could not be stored is revoked at once, and that of the stored one lives on', async () => {
    await login('access-token');
    const full = new JitFailure('FileNotWritable', { file: 'x', problem: 'full' });
    ports.sfOrgs.storeSandbox = () => Promise.reject(full);
    expect(await rejection(login('access-token'))).to.equal(full);
    expect([alive, held()]).to.deep.equal([['refresh 1'], [['login', 'refresh 1']]]);
  });

  it('of a login whose host is not known yet is revoked where it was given', async () => {
    const { code } = ports.salesforce;
    ports.salesforce.code = () => ({ ...code(), instanceUrl: 'https://new.example' });
    const unknown = new JitFailure('HostNotFound', { org: 'sandbox uat', host: 'new.example' });
    ports.salesforce.checkHost = () => Promise.reject(unknown);
    expect((await rejection(login())).name).to.equal(unknown.name);
    expect(alive).to.deep.equal([]);
    expect(ports.salesforce.calls).to.include('revoke refresh 1 at https://uat.example');
  });

  it('may be missing: then the access token alone is stored', async () => {
    ports.salesforce.code = () => grantFor(username);
    const { login: result } = await login();
    expect(result.authType).to.equal('access-token');
    expect(held()).to.deep.equal([]);
  });
});

describe('the refresh tokens that are held beside a login', () => {
  const fresh: FreshLogin = {
    ...grantFor(username),
    username,
    refreshToken: 'new',
    loginUrl: instanceUrl,
    clientId: '3MVG9test',
    authType: 'access-token',
  };
  const context = { org: 'sandbox uat', side: 'sandbox', user: username } as const;
  const token = (use: HeldToken['use'], refreshToken: string): HeldToken => ({ use, refreshToken, instanceUrl, orgId });
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
  });
  const held = () => ports.sfOrgs.held.get(username) ?? [];
  const revoked = () => ports.salesforce.calls.filter((call) => call.startsWith('revoke'));
  /** Stores a login. @returns what was held when it was stored */
  const storing = async (login: FreshLogin = fresh, replaced?: StoredOrg) =>
    withOneRefreshToken(login, { use: 'login', replaced, context }, ports, async () => held());

  it('are those of other uses and the new one; that of the login before ends, and what could not be ended before', async () => {
    const [before, shown, stuck] = [token('login', 'old'), token('shown', 'shown'), token('replaced', 'stuck')];
    ports.sfOrgs.held.set(username, [before, shown, stuck]);
    expect(await storing(), 'a kill here leaves all of them known').to.deep.equal([
      shown,
      token('login', 'new'),
      before,
      stuck,
    ]);
    expect(held()).to.deep.equal([shown, token('login', 'new')]);
    expect(revoked()).to.deep.equal([`revoke old at ${instanceUrl}`, `revoke stuck at ${instanceUrl}`]);
  });

  it('stay when Salesforce gave the same one again', async () => {
    ports.sfOrgs.held.set(username, [token('login', 'new')]);
    await storing();
    expect([held(), revoked()]).to.deep.equal([[token('login', 'new')], []]);
  });

  it('end where they were given, with the login of the plugin that is replaced, if it is of this copy', async () => {
    const stored = { username, orgId, refreshToken: 'before', instanceUrl: 'https://before.example' };
    for (const [replaced, expected] of [
      [stored, ['revoke before at https://before.example']],
      [{ ...stored, instanceUrl: undefined }, [`revoke before at ${instanceUrl}`]],
      [{ ...stored, orgId: '00D5g0000000099EAA' }, []],
      [{ ...stored, orgId: undefined }, []],
      [{ ...stored, refreshToken: 'new' }, []],
      [{ ...stored, refreshToken: undefined }, []],
    ] as const) {
      ports = fakePorts();
      await storing(fresh, replaced);
      expect(revoked(), JSON.stringify(replaced)).to.deep.equal(expected);
    }
  });

  it('are written nowhere when there are none', async () => {
    ports.sfOrgs.holdTokens = () => Promise.reject(new Error('written'));
    await storing({ ...fresh, authType: 'sfdx-auth-url' });
    expect(await endHeldTokens(username, context, ports)).to.equal(undefined);
  });

  it('stay held where Salesforce cannot end them, and the first reason is told', async () => {
    const both = [token('login', 'one'), token('shown', 'two')];
    ports.sfOrgs.held.set(username, both);
    ports.salesforce.ends = (one) => {
      const facts = { org: 'sandbox uat', host: 'uat.example', seconds: '60', problem: 'refused' };
      throw new JitFailure(one === 'one' ? 'Timeout' : 'ConnectionFailed', facts);
    };
    expect((await endHeldTokens(username, context, ports))?.name).to.equal('Timeout');
    expect(held()).to.deep.equal(both);
  });
});
