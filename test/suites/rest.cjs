/*
 * What `npm run test:all` runs: every test that `npm test` does not. The limit of time is that of the crowds and kills, which a slow
 * machine takes minutes for; a test that needs more than a minute says so itself.
 */
const { globSync } = require('node:fs');
const { join, sep } = require('node:path');
const quick = require('./quick.cjs');

/** The files that take longest, longest first: one of them at the end would have the other process wait for it. */
const long = [
  'test/e2e/recipes.test.ts',
  'test/e2e/autoLoginTime.test.ts',
  'test/e2e/autoLogin.test.ts',
  'test/torture/concurrency.test.ts',
  'test/torture/kill.test.ts',
  'test/e2e/sandboxExec.test.ts',
  'test/e2e/unrelated.test.ts',
  'test/contract/sandboxes/login.contract.test.ts',
];

const all = globSync('test/{contract,torture,e2e}/**/*.test.ts', { cwd: join(__dirname, '..', '..') })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => !long.includes(path))
  .sort();

module.exports = { ...quick, timeout: 600_000, spec: [...long, ...all], ignore: quick.spec };
