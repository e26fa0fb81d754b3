import { expect } from 'chai';
import type { SandboxState } from '../../../src/domain/sandboxState.js';
import { isBeingCopied, isDeleted, nearestName, newestStates } from '../../../src/domain/sandboxState.js';

const row = (processId: string, sandboxInfoId: string, createdDate: string): SandboxState => ({
  sandboxName: 'uat',
  sandboxInfoId,
  processId,
  status: 'Completed',
  createdDate,
});

describe('newestStates', () => {
  it('keeps the newest row of each sandbox, newest first', () => {
    const rows = [
      row('old', '0GQ000000000001', '2026-01-01T00:00:00.000+0000'),
      row('new', '0GQ000000000001AAA', '2026-03-01T00:00:00.000+0000'),
      row('other', '0GQ000000000002', '2026-02-01T00:00:00.000Z'),
      row('undated', '0GQ000000000003', ''),
    ];
    expect(newestStates(rows).map(({ processId }) => processId)).to.deep.equal(['new', 'other', 'undated']);
    expect(rows[0]!.processId, 'the argument is not sorted in place').to.equal('old');
  });

  it('keeps ids apart that differ in letter case only', () => {
    expect(newestStates([row('a', '0GQ00000000000a', ''), row('b', '0GQ00000000000A', '')])).to.have.length(2);
  });
});

describe('the state of a sandbox', () => {
  it('is deleted for Del… and the old one-letter codes only', () => {
    for (const status of ['Deleted', 'Deleting', 'D', 'E']) {
      expect(isDeleted({ status }), status).to.equal(true);
      expect(isBeingCopied({ status }), status).to.equal(false);
    }
    for (const status of ['Completed', 'Discarding', 'Error', ''])
      expect(isDeleted({ status }), status).to.equal(false);
  });

  it('is being copied for anything but Completed', () => {
    expect(isBeingCopied({ status: 'Completed' })).to.equal(false);
    for (const status of ['Pending', 'Pending Activation', 'Stopped'])
      expect(isBeingCopied({ status }), status).to.equal(true);
  });
});

describe('nearestName', () => {
  it('finds a slip of the keyboard and nothing further away', () => {
    expect(nearestName('staging', ['uat', 'stagign', 'dev'])).to.equal('stagign');
    expect(nearestName('UAT', ['uat1', 'prodfix'])).to.equal('uat1');
    expect(nearestName('qa', ['uat'])).to.equal(undefined);
    expect(nearestName('uat', ['training'])).to.equal(undefined);
    expect(nearestName('uat', [])).to.equal(undefined);
  });
});
