import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packedPlugin, packageRoot } from '../support/packedPlugin.js';
import { plainPlugin } from '../support/plainPlugin.js';
import { runMany, type Seen } from '../support/manyCommands.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/*
 * Every command, from the plain files of src/ and from the bundle: help, wrong flags, missing flags, flags from files, and what it does
 * against the stand-in. In one process a build, so that all of it takes seconds. What only the real `sf` shows is in bundle.test.ts.
 */

/** These end when somebody ends them, or take over the process; bundle.test.ts and their own suites run them. */
const notHere = ['jit:emulator:start', 'jit:sandbox:exec', 'jit:sandbox:keep'];

/** What is done with the commands, in order: {…} is filled in. Each is run for people and with `--json`. */
const story = (facts: { home: string; jwtFlags: string; flags: string }): string[] => [
  `jit org register ${facts.jwtFlags} --alias prod --set-default`,
  'jit org list',
  'jit org display',
  `jit org display --flags-dir ${facts.flags}`,
  'jit org verify',
  'jit org logins --limit 1',
  'jit sandbox register -n uat -n dev',
  'jit sandbox register -n nobody',
  'jit sandbox list',
  'jit sandbox list --check',
  'jit sandbox display -n uat',
  `jit sandbox display --flags-dir ${facts.flags}`,
  'jit sandbox login -n uat --if-needed',
  `jit sandbox login --flags-dir ${facts.flags} --if-needed`,
  // flags that exclude each other, are out of range, or are none
  'jit sandbox register --all -n uat',
  'jit sandbox login -n uat --concurrency 99',
  'jit org list -- unexpected',
  'jit sandbox unregister -n uat',
  'jit sandbox login -n nobody',
  'jit sandbox login --all --no-prompt',
  'jit sandbox display -n uat',
  'jit environment create --name staging -n dev --branch main --global',
  'jit environment update --name staging --category test',
  'jit environment list',
  'jit environment display --name staging',
  'jit environment login --name staging',
  'jit environment login --name nothing',
  'jit sandbox unregister -n dev --no-prompt',
  'jit environment delete --name staging --no-prompt',
  'jit sandbox logout -n uat --no-prompt',
  'jit sandbox show-credentials -n nobody --no-prompt',
  'jit sandbox show-credentials -n uat --no-prompt',
  'jit key create --output-dir certs',
  'jit key certificate --jwt-agent SHA256:none',
  `jit key certificate --jwt-sign-command 'openssl dgst -sha256 -sign ${facts.home}/certs/server.key' --public-key-file certs/server.crt --output-dir certs-kept`,
  'jit config init --no-prompt',
  'jit config init --instance-url https://acme.my.salesforce.com --username me@acme.example --client-id 3MVG9abc --jwt-key-file certs/server.key --no-prompt',
  'jit sandbox unregister --all --logout --no-prompt',
  'jit org unregister -p prod --no-prompt',
];

describe('every command of the bundle', function () {
  this.timeout(240_000);
  let home: string;
  let flags: string;
  let ids: string[];
  const holder = useStage(async (stage) => {
    home = join(stage.folder, 'compared');
    flags = join(stage.folder, 'flags');
    await mkdir(flags);
    await writeFile(join(flags, 'sandbox-name'), 'uat\n');
    const manifest = await readFile(join(packageRoot, 'oclif.manifest.json'), 'utf8');
    ids = Object.keys((JSON.parse(manifest) as { commands: object }).commands);
  });

  /** What all the command lines do, with the plugin that is installed in this folder, beginning with an empty home. */
  async function seen(dataDirectory: string): Promise<Seen[]> {
    const { stage } = holder;
    await rm(home, { recursive: true, force: true });
    await mkdir(home);
    const asWords = ids.map((id) => id.split(':'));
    const lines = [
      ...asWords.flatMap((words) => [
        [...words, '--help'],
        [...words, '--no-such-flag'],
        [...words, '--json', '--no-such-flag'],
      ]),
      ...asWords.filter((words) => !notHere.includes(words.join(':'))).map((words) => words),
      ...story({ home, jwtFlags: stage.jwtFlags(), flags }).flatMap((line) => {
        const words = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
        return [words, [...words, '--json']];
      }),
    ];
    const seenOnes = await runMany(lines, { home, dataDirectory, env: { NODE_EXTRA_CA_CERTS: stage.info.caFile } });
    return seenOnes.map((one) => ({
      ...one,
      stdout: sameEverywhere(one.stdout),
      stderr: sameEverywhere(one.stderr),
    }));
  }

  it('says and does what the files of src do', async () => {
    const fromSource = await seen(await plainPlugin());
    const fromBundle = await seen((await packedPlugin()).dataDirectory);
    expect(fromBundle.map(({ argv }) => argv)).to.deep.equal(fromSource.map(({ argv }) => argv));
    for (const [index, one] of fromSource.entries()) expect(fromBundle[index], one.argv).to.deep.equal(one);
    // what does nothing is equal, too
    const worked = fromSource.filter(({ argv, exitCode }) => !argv.includes('--help') && exitCode === 0);
    const ran = new Set(worked.map(({ argv }) => argv.split(' ').slice(0, 3).join(':')));
    expect([...ran]).to.have.members(ids.filter((id) => !notHere.includes(id)));
  });

  leavesNoSecret(holder);
});

/** The text without what differs from run to run: times, keys, tokens, ids of requests, where the code lies. */
function sameEverywhere(text: string): string {
  return text
    .replace(/"stack": ".*"/g, '"stack"')
    .replace(/("cause": ".*?)\\n {4}at .*"/g, '$1"')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '<time>')
    .replace(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/g, '<fingerprint>')
    .replace(/\b[0-9a-f]{32}\b/g, '<request id>')
    .replace(/00D\w{12,15}!\S+?(?="|\s|$)/g, '<token>');
}
