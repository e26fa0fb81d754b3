import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { SandboxState } from '../../../../src/salesforce/sandboxState.js';
import { checkOrgs } from '../../../../src/sandboxes/list/checkOrgs.js';
import { listOrgs } from '../../../../src/sandboxes/list/listOrgs.js';
import { loginSandbox } from '../../../../src/sandboxes/login/loginSandbox.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername, state } from '../../../support/fakes.js';
import { sandboxCheck } from '../../../support/orgRows.js';

const none = { hasPrivateKey: false };
const check = async (ports: FakePorts) =>
  (await checkOrgs(await listOrgs(ports, { isSet: () => false }), { variables: none }, ports)).find(
    (row) => row.kind === 'jit',
  )?.check;

describe('sandbox list --check', () => {
  let ports: FakePorts;
  beforeEach(() => {
    ports = fakePorts();
  });

  const cases: Array<[string, SandboxState[], object]> = [
    ['ready', [state('uat')], { problem: null, sandboxStatus: 'Completed' }],
    ['pending', [state('uat', { status: 'Processing' })], { problem: 'SandboxNotReady', sandboxStatus: 'Processing' }],
    ['deleted', [state('uat', { status: 'Deleted' })], { problem: 'SandboxDeleted', sandboxStatus: 'Deleted' }],
    ['missing, with the nearest name', [state('uatt')], { problem: 'SandboxNotFound', nearest: 'uatt' }],
    [
      'renamed',
      [
        state('new', { sandboxInfoId: '0GQ000000000001', createdDate: '2026-11-02T00:00:00Z' }),
        state('uat', { sandboxInfoId: '0GQ000000000001' }),
      ],
      { problem: 'SandboxRenamed', nearest: 'new' },
    ],
    ['made by another user', [state('uat', { createdById: '005000000000009' })], { problem: 'NotSandboxCreator' }],
  ];
  for (const [title, states, expected] of cases) {
    it(`shows a sandbox that is ${title}`, async () => {
      ports.salesforce.states = states;
      expect(await check(ports)).to.include(expected);
    });
  }

  describe("another user's sandbox", () => {
    const creator = '005000000000009';
    const sandboxOrgId = '00D5g0000000005';
    const [prod] = acme().productionOrgs;
    const [uat] = acme().sandboxes;
    beforeEach(() => {
      ports.salesforce.states = [state('uat', { createdById: creator, sandboxOrgId })];
    });
    const withProductionAt = (loginUrl: string): void => {
      ports.registry.current = { ...acme(), productionOrgs: [{ ...prod!, loginUrl, instanceUrl: loginUrl }] };
    };
    const signedIn = async (way: 'own-key' | 'platform-cli'): Promise<void> => {
      const { sfOrgs } = ports;
      await loginSandbox({ sandbox: 'uat', variables: none, callbackUrl: 'http://c' }, ports);
      const record = await sfOrgs.loginRecord(uat!.username);
      await sfOrgs.keepSandbox({ ...record!, signedInBy: way }, undefined);
    };

    it('has its login tried by key, where there is a key and a host of Salesforce to try it at', async () => {
      withProductionAt('https://acme.my.salesforce.com');
      expect(await check(ports)).to.include({ problem: 'NotSandboxCreator', byKeyAlone: 'untried' });
    });

    it('has none tried where no host is known, as with the stand-in, nor without a key', async () => {
      expect(await check(ports)).to.include({ problem: 'NotSandboxCreator', byKeyAlone: null });
      ports.registry.current = { ...acme(), productionOrgs: [{ ...prod!, key: { source: 'sf' } }] };
      expect(await check(ports)).to.include({ byKeyAlone: null });
    });

    it('is no trouble where the key alone let the user in to this very copy', async () => {
      await signedIn('own-key');
      expect(await check(ports)).to.include({ problem: null, byKeyAlone: 'worked', refreshed: false });
      await signedIn('platform-cli');
      withProductionAt('https://acme.my.salesforce.com');
      expect(await check(ports)).to.include({ problem: 'NotSandboxCreator', byKeyAlone: 'untried' });
    });

    it('is trouble again in a newer copy', async () => {
      withProductionAt('https://acme.my.salesforce.com');
      await signedIn('own-key');
      ports.salesforce.states = [state('uat', { createdById: creator, sandboxOrgId: '00D5g0000000099' })];
      expect(await check(ports)).to.include({ problem: 'NotSandboxCreator', byKeyAlone: 'untried', refreshed: true });
    });

    it('is told of none that is the own', async () => {
      await signedIn('own-key');
      ports.salesforce.states = [state('uat', { sandboxOrgId })];
      expect(await check(ports)).to.include({ problem: null, byKeyAlone: null });
    });
  });

  it('knows who made a sandbox also through a login of sf, which knows no user id: one query more', async () => {
    const { userId, ...session } = grantFor(productionUsername);
    expect(userId).not.to.equal(undefined);
    await ports.sfOrgs.storeProduction({ username: productionUsername, clientId: '3MVG9test', ...session }, undefined);
    ports.salesforce.states = [state('uat', { createdById: '005000000000009' })];
    expect(await check(ports)).to.include({ problem: 'NotSandboxCreator' });
    expect(ports.salesforce.calls).to.deep.equal([
      'sandboxStates',
      `users ${productionUsername}`,
      'users 005000000000009',
    ]);
    ports.salesforce.users = () => Promise.reject(new JitFailure('ApiLimitReached', { org: 'production org' }));
    expect(await check(ports)).to.include({ problem: null });
  });

  it('names the other users who made sandboxes that are registered, by one query for all', async () => {
    const [uat] = acme().sandboxes;
    ports.registry.current = {
      ...acme(),
      sandboxes: ['uat', 'sit', 'dev'].map((name) => ({
        ...uat!,
        sandboxName: name,
        alias: name,
        username: `x@y.${name}`,
      })),
    };
    const [grace, linus] = ['0055g0000000002AAA', '0055g0000000003AAA'];
    ports.salesforce.known = [{ id: grace, username: 'grace@acme.example', name: 'Grace' }];
    ports.salesforce.states = [
      state('uat', { createdById: grace, status: 'Processing' }),
      state('sit', { createdById: linus, sandboxInfoId: '0GQ000000000002' }),
      state('dev', { sandboxInfoId: '0GQ000000000003' }),
      state('other', { createdById: '0055g0000000004AAA', sandboxInfoId: '0GQ000000000004' }),
    ];
    const rows = await checkOrgs(await listOrgs(ports, { isSet: () => false }), { variables: none }, ports);
    const by = rows.flatMap(({ sandboxName, check: of }) => (of ? [[sandboxName, of.copiedBy]] : []));
    expect(by).to.deep.equal([
      ['uat', 'grace@acme.example'],
      ['sit', null],
      ['dev', productionUsername],
    ]);
    expect(ports.salesforce.calls.filter((call) => call.startsWith('users'))).to.deep.equal([
      `users ${grace} ${linus}`,
    ]);
  });

  it('shows a refresh since the last login, and none before the first', async () => {
    ports.salesforce.states = [state('uat', { sandboxOrgId: '00D5g0000000005' })];
    expect((await check(ports))?.refreshed).to.equal(null);
    await loginSandbox({ sandbox: 'uat', variables: none, callbackUrl: 'http://c' }, ports);
    expect((await check(ports))?.refreshed).to.equal(false);
    ports.salesforce.states = [state('uat', { sandboxOrgId: '00D5g0000000099' })];
    expect((await check(ports))?.refreshed).to.equal(true);
  });

  it('asks each production org once, however many sandboxes it has', async () => {
    const [uat] = acme().sandboxes;
    ports.registry.current = {
      ...acme(),
      sandboxes: ['a', 'b', 'c'].map((name) => ({
        ...uat!,
        sandboxName: name,
        alias: name,
        username: `${productionUsername}.${name}`,
      })),
    };
    await check(ports);
    expect(ports.salesforce.calls.filter((call) => call === 'sandboxStates')).to.have.length(1);
  });

  it('shows why a production org could not be asked, and goes on', async () => {
    ports.salesforce.states = new JitFailure('SandboxPermissionMissing', {
      production: productionUsername,
      user: productionUsername,
    });
    expect(await check(ports)).to.deep.equal(sandboxCheck('SandboxPermissionMissing'));
  });

  describe('of two production orgs', () => {
    const [prod] = acme().productionOrgs;
    const [uat] = acme().sandboxes;
    const other = { ...prod!, username: 'ops@other.example', alias: 'other' };
    const rows = async () => checkOrgs(await listOrgs(ports, { isSet: () => false }), { variables: none }, ports);
    beforeEach(() => {
      ports.registry.current = {
        ...acme(),
        productionOrgs: [prod!, other],
        sandboxes: [
          uat!,
          { ...uat!, alias: 'other-uat', username: `${other.username}.uat`, productionUsername: other.username },
        ],
      };
      ports.salesforce.sandboxStates = async ({ accessToken }) => {
        ports.salesforce.calls.push(`sandboxStates by ${accessToken}`);
        return [state('uat', { status: accessToken.includes(other.username) ? 'Suspended' : 'Completed' })];
      };
    });

    it('asks each about its own sandboxes, and adds nothing to other rows', async () => {
      ports.sfOrgs.orgs.set('me@else.example', { username: 'me@else.example' });
      expect((await rows()).map(({ username, check: is }) => [username, is?.sandboxStatus])).to.deep.equal([
        [productionUsername, undefined],
        [other.username, undefined],
        [`${productionUsername}.uat`, 'Completed'],
        [`${other.username}.uat`, 'Suspended'],
        ['me@else.example', undefined],
      ]);
      expect(ports.salesforce.calls.filter((call) => call.startsWith('sandboxStates'))).to.have.lengthOf(2);
    });

    it('asks about registered sandboxes only', async () => {
      await loginSandbox({ sandbox: `${productionUsername}.uat`, variables: none, callbackUrl: 'http://c' }, ports);
      ports.registry.current = { ...ports.registry.current, sandboxes: [] };
      ports.salesforce.calls.length = 0;
      expect((await rows()).filter((row) => row.check)).to.deep.equal([]);
      expect(ports.salesforce.calls).to.deep.equal([]);
    });

    it('goes on with the others after an error that nobody expected', async () => {
      const { sandboxStates } = ports.salesforce;
      ports.salesforce.sandboxStates = async (session, context) => {
        if (context.user === other.username) throw new RangeError('a fault of ours');
        return sandboxStates(session, context);
      };
      const checked = (await rows()).flatMap(({ username, check: is }) => (is ? [[username, is.problem]] : []));
      expect(checked).to.deep.equal([
        [`${productionUsername}.uat`, null],
        [`${other.username}.uat`, 'UnexpectedError'],
      ]);
    });
  });
});
