import { expect } from 'chai';
import { endLeftRuns } from '../../../src/exec/endLeftRuns.js';
import type { NotedLogin } from '../../../src/exec/runNotes.js';
import { isToBeCleanedUp, isTooOld } from '../../../src/exec/runNotes.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { fakePorts, grantFor, productionUsername } from '../../support/fakes.js';

const username = `${productionUsername}.uat`;
const day = 86_400_000;
const login: NotedLogin = {
  sandboxName: 'uat',
  username,
  productionUsername,
  instanceUrl: 'https://uat.example',
  accessToken: 'left',
  refreshToken: 'refresh',
};

describe('endLeftRuns', () => {
  const run = async (end?: (token: string) => void, stored?: string) => {
    const ports = fakePorts();
    if (end) ports.salesforce.ends = end;
    if (stored) ports.sfOrgs.orgs.set(username, { username, ...grantFor(username), accessToken: stored });
    const log = ports.salesforce.calls;
    const left = {
      login,
      forget: async () => void log.push('forget'),
      failed: async () => void log.push('failed'),
    };
    const failure = await endLeftRuns({ ...ports, runNotes: { left: async () => [left] } });
    return { log, failure };
  };

  it('revokes what killed runs left, and forgets them', async () => {
    expect(await run()).to.deep.equal({
      log: ['revoke refresh at https://uat.example', 'revoke left at https://uat.example', 'forget'],
      failure: undefined,
    });
  });

  it('leaves a session alone that is stored by now', async () => {
    expect((await run(undefined, 'left')).log).to.deep.equal(['revoke refresh at https://uat.example', 'forget']);
  });

  it('tries again later what cannot be revoked now, and forgets an org that is gone', async () => {
    const fails = (name: 'Timeout' | 'OrgGone') => () => {
      throw new JitFailure(name, { org: 'sandbox uat', host: 'uat.example', seconds: '5' });
    };
    const { log, failure } = await run(fails('Timeout'));
    expect(log.at(-1)).to.equal('failed');
    expect(failure?.name).to.equal('Timeout');
    expect((await run(fails('OrgGone'))).log.at(-1)).to.equal('forget');
  });

  it('tells of the one of several that cannot be revoked, with its sandbox and production', async () => {
    const ports = fakePorts();
    ports.salesforce.revoke = async ({ token }, context) => {
      if (token === 'stuck') throw new JitFailure('Timeout', { ...context, host: 'uat.example', seconds: '5' });
    };
    const left = ['left', 'stuck'].map((accessToken) => ({
      login: { ...login, accessToken },
      forget: async () => undefined,
      failed: async () => undefined,
    }));
    const failure = await endLeftRuns({ ...ports, runNotes: { left: async () => left } });
    expect((failure as JitFailure).facts).to.include({
      sandbox: 'uat',
      production: productionUsername,
      user: username,
    });
  });
});

describe('a run of exec', () => {
  const signs = { isSeen: true, isAlive: true, silence: 0 };

  it('is over when its process is gone', () => {
    expect(isToBeCleanedUp(signs)).to.equal(false);
    expect(isToBeCleanedUp({ ...signs, isAlive: false })).to.equal(true);
  });

  it('is not over while it is only suspended, but for a day: then another process has its number', () => {
    expect(isToBeCleanedUp({ ...signs, silence: day })).to.equal(false);
    expect(isToBeCleanedUp({ ...signs, silence: day + 1 })).to.equal(true);
  });

  it('in another container is over when it has been silent for two minutes', () => {
    const elsewhere = { ...signs, isSeen: false, isAlive: false };
    expect(isToBeCleanedUp({ ...elsewhere, silence: 120_000 })).to.equal(false);
    expect(isToBeCleanedUp({ ...elsewhere, silence: 120_001 })).to.equal(true);
  });

  it('is tried again a quarter of an hour after a failure, for thirty days', () => {
    const over = { ...signs, isAlive: false };
    expect(isToBeCleanedUp({ ...over, sinceTried: 900_000 })).to.equal(false);
    expect(isToBeCleanedUp({ ...over, sinceTried: 900_001 })).to.equal(true);
    expect([isTooOld(30 * day), isTooOld(30 * day + 1)]).to.deep.equal([false, true]);
  });
});
