/**
 * What `npm run demo` plays. `{…}` is filled in from the stand-in for Salesforce when it is played; `contains` is what the answer must
 * hold. The picture in the README is a recording of it (scripts/demoPicture.js).
 */
const query = "data query --query 'SELECT Name FROM Account LIMIT 2' --target-org uat";

export const story = [
  {
    say: 'Once: register production, with its key in the variable PROD_KEY, and a sandbox. No credential of the sandbox is stored.',
    sf:
      'jit org register --username {username} --client-id {clientId} --jwt-key-env PROD_KEY' +
      ' --instance-url {loginUrl} --alias prod',
    contains: 'Registered production org',
  },
  { sf: 'jit sandbox register --sandbox-name uat', contains: 'Registered sandbox uat' },
  {
    say: 'From now on any sf command works with it. There is no login step.',
    sf: query,
    contains: 'Logged in to sandbox uat',
  },
  { sf: 'org display --target-org uat', contains: 'Connected' },
  {
    before: 'refresh',
    say:
      'The sandbox is refreshed: it has a new org ID, {orgId}, and the old session is dead. The next command notices.' +
      ' (A check counts for one minute; here it is done at once, by SF_JIT_CHECK_MINUTES=0.)',
    sf: query,
    contains: 'uat copy 2',
  },
  {
    say: 'A pipeline can also log in at its start, once for all its steps.',
    sf: 'jit sandbox login --sandbox-name uat',
    contains: 'Logged in',
    requests: true,
  },
  { sf: 'org list', contains: 'Sandbox', lines: 5 },
];
