/*
 * What `npm test` runs besides the unit tests: the product in the real sf once through, and the tables that run in this process against
 * the stand-in. A file that is not listed here belongs to `npm run test:all`, which runs the others and none of these: a new file is
 * there until somebody finds that every commit should wait for it.
 *
 * A file is the smallest part, since most suites are stories whose tests build on each other.
 */
const base = require('../../.mocharc.json');

/** Long files first: at the end no process works alone. */
const files = [
  'test/e2e/story.test.ts',
  'test/e2e/kindsOfFailure.test.ts',
  'test/e2e/refresh.test.ts',
  'test/e2e/cure.test.ts',
  'test/e2e/loading.test.ts',
  'test/e2e/doctor.test.ts',
  'test/torture/faults.test.ts',
  'test/torture/damage.test.ts',
  'test/torture/disk.test.ts',
  'test/contract/autoLogin/glance.contract.test.ts',
  'test/contract/checks/orgVerify.contract.test.ts',
  'test/contract/commandReference.test.ts',
  'test/contract/emulator/codeAndRefresh.test.ts',
  'test/contract/emulator/control.test.ts',
  'test/contract/emulator/faults.test.ts',
  'test/contract/emulator/jwtBearer.test.ts',
  'test/contract/emulator/restApi.test.ts',
  'test/contract/emulator/sandboxAuth.test.ts',
  'test/contract/emulator/sandboxes.test.ts',
  'test/contract/exec/runNotes.contract.test.ts',
  'test/contract/schemas.test.ts',
  'test/contract/salesforce/logs.contract.test.ts',
  'test/contract/salesforce/salesforce.contract.test.ts',
  'test/contract/sfStore/sfOrgs.contract.test.ts',
];

module.exports = { ...base, parallel: true, jobs: 2, timeout: 240_000, spec: files };
