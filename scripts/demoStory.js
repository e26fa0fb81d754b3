/**
 * What `npm run demo` plays: the README's "Start on a laptop", then a refresh. `{…}` is filled in from the stand-in for Salesforce when it
 * is played; `contains` is what the answer must hold, and `withoutBrowser` is played where sf's browser cannot be scripts/demoBrowser.js. The
 * picture in the README is a recording of it (scripts/demoPicture.js).
 */

/** Width of the terminal. */
export const columns = 80;

const query = "data query --target-org uat --query 'SELECT Name FROM Account'";

export const story = [
  {
    say:
      'The plugin is installed. Once a machine: log in to production and register it.' +
      ' (The instance URL is that of the stand-in for Salesforce.)',
    sf: 'org login web --alias prod --instance-url {productionUrl}',
    withoutBrowser: 'org login sfdx-url --alias prod --sfdx-url-file {authUrlFile}',
    contains: 'Successfully authorized',
  },
  { sf: 'jit org register --target-org prod --set-default', contains: 'Registered production org' },
  { sf: 'jit sandbox register --all', contains: 'uat' },
  {
    say: 'From now on any sf command works with the sandboxes. There is no login step.',
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
  { sf: 'org list', contains: 'Sandbox', lines: 6 },
];
