import { expect } from 'chai';
import type { FailureFacts, FailureName } from '../../../../src/failures/failures.js';
import { JitFailure } from '../../../../src/failures/failures.js';
import { endsAll } from '../../../../src/sandboxes/login/endOfAll.js';

describe('a failure that every other sandbox of the production org would meet', () => {
  const ends = (name: FailureName, side?: 'production' | 'sandbox'): boolean =>
    endsAll(new JitFailure<FailureName>(name, { org: 'x', side } as FailureFacts));

  it('is what production says of itself, or of the way to it', () => {
    for (const name of ['ApiLimitReached', 'InvalidGrant', 'Timeout'] as const) {
      expect(ends(name, 'production'), name).to.equal(true);
      expect(ends(name, 'sandbox'), `${name} of the sandbox`).to.equal(false);
      expect(ends(name), `${name}, of nobody`).to.equal(false);
    }
  });

  it('is not what production says of one sandbox', () => {
    for (const name of ['SandboxNotFound', 'SandboxNotReady', 'NotSandboxCreator', 'UnexpectedAnswer'] as const) {
      expect(ends(name, 'production'), name).to.equal(false);
    }
  });

  it('is what keeps production from being asked', () => {
    for (const name of ['KeyInvalid', 'KeyMissing', 'OrgNotStored', 'SandboxPermissionMissing'] as const) {
      expect(ends(name), name).to.equal(true);
    }
  });
});
