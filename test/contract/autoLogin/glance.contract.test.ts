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

  describe('for the settings of the plugin', () => {
    const ask = `
      import { glanceAtSettings } from ${JSON.stringify(new URL('../../../src/autoLogin/io/glance.ts', import.meta.url).href)};
      import meta from ${JSON.stringify(new URL('../../../src/configMeta.ts', import.meta.url).href)};
      import { coreSettings } from ${JSON.stringify(new URL('../../../src/sfStore/io/coreSettings.ts', import.meta.url).href)};
      const glance = glanceAtSettings();
      const settings = coreSettings(meta);
      console.log(JSON.stringify({
        login: glance('jit-auto-login') ?? null,
        register: glance('jit-auto-register') ?? null,
        minutes: glance('jit-check-minutes') ?? null,
        production: (await settings.defaultProductionOrg()) ?? null,
        authType: (await settings.authType()) ?? null,
      }));`;

    async function found(
      machine: object,
      project: object,
      env: Record<string, string> = {},
      program = ask,
    ): Promise<unknown> {
      const home = join(folder, 'home');
      const cwd = join(folder, 'project');
      for (const [root, values] of [
        [home, machine],
        [cwd, project],
      ] as const) {
        await mkdir(join(root, '.sf'), { recursive: true });
        await writeFile(join(root, '.sf', 'config.json'), JSON.stringify(values));
      }
      await writeFile(join(cwd, 'sfdx-project.json'), '{"packageDirectories":[{"path":"force-app","default":true}]}');
      const args = [
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        `process.chdir(${JSON.stringify(cwd)});${program}`,
      ];
      const run = await runNode(args, { home, cwd: process.cwd(), env: { ...env, SF_DISABLE_LOG_FILE: 'true' } });
      return run.json();
    }

    const all = {
      'jit-auto-login': 'true',
      'jit-auto-register': 'true',
      'jit-check-minutes': '1440',
      'jit-production-org': 'evil',
      'jit-auth-type': 'access-token',
    };
    const own = {
      'jit-auto-login': 'false',
      'jit-auto-register': 'off',
      'jit-production-org': 'prod',
      'jit-auth-type': 'jwt',
    };

    it('asks the machine and the environment, never the repository', async () => {
      const mine = { login: 'false', register: 'off', minutes: null, production: 'prod', authType: 'jwt' };
      expect(await found(own, all)).to.deep.equal(mine);
      const nothing = { login: null, register: null, minutes: null, production: null, authType: null };
      expect(await found({}, all)).to.deep.equal(nothing);
      const env = { SF_JIT_PRODUCTION_ORG: 'ci', SF_JIT_CHECK_MINUTES: '5' };
      expect(await found(own, all, env)).to.deep.equal({ ...mine, minutes: '5', production: 'ci' });
    });

    it('lets the repository switch off what happens by itself', async () => {
      const on = { 'jit-auto-login': 'true', 'jit-auto-register': 'true' };
      const off = { 'jit-auto-login': 'false', 'jit-auto-register': 'no' };
      expect(await found(on, off)).to.include({ login: 'false', register: 'no' });
    });

    /** Of each setting: what this machine says, and what a repository would like it to say. */
    const wishes: Record<string, readonly [machine: string, repository: string]> = {
      'jit-production-org': ['prod', 'evil'],
      'jit-auth-type': ['jwt', 'access-token'],
      'jit-auto-login': ['false', 'true'],
      'jit-auto-register': ['false', 'true'],
      'jit-check-minutes': ['5', '1440'],
      'jit-auto-login-seconds': ['10', '600'],
      'jit-auto-login-output': ['all', 'none'],
    };
    const readAll = `
      import { glanceAtSettings } from ${JSON.stringify(new URL('../../../src/autoLogin/io/glance.ts', import.meta.url).href)};
      import meta from ${JSON.stringify(new URL('../../../src/configMeta.ts', import.meta.url).href)};
      const glance = glanceAtSettings();
      console.log(JSON.stringify(Object.fromEntries(meta.map(({ key }) => [key, glance(key) ?? null]))));`;

    it('lets the repository set none of them, and switch off nothing but what happens without asking', async () => {
      const of = (place: 0 | 1): Record<string, string> =>
        Object.fromEntries(Object.entries(wishes).map(([key, values]) => [key, values[place]]));
      const nothing = Object.fromEntries(Object.keys(wishes).map((key) => [key, null]));
      expect(await found(of(0), of(1), {}, readAll), 'each is in this table').to.deep.equal(of(0));
      expect(await found({}, of(1), {}, readAll)).to.deep.equal(nothing);
      const off = { 'jit-auto-login': 'false', 'jit-auto-register': 'false' };
      expect(await found({}, off, {}, readAll)).to.deep.equal({ ...nothing, ...off });
    });
  });
});
