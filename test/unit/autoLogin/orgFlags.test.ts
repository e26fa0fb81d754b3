import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { FlagDefinitions } from '../../../src/autoLogin/orgFlags.js';
import {
  asksForHelp,
  flagsFilesLeftOut,
  flagsFolder,
  orgFlagSpellings,
  findNamedOrgs,
  respellOrg,
  withFlagsFiles,
} from '../../../src/autoLogin/orgFlags.js';

/** As in the manifest of plugin-deploy-retrieve. */
const deploy: FlagDefinitions = {
  'target-org': { type: 'option', char: 'o', aliases: ['targetusername', 'u'] },
  'target-dev-hub': { type: 'option', char: 'v', aliases: ['targetdevhubusername'] },
  'source-dir': { type: 'option', char: 'd' },
  'source-org': { type: 'option', charAliases: ['x'] },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean', char: 'n' },
  'org-dependent': { type: 'boolean' },
};

describe('respellOrg', () => {
  const cases: Array<[line: string, respelt: string]> = [
    ['--target-org UAT', '--target-org uat'],
    ['--target-org=UAT', '--target-org=uat'],
    ['-o UAT', '-o uat'],
    ['-oUAT', '-ouat'],
    ['-o=UAT', '-o=uat'],
    ['-no UAT', '-no uat'],
    ['-noUAT', '-nouat'],
    ['-o UAT --source-org UAT', '-o uat --source-org uat'],
    // only what names an org, and this one
    ['-d UAT -o UAT', '-d UAT -o uat'],
    ['UAT -o UAT', 'UAT -o uat'],
    ['-o UAT2', '-o UAT2'],
    ['-o qa -- -o UAT', '-o qa -- -o UAT'],
    ['-o', '-o'],
  ];
  for (const [line, respelt] of cases) {
    it(`makes "${respelt}" of "${line}"`, () => {
      const argv = line.split(' ');
      expect(respellOrg(argv, deploy, 'UAT', 'uat')).to.equal(line !== respelt);
      expect(argv.join(' ')).to.equal(respelt);
    });
  }
});

describe('findNamedOrgs', () => {
  const cases: Array<[line: string, given: string[]]> = [
    ['--target-org uat', ['uat']],
    ['--target-org=uat', ['uat']],
    ['-o uat', ['uat']],
    ['-ouat', ['uat']],
    ['-o=uat', ['uat']],
    ['-no uat', ['uat']],
    ['--targetusername uat', ['uat']],
    ['-u uat', ['uat']],
    ['-x uat', ['uat']],
    ['--source-org one --target-org two', ['two', 'one']],
    ['-o uat -o qa', ['uat', 'qa']],
    ['-o uat --target-org uat', ['uat']],
    // the value of another flag is no flag
    ['-d -o', []],
    ['-d --target-org', []],
    ['--unknown -o uat', ['uat']],
    ['-- -o uat', []],
    ['-o', []],
    ['--target-org=', []],
    ['--org-dependent uat', []],
    ['uat', []],
    ['--target-org=a=b', ['a=b']],
    ['-oa=b', ['a=b']],
    ['--source-dir=x -o uat', ['uat']],
    ['-dx -o uat', ['uat']],
    // dashes within an argument make no flag of it
    ['a--target-org uat', []],
    ['a-o uat', []],
    ['---target-org uat', []],
    // the letters behind one that is not known are not read
    ['-zo uat', []],
    ['- -o uat', ['uat']],
  ];
  for (const [line, given] of cases) {
    it(`finds ${given.join(' and ') || 'nothing'} in "${line}"`, () => {
      expect(findNamedOrgs(line.split(' '), deploy).given).to.deep.equal(given);
    });
  }

  it('takes a value as it is, with its spaces and lines', () => {
    expect(findNamedOrgs(['--target-org=my org\n', '-omy\nown'], deploy).given).to.deep.equal(['my org\n', 'my\nown']);
  });

  it('looks up the variables of the flags that were not given', () => {
    expect(findNamedOrgs([], deploy).fromSettings).to.deep.equal(['target-org', 'target-dev-hub']);
    expect(findNamedOrgs(['-o', 'uat'], deploy).fromSettings).to.deep.equal(['target-dev-hub']);
  });

  const defaults: Array<[flags: string[], line: string, fromSettings: string[]]> = [
    [['targetusername'], '', ['target-org']],
    [['targetusername'], '--targetusername uat', []],
    [['targetdevhubusername'], '', ['target-dev-hub']],
    [['dev-hub-org'], '', ['target-dev-hub']],
    [['source-org'], '', ['target-org']],
    [['source-org'], '--source-org uat', []],
    // the usual flag decides alone, where there is one
    [['target-org', 'source-org'], '--target-org uat', []],
    [['target-org', 'source-org'], '--source-org uat', ['target-org']],
    [['source-org', 'from-org'], '--from-org uat', []],
    [['json'], '', []],
  ];
  for (const [names, line, fromSettings] of defaults) {
    it(`looks up ${fromSettings.join() || 'nothing'} for "${line}" of a command with ${names.map((name) => `--${name}`).join(' and ')}`, () => {
      const flags = Object.fromEntries(
        names.map((name) => [name, { type: name === 'json' ? 'boolean' : 'option' }] as const),
      );
      expect(findNamedOrgs(line.split(' '), flags).fromSettings).to.deep.equal(fromSettings);
    });
  }

  it('looks nothing up for a switch that is called as an org is', () => {
    expect(findNamedOrgs([], { 'target-org': { type: 'boolean' } }).fromSettings).to.deep.equal([]);
  });

  it('takes -o for what the command takes it for', () => {
    const flags: FlagDefinitions = { object: { type: 'option', char: 'o' } };
    expect(findNamedOrgs(['-o', 'uat'], flags)).to.deep.equal({ given: [], fromSettings: [] });
  });

  it('ends for any arguments', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (argv) => {
        const { given } = findNamedOrgs(argv, deploy);
        expect(argv.join('\n')).to.satisfy((all: string) => given.every((org) => all.includes(org)));
      }),
    );
  });

  it('finds the flag in every command of the CLI that has one', () => {
    const folder = new URL('../../../node_modules/@salesforce/', import.meta.url);
    const commands = readdirSync(folder).flatMap((plugin) => {
      try {
        const manifest = JSON.parse(readFileSync(new URL(`${plugin}/oclif.manifest.json`, folder), 'utf8')) as {
          commands: Record<string, { flags: FlagDefinitions }>;
        };
        return Object.entries(manifest.commands);
      } catch {
        return [];
      }
    });
    const withTargetOrg = commands.filter(([, { flags }]) => flags['target-org'] !== undefined);
    expect(withTargetOrg).to.have.length.above(150);
    for (const [id, { flags }] of withTargetOrg) {
      expect(findNamedOrgs(['--target-org', 'uat'], flags).given, id).to.deep.equal(['uat']);
    }
  });
});

describe('flags files', () => {
  it('are added to the command line, a line a value', () => {
    const files: Array<[string, string]> = [
      ['target-org', '# the sandbox\r\nuat\r\n'],
      ['x', '// source\nqa\n\n'],
    ];
    expect(findNamedOrgs(withFlagsFiles(['--json'], files), deploy).given).to.deep.equal(['uat', 'qa']);
    expect(withFlagsFiles(['a'], files)).to.deep.equal(['a', '--target-org', 'uat', '-x', 'qa']);
  });

  it('are no flags behind --, where the CLI puts them too', () => {
    const argv = withFlagsFiles(['-o', 'dev', '--', 'b'], [['source-org', 'uat']]);
    expect(argv).to.deep.equal(['-o', 'dev', '--', 'b', '--source-org', 'uat']);
    expect(findNamedOrgs(argv, deploy).given).to.deep.equal(['dev']);
  });

  it('are read without the space around a value, and with what begins a comment elsewhere', () => {
    expect(withFlagsFiles([], [['o', '  uat\t\n  # no\n //no\nuat#1\nhttp://x\n']])).to.deep.equal(
      ['uat', 'uat#1', 'http://x'].flatMap((value) => ['-o', value]),
    );
  });

  it('are wanted for all spellings of the flags that name an org', () => {
    expect([...orgFlagSpellings(deploy)].sort()).to.deep.equal(
      [
        'o',
        'source-org',
        'target-dev-hub',
        'target-org',
        'targetdevhubusername',
        'targetusername',
        'u',
        'v',
        'x',
      ].sort(),
    );
  });

  const names: Array<[name: string, isOrg: boolean]> = [
    ['org', true],
    ['hub', true],
    ['from-org', true],
    ['dev-hub', true],
    ['devops-center-username', true],
    ['targetorg', true],
    ['organization', false],
    ['org-type', false],
    ['cyborg', false],
    ['github', false],
    ['my-devops-center-username', false],
    ['devops-center-username-file', false],
    ['username', false],
    ['base-username', false],
    ['targetusername', true],
    ['sourceusername', true],
    ['target-username', true],
    ['targetUsername', true],
    ['targetdevhubusername', true],
    ['target-dev-hub-username', true],
    ['mytargetusername', false],
    ['targetusernames', false],
  ];
  for (const [name, isOrg] of names) {
    it(`are ${isOrg ? '' : 'not '}wanted for --${name}`, () => {
      expect([...orgFlagSpellings({ [name]: { type: 'option' } })]).to.deep.equal(isOrg ? [name] : []);
      expect([...orgFlagSpellings({ [name]: { type: 'boolean', char: 'o' } })], 'a switch').to.deep.equal([]);
      expect([...orgFlagSpellings({ [name]: {} })], 'a flag of no type').to.deep.equal([]);
    });
  }

  it('lie in the folder that stands behind the first --flags-dir', () => {
    const flags: FlagDefinitions = { 'flags-dir': { type: 'option' }, name: { type: 'option' } };
    const folders: Array<[line: string, folder: string | undefined]> = [
      ['--flags-dir one --name x', 'one'],
      ['--name x --flags-dir one', 'one'],
      ['--flags-dir one --flags-dir two', 'one'],
      ['--flags-dir=one', undefined],
      ['--flags-dir=one --flags-dir two', 'two'],
      ['--flags-dir', undefined],
      ['--flags-dir ', undefined],
      ['--flags-dir --name', undefined],
      ['one', undefined],
    ];
    for (const [line, folder] of folders) expect(flagsFolder(line.split(' '), flags), line).to.equal(folder);
    expect(flagsFolder(['--flags-dir', 'one'], { name: { type: 'option' } }), 'no such flag').to.equal(undefined);
  });

  it('are left out for flags of one value that are given by name or letter', () => {
    const flags: FlagDefinitions = { ...deploy, 'more-org': { type: 'option', char: 'm', multiple: true } };
    const lines: Array<[line: string, leftOut: string[]]> = [
      ['-o dev', ['target-org']],
      ['--target-org dev --source-org qa', ['target-org', 'source-org']],
      ['-m qa --more-org qa', []],
      // forms that the CLI does not look for
      ['--target-org=dev -odev --targetusername dev -u dev', []],
      ['dev', []],
    ];
    for (const [line, leftOut] of lines) {
      expect([...flagsFilesLeftOut(line.split(' '), flags)], line).to.deep.equal(leftOut);
    }
  });
});

describe('asksForHelp', () => {
  it('sees help, but not behind --', () => {
    expect(['--help', '-h'].map((flag) => asksForHelp(['a', flag]))).to.deep.equal([true, true]);
    expect(asksForHelp(['--', '--help'])).to.equal(false);
    expect(asksForHelp(['--json'])).to.equal(false);
  });

  it('leaves --version to the commands that have such a flag', () => {
    expect(asksForHelp(['--version', '3', '-o', 'uat'])).to.equal(false);
  });
});
