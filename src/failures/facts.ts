/**
 * What a failure knows about itself. None of these may ever hold a secret: they reach the terminal, `--json` and telemetry.
 *
 * - `org`: the org that failed, in words: `production org admin@acme.com` or `sandbox uat` (`orgPhrases.ts`)
 * - `side`: which of the two it was that answered, or did not; for deciding what to do
 * - `production`: username (or alias, as it was given) of the production org
 * - `sandbox`, `nearest`: a sandbox name, and the existing name most like it; failures of the way to Salesforce know it only when
 *   the sandbox was what could not be reached
 * - `registration`: the alias under which the sandbox is registered, when it is; `toLogin`, `toRegister`: `nearest`, by what the user
 *   wanted to do with it
 * - `loginUrl`: the login URL of production, as it is registered; `userAndApp`, `key`: the flags that say the rest of its login, but for
 *   orgs that sf logged in to
 * - `command`: the command of this plugin that was run, without `sf`: `jit org register`
 * - `alias`: the alias of an org, as it was asked for; `free`: one that no org has, to be taken instead;
 *   `moved`: the same alias, when the user may take it from the org that has it
 * - `user`: a Salesforce username; `creator`: the id or name of the user who made the sandbox
 * - `clientId`: the consumer key of the app; `callbackUrl`: the callback URL that was sent
 * - `host`, `url`: where the request went
 * - `program`: the program that has the key or signs with it; `said`: what it said of its failure,
 *   as far as that cannot hold a key; `fingerprint`: a key in an ssh-agent
 * - `file`, `variable`, `setting`: where an input came from; `field`, `problem`: what is wrong with it; `problems`: several, a line each
 * - `damaged`: the file, when it may be repaired; `registry`, `project`: the same file, when it is this machine's registry or the
 *   project's file; `version`: the version of a file's format, when this code cannot read it
 * - `environment`: the name of an environment; `branch`: a branch, or a pattern of branches;
 *   `ciSystem`: what the CI system is called in which the command runs
 * - `status`: the state of a sandbox or an org as Salesforce calls it; `progress`: copy progress in percent
 * - `names`: a list of names; `seconds`: a length of time; `total`: of all waits together
 * - `alsoTried`: the other ways of signing in that were tried, each with the class of its failure
 * - `answer`: what the server said, already shortened and escaped; `requestId`: by which Salesforce's event logs know the request
 */
export const facts = [
  'org',
  'side',
  'production',
  'sandbox',
  'nearest',
  'registration',
  'toLogin',
  'toRegister',
  'loginUrl',
  'userAndApp',
  'key',
  'command',
  'alias',
  'free',
  'moved',
  'user',
  'creator',
  'clientId',
  'callbackUrl',
  'host',
  'url',
  'file',
  'variable',
  'program',
  'fingerprint',
  'said',
  'setting',
  'field',
  'problem',
  'problems',
  'damaged',
  'registry',
  'project',
  'version',
  'environment',
  'branch',
  'ciSystem',
  'status',
  'progress',
  'names',
  'seconds',
  'total',
  'alsoTried',
  'answer',
  'requestId',
] as const;

export type Fact = (typeof facts)[number];

/** Facts that only complete a command: they repeat other facts, so `data` in `--json` does without them. */
export const adviceFacts: ReadonlySet<string> = new Set<Fact>([
  'toLogin',
  'toRegister',
  'userAndApp',
  'key',
  'command',
  'moved',
]);
