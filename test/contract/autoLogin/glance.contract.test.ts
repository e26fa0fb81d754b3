import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runNode } from '../../support/runSf.js';

/** Where a variable can be set. The later in the list, the stronger, but for the two files of a folder, of which the newer one wins. */
const places = ['~/.sfdx', '~/.sf', 'project/.sfdx', 'project/.sf', 'SFDX_DEFAULTUSERNAME', 'SF_TARGET_ORG'] as const;
type Place = (typeof places)[number];

const script = `
  import { glanceAtSettings } from ${JSON.stringify(new URL('../../../src/autoLogin/io/glance.ts', import.meta.url).href)};
  import { ConfigAggregator } from '@salesforce/core/configAggregator';
  const core = await ConfigAggregator.create();
  const of = (value) => value === undefined || value === null || value === '' ? null : String(value);
  console.log(JSON.stringify({ core: of(core.getPropertyValue('target-org')), glance: of(glanceAtSettings()('target-org')) }));`;

describe("the hook's reader of the configuration", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jit-glance-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  /** Sets target-org in some places, each to the name of the place, and asks both readers. The later place is written later. */
  async function both(set: readonly Place[]): Promise<{ core: string | null; glance: string | null }> {
    const home = join(folder, 'home');
    const project = join(folder, 'project');
    const cwd = join(project, 'force-app', 'main');
    await mkdir(home, { recursive: true });
    await mkdir(cwd, { recursive: true });
    await writeFile(join(project, 'sfdx-project.json'), '{"packageDirectories":[{"path":"force-app","default":true}]}');
    const env: Record<string, string> = {};
    for (const [index, place] of set.entries()) {
      if (place.startsWith('SF')) {
        env[place] = place;
        continue;
      }
      const [root = '', name = ''] = place.split('/');
      const state = join(root === '~' ? home : project, name);
      await mkdir(state, { recursive: true });
      const [file, key] = name === '.sf' ? ['config.json', 'target-org'] : ['sfdx-config.json', 'defaultusername'];
      await writeFile(join(state, file), JSON.stringify({ [key]: place, 'jit-of-no-interest': 1 }));
      const written = new Date(Date.parse('2026-11-01T00:00:00Z') + index * 60_000);
      await utimes(join(state, file), written, written);
    }
    // in the repository, for its packages
    const args = [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      `process.chdir(${JSON.stringify(cwd)});${script}`,
    ];
    const run = await runNode(args, { home, cwd: process.cwd(), env: { ...env, SF_DISABLE_LOG_FILE: 'true' } });
    return run.json();
  }

  const sets: Place[][] = [
    [],
    ...places.map((place) => [place]),
    ['~/.sfdx', '~/.sf'],
    ['~/.sf', '~/.sfdx'],
    ['project/.sfdx', 'project/.sf'],
    ['project/.sf', 'project/.sfdx'],
    ['project/.sf', '~/.sf'],
    ['project/.sfdx', '~/.sf'],
    ['project/.sf', 'SF_TARGET_ORG'],
    ['project/.sf', 'SFDX_DEFAULTUSERNAME'],
    ['SF_TARGET_ORG', 'SFDX_DEFAULTUSERNAME'],
    [...places],
  ];
  for (const set of sets) {
    it(`finds what core finds, when target-org is set in ${set.join(', then ') || 'no place'}`, async () => {
      const { core, glance } = await both(set);
      expect(glance).to.equal(core);
      if (set.length === 1) expect(glance).to.equal(set[0]);
    });
  }
});
