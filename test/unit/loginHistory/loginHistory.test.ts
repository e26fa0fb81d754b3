import { expect } from 'chai';
import { JitFailure } from '../../../src/failures/failures.js';
import type { LoginHistoryPorts, LoginHistoryRequest } from '../../../src/loginHistory/loginHistory.js';
import { readLoginHistory } from '../../../src/loginHistory/loginHistory.js';
import { emptyRegistry } from '../../../src/registry/registry.js';
import type { LoginEntry } from '../../../src/salesforce/loginEntries.js';
import type { StoredOrg } from '../../../src/sfStore/storedOrg.js';
import type { FakePorts } from '../../support/fakes.js';
import { acme, fakePorts, productionUsername } from '../../support/fakes.js';
import { rejection } from '../../support/rejection.js';

const sandboxUser = `${productionUsername}.uat`;
const at = (minute: number): string => new Date(Date.parse('2026-11-29T12:00:00.000Z') + minute * 60_000).toISOString();
const entry = (minute: number): LoginEntry => ({ at: at(minute), type: 'Remote Access 2.0', status: 'Success' });

describe('the Login History of production and a sandbox', () => {
  let ports: FakePorts;
  const read = (
    request: Partial<LoginHistoryRequest> = {},
    lastFailure?: Awaited<ReturnType<LoginHistoryPorts['lastFailure']>>,
  ) =>
    readLoginHistory(
      { limit: 20, variables: { hasPrivateKey: false }, ...request },
      { ...ports, lastFailure: async () => lastFailure },
    );
  beforeEach(() => {
    ports = fakePorts();
    ports.salesforce.history = { 'https://acme.example': [entry(3), entry(1)], 'https://uat.example': [entry(2)] };
    ports.sfOrgs.orgs.set(sandboxUser, {
      username: sandboxUser,
      accessToken: 'stored',
      instanceUrl: 'https://uat.example/',
      orgId: '00D5g0000000005EAA',
      userId: '0055g0000000009AAA',
    });
    ports.sfOrgs.records.set(sandboxUser, {
      username: sandboxUser,
      sandboxName: 'uat',
      productionUsername,
      orgId: '00D5g0000000005EAA',
      authType: 'access-token',
      loggedInAt: at(2),
      checkedAt: at(2),
      credentialDigest: 'digest',
    });
  });

  it("is production's alone when no sandbox is named", async () => {
    const { rows, events } = await read();
    expect(rows.map(({ side, org, username }) => [side, org, username])).to.deep.equal(
      Array.from({ length: 2 }, () => ['production', 'prod', productionUsername]),
    );
    expect(events).to.deep.equal([]);
    expect(ports.salesforce.calls.at(-1)).to.equal('logins of 0055g0000000001AAA, 20 at https://acme.example');
  });

  it('is of both, newest first, with what this machine remembers marked', async () => {
    const { rows, events } = await read({ sandbox: 'uat', limit: 5 }, { name: 'Timeout', at: at(9) });
    expect(rows.map(({ org, byThisMachine }) => [org, byThisMachine])).to.deep.equal([
      ['prod', false],
      ['uat', true],
      ['prod', false],
    ]);
    expect(events.map(({ event, isShown }) => [event.kind, isShown])).to.deep.equal([
      ['failure', false],
      ['login', true],
    ]);
    expect(ports.salesforce.calls).to.include('logins of 0055g0000000009AAA, 5 at https://uat.example');
  });

  it('changes nothing that is stored about the sandbox, and makes no login to it', async () => {
    const before = [...ports.sfOrgs.orgs.entries(), ...ports.sfOrgs.records.entries()].filter(
      ([name]) => name === sandboxUser,
    );
    await read({ sandbox: 'uat' });
    expect(
      [...ports.sfOrgs.orgs.entries(), ...ports.sfOrgs.records.entries()].filter(([name]) => name === sandboxUser),
    ).to.deep.equal(before);
    expect(ports.salesforce.calls.filter((call) => call.includes(sandboxUser))).to.deep.equal([]);
  });

  it('asks nobody when the sandbox is not logged in, or its login cannot be read', async () => {
    const whole = ports.sfOrgs.orgs.get(sandboxUser) as StoredOrg;
    const lacking = (['accessToken', 'instanceUrl', 'orgId'] as const).map((field) => ({
      ...whole,
      [field]: undefined,
    }));
    for (const stored of [undefined, 'unreadable', ...lacking] as const) {
      if (stored === undefined) ports.sfOrgs.orgs.delete(sandboxUser);
      else ports.sfOrgs.orgs.set(sandboxUser, stored);
      const failure = await rejection(read({ sandbox: 'uat' }));
      expect([failure.name, failure.facts.sandbox]).to.deep.equal(['SandboxNotLoggedIn', 'uat']);
      expect(ports.salesforce.calls).to.deep.equal([]);
    }
  });

  it('asks for the id of a user whom sf stored without one', async () => {
    ports.sfOrgs.orgs.set(sandboxUser, {
      username: sandboxUser,
      accessToken: 'stored',
      instanceUrl: 'https://uat.example',
      orgId: '00D5g0000000005EAA',
    });
    ports.salesforce.known.push({ id: '0055g0000000007AAA', username: sandboxUser, name: 'Ada' });
    await read({ sandbox: 'uat' });
    expect(ports.salesforce.calls).to.include('logins of 0055g0000000007AAA, 20 at https://uat.example');
    ports.salesforce.known.pop();
    const { name, facts } = await rejection(read({ sandbox: 'uat' }));
    expect(name).to.equal('UnexpectedAnswer');
    expect(facts).to.include({ org: 'sandbox uat', user: sandboxUser, host: 'uat.example' });
  });

  it('says which org refused', async () => {
    ports.salesforce.logins = async ({ instanceUrl }, _query, context) => {
      if (instanceUrl === 'https://uat.example') throw new JitFailure('ApiAccessBlocked', context);
      return [];
    };
    const { facts } = await rejection(read({ sandbox: 'uat' }));
    expect(facts).to.include({ side: 'sandbox', sandbox: 'uat', production: productionUsername });
  });

  it('is of the production org that is named, where two have a sandbox of that name', async () => {
    const other = 'ops@other.example';
    const { productionOrgs, sandboxes, environments } = acme();
    const shadow = { ...sandboxes[0]!, productionUsername: other, username: `${other}.uat`, alias: 'other-uat' };
    ports.registry.current = {
      productionOrgs: [...productionOrgs, { ...productionOrgs[0]!, username: other, alias: 'other' }],
      sandboxes: [shadow, { ...sandboxes[0]!, alias: 'prod-uat' }],
      environments,
    };
    const { rows } = await read({ sandbox: 'uat', production: 'prod' });
    expect(rows.map(({ org }) => org)).to.deep.equal(['prod', 'prod-uat', 'prod']);
    expect((await rejection(read({ sandbox: 'uat' }))).name).to.equal('AmbiguousSandbox');
    const registered = await read({ sandbox: 'prod-uat', defaultProduction: 'other' });
    expect(registered.rows.map(({ org }) => org)).to.deep.equal(['prod', 'prod-uat', 'prod']);
  });

  it('calls a production org that only the variables give by its username', async () => {
    ports.registry.current = emptyRegistry;
    const variables = { username: 'ci@acme.example', clientId: '3MVG9', hasPrivateKey: true };
    ports.salesforce.known.push({ id: '0055g0000000008AAA', username: 'ci@acme.example', name: 'CI' });
    const { rows } = await read({ variables });
    expect(rows.map(({ org }) => org)).to.deep.equal(['ci@acme.example', 'ci@acme.example']);
  });

  it('fails as a whole when one of the orgs refuses', async () => {
    ports.salesforce.history = new JitFailure('ApiAccessBlocked', { org: 'production org', user: productionUsername });
    expect((await rejection(read())).name).to.equal('ApiAccessBlocked');
  });

  it('refuses names that are not registered', async () => {
    expect((await rejection(read({ sandbox: 'nope' }))).name).to.equal('SandboxNotRegistered');
    expect((await rejection(read({ production: 'nope' }))).name).to.equal('ProductionOrgNotRegistered');
  });
});
