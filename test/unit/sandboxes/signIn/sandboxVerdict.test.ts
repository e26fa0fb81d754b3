import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { SandboxState } from '../../../../src/salesforce/sandboxState.js';
import { explainSandboxAuthFailure } from '../../../../src/sandboxes/signIn/sandboxVerdict.js';

const creator = '0055g000001AAAA';
const other = '0055g000001BBBBQAX';

const state = (change: Partial<SandboxState> = {}): SandboxState => ({
  sandboxName: 'uat',
  sandboxInfoId: '0GQ5g0000000001',
  processId: '0GR5g0000000001',
  status: 'Completed',
  sandboxOrgId: '00D5g0000000001',
  createdById: creator,
  createdDate: '2026-11-01T10:00:00.000+0000',
  endDate: '2026-11-01T12:00:00.000+0000',
  copyProgress: 100,
  ...change,
});

const refusal = new JitFailure(
  'SandboxAuthFailed',
  { sandbox: 'uat', production: 'admin@acme.com', host: 'acme.my.salesforce.com', answer: 'INVALID_INPUT: no' },
  new Error('below'),
);

const context = { sandbox: 'uat', production: 'admin@acme.com', user: 'admin@acme.com', userId: `${creator}QAX` };

describe('explainSandboxAuthFailure', () => {
  it('says that a sandbox does not exist, with the nearest living name', () => {
    const survey = [
      state({ sandboxName: 'uat2' }),
      state({ sandboxName: 'uaz', sandboxInfoId: '0GQ5g0000000002', status: 'Deleted' }),
      state({ sandboxName: 'training', sandboxInfoId: '0GQ5g0000000003' }),
    ];
    const failure = explainSandboxAuthFailure(refusal, survey, context);
    expect(failure.name).to.equal('SandboxNotFound');
    expect(failure.facts).to.include({
      sandbox: 'uat',
      production: 'admin@acme.com',
      nearest: 'uat2',
      names: 'training, uat2',
      answer: 'INVALID_INPUT: no',
    });
    expect(failure.cause).to.equal(refusal.cause);
  });

  it('suggests no name that is nothing like it', () => {
    const failure = explainSandboxAuthFailure(refusal, [state({ sandboxName: 'training' })], context);
    expect(failure.name).to.equal('SandboxNotFound');
    expect(failure.facts.nearest).to.equal(undefined);
    const none = explainSandboxAuthFailure(refusal, [], context);
    expect([none.name, none.facts.names]).to.deep.equal(['SandboxNotFound', undefined]);
  });

  it('recognises a renamed sandbox by its SandboxInfo, ids of 15 and 18 characters alike', () => {
    const survey = [
      state(),
      state({
        sandboxName: 'uatnew',
        sandboxInfoId: '0GQ5g0000000001AAA',
        createdDate: '2026-11-05T10:00:00.000+0000',
      }),
    ];
    const failure = explainSandboxAuthFailure(refusal, survey, context);
    expect(failure.name).to.equal('SandboxRenamed');
    expect(failure.facts.nearest).to.equal('uatnew');
  });

  for (const status of ['Pending', 'Processing', 'Sampling', 'Activating', 'Pending Activation', 'Suspended']) {
    it(`takes ${status} for not ready`, () => {
      const refresh = state({
        status,
        copyProgress: 34,
        createdDate: '2026-11-09T10:00:00.000+0000',
        endDate: undefined,
      });
      const failure = explainSandboxAuthFailure(refusal, [state(), refresh], context);
      expect(failure.name).to.equal('SandboxNotReady');
      expect(failure.exitCode).to.equal(69);
      expect(failure.facts).to.include({ status, progress: '34' });
    });
  }

  it('believes INVALID_STATUS although the copy is completed', () => {
    const notReady = new JitFailure('SandboxNotReady', { sandbox: 'uat', production: 'p', status: 'INVALID_STATUS' });
    const failure = explainSandboxAuthFailure(notReady, [state()], context);
    expect(failure.name).to.equal('SandboxNotReady');
    expect(failure.facts.status).to.equal('Completed');
    expect(failure.facts.progress).to.equal(undefined);
  });

  for (const status of ['Deleted', 'Deleting', 'D', 'E']) {
    it(`takes ${status} for deleted`, () => {
      const failure = explainSandboxAuthFailure(refusal, [state({ status })], context);
      expect(failure.name).to.equal('SandboxDeleted');
      expect(failure.facts.status).to.equal(status);
    });
  }

  it('prefers a living sandbox to a deleted one of the same name', () => {
    const survey = [
      state({ status: 'Deleted', createdDate: '2026-11-20T10:00:00.000+0000' }),
      state({ sandboxInfoId: '0GQ5g0000000009', createdById: other }),
    ];
    expect(explainSandboxAuthFailure(refusal, survey, context).name).to.equal('NotSandboxCreator');
  });

  it('names the user who made the newest copy when it was another one', () => {
    const survey = [state(), state({ createdById: other, createdDate: '2026-11-09T10:00:00.000+0000' })];
    const failure = explainSandboxAuthFailure(refusal, survey, context);
    expect(failure.name).to.equal('NotSandboxCreator');
    expect(failure.facts).to.include({ creator: other, user: 'admin@acme.com' });
  });

  it('compares user ids of 15 and 18 characters, and ignores the letter case of names', () => {
    expect(explainSandboxAuthFailure(refusal, [state({ sandboxName: 'UAT' })], context)).to.equal(refusal);
    const { userId: _, ...unknownUser } = context;
    expect(explainSandboxAuthFailure(refusal, [state({ createdById: other })], unknownUser)).to.equal(refusal);
    expect(explainSandboxAuthFailure(refusal, [state({ createdById: undefined })], context)).to.equal(refusal);
  });

  it('leaves failures alone that already say what is wrong', () => {
    const limit = new JitFailure('ApiLimitReached', { org: 'production org p' });
    expect(explainSandboxAuthFailure(limit, [], context)).to.equal(limit);
    const down = new JitFailure('ServerUnavailable', { org: 'o', host: 'h', status: 'HTTP 503' });
    expect(explainSandboxAuthFailure(down, [state({ createdById: other })], context)).to.equal(down);
    expect(explainSandboxAuthFailure(down, [], context).name).to.equal('SandboxNotFound');
  });
});
