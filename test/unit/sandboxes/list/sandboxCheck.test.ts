import { expect } from 'chai';
import { checkSandbox } from '../../../../src/sandboxes/list/sandboxCheck.js';
import type { SandboxState } from '../../../../src/salesforce/sandboxState.js';
import type { LoginRecord } from '../../../../src/sfStore/storedOrg.js';
import { productionUsername, state } from '../../../support/fakes.js';

const uat = { sandboxName: 'uat', productionUsername, userId: '0055g0000000001AAA' };
const record: LoginRecord = {
  username: `${productionUsername}.uat`,
  sandboxName: 'uat',
  productionUsername,
  orgId: '00D5g0000000005EAA',
  authType: 'jwt',
  loggedInAt: '2026-11-20T10:00:00.000Z',
  checkedAt: '2026-11-20T10:00:00.000Z',
  credentialDigest: 'digest',
};

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T00:00:00.000+0000`;
const copy = (createdOn: number, more: Partial<SandboxState> = {}, name = 'uat'): SandboxState =>
  state(name, { createdDate: day(createdOn), ...more });

describe('what production says about a sandbox', () => {
  const statuses: Array<[title: string, states: SandboxState[], problem: string | null, status: string | null]> = [
    ['its own, not of a newer sandbox', [copy(9, { status: 'Pending' }, 'dev'), copy(1)], null, 'Completed'],
    ['whatever the letter case of its name', [copy(1, {}, 'UAT')], null, 'Completed'],
    ['of the newest copy', [copy(9, { status: 'Sampling' }), copy(1)], 'SandboxNotReady', 'Sampling'],
    [
      'of the living sandbox, not of a deleted one of its name',
      [copy(9, { status: 'Deleted', sandboxInfoId: '0GQ000000000009' }), copy(1)],
      null,
      'Completed',
    ],
    [
      'of the deleted one when none of its name lives',
      [copy(9, {}, 'dev'), copy(8, { status: 'Deleting' }), copy(1)],
      'SandboxDeleted',
      'Deleting',
    ],
    ['none when it does not exist', [copy(9, {}, 'production')], 'SandboxNotFound', null],
    ['none when production has no sandbox', [], 'SandboxNotFound', null],
  ];
  for (const [title, states, problem, sandboxStatus] of statuses) {
    it(`has a status: ${title}`, () => {
      const { copiedAt: _, copiedBy: __, ...check } = checkSandbox(uat, states, undefined);
      expect(check).to.deep.equal({ problem, sandboxStatus, nearest: null, refreshed: null, byKeyAlone: null });
    });
  }

  const older = { sandboxOrgId: '00D5g0000000005' };
  const newer = { sandboxOrgId: '00D5g0000000099' };
  const refreshes: Array<[title: string, states: SandboxState[], refreshed: boolean | null]> = [
    ['is not, with the org of the last login', [copy(1, older)], false],
    ['is, with another org in its newest copy', [copy(9, newer), copy(1, older)], true],
    ['is not while the new copy is made', [copy(9, { ...newer, status: 'Processing' }), copy(1, older)], false],
    ['is not by the copy of another sandbox', [copy(9, newer, 'dev'), copy(1, older)], false],
    ['may be, with no copy that is complete', [copy(1, { ...older, status: 'Pending' })], null],
    ['may be, with a copy whose org is unknown', [copy(1)], null],
  ];
  for (const [title, states, refreshed] of refreshes) {
    it(`tells whether it was refreshed since the last login: it ${title}`, () => {
      expect(checkSandbox(uat, states, record).refreshed).to.equal(refreshed);
    });
  }

  it('is when the newest copy was asked for, and by whom', () => {
    const grace = new Map([['0055g0000000002', 'grace@acme.example']]);
    const newest = (createdById?: string): SandboxState[] => [copy(9, { status: 'Processing', createdById }), copy(1)];
    const of = (states: SandboxState[], asked = uat): unknown => {
      const { copiedAt, copiedBy } = checkSandbox(asked, states, undefined, grace);
      return [copiedAt, copiedBy];
    };
    const at = '2026-11-09T00:00:00.000Z';
    expect(of(newest('0055g0000000002AAA'))).to.deep.equal([at, 'grace@acme.example']);
    expect(of(newest(uat.userId))).to.deep.equal([at, productionUsername]);
    expect(of(newest('0055g0000000003AAA'))).to.deep.equal([at, null]);
    expect(of(newest())).to.deep.equal([at, null]);
    expect(of([])).to.deep.equal([null, null]);
    expect(of([copy(1, { createdDate: 'soon' })])).to.deep.equal([null, productionUsername]);
  });

  it('is nothing about a refresh before the first login', () => {
    expect(checkSandbox(uat, [copy(1, older)], undefined).refreshed).to.equal(null);
  });

  it('is that another user made it, when the user is known', () => {
    const states = [copy(1, { createdById: '0055g0000000002AAA' })];
    expect(checkSandbox(uat, states, record).problem).to.equal('NotSandboxCreator');
    expect(checkSandbox({ ...uat, userId: undefined }, states, record).problem).to.equal(null);
  });

  it('is the name most like it, when there is none of its name', () => {
    expect(checkSandbox(uat, [copy(1, {}, 'uatt')], record)).to.include({
      problem: 'SandboxNotFound',
      nearest: 'uatt',
    });
  });
});
