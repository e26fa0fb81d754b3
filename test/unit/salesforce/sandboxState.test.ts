import { expect } from 'chai';
import type { SandboxState } from '../../../src/salesforce/sandboxState.js';
import { isBeingCopied, isDeleted, newestStates } from '../../../src/salesforce/sandboxState.js';
import { nearestName } from '../../../src/failures/nearestName.js';

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

  it('reads the offset of a date, with and without a colon', () => {
    for (const offset of ['+0200', '+02:00']) {
      const rows = [
        row('earlier', '0GQ000000000001', `2026-03-01T01:00:00.000${offset}`),
        row('later', '0GQ000000000002', '2026-02-28T23:30:00.000+0000'),
      ];
      expect(
        newestStates(rows).map(({ processId }) => processId),
        offset,
      ).to.deep.equal(['later', 'earlier']);
    }
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
    for (const status of ['Completed', 'Discarding', 'Error', 'CREATED', 'NotDeleted', ''])
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

  const cases: Array<[title: string, name: string, candidate: string, isNear: boolean]> = [
    ['one letter of three', 'uat', 'uaz', true],
    ['two letters of three', 'uat', 'xay', false],
    ['two letters of three that changed places', 'UAT', 'uta', true],
    ['two letters of four', 'test', 'tesxy', true],
    ['three letters of eight', 'training', 'trainxyz', false],
    ['four letters of twelve', 'integration1', 'integratwxyz', true],
    ['five letters of twelve', 'integration1', 'integravwxyz', false],
  ];
  for (const [title, name, candidate, isNear] of cases) {
    it(`takes ${title} for ${isNear ? 'a slip' : 'another name'}`, () => {
      expect(nearestName(name, ['something-else', candidate])).to.equal(isNear ? candidate : undefined);
    });
  }
});
