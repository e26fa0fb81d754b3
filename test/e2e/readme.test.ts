import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { packageRoot } from '../support/packedPlugin.js';
import { fencedBlocks } from '../support/recipes/readers.js';
import { leavesNoSecret, type Stage, useStage } from '../support/stage.js';

/*
 * README.md, followed to the letter in a terminal of 80 columns. One thing is added: `sf org login web` goes to login.salesforce.com, and
 * has to be told the address of the stand-in. At the browser that it opens sits scripts/demoBrowser.js.
 */

const env = {
  BROWSER: fileURLToPath(new URL('../../scripts/demoBrowser.js', import.meta.url)),
  OCLIF_TABLE_COLUMN_OVERRIDE: '80',
  OCLIF_COLUMNS: '80',
};

const answer = /First account of uat copy 1/;

/** What the lines of the README show, by what they begin with. */
const shows: Array<[beginning: string, output: RegExp[]]> = [
  ['org login web ', [/Successfully authorized admin@acme\.example/]],
  [
    'jit org register ',
    [
      /Registered production org "Acme" as admin@acme\.example/,
      /^Next: sf jit sandbox register --sandbox-name <name> --production-org prod$/m,
    ],
  ],
  ['jit sandbox register ', [/sandbox uat (is registered already, )?with alias "uat"/i]],
  ['data query ', [/Logged in to sandbox uat as admin@acme\.example\.uat\./, answer]],
  ['project deploy start ', [/Logged in to sandbox uat as admin@acme\.example\.uat\./, /Status: Succeeded/]],
];

const readme = async (): Promise<string> => readFile(join(packageRoot, 'README.md'), 'utf8');

/** The commands of the first block under a heading, without `sf` and without their comments. */
async function commandsUnder(heading: string): Promise<string[]> {
  const [, rest] = (await readme()).split(`${heading}\n`);
  const lines =
    fencedBlocks(rest ?? '')[0]
      ?.text.trim()
      .split('\n') ?? [];
  return lines.map((line) => {
    expect(line).to.match(/^sf /);
    return line.slice(3).replace(/\s+#.*$/, '');
  });
}

async function follow(stage: Stage, line: string, cwd?: string): Promise<void> {
  const outputs = shows.filter(([beginning]) => line.startsWith(beginning)).flatMap(([, output]) => output);
  expect(outputs, `what the README says "sf ${line}" does`).not.to.be.empty;
  const address = line.startsWith('org login web ') ? ` --instance-url ${stage.info.productionUrl}` : '';
  const { code, stdout, stderr } = await stage.sf(line + address, { env, ...(cwd === undefined ? {} : { cwd }) });
  const printed = `${stderr}\n${stdout}`;
  expect(code, `sf ${line}: ${printed}`).to.equal(0);
  for (const output of outputs) expect(printed).to.match(output);
  // `sf project deploy start` has something to say about the year 2025
  expect(printed).not.to.match(/Warning: (?!Starting in December 2025)|Error/);
  const table = printed.split('\n').filter((row) => /^[┌│├└]/.test(row));
  expect(table.filter((row) => row.length > 80 || row.includes('…'))).to.deep.equal([]);
}

describe('README.md, followed to the letter', () => {
  before(function () {
    // elsewhere `sf org login web` opens the browser of whoever runs the test
    if (process.platform !== 'linux') this.skip();
  });

  const on = useStage(async () => undefined);

  it('"Start on a laptop": every line does what it says', async () => {
    const [install, ...lines] = await commandsUnder('## Start on a laptop');
    // test/e2e/install.test.ts installs it so; here it is installed
    expect(install).to.equal('plugins install sf-plugin-jit');
    expect(lines).to.have.lengthOf.at.least(4);
    for (const line of lines) await follow(on.stage, line);
  });

  it('"Start on a laptop": what its comments and the text below offer', async () => {
    const { stage } = on;
    const text = await readme();
    expect(text)
      .to.match(/--all +# or --sandbox-name uat; --project to share them/)
      .and.to.contain('`sf jit org verify`');
    await follow(stage, 'jit sandbox register --sandbox-name uat');
    const cwd = await stage.project();
    await follow(stage, 'jit sandbox register --all --project', cwd);
    expect(await readFile(join(cwd, 'sfdx-project.json'), 'utf8')).to.contain('"sandboxName": "uat"');
    const { code, stdout } = await stage.sf('jit org verify', { env });
    expect(code, stdout).to.equal(0);
  });

  it('the three lines at the top, also after the next refresh', async () => {
    const { stage } = on;
    await stage.newHome();
    const cwd = await stage.project();
    const classes = join(cwd, 'force-app', 'main', 'default', 'classes');
    await mkdir(classes, { recursive: true });
    await writeFile(join(classes, 'Nothing.cls'), 'public class Nothing {}');
    const meta = '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>60.0</apiVersion></ApexClass>';
    await writeFile(join(classes, 'Nothing.cls-meta.xml'), meta);
    // "production, which sf is logged in to already"
    await follow(stage, 'org login web --alias prod');
    const lines = await commandsUnder('# sf-plugin-jit');
    expect(lines).to.have.lengthOf(3);
    for (const line of lines) await follow(stage, line, cwd);
    const { orgId } = await stage.control.refreshSandbox('uat', { complete: true });
    const run = await stage.sf(lines[2]!, { cwd, env: { ...env, SF_JIT_CHECK_MINUTES: '0' } });
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    expect(run.stderr).to.contain('Sandbox uat was refreshed');
    expect((await stage.storedOrg('admin@acme.example.uat'))['orgId']).to.equal(orgId);
  });

  leavesNoSecret(on);
});
