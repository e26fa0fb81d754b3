import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import { lastRefresh } from '../../../../src/sandboxes/login/lastRefresh.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import { acme, type FakePorts, fakePorts, grantFor, productionUsername, state } from '../../../support/fakes.js';

const orgId = '00D5g0000000005EAA';
const copy = { sandboxOrgId: orgId.slice(0, 15) };
const request = {
  sandbox: 'uat',
  variables: { hasPrivateKey: false },
  callbackUrl: 'http://localhost:1717/OauthRedirect',
};

async function told(change: (ports: FakePorts) => void) {
  const ports = fakePorts();
  change(ports);
  const refresh = await lastRefresh(findLoginTarget(request, acme()), orgId, ports);
  return { refresh, calls: ports.salesforce.calls };
}

describe('what is told of a refresh', () => {
  it('is when the copy was done, and that the registered user had it made, for one query', async () => {
    const { refresh, calls } = await told(({ salesforce }) => {
      salesforce.states = [state('uat', { createdDate: '2026-11-20T00:00:00.000+0000' }), state('uat', copy)];
    });
    expect(refresh).to.deep.equal({ refreshedAt: '2026-11-01T01:00:00.000Z', refreshedBy: productionUsername });
    expect(calls.filter((call) => !call.startsWith('jwt'))).to.deep.equal(['sandboxStates']);
  });

  it('names another user by one more query', async () => {
    const id = '0055g0000000002AAA';
    const { refresh, calls } = await told(({ salesforce }) => {
      salesforce.states = [state('uat', { ...copy, createdById: id })];
      salesforce.known = [{ id, username: 'grace@acme.example', name: 'Grace Hopper' }];
    });
    expect(refresh.refreshedBy).to.equal('grace@acme.example');
    expect(calls.slice(-2)).to.deep.equal(['sandboxStates', `users ${id}`]);
  });

  it('names the registered user too where nobody knows the id of that user, and nobody where the copy has none', async () => {
    const anonymous = ({ salesforce }: FakePorts): void => {
      salesforce.jwt = (name) => ({ ...grantFor(name), userId: undefined });
      salesforce.states = [state('uat', copy)];
    };
    expect((await told(anonymous)).refresh.refreshedBy).to.equal(productionUsername);
    const { refresh } = await told(({ salesforce }) => {
      salesforce.states = [state('uat', { ...copy, createdById: undefined })];
    });
    expect(refresh).to.deep.equal({ refreshedAt: '2026-11-01T01:00:00.000Z' });
  });

  it('is the time alone when production does not name the user', async () => {
    const { refresh } = await told(({ salesforce }) => {
      salesforce.states = [state('uat', { ...copy, createdById: '0055g0000000002AAA' })];
      salesforce.users = async () => {
        throw new JitFailure('SandboxPermissionMissing', { user: 'x', production: 'y' });
      };
    });
    expect(refresh).to.deep.equal({ refreshedAt: '2026-11-01T01:00:00.000Z' });
  });

  it('is the start of the copy where its end is not told, and nothing for a date that is none', async () => {
    const { refresh } = await told(({ salesforce }) => {
      salesforce.states = [state('uat', { ...copy, endDate: undefined })];
    });
    expect(refresh.refreshedAt).to.equal('2026-11-01T00:00:00.000Z');
    const { refresh: odd } = await told(({ salesforce }) => {
      salesforce.states = [state('uat', { ...copy, endDate: 'yesterday' })];
    });
    expect(odd.refreshedAt).to.equal(undefined);
  });

  for (const [what, states] of Object.entries({
    'production has no row of that copy': [state('uat', { sandboxOrgId: '00D5g0000000004' })],
    'production cannot be asked': new JitFailure('Timeout', { org: 'x', host: 'y', seconds: '1' }),
  })) {
    it(`is nothing when ${what}`, async () => {
      const { refresh } = await told(({ salesforce }) => {
        salesforce.states = states;
      });
      expect(refresh).to.deep.equal({});
    });
  }
});
