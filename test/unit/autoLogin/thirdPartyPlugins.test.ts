import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { FlagDefinitions } from '../../../src/autoLogin/orgFlags.js';
import { findNamedOrgs } from '../../../src/autoLogin/orgFlags.js';

/**
 * Facts of plugins that people install into sf: their commands, by the flags that could have to do with orgs, written as help writes
 * them (`-o/--target-org=` takes a value). Each says where they are from: the manifest of the published package wherever there is one, else
 * the definitions in its sources, or its documentation. What is a program of its own, as `sfp` is, loads no plugin of sf and is not here.
 */
type PluginFacts = { plugin: string; source: string; commands: Record<string, string[]> };

const plugins = JSON.parse(
  readFileSync(new URL('../../fixtures/plugins.json', import.meta.url), 'utf8'),
) as PluginFacts[];

function definitions(signature: string): FlagDefinitions {
  return Object.fromEntries(
    [...signature.matchAll(/(?:-(\w)\/)?--([\w-]+)(=?)/g)].map(([, char, name = '', value]) => [
      name,
      { type: value === '=' ? 'option' : 'boolean', ...(char === undefined ? {} : { char }) },
    ]),
  );
}

/** How many commands of a plugin are served: told their org by a flag, or using the default org. */
function served({ commands }: PluginFacts): { all: number; byFlag: number; byDefault: number } {
  const rows = Object.entries(commands).map(([signature, ids]) => {
    const flags = definitions(signature);
    const byFlag = Object.keys(flags).some((name) => findNamedOrgs([`--${name}`, 'uat'], flags).given.includes('uat'));
    const byDefault = findNamedOrgs([], flags).fromSettings.length > 0;
    return { count: ids.length, byFlag, byDefault };
  });
  const sum = (of: typeof rows): number => of.reduce((total, { count }) => total + count, 0);
  return {
    all: sum(rows),
    byFlag: sum(rows.filter(({ byFlag }) => byFlag)),
    byDefault: sum(rows.filter(({ byDefault }) => byDefault)),
  };
}

/** Plugin, its commands, those whose org flag is understood, those that are served by the default org. */
const table: Array<[plugin: string, all: number, byFlag: number, byDefault: number]> = [
  ['@dx-cli-toolbox/sfdx-toolbox-package-utils', 2, 2, 2],
  ['@jayree/sfdx-plugin-manifest', 3, 1, 1],
  ['@jayree/sfdx-plugin-org', 6, 6, 6],
  ['@jayree/sfdx-plugin-source', 6, 4, 4],
  ['@jongpie/sfdx-bummer-plugin', 2, 1, 1],
  ['@kitalive/sfdx-plugin', 15, 14, 14],
  ['@salesforce/plugin-code-analyzer', 4, 1, 1],
  ['@salesforce/sfdx-scanner', 6, 0, 0], // reads source files
  ['apex-code-coverage-transformer', 1, 0, 0], // reads a report
  ['etcopydata', 5, 5, 5],
  ['isvte-sfdx-plugin', 2, 0, 0], // reads a folder of metadata: no command of it has an org
  ['lightning-flow-scanner', 2, 1, 1],
  ['mo-dx-plugin', 10, 10, 10],
  ['sf-decomposer', 3, 0, 0], // changes source files
  ['sf-git-merge-driver', 3, 0, 0], // is called by git
  ['sfdmu', 1, 1, 1],
  ['sfdx-browserforce-plugin', 1, 1, 1],
  ['sfdx-essentials', 13, 0, 0], // changes source files
  ['sfdx-git-delta', 1, 0, 0], // compares commits
  ['sfdx-hardis', 170, 112, 112],
  ['sfdx-plugin-source-read', 3, 3, 3],
  ['sfdx-waw-plugin', 20, 9, 9],
  ['sfpowerkit', 48, 36, 36],
  ['shane-sfdx-plugins', 95, 67, 67],
  ['texei-sfdx-plugin', 27, 21, 21],
];

describe('commands of plugins that people install', () => {
  it('are of more than twenty plugins, half of them by the manifest that sf reads', () => {
    expect(plugins.map(({ plugin }) => plugin)).to.deep.equal(table.map(([plugin]) => plugin));
    expect(plugins).to.have.length.above(20);
    expect(plugins.filter(({ source }) => source.startsWith('oclif.manifest.json'))).to.have.length.above(10);
  });

  for (const [plugin, all, byFlag, byDefault] of table) {
    it(`${plugin}: ${byFlag} of ${all} commands take an org`, () => {
      const facts = plugins.find((one) => one.plugin === plugin)!;
      expect(served(facts)).to.deep.equal({ all, byFlag, byDefault });
    });
  }

  it('that are not served name no org in a flag, but for these', () => {
    const unserved = new Map<string, number>();
    for (const { commands } of plugins) {
      for (const [signature, ids] of Object.entries(commands)) {
        const flags = definitions(signature);
        const suspicious = Object.keys(flags).filter(
          (name) =>
            flags[name]?.type === 'option' &&
            /org|hub|username/i.test(name) &&
            !findNamedOrgs([`--${name}`, 'uat'], flags).given.includes('uat'),
        );
        for (const name of suspicious) unserved.set(name, (unserved.get(name) ?? 0) + ids.length);
      }
    }
    expect(Object.fromEntries([...unserved].sort())).to.deep.equal({
      // users, kinds of orgs and addresses
      'custom-username': 2,
      githubuser: 3,
      newusername: 1,
      orginstanceurl: 1,
      orgtype: 1,
      packagexmltargetorg: 1,
      username: 4,
      usernames: 3,
      // a list of orgs, which a command of several orgs splits by itself
      'target-orgs': 1,
    });
  });
});
