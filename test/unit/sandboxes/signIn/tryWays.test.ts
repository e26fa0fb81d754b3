import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../../src/failures/failures.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { RememberedWay } from '../../../../src/registry/signInWay.js';
import { getFreshLogin } from '../../../../src/sandboxes/signIn/freshLogin.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import type { SignedIn } from '../../../../src/sandboxes/signIn/tryWays.js';
import { attempts } from '../../../../src/sandboxes/signIn/waysToSignIn.js';
import type { Grant } from '../../../../src/salesforce/salesforce.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername, state } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const username = `${productionUsername}.uat`;
const sandboxUrl = 'https://acme--uat.sandbox.my.salesforce.com';
const testUrl = 'https://test.salesforce.com';
const callbackUrl = 'https://app.example/callback';
const callbackUrlOfSf = 'http://localhost:1718/OauthRedirect';

describe('the ways of signing in, one after the other', () => {
  let ports: FakePorts;
  beforeEach(async () => {
    ports = fakePorts();
    const { userId, ...grant } = grantFor(productionUsername);
    const instanceUrl = 'https://acme.my.salesforce.com';
    const cached = { username: productionUsername, ...grant, userId, instanceUrl, clientId: '3MVG9test' };
    await ports.sfOrgs.storeProduction(cached, undefined);
    ports.salesforce.jwt = (name) => ({ ...grantFor(name), instanceUrl: sandboxUrl });
    ports.salesforce.code = () => ({ ...grantFor(username), instanceUrl: sandboxUrl, refreshToken: 'refresh-token' });
    ports.salesforce.vouch = (_token, clientId = '') => ({
      authUserName: username,
      authCode: `code of ${clientId}`,
      instanceUrl: sandboxUrl,
      loginUrl: sandboxUrl,
    });
  });

  const refusal = (name: FailureName, facts: Partial<FailureFacts> = {}): JitFailure =>
    new JitFailure(name, { org: 'sandbox uat', user: username, host: 'h', ...facts } as FailureFacts);
  const refuse =
    (name: FailureName): (() => never) =>
    () => {
      throw refusal(name);
    };
  const login = async (signedInBy?: RememberedWay, user?: string): Promise<SignedIn> => {
    const registry = acme();
    const productionOrgs = registry.productionOrgs.map((org) => ({
      ...org,
      loginUrl: 'https://login.salesforce.com',
      instanceUrl: 'https://acme.my.salesforce.com',
      callbackUrl,
    }));
    const sandboxes = registry.sandboxes.map((one) => ({ ...one, ...(signedInBy && { signedInBy }) }));
    const request = { sandbox: 'uat', user, variables: { hasPrivateKey: false }, callbackUrl: callbackUrlOfSf };
    const target = findLoginTarget(request, { ...registry, productionOrgs, sandboxes });
    return getFreshLogin(target, attempts(target), ports);
  };
  const asks = `sandboxAuth uat for ${callbackUrl}`;
  const asksForSf = `sandboxAuth uat for ${callbackUrlOfSf} of PlatformCLI`;
  const byJwt = `jwt ${username} at ${sandboxUrl}`;
  const byCode = `code at ${sandboxUrl} for ${callbackUrl}`;
  const bySf = `code at ${sandboxUrl} for ${callbackUrlOfSf} of PlatformCLI`;
  const requests = (): string[] => ports.salesforce.calls;
  const names = ({ refusals }: SignedIn): string[] =>
    refusals.map(({ way, at, failure }) => `${way} ${at} ${failure.name}`);

  it('end with the first that works: two requests', async () => {
    const signedIn = await login();
    expect([signedIn.signedInBy, names(signedIn), requests()]).to.deep.equal(['jwt', [], [asks, byJwt]]);
  });

  it('take the code of the same word when the key is refused', async () => {
    ports.salesforce.jwt = refuse('AppNotInSandbox');
    const signedIn = await login();
    expect([signedIn.signedInBy, names(signedIn)]).to.deep.equal(['code', ['jwt sandbox AppNotInSandbox']]);
    expect(signedIn.freshLogin).to.include({ authType: 'access-token', clientId: '3MVG9test' });
    expect(requests()).to.deep.equal([asks, byJwt, byCode]);
  });

  describe("by sf's own app", () => {
    const refuseOwnCode = (): void => {
      ports.salesforce.jwt = refuse('AppNotInSandbox');
      ports.salesforce.code = (clientId): Grant => {
        if (clientId !== 'PlatformCLI') throw refusal('AppNotInSandbox');
        return { ...grantFor(username), instanceUrl: sandboxUrl, refreshToken: 'refresh-token' };
      };
    };

    it("cost one word and one exchange more, with sf's callback URL", async () => {
      refuseOwnCode();
      const signedIn = await login();
      expect(signedIn.signedInBy).to.equal('platform-cli');
      expect(signedIn.freshLogin).to.include({ authType: 'access-token', clientId: 'PlatformCLI' });
      expect(names(signedIn)).to.deep.equal(['jwt sandbox AppNotInSandbox', 'code sandbox AppNotInSandbox']);
      expect(requests()).to.deep.equal([asks, byJwt, byCode, asksForSf, bySf]);
    });

    it("come at once when production gives no word for its own app, of a sandbox that is the user's", async () => {
      const { vouch } = ports.salesforce;
      ports.salesforce.vouch = (token, clientId) => {
        if (clientId !== 'PlatformCLI') throw refusal('SandboxAuthFailed', { production: 'p', sandbox: 'uat' });
        return vouch(token, clientId);
      };
      const signedIn = await login();
      expect([signedIn.signedInBy, names(signedIn)]).to.deep.equal([
        'platform-cli',
        ['jwt vouching SandboxAuthFailed'],
      ]);
      expect(requests()).to.deep.equal([asks, 'sandboxStates', asksForSf, bySf]);
    });

    it('do not follow a refusal of the user or the network', async () => {
      ports.salesforce.jwt = refuse('AppNotInSandbox');
      for (const name of ['IpRestricted', 'InactiveUser', 'Timeout'] as const) {
        requests().length = 0;
        ports.salesforce.code = refuse(name);
        const failure = await rejection(login());
        expect([failure.name, failure.facts.alsoTried]).to.deep.equal(['AppNotInSandbox', `code: ${name}`]);
        expect(requests()).to.deep.equal([asks, byJwt, byCode]);
      }
    });

    it('do not follow when production itself refuses its app', async () => {
      ports.sfOrgs.orgs.clear();
      ports.salesforce.jwt = refuse('InvalidClientId');
      expect((await rejection(login())).name).to.equal('InvalidClientId');
      expect(requests()).to.deep.equal([`jwt ${productionUsername} at https://login.salesforce.com`]);
    });

    it('tell the first refusal, with all others, when they are refused too; the records are asked once', async () => {
      ports.salesforce.vouch = refuse('SandboxAuthFailed');
      const failure = await rejection(login());
      expect([failure.name, failure.facts.alsoTried]).to.deep.equal([
        'SandboxAuthFailed',
        'platform-cli: SandboxAuthFailed',
      ]);
      expect(requests()).to.deep.equal([asks, 'sandboxStates', asksForSf]);
    });

    it('come first where they are remembered, in two requests, and read no key', async () => {
      ports.keys.read = () => Promise.reject(new JitFailure('KeyInvalid', { problem: 'empty' }));
      const signedIn = await login('platform-cli');
      expect([signedIn.signedInBy, names(signedIn)]).to.deep.equal(['platform-cli', []]);
      expect(requests()).to.deep.equal([asksForSf, bySf]);
    });

    for (const [title, refuseIt, expected] of [
      [
        'by production',
        (): void => {
          const { vouch } = ports.salesforce;
          ports.salesforce.vouch = (token, clientId) => {
            if (clientId === 'PlatformCLI') throw refusal('InvalidClientId', { clientId });
            return vouch(token, clientId);
          };
        },
        [asksForSf, asks, byJwt],
      ],
      [
        'by the sandbox',
        (): void => {
          ports.salesforce.code = refuse('AppBlocked');
        },
        [asksForSf, bySf, asks, byJwt],
      ],
    ] as const) {
      it(`give way to the usual one when they stop working: refused ${title}`, async () => {
        refuseIt();
        const signedIn = await login('platform-cli');
        expect(signedIn.signedInBy).to.equal('jwt');
        expect(requests()).to.deep.equal(expected);
      });
    }
  });

  describe('by the key alone', () => {
    const notCreator = (): void => {
      ports.salesforce.states = [state('uat', { createdById: '0055g0000000009AAA' })];
      ports.salesforce.vouch = refuse('SandboxAuthFailed');
    };
    const explains = ['sandboxStates', 'users 0055g0000000009AAA'];

    it("sign in the user's own name when somebody else made the sandbox, at its own host, in one request", async () => {
      notCreator();
      const signedIn = await login();
      expect(signedIn.freshLogin).to.include({ username, authType: 'jwt', loginUrl: sandboxUrl });
      expect([signedIn.signedInBy, names(signedIn)]).to.deep.equal(['own-key', ['jwt vouching NotSandboxCreator']]);
      expect(requests()).to.deep.equal([asks, ...explains, byJwt]);
    });

    it('keep the refusal, and tell what else was tried, when the key does not let that name in; no code is tried', async () => {
      notCreator();
      ports.salesforce.jwt = refuse('UserNotApproved');
      const { name, facts } = await rejection(login());
      expect([name, facts.alsoTried]).to.deep.equal(['NotSandboxCreator', 'own-key: UserNotApproved']);
      expect(requests()).to.deep.equal([asks, ...explains, byJwt]);
    });

    it('are tried also where the records do not tell who made the sandbox, before another app is', async () => {
      ports.salesforce.states = refusal('SandboxPermissionMissing', { production: 'p' });
      ports.salesforce.vouch = refuse('SandboxPermissionMissing');
      const signedIn = await login();
      expect([signedIn.signedInBy, names(signedIn)]).to.deep.equal([
        'own-key',
        ['jwt vouching SandboxPermissionMissing'],
      ]);
    });

    it('are tried at no host where none is known', async () => {
      notCreator();
      ports.salesforce.jwt = refuse('UserNotApproved');
      const target = findLoginTarget(
        { sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl: callbackUrlOfSf },
        acme(),
      );
      const failure = await rejection(getFreshLogin(target, attempts(target), ports));
      expect([failure.name, failure.facts.alsoTried]).to.deep.equal(['NotSandboxCreator', undefined]);
    });

    it('come first where they are remembered: one request, and production is not asked', async () => {
      const signedIn = await login('own-key');
      expect([signedIn.signedInBy, requests()]).to.deep.equal(['own-key', [byJwt]]);
    });

    it('give way to the usual one when they stop working', async () => {
      let count = 0;
      const { jwt } = ports.salesforce;
      ports.salesforce.jwt = (name, url) => {
        count += 1;
        if (count === 1) throw refusal('UserNotApproved');
        return jwt(name, url);
      };
      const signedIn = await login('own-key');
      expect([signedIn.signedInBy, names(signedIn)]).to.deep.equal(['jwt', ['own-key sandbox UserNotApproved']]);
      expect(requests()).to.deep.equal([byJwt, asks, byJwt]);
    });

    it('are not tried twice, and the refusal of production is told, when nothing works any more', async () => {
      notCreator();
      ports.salesforce.jwt = refuse('UserNotApproved');
      const { name, facts } = await rejection(login('own-key'));
      expect([name, facts.alsoTried]).to.deep.equal(['NotSandboxCreator', 'own-key: UserNotApproved']);
      expect(requests().filter((call) => call === byJwt)).to.have.lengthOf(1);
    });

    it('are refused for an org that nothing shows to be the sandbox, and then production is asked', async () => {
      let isFirst = true;
      ports.salesforce.jwt = (name) => {
        const instanceUrl = isFirst ? 'https://evil--uat.sandbox.my.salesforce.com' : sandboxUrl;
        isFirst = false;
        return { ...grantFor(name), instanceUrl };
      };
      const signedIn = await login('own-key');
      expect([signedIn.signedInBy, names(signedIn)]).to.deep.equal(['jwt', ['own-key sandbox SandboxUnconfirmed']]);
    });

    describe('as another user', () => {
      const tester = 'tester@acme.example';
      const byTester = (url: string): string => `jwt ${tester}.uat at ${url}`;

      it('take one request', async () => {
        const signedIn = await login(undefined, tester);
        expect(signedIn.freshLogin).to.include({ username: `${tester}.uat`, loginUrl: sandboxUrl });
        expect([signedIn.signedInBy, requests()]).to.deep.equal(['own-key', [byTester(sandboxUrl)]]);
      });

      it('go on to the host of all sandboxes when the My Domain is not there, and only then', async () => {
        ports.salesforce.jwt = (name, url) => {
          if (url === sandboxUrl) throw refusal('HostNotFound');
          return { ...grantFor(name), instanceUrl: sandboxUrl };
        };
        await login(undefined, tester);
        expect(requests()).to.deep.equal([byTester(sandboxUrl), byTester(testUrl)]);
      });

      it('ask production for the host where none is known, and sign in nobody but the one who was asked for', async () => {
        const request = { sandbox: 'uat', user: tester, variables: { hasPrivateKey: false }, callbackUrl };
        const target = findLoginTarget(request, acme());
        const signedIn = await getFreshLogin(target, attempts(target), ports);
        expect(signedIn.freshLogin).to.include({ username: `${tester}.uat`, loginUrl: sandboxUrl });
        expect(requests()).to.deep.equal([asks, byTester(sandboxUrl)]);
      });
    });
  });

  it('do not hide an error of the program behind a refusal', async () => {
    ports.salesforce.jwt = refuse('AppNotInSandbox');
    const bug = new RangeError('bug');
    ports.salesforce.code = () => {
      throw bug;
    };
    expect(await login().catch((error: unknown) => error)).to.equal(bug);
  });
});
