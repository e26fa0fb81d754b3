import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import type { ProductionLogin } from '../../../src/production/productionCredentials.js';
import type { StoredOrg } from '../../../src/sfStore/storedOrg.js';
import {
  keepProduction,
  openedSession,
  productionContext,
  withProduction,
} from '../../../src/production/openProduction.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, grantFor, loginUrl, productionOrgId, productionUsername } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';
import type { KeySource } from '../../../src/keys/keySource.js';
import type { Session } from '../../../src/salesforce/salesforce.js';

const [registered] = acme().productionOrgs;
const keyFile: KeySource = { source: 'file', path: '/keys/server.key' };
const loginWith = (key: KeySource, more: Partial<ProductionLogin> = {}): ProductionLogin => ({
  username: productionUsername,
  loginUrl,
  clientId: '3MVG9test',
  key,
  from: 'registration',
  registered,
  ...more,
});

const jwtAtProduction = `jwt ${productionUsername} at ${loginUrl}`;
const fresh = grantFor(productionUsername);
const stored = (more: Partial<StoredOrg> = {}): StoredOrg => ({
  username: productionUsername,
  ...fresh,
  accessToken: 'cached',
  clientId: '3MVG9test',
  ...more,
});

describe('a session of production', () => {
  let ports: FakePorts;
  let locks: string[];
  /** What happens in other processes while this one waits for the lock. */
  let meanwhile: () => void;

  beforeEach(() => {
    locks = [];
    meanwhile = () => undefined;
    ports = {
      ...fakePorts(),
      locks: {
        hold: (name, work) => {
          locks.push(name);
          meanwhile();
          return work();
        },
      },
    };
  });

  const store = (org: StoredOrg | 'unreadable'): unknown => ports.sfOrgs.orgs.set(productionUsername, org);
  /** Works with production where it takes every token but these, and gives the tokens that were tried. */
  const tried = async (login: ProductionLogin, refused: string[] = []): Promise<string[]> => {
    const tokens: string[] = [];
    await withProduction(login, ports, async ({ accessToken }) => {
      tokens.push(accessToken);
      if (refused.includes(accessToken)) throw new JitFailure('SessionInvalid', { org: 'production org' });
    }).catch((error: unknown) => {
      if (!(error instanceof JitFailure)) throw error;
      tokens.push(error.name);
    });
    return tokens;
  };

  describe('that sf has cached', () => {
    it('is used without a request and without waiting for other processes', async () => {
      store(stored({ instanceUrl: 'https://acme.example/' }));
      const used = await withProduction(loginWith(keyFile), ports, async (session) => session);
      expect(used).to.deep.equal({
        accessToken: 'cached',
        instanceUrl: 'https://acme.example',
        orgId: productionOrgId,
        userId: fresh.userId,
      });
      expect(ports.salesforce.calls).to.deep.equal([]);
      expect(locks).to.deep.equal([]);
    });

    it('is that of the API version that is asked for, and known to this process from then on', async () => {
      store(stored());
      const login = loginWith(keyFile, { apiVersion: 'v61.0' });
      expect(await openedSession(login, ports)).to.equal(undefined);
      const used = await withProduction(login, ports, async (session) => session);
      expect(used).to.include({ accessToken: 'cached', apiVersion: 'v61.0' });
      expect(await openedSession(login, ports)).to.equal(used);
    });

    it('is not used when it is of another org than the registered one, as after a test org was made anew', async () => {
      store(stored({ orgId: '00D000000000009AAA' }));
      expect(await tried(loginWith(keyFile))).to.deep.equal([fresh.accessToken]);
    });

    it('is not used for another app than the one it was issued to, nor by another login of this process', async () => {
      store(stored());
      expect(await tried(loginWith(keyFile, { clientId: '3MVG9other' }))).to.deep.equal([fresh.accessToken]);
      store(stored());
      expect(await tried(loginWith(keyFile))).to.deep.equal(['cached']);
    });

    it('is neither used nor replaced by a login that a found file describes', async () => {
      store(stored());
      const found = loginWith(keyFile, {
        from: 'config-file',
        foundIn: '/evil/.sfconnect.json',
        registered: undefined,
      });
      expect(await tried(found)).to.deep.equal([fresh.accessToken]);
      expect(await tried({ ...found, isTransient: true })).to.deep.equal([fresh.accessToken]);
      expect([...ports.sfOrgs.orgs.values()]).to.deep.equal([stored()]);
    });

    it('is used for an org that sf itself logged in to', async () => {
      store(stored());
      expect(await tried(loginWith({ source: 'sf' }))).to.deep.equal(['cached']);
    });

    for (const key of [{ source: 'env', name: 'PROD_KEY' }, { source: 'stdin' }] as const) {
      it(`is neither used nor replaced when the key comes from ${key.source}`, async () => {
        store(stored());
        expect(await tried(loginWith(key))).to.deep.equal([fresh.accessToken]);
        expect(ports.sfOrgs.orgs.get(productionUsername)).to.include({ accessToken: 'cached' });
        expect(locks).to.deep.equal([]);
      });
    }

    for (const [title, org] of [
      ['has no access token', stored({ accessToken: undefined })],
      ['has no instance URL', stored({ instanceUrl: undefined })],
      ['has no org id', stored({ orgId: undefined })],
      ['cannot be read', 'unreadable'],
    ] as const) {
      it(`is replaced by a new one when the stored org ${title}`, async () => {
        store(org);
        expect(await tried(loginWith(keyFile))).to.deep.equal([fresh.accessToken]);
        expect(ports.salesforce.calls).to.deep.equal([jwtAtProduction]);
      });
    }

    it('is used whatever its org is when production is not registered', async () => {
      store(stored({ orgId: '00D000000000009AAA' }));
      expect(await tried(loginWith(keyFile, { registered: undefined }))).to.deep.equal(['cached']);
    });
  });

  describe('that is refused', () => {
    beforeEach(() => store(stored()));

    it('is renewed once, under a lock of that production org', async () => {
      expect(await tried(loginWith(keyFile), ['cached'])).to.deep.equal(['cached', fresh.accessToken]);
      expect(locks).to.deep.equal([`production ${productionUsername}`]);
    });

    it('is not renewed when another process did so meanwhile', async () => {
      meanwhile = () => store(stored({ accessToken: 'of another process' }));
      expect(await tried(loginWith(keyFile), ['cached'])).to.deep.equal(['cached', 'of another process']);
      expect(ports.salesforce.calls).to.deep.equal([]);
    });

    it('is not renewed for a failure that has another reason', async () => {
      for (const error of [new JitFailure('ApiLimitReached', { org: 'production org' }), new TypeError('bug')]) {
        let times = 0;
        const work = withProduction(loginWith(keyFile), ports, async () => {
          times += 1;
          throw error;
        });
        expect(await work.catch((thrown: unknown) => thrown)).to.have.property('name', error.name);
        expect(times).to.equal(1);
      }
      expect(ports.salesforce.calls).to.deep.equal([]);
    });
  });

  describe('that sf logged in to, and that is refused', () => {
    const sf: KeySource = { source: 'sf' };
    const byToken = `refresh r1 of PlatformCLI at ${loginUrl}`;
    const web = (more: Partial<StoredOrg> = {}): StoredOrg =>
      stored({ refreshToken: 'r1', clientId: 'PlatformCLI', loginUrl: `${loginUrl}/`, tracksSource: true, ...more });
    const kept = (): unknown => ports.sfOrgs.orgs.get(productionUsername);

    it('is renewed by one request with the refresh token, and stored, with all else as it was', async () => {
      store(web());
      expect(await tried(loginWith(sf), ['cached'])).to.deep.equal(['cached', 'renewed']);
      expect(ports.salesforce.calls).to.deep.equal([byToken]);
      expect(kept()).to.deep.equal(web({ accessToken: 'renewed' }));
      expect(locks).to.deep.equal([`production ${productionUsername}`]);
    });

    it('is renewed as the app that logged in, with its secret', async () => {
      store(web({ clientId: '3MVG9web', clientSecret: 'hush' }));
      await tried(loginWith(sf), ['cached']);
      expect(ports.salesforce.calls).to.deep.equal([`refresh r1 of 3MVG9web with its secret at ${loginUrl}`]);
    });

    it('is stored with the refresh token that took the place of the old one', async () => {
      store(web());
      ports.salesforce.renewal = () => ({ ...fresh, accessToken: 'renewed', refreshToken: 'r2' });
      const session = await withProduction(loginWith(sf), ports, async (open) => {
        if (open.accessToken === 'cached') throw new JitFailure('SessionInvalid', { org: 'production org' });
        return open;
      });
      expect(session).to.not.have.property('refreshToken');
      expect(kept()).to.deep.equal(web({ accessToken: 'renewed', refreshToken: 'r2' }));
    });

    it('keeps what sf stored of the org while Salesforce was asked', async () => {
      store(web());
      ports.salesforce.renewal = () => {
        store(web({ instanceApiVersion: '67.0' }));
        return { ...fresh, accessToken: 'renewed', refreshToken: 'r2' };
      };
      await tried(loginWith(sf), ['cached']);
      expect(kept()).to.deep.equal(web({ accessToken: 'renewed', refreshToken: 'r2', instanceApiVersion: '67.0' }));
    });

    for (const [title, meantime] of [
      ['logged in anew', web({ accessToken: 'of the user', refreshToken: 'r9' })],
      ['logged out', undefined],
    ] as const) {
      it(`is not stored over what is there when the user ${title} meanwhile`, async () => {
        store(web());
        ports.salesforce.renewal = () => {
          if (meantime) store(meantime);
          else ports.sfOrgs.orgs.delete(productionUsername);
          return { ...fresh, accessToken: 'renewed', refreshToken: 'r2' };
        };
        expect(await tried(loginWith(sf), ['cached'])).to.deep.equal(['cached', 'renewed']);
        expect(kept()).to.deep.equal(meantime);
      });
    }

    it('is what stock sf got while it held the lock of the renewal', async () => {
      store(web());
      ports.sfOrgs.holdRenewal = async (_username, work) => {
        store(web({ accessToken: 'of sf', refreshToken: 'r2' }));
        return work();
      };
      expect(await tried(loginWith(sf), ['cached'])).to.deep.equal(['cached', 'of sf']);
      expect(ports.salesforce.calls).to.deep.equal([]);
    });

    it('is renewed when what stock sf got is refused as well', async () => {
      store(web());
      ports.sfOrgs.holdRenewal = async (_username, work) => {
        store(web({ accessToken: 'of sf', refreshToken: 'r2' }));
        return work();
      };
      expect(await tried(loginWith(sf), ['cached', 'of sf'])).to.deep.equal(['cached', 'of sf', 'SessionInvalid']);
      expect(await tried(loginWith(sf), ['of sf'])).to.deep.equal(['of sf', 'renewed']);
    });

    it('is not waited for when nothing can renew it', async () => {
      store(stored());
      ports.sfOrgs.holdRenewal = () => Promise.reject(new Error('waited'));
      expect(await tried(loginWith(sf), ['cached'])).to.deep.equal(['cached', 'SessionInvalid']);
    });

    it('is renewed by JWT when sf logged in by key since it was registered', async () => {
      const org = stored({ privateKey: '/keys/other.key', clientId: '3MVG9test', loginUrl });
      store(org);
      const read: KeySource[] = [];
      const { keys } = ports;
      ports = { ...ports, keys: { ...keys, read: async (key, user) => (read.push(key), keys.read(key, user)) } };
      expect(await tried(loginWith(sf), ['cached'])).to.deep.equal(['cached', fresh.accessToken]);
      expect(read).to.deep.equal([{ source: 'file', path: '/keys/other.key' }]);
      expect(ports.salesforce.calls).to.deep.equal([jwtAtProduction]);
      expect(kept()).to.deep.equal({ ...org, accessToken: fresh.accessToken });
    });

    for (const [title, org, name] of [
      ['there is but an access token', stored(), 'SessionInvalid'],
      ['it has become unreadable', 'unreadable', 'OrgNotStored'],
    ] as const) {
      it(`ends in ${name} without a request when ${title}`, async () => {
        store(stored());
        meanwhile = () => store(org);
        const failure = await rejection(
          withProduction(loginWith(sf), ports, async () => {
            throw new JitFailure('SessionInvalid', { org: 'production org' });
          }),
        );
        expect(failure).to.include({ name });
        expect(failure.facts).to.include({ user: productionUsername });
        expect(failure.facts.problem).to.match(/neither a refresh token nor a key|cannot be read/);
        expect(ports.salesforce.calls).to.deep.equal([]);
      });
    }

    it('fails as the request fails, and leaves what is stored', async () => {
      store(web());
      ports.salesforce.renewal = () => {
        throw new JitFailure('RefreshTokenInvalid', { org: 'production org', user: productionUsername });
      };
      expect(await tried(loginWith(sf), ['cached'])).to.deep.equal(['cached', 'RefreshTokenInvalid']);
      expect(kept()).to.deep.equal(web());
    });
  });

  describe('that is new', () => {
    for (const [title, key] of [
      ['a key file', keyFile],
      ['a key from the environment', { source: 'env', name: 'PROD_KEY' }],
    ] as const) {
      it(`is not asked for twice when it is refused all the same, with ${title}`, async () => {
        expect(await tried(loginWith(key), [fresh.accessToken])).to.deep.equal([fresh.accessToken, 'SessionInvalid']);
        expect(ports.salesforce.calls).to.deep.equal([jwtAtProduction]);
      });
    }

    for (const [title, key] of [
      ['a key file', keyFile],
      ['a key from the environment', { source: 'env', name: 'PROD_KEY' }],
    ] as const) {
      it(`is opened again, once for all that wait, when it ends after it has worked, with ${title}`, async () => {
        let count = 0;
        ports.salesforce.jwt = () => ({ ...fresh, accessToken: `session ${(count += 1)}` });
        expect(await tried(loginWith(key))).to.deep.equal(['session 1']);
        const all = await Promise.all([1, 2, 3].map(() => tried(loginWith(key), ['session 1'])));
        expect(all).to.deep.equal(all.map(() => ['session 1', 'session 2']));
        expect(count).to.equal(2);
        // and again, when that one ends
        expect(await tried(loginWith(key), ['session 1', 'session 2'])).to.deep.equal(['session 2', 'session 3']);
      });
    }

    it('is stored by a login that is to leave nothing only where sf knows production already', async () => {
      const transient = loginWith(keyFile, { isTransient: true });
      await tried(transient);
      expect([[...ports.sfOrgs.orgs], locks]).to.deep.equal([[], []]);
      ports.sessions.clear();
      store(stored({ accessToken: undefined }));
      await tried(transient);
      expect(ports.sfOrgs.orgs.get(productionUsername)).to.include({ accessToken: fresh.accessToken });
    });

    it('has worked when production answered that the sandbox is not ready', async () => {
      const refused = new JitFailure('SandboxNotReady', { sandbox: 'uat', production: 'p', status: 'Processing' });
      await rejection(withProduction(loginWith(keyFile), ports, () => Promise.reject(refused)));
      const { jwt } = ports.salesforce;
      ports.salesforce.jwt = (...args) => ({ ...jwt(...args), accessToken: 'another' });
      expect(await tried(loginWith(keyFile), [fresh.accessToken])).to.deep.equal([fresh.accessToken, 'another']);
    });

    it('has not worked when production could not be reached', async () => {
      const lost = new JitFailure('Timeout', { org: 'production org', host: 'acme.example', seconds: '60' });
      await rejection(withProduction(loginWith(keyFile), ports, () => Promise.reject(lost)));
      expect(await tried(loginWith(keyFile), [fresh.accessToken])).to.deep.equal([fresh.accessToken, 'SessionInvalid']);
    });

    it('is not asked for twice when it came by a refresh token and is refused all the same', async () => {
      store(stored({ accessToken: undefined, refreshToken: 'r1' }));
      expect(await tried(loginWith({ source: 'sf' }), ['renewed'])).to.deep.equal(['renewed', 'SessionInvalid']);
    });

    it('is got when the one that another process got meanwhile is refused', async () => {
      meanwhile = () => store(stored({ accessToken: 'of another process' }));
      expect(await tried(loginWith(keyFile), ['of another process'])).to.deep.equal([
        'of another process',
        fresh.accessToken,
      ]);
    });

    it('is tried for again by the next login when it could not be had', async () => {
      const { jwt } = ports.salesforce;
      ports.salesforce.jwt = () => {
        throw new JitFailure('Timeout', { org: 'production org', host: 'acme.example', seconds: '60' });
      };
      expect(await tried(loginWith(keyFile))).to.deep.equal(['Timeout']);
      ports.salesforce.jwt = jwt;
      expect(await tried(loginWith(keyFile))).to.deep.equal([fresh.accessToken]);
    });

    it('cannot be had from sf when sf has no login', async () => {
      const failure = await rejection(withProduction(loginWith({ source: 'sf' }), ports, async () => undefined));
      expect(failure).to.deep.include({
        name: 'OrgNotStored',
        facts: { user: productionUsername, loginUrl: 'https://login.example' },
      });
    });

    it('is asked for in the words that a failure at production uses', async () => {
      let context: unknown;
      ports.salesforce.jwtLogin = async (_request, words) => {
        context = words;
        return fresh;
      };
      await tried(loginWith(keyFile));
      expect(context).to.deep.equal(productionContext({ username: productionUsername }));
      expect(context).to.deep.equal({
        org: `production org ${productionUsername}`,
        side: 'production',
        user: productionUsername,
        production: productionUsername,
      });
    });
  });

  describe('left in the store of sf', () => {
    const session: Session = { ...fresh, accessToken: 'new' };
    const kept = {
      username: productionUsername,
      accessToken: 'new',
      instanceUrl: 'https://acme.example',
      orgId: productionOrgId,
      userId: fresh.userId,
      loginUrl,
      clientId: '3MVG9test',
      privateKey: '/keys/server.key',
      isSandbox: false,
      isScratch: false,
    };

    for (const [title, before] of [
      ['unknown to it', undefined],
      ['unreadable', 'unreadable'],
    ] as const) {
      it(`is a whole org when production was ${title}, and no Dev Hub for all that is known`, async () => {
        if (before !== undefined) store(before);
        await keepProduction(loginWith(keyFile), session, ports, 'prod');
        expect(ports.sfOrgs.orgs.get(productionUsername)).to.deep.equal({ ...kept, isDevHub: false });
        expect(ports.sfOrgs.names.get('prod')).to.equal(productionUsername);
      });
    }

    it('keeps what sf knew of production, but no refresh token beside a key', async () => {
      store(stored({ isDevHub: true, orgName: 'Acme', refreshToken: 'old', isSandbox: true, isScratch: true }));
      await keepProduction(loginWith(keyFile), session, ports, undefined);
      expect(ports.sfOrgs.orgs.get(productionUsername)).to.deep.equal({ ...kept, isDevHub: true, orgName: 'Acme' });
      expect(ports.sfOrgs.names.size).to.equal(0);
    });

    it('is nothing when the key is not in a file', async () => {
      await keepProduction(loginWith({ source: 'env', name: 'PROD_KEY' }), session, ports, 'prod');
      expect(ports.sfOrgs.orgs.size).to.equal(0);
    });
  });
});
