import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { KeySource } from '../../../../src/keys/keySource.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import { logoutSandboxes } from '../../../../src/sandboxes/logout/logoutSandboxes.js';
import type { AuthType } from '../../../../src/sfStore/storedOrg.js';
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
