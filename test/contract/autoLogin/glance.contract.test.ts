import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigAggregator } from '@salesforce/core/configAggregator';
import { expect } from 'chai';
import sinon from 'sinon';
import { glanceAtSettings } from '../../../src/autoLogin/io/glance.js';
import meta from '../../../src/configMeta.js';
import { coreSettings } from '../../../src/sfStore/io/coreSettings.js';
import { useHome } from '../../support/home.js';

/** Where a variable can be set. The later in the list, the stronger, but for the two files of a folder, of which the newer one wins. */
const places = ['~/.sfdx', '~/.sf', 'project/.sfdx', 'project/.sf', 'SFDX_DEFAULTUSERNAME', 'SF_TARGET_ORG'] as const;
type Place = (typeof places)[number];

describe("the hook's reader of the configuration", () => {
  const home = useHome();
  const variables: string[] = [];
  const project = (): string => join(home.path, 'project');

  beforeEach(async () => {
    await mkdir(join(project(), 'force-app', 'main'), { recursive: true });
    await writeFile(
      join(project(), 'sfdx-project.json'),
      '{"packageDirectories":[{"path":"force-app","default":true}]}',
    );
    process.chdir(join(project(), 'force-app', 'main'));
    await ConfigAggregator.clearInstance();
    // core warns of each old name of a variable
    sinon.stub(process, 'emitWarning');
  });
  afterEach(async () => {
    sinon.restore();
    for (const name of variables.splice(0)) Reflect.deleteProperty(process.env, name);
    await ConfigAggregator.clearInstance();
  });

  function setVariable(name: string, value: string): void {
    variables.push(name);
    process.env[name] = value;
  }

  async function setInFile(root: string, name: '.sf' | '.sfdx', values: object, writtenAt?: Date): Promise<void> {
    const file = join(root, name, name === '.sf' ? 'config.json' : 'sfdx-config.json');
    await mkdir(join(root, name), { recursive: true });
    await writeFile(file, JSON.stringify(values));
    if (writtenAt) await utimes(file, writtenAt, writtenAt);
  }

  /** Sets target-org in some places, each to the name of the place, and asks both readers. The later place is written later. */
  async function both(set: readonly Place[]): Promise<{ core: string | null; glance: string | null }> {
    for (const [index, place] of set.entries()) {
      if (place.startsWith('SF')) {
        setVariable(place, place);
        continue;
      }
      const [root, name] = place.split('/') as ['~' | 'project', '.sf' | '.sfdx'];
      const key = name === '.sf' ? 'target-org' : 'defaultusername';
      const values = { [key]: place, 'jit-of-no-interest': 1 };
      const writtenAt = new Date(Date.parse('2026-11-01T00:00:00Z') + index * 60_000);
      await setInFile(root === '~' ? home.path : project(), name, values, writtenAt);
    }
    const core = (await ConfigAggregator.create()).getPropertyValue<string>('target-org');
    return { core: core || null, glance: glanceAtSettings()('target-org') ?? null };
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
      if (set.length <= 1) expect(glance).to.equal(set[0] ?? null);
    });
  }

  describe('for the settings of the plugin', () => {
    /** What both layers of files and the environment are given. */
    async function given(machine: object, repository: object, env: Record<string, string> = {}): Promise<void> {
      await setInFile(home.path, '.sf', machine);
      await setInFile(project(), '.sf', repository);
      for (const [name, value] of Object.entries(env)) setVariable(name, value);
      await ConfigAggregator.clearInstance();
    }

    async function found(): Promise<Record<string, unknown>> {
      const glance = glanceAtSettings();
      const settings = coreSettings(meta);
      return {
        login: glance('jit-auto-login') ?? null,
        register: glance('jit-auto-register') ?? null,
        minutes: glance('jit-check-minutes') ?? null,
        production: (await settings.defaultProductionOrg()) ?? null,
        authType: (await settings.authType()) ?? null,
      };
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
      await given(own, all);
      expect(await found()).to.deep.equal(mine);
      const nothing = { login: null, register: null, minutes: null, production: null, authType: null };
      await given({}, all);
      expect(await found()).to.deep.equal(nothing);
      await given(own, all, { SF_JIT_PRODUCTION_ORG: 'ci', SF_JIT_CHECK_MINUTES: '5' });
      expect(await found()).to.deep.equal({ ...mine, minutes: '5', production: 'ci' });
    });

    it('lets the repository switch off what happens by itself', async () => {
      const on = { 'jit-auto-login': 'true', 'jit-auto-register': 'true' };
      await given(on, { 'jit-auto-login': 'false', 'jit-auto-register': 'no' });
      expect(await found()).to.include({ login: 'false', register: 'no' });
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

    it('lets the repository set none of them, and switch off nothing but what happens without asking', async () => {
      const of = (place: 0 | 1): Record<string, string> =>
        Object.fromEntries(Object.entries(wishes).map(([key, values]) => [key, values[place]]));
      const everySetting = (): Record<string, string | null> => {
        const glance = glanceAtSettings();
        return Object.fromEntries(meta.map(({ key }) => [key, glance(key) ?? null]));
      };
      const nothing = Object.fromEntries(Object.keys(wishes).map((key) => [key, null]));
      await given(of(0), of(1));
      expect(everySetting(), 'each is in this table').to.deep.equal(of(0));
      await given({}, of(1));
      expect(everySetting()).to.deep.equal(nothing);
      const off = { 'jit-auto-login': 'false', 'jit-auto-register': 'false' };
      await given({}, off);
      expect(everySetting()).to.deep.equal({ ...nothing, ...off });
    });
  });
});
