import { expect } from 'chai';
import type { FailureName } from '../../../src/failures/failures.js';
import { JitFailure } from '../../../src/failures/failures.js';
import type { CheckResult, Kept } from '../../../src/keep/keepSandbox.js';
import { keepSandbox, newlyKept } from '../../../src/keep/keepSandbox.js';
import type { Session } from '../../../src/salesforce/salesforce.js';
import type { LoginRecord, StoredOrg } from '../../../src/sfStore/storedOrg.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername } from '../../support/fakes.js';

const minute = 60_000;
const username = `${productionUsername}.uat`;
const request = {
  sandbox: 'uat',
  variables: { hasPrivateKey: false },
  callbackUrl: 'http://localhost:1717/OauthRedirect',
};

describe('a look at a sandbox that is kept', () => {
  let ports: FakePorts;
  /** The access tokens that were asked with. */
  let asked: string[];
  /** What Salesforce says to an access token; nothing is wrong with those that are not here. */
  let refusals: Map<string, FailureName>;

  beforeEach(() => {
    ports = fakePorts();
    asked = [];
    refusals = new Map();
    ports.salesforce.organization = async ({ accessToken }) => {
      asked.push(accessToken);
      const name = refusals.get(accessToken);
      if (name !== undefined) throw failure(name);
      return { orgId: grantFor(username).orgId, name: 'Acme', kind: 'sandbox' };
    };
  });

  const failure = (name: FailureName): JitFailure =>
    new JitFailure(name as 'Timeout', { org: 'sandbox uat', host: 'uat.example', seconds: '60', user: username });
  const look = (kept: Kept = newlyKept): Promise<CheckResult> => keepSandbox(request, kept, ports);
  const now = (): number => ports.now().getTime();
  const stored = (): StoredOrg => ports.sfOrgs.orgs.get(username) as StoredOrg;
  const record = (): LoginRecord => ports.sfOrgs.records.get(username)!;
  const session = (): Session => {
    const { accessToken, instanceUrl, orgId } = stored();
    return { accessToken: accessToken!, instanceUrl: instanceUrl!, orgId: orgId! };
  };
  /** Logs in, so many minutes ago; each login gets a session of its own. */
  const loggedIn = async (minutes: number): Promise<Kept> => {
    let count = 0;
    ports.salesforce.jwt = (name) => ({ ...grantFor(name), accessToken: `session ${(count += 1)} of ${name}` });
    const { kept } = await look();
    await ports.sleep(minutes * minute);
    asked = [];
    return kept;
  };

  it('logs in where there is no login, and says when that one is to be renewed', async () => {
    const done = await look();
    expect(done.kind).to.equal('logged-in');
    expect(done.renewAt).to.equal(now() + 12 * minute);
    expect(done.kept).to.deep.equal({ username, length: { minutes: 15, isFinal: false }, unused: undefined });
    expect(stored()).to.include({ accessToken: `token of ${username}` });
  });

  it('asks once while the login is good, and remembers that it was', async () => {
    const kept = await loggedIn(11);
    const before = stored();
    const done = await look(kept);
    expect(done).to.deep.equal({ kind: 'good', kept, renewAt: now() + minute });
    expect(asked).to.have.length(1);
    expect(stored()).to.equal(before);
    expect(record().checkedAt).to.equal(ports.now().toISOString());
  });

  it('looks at the login of the true username, once that is known', async () => {
    const kept = await loggedIn(1);
    const [uat] = acme().sandboxes;
    ports.registry.current = { ...acme(), sandboxes: [{ ...uat!, username: 'expected@acme.example.uat' }] };
    expect((await look(kept)).kind).to.equal('good');
  });

  it('renews it when its time has come, and keeps the one before to learn from', async () => {
    const kept = await loggedIn(12);
    const before = session();
    const since = Date.parse(record().checkedAt);
    const done = await look(kept);
    expect(done.kind).to.equal('renewed');
    expect(done.renewAt).to.equal(now() + 12 * minute);
    expect(done.kept).to.deep.equal({ ...kept, unused: { session: before, since } });
    expect(session().accessToken).to.not.equal(before.accessToken);
    expect(asked).to.deep.equal([]);
  });

  it('goes on learning from the oldest one that nobody used', async () => {
    const kept = await loggedIn(12);
    const unused = { session: { ...session(), accessToken: 'older' }, since: now() - minute };
    expect((await look({ ...kept, unused })).kept.unused).to.equal(unused);
  });

  it('keeps none to learn from when nothing more is to be learned', async () => {
    const { kept } = await look({ ...(await loggedIn(12)), length: { minutes: 15, isFinal: true } });
    expect(kept).to.deep.equal({ username, length: { minutes: 15, isFinal: true } });
  });

  it('logs in when what is stored cannot be asked with, whether its time has come or not', async () => {
    for (const missing of ['accessToken', 'instanceUrl', 'orgId', 'readable', 'all'] as const) {
      for (const minutes of [1, 12]) {
        const kept = await loggedIn(minutes);
        if (missing === 'all') ports.sfOrgs.orgs.clear();
        else if (missing === 'readable') ports.sfOrgs.orgs.set(username, 'unreadable');
        else ports.sfOrgs.orgs.set(username, { ...stored(), [missing]: undefined });
        const done = await look(kept);
        expect([done.kind, done.kept.unused], `${missing}, ${minutes}`).to.deep.equal(['logged-in', undefined]);
        expect(asked).to.deep.equal([]);
        ports.sfOrgs.orgs.clear();
        ports.sfOrgs.records.clear();
      }
    }
  });

  it('logs in when Salesforce refuses the session, and takes sessions for short again when it should have lived', async () => {
    const kept = { ...(await loggedIn(30)), length: { minutes: 120, isFinal: true } };
    refusals.set(session().accessToken, 'SessionInvalid');
    const done = await look(kept);
    expect(done.kind).to.equal('logged-in');
    expect(done.kept.length).to.deep.equal({ minutes: 15, isFinal: false });
  });

  it('learns nothing from the end of a session when the sandbox was refreshed, and keeps none of the old copy', async () => {
    const kept = { ...(await loggedIn(30)), length: { minutes: 120, isFinal: false } };
    refusals.set(session().accessToken, 'SessionInvalid');
    ports.salesforce.jwt = (name) => ({ ...grantFor(name), orgId: '00D5g0000000007EAA' });
    const done = await look(kept);
    expect(done.kind).to.equal('refreshed');
    expect(done.kept).to.deep.equal({ username, length: { minutes: 120, isFinal: false }, unused: undefined });
    expect(done.renewAt).to.equal(now() + 96 * minute);
  });

  it('tells a refresh also when the login was to be renewed anyway', async () => {
    const kept = await loggedIn(12);
    ports.salesforce.jwt = (name) => ({ ...grantFor(name), orgId: '00D5g0000000007EAA' });
    const done = await look(kept);
    expect([done.kind, done.kept.unused]).to.deep.equal(['refreshed', undefined]);
  });

  describe('with a session that nobody used', () => {
    const unused = { accessToken: 'unused', instanceUrl: 'https://uat.example', orgId: grantFor(username).orgId };
    /** Looks when that session has been left alone for so long. */
    const lookAfter = async (minutes: number): Promise<Kept> => {
      const kept = await loggedIn(1);
      return (await look({ ...kept, unused: { session: unused, since: now() - minutes * minute } })).kept;
    };

    it('asks with it once it is older than a session that is known to live', async () => {
      expect((await lookAfter(15)).length).to.deep.equal({ minutes: 15, isFinal: false });
      expect(asked).to.not.include('unused');
      const kept = await lookAfter(16);
      expect([kept.length, kept.unused]).to.deep.equal([{ minutes: 30, isFinal: false }, undefined]);
      expect(asked).to.include('unused');
    });

    it('knows how long they live when it has ended', async () => {
      refusals.set('unused', 'SessionInvalid');
      const kept = await lookAfter(16);
      expect([kept.length, kept.unused]).to.deep.equal([{ minutes: 15, isFinal: true }, undefined]);
    });

    it('asks again later when the network was the reason', async () => {
      refusals.set('unused', 'Timeout');
      const kept = await lookAfter(16);
      expect(kept.length).to.deep.equal({ minutes: 15, isFinal: false });
      expect(kept.unused?.session).to.equal(unused);
    });
  });

  it("leaves a login of the user's alone, also one that comes while it logs in", async () => {
    const kept = await loggedIn(12);
    const own = { username, accessToken: 'own', instanceUrl: 'https://uat.example', orgId: '00D' };
    const { jwt } = ports.salesforce;
    ports.locks.hold = (_name, work) => {
      ports.sfOrgs.orgs.set(username, own);
      return work();
    };
    expect(await look(kept)).to.deep.equal({ kind: 'left-alone', kept });
    ports.salesforce.jwt = jwt;
    expect(await look(kept)).to.deep.equal({ kind: 'left-alone', kept });
    expect(stored()).to.equal(own);
  });

  it('does nothing while Salesforce cannot be asked', async () => {
    const kept = await loggedIn(1);
    const before = stored();
    refusals.set(before.accessToken!, 'Timeout');
    expect(await look(kept)).to.deep.equal({ kind: 'offline', kept });
    expect(stored()).to.equal(before);
  });

  it('tells apart what lies on the way to Salesforce, and what it refuses', async () => {
    const names = ['ConnectionFailed', 'HostNotFound', 'ProxyFailed', 'ServerUnavailable', 'Timeout'] as const;
    for (const name of names) {
      ports = fakePorts();
      ports.salesforce.vouch = () => {
        throw failure(name);
      };
      expect(await look(), name).to.deep.equal({ kind: 'offline', kept: newlyKept });
    }
    const refused = failure('ApiLimitReached');
    ports.salesforce.vouch = () => {
      throw refused;
    };
    expect(await look()).to.deep.equal({ kind: 'failed', failure: refused, kept: newlyKept });
  });

  it('fails when the sandbox is not registered any more', async () => {
    ports.registry.current = { ...acme(), sandboxes: [], productionOrgs: [] };
    const done = await look();
    expect('failure' in done && done.failure.name).to.equal('NoProductionOrg');
    expect(ports.salesforce.calls).to.deep.equal([]);
  });
});
