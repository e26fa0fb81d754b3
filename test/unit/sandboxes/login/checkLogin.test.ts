import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../../src/failures/failures.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { AuthType, LoginRecord, StoredOrg } from '../../../../src/sfStore/storedOrg.js';
import { credentialDigest } from '../../../../src/sfStore/storedOrg.js';
import { checkLogin, findGoodLogin, hasLoginOfUser } from '../../../../src/sandboxes/login/checkLogin.js';
import { sandboxContext } from '../../../../src/sandboxes/signIn/signIn.js';
import type { FakePorts } from '../../../support/fakes.js';
import { fakePorts, grantFor, productionUsername } from '../../../support/fakes.js';

const username = `${productionUsername}.uat`;
const context = sandboxContext({ sandboxName: 'uat', production: { username: productionUsername } }, username);
const grant = grantFor(username);
const otherCopy = '00D5g0000000099EAA';

const jwtLogin = (more: Partial<StoredOrg> = {}): StoredOrg => ({
  username,
  ...grant,
  clientId: '3MVG9test',
  privateKey: '/keys/server.key',
  ...more,
});
const recordOf = (stored: StoredOrg, authType: AuthType = 'jwt'): LoginRecord => ({
  username,
  sandboxName: 'uat',
  productionUsername,
  orgId: grant.orgId,
  authType,
  loggedInAt: '2026-11-22T09:00:00.000Z',
  checkedAt: '2026-11-22T09:00:00.000Z',
  credentialDigest: credentialDigest(stored, authType),
});

describe('the state of a stored login', () => {
  let ports: FakePorts;
  /** What Salesforce was asked with. */
  let asked: unknown[];

  beforeEach(() => {
    ports = fakePorts();
    asked = [];
    ports.salesforce.org = { orgId: grant.orgId, name: 'Acme', kind: 'sandbox' };
    ports.salesforce.organization = async (...question) => {
      asked.push(question);
      return ports.salesforce.org;
    };
  });

  const store = (stored: StoredOrg | 'unreadable' | undefined, record?: LoginRecord): void => {
    if (stored !== undefined) ports.sfOrgs.orgs.set(username, stored);
    if (record !== undefined) ports.sfOrgs.records.set(username, record);
  };
  const check = async (): Promise<string> => (await checkLogin(context, ports)).kind;

  for (const [kind, title, stored, record] of [
    ['none', 'nothing is stored', undefined, undefined],
    ['none', 'only the record of a login is left', undefined, () => recordOf(jwtLogin())],
    ['none', 'the org cannot be read', 'unreadable', () => recordOf(jwtLogin())],
    ['none', 'there is no access token', jwtLogin({ accessToken: undefined }), () => recordOf(jwtLogin())],
    ['none', 'there is no instance URL', jwtLogin({ instanceUrl: undefined }), () => recordOf(jwtLogin())],
    ['none', 'there is no org id', jwtLogin({ orgId: undefined }), () => recordOf(jwtLogin())],
    ['traditional', 'the plugin has no record of it', jwtLogin(), undefined],
    ['traditional', 'the user logged in since', jwtLogin({ refreshToken: 'web' }), () => recordOf(jwtLogin())],
  ] as const) {
    it(`is ${kind}, and asks nothing, when ${title}`, async () => {
      store(stored, record?.());
      expect(await check()).to.equal(kind);
      expect(asked).to.deep.equal([]);
    });
  }

  it('is good when Salesforce takes the session and is the same copy', async () => {
    const stored = jwtLogin({ instanceUrl: 'https://uat.example/' });
    store(stored, recordOf(stored));
    expect(await checkLogin(context, ports)).to.deep.equal({ kind: 'good', stored, record: recordOf(stored) });
    expect(asked).to.deep.equal([
      [{ accessToken: grant.accessToken, instanceUrl: 'https://uat.example', orgId: grant.orgId }, context],
    ]);
  });

  it('is refused when another copy answers', async () => {
    store(jwtLogin(), recordOf(jwtLogin()));
    ports.salesforce.org = { ...ports.salesforce.org, orgId: otherCopy };
    expect(await check()).to.equal('refused');
  });

  it('is refused when sf renewed the session after a refresh, and only the record still knows the earlier copy', async () => {
    store(jwtLogin({ orgId: otherCopy, accessToken: 'renewed by sf' }), recordOf(jwtLogin()));
    ports.salesforce.org = { ...ports.salesforce.org, orgId: otherCopy };
    expect(await check()).to.equal('refused');
  });

  for (const [name, kind] of [
    ['RedirectRefused', 'undecided'],
    ['UnexpectedAnswer', 'undecided'],
    ['Timeout', 'undecided'],
    ['SessionInvalid', 'refused'],
    ['HostNotFound', 'refused'],
    ['ApiAccessBlocked', 'undecided'],
  ] as const) {
    it(`is ${kind} when the question ends with ${name}`, async () => {
      store(jwtLogin(), recordOf(jwtLogin()));
      const facts = { org: 'sandbox uat', host: 'h', user: username, url: 'u', seconds: '30' };
      ports.salesforce.organization = () => Promise.reject(new JitFailure<FailureName>(name, facts as FailureFacts));
      expect(await check()).to.equal(kind);
    });
  }

  it('is not guessed when the program is wrong', async () => {
    store(jwtLogin(), recordOf(jwtLogin()));
    const bug = new RangeError('bug');
    ports.salesforce.organization = () => Promise.reject(bug);
    expect(await checkLogin(context, ports).catch((error: unknown) => error)).to.equal(bug);
  });

  it("is the user's where the plugin did not make it, or the user did anew; asking nobody", async () => {
    for (const [isOfUser, title, stored, record] of [
      [false, 'none', undefined, undefined],
      [false, 'one that cannot be read', 'unreadable', undefined],
      [true, 'one without a record', jwtLogin(), undefined],
      [false, 'one of the plugin', jwtLogin(), recordOf(jwtLogin())],
      [true, 'a newer one', jwtLogin({ refreshToken: 'web' }), recordOf(jwtLogin())],
    ] as const) {
      ports = fakePorts();
      store(stored, record);
      expect(await hasLoginOfUser(username, ports), title).to.equal(isOfUser);
    }
    expect(asked).to.deep.equal([]);
  });

  describe('for a login that is asked for', () => {
    it('is not asked about where Salesforce has just refused it, unless somebody logged in meanwhile', async () => {
      store(jwtLogin(), recordOf(jwtLogin()));
      const good = async (refused: StoredOrg): Promise<boolean> =>
        (await findGoodLogin(context, undefined, ports, refused)) !== undefined;
      expect(await good(jwtLogin())).to.equal(false);
      expect(asked).to.deep.equal([]);
      expect(await good(jwtLogin({ accessToken: 'before' }))).to.equal(true);
      for (const now of [undefined, 'unreadable'] as const) {
        ports.sfOrgs.orgs.clear();
        store(now);
        expect(await good(jwtLogin({ accessToken: undefined })), String(now)).to.equal(false);
      }
      expect(asked).to.have.length(1);
    });

    const found = async (wanted: AuthType | undefined): Promise<unknown> =>
      (await findGoodLogin(context, wanted, ports))?.stored;

    it('is good enough when it is of the kind that is wanted, or when any kind will do', async () => {
      store(jwtLogin(), recordOf(jwtLogin()));
      expect(await found('jwt')).to.deep.equal(jwtLogin());
      expect(await found(undefined)).to.deep.equal(jwtLogin());
    });

    it('is not even looked at when it is of another kind, or was not made by the plugin', async () => {
      store(jwtLogin(), recordOf(jwtLogin()));
      expect(await found('access-token')).to.equal(undefined);
      ports.sfOrgs.records.clear();
      expect(await found('jwt')).to.equal(undefined);
      expect(await found(undefined)).to.equal(undefined);
      expect(asked).to.deep.equal([]);
    });

    it('is not good when Salesforce refuses it or cannot be asked', async () => {
      store(jwtLogin(), recordOf(jwtLogin()));
      for (const failure of [
        new JitFailure('SessionInvalid', { org: 'sandbox uat' }),
        new JitFailure('Timeout', { org: 'sandbox uat', host: 'h', seconds: '30' }),
      ]) {
        ports.salesforce.organization = () => Promise.reject(failure);
        expect(await found(undefined), failure.name).to.equal(undefined);
      }
    });
  });
});
