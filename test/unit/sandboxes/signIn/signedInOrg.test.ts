import { expect } from 'chai';
import { refuseProductionUser, refuseWrongOrg } from '../../../../src/sandboxes/signIn/signedInOrg.js';
import type { LoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import { getFreshLogin } from '../../../../src/sandboxes/signIn/freshLogin.js';
import type { LoginRecord } from '../../../../src/sfStore/storedOrg.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionOrgId, productionUsername } from '../../../support/fakes.js';
import { failureOf, rejection } from '../../../support/rejection.js';

const callbackUrl = 'http://localhost:1717/OauthRedirect';
const request = { sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl };
const [production] = acme().productionOrgs;
const otherOrgId = '00D5g0000000009EAA';
const other = { ...production!, username: 'ops@other.example', alias: 'other', orgId: otherOrgId };
const two = { ...acme(), productionOrgs: [production!, other] };
const uatOrgId = '00D5g0000000005EAA';
const record = (productionUsernameOf: string): LoginRecord => ({
  username: `${productionUsernameOf}.dev`,
  sandboxName: 'dev',
  productionUsername: productionUsernameOf,
  orgId: uatOrgId.slice(0, 15),
  authType: 'access-token',
  loggedInAt: '2026-11-22T10:00:00.000Z',
  checkedAt: '2026-11-22T10:00:00.000Z',
  credentialDigest: 'x',
});

describe('the org that was signed in to', () => {
  let target: LoginTarget;
  beforeEach(() => {
    target = findLoginTarget(request, two);
  });

  it('is never production, whichever this machine knows, whether by its registration or by its session', () => {
    for (const [orgId, known] of [
      [productionOrgId, { registry: two, records: [] }],
      [productionOrgId.slice(0, 15), { registry: two, records: [] }],
      [otherOrgId, { registry: two, records: [] }],
      ['00D5g0000000007EAA', { registry: two, records: [], productionOrgId: '00D5g0000000007' }],
    ] as const) {
      const { name, facts } = failureOf(() => {
        refuseWrongOrg(orgId, target, known);
      });
      expect([name, facts.sandbox]).to.deep.equal(['SignedInToProduction', 'uat']);
      expect(facts.production).to.equal(orgId === otherOrgId ? other.username : productionUsername);
    }
  });

  it('is never a sandbox of another production org that this machine knows', () => {
    const known = { registry: two, records: [record(other.username)] };
    const { name, facts } = failureOf(() => {
      refuseWrongOrg(uatOrgId, target, known);
    });
    expect(name).to.equal('SandboxOfOtherProduction');
    expect(facts.org).to.equal(`sandbox dev of ${other.username}`);
  });

  it('may be known as a sandbox of the same production org, of another user of it, or of nobody registered', () => {
    const colleague = { ...production!, username: 'bob@acme.example', alias: 'bob' };
    const registry = { ...two, productionOrgs: [...two.productionOrgs, colleague] };
    for (const owner of [productionUsername, productionUsername.toUpperCase(), 'bob@acme.example', 'gone@x.example']) {
      expect(() => {
        refuseWrongOrg(uatOrgId, target, { registry, records: [record(owner)] });
      }).not.to.throw();
    }
  });

  it('is not even asked when the user that production names is one of production', () => {
    for (const username of [productionUsername, other.username.toUpperCase()]) {
      expect(
        failureOf(() => {
          refuseProductionUser(username, target, two);
        }).name,
      ).to.equal('SignedInToProduction');
    }
    expect(() => {
      refuseProductionUser(`${productionUsername}.uat`, target, two);
    }).not.to.throw();
  });
});

describe('a login that leads to production', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
  });
  /** The plugin's own cache of production's session aside, nothing may be written. */
  const written = (): unknown => [
    [...ports.sfOrgs.orgs.keys()].filter((username) => username !== productionUsername),
    [...ports.sfOrgs.records],
    [...ports.sfOrgs.names],
    ports.registry.current,
  ];

  it('by the user that sandboxAuth names is refused before anything is signed for it', async () => {
    const before = written();
    ports.salesforce.vouch = () => ({
      authUserName: productionUsername,
      authCode: 'code',
      instanceUrl: 'https://acme.example',
      loginUrl: 'https://acme.example',
    });
    expect((await rejection(loginSandbox(request, ports))).name).to.equal('SignedInToProduction');
    expect(ports.salesforce.calls.at(-1)).to.contain('sandboxAuth');
    expect(written()).to.deep.equal(before);
  });

  it('by the org id of the session is refused, and nothing is written', async () => {
    const before = written();
    ports.salesforce.jwt = () => grantFor(productionUsername);
    expect((await rejection(loginSandbox(request, ports))).name).to.equal('SignedInToProduction');
    expect(written()).to.deep.equal(before);
  });

  it('leaves no refresh token behind that nobody holds, also where nothing would be stored', async () => {
    ports.salesforce.code = () => ({ ...grantFor(productionUsername), refreshToken: 'refresh-token' });
    const code = { way: 'code', authType: 'access-token' } as const;
    const failure = await rejection(getFreshLogin(findLoginTarget(request, acme()), [code], ports));
    expect(failure.name).to.equal('SignedInToProduction');
    expect(ports.salesforce.calls.at(-1)).to.equal('revoke refresh-token at https://acme.example');
  });
});
