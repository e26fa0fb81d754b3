/*
 * What `npm run test:all` runs: every test that `npm test` does not. The limit of time is that of the crowds and kills, which a slow
 * machine takes minutes for; a test that needs more than a minute says so itself.
 */
const quick = require('./quick.cjs');

module.exports = {
  ...quick,
  timeout: 600_000,
  spec: ['test/contract/**/*.test.ts', 'test/torture/**/*.test.ts', 'test/e2e/**/*.test.ts'],
  ignore: quick.spec,
};
