import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@oclif/core';
import { Parser } from '@oclif/core';
import { expect } from 'chai';
import type { Fact } from '../../../src/failures/facts.js';
import { facts } from '../../../src/failures/facts.js';
import type { FailureFacts, FailureName } from '../../../src/failures/failures.js';
import { failureClasses, JitFailure } from '../../../src/failures/failures.js';
import { failureText } from '../../../src/failures/failureView.js';
import { checkAdvice } from '../../../src/sandboxes/list/orgListView.js';
import { sandboxCheck, sandboxRow } from '../../support/orgRows.js';

/*
 * Every action of every failure, with facts filled in, as a user pastes it: it is a command line that runs as far as its command, its
 * flags and the shell are concerned, or a click path, or a sentence that names no command at all.
 */

const root = join(import.meta.dirname, '../../..');
const names = Object.keys(failureClasses) as FailureName[];

/** Facts as they look in the field. */
const known: Partial<Record<Fact, string>> = {
  org: 'sandbox uat',
  side: 'sandbox',
  production: 'admin@acme.com',
  sandbox: 'uat',
  nearest: 'uat2',
  registration: 'acceptance',
  toLogin: 'uat2',
  toRegister: 'uat2',
  loginUrl: 'https://acme.my.salesforce.com',
  userAndApp: '--username admin@acme.com --client-id 3MVG9abc',
  key: '--jwt-key-env PROD_KEY',
  command: 'jit org register',
  alias: 'prod',
  free: 'uat3',
  user: 'admin@acme.com.uat',
  creator: 'boss@acme.com',
  clientId: '3MVG9abc',
  callbackUrl: 'http://localhost:1717/OauthRedirect',
  host: 'acme--uat.sandbox.my.salesforce.com',
  url: 'https://elsewhere.example',
  file: 'certs/server.key',
  variable: 'PROD_KEY',
  field: '--wait',
  problem: 'it is empty',
  problems: 'clientId is missing',
  damaged: '/home/me/.sf/jit.json',
  registry: '/home/me/.sf/jit.json',
  project: 'sfdx-project.json',
  version: '9',
  environment: 'staging',
  branch: 'main',
  ciSystem: 'jenkins',
  status: 'Processing',
  progress: '40',
  names: 'dev, qa',
  seconds: '10',
  alsoTried: 'code: InvalidGrant',
  answer: 'INVALID: words',
};

/** Commands that end in a failure which not every command can end in. */
const commandsOf: Partial<Record<FailureName, string>> = {
  FileExists: 'jit config init',
  CommandNotFound: 'jit sandbox keep',
  CommandNotRunnable: 'jit sandbox keep',
};

/** The actions of a failure that knows all of this. */
function actionsOf(name: FailureName, which: readonly Fact[]): string[] {
  const facts = { ...known, command: commandsOf[name] ?? known.command };
  const filled = Object.fromEntries(which.map((fact) => [fact, facts[fact] ?? `some-${fact}`]));
  return failureText(new JitFailure<FailureName>(name, filled as FailureFacts)).actions;
}

/** What a user puts in the place of words between angle brackets: a number where one is wanted, a name elsewhere. */
const filledIn = (action: string): string =>
  action.replaceAll(/https:\/\/<[^>]+>\./g, 'https://acme.').replaceAll(/<[^<>]+>/g, 'something');

const starts = 'sf|curl|export|mv|ls|date|git|sudo|w32tm';

/** The command lines in an action: each begins after a colon or after "then", and goes on to the end or to ", then". */
function commandLines(action: string): string[] {
  const found = [
    ...action.matchAll(new RegExp(`(?:: |, then )((?:${starts}) .*?)(?=, then (?:${starts}) |\\. \\w+: |$)`, 'g')),
  ];
  return found.map(([, line]) => line!.replace(/\.$/, ''));
}

/** The words of a command line, as a shell makes them. */
const words = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));

type Flag = { name: string; char?: string; required?: boolean };
const modules = join(root, 'node_modules');
let stock: Map<string, { flags: Record<string, Flag> }>;

/** The commands of the stock CLI and of its plugins, as their manifests say. */
function stockCommands(): Map<string, { flags: Record<string, Flag> }> {
  const cli = join(modules, '@salesforce/cli');
  const { oclif } = JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8')) as { oclif: { plugins: string[] } };
  return new Map(
    oclif.plugins.flatMap((plugin) => {
      const manifest = join(modules, plugin, 'oclif.manifest.json');
      const { commands } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        commands: Record<string, { flags: Record<string, Flag> }>;
      };
      return Object.entries(commands);
    }),
  );
}

async function parseOurs(line: string): Promise<void> {
  const [, , topic = '', name = '', ...argv] = words(line);
  const path = join(root, 'src/commands/jit', topic, `${name}.ts`);
  expect(existsSync(path), `the command of: ${line}`).to.equal(true);
  const { default: command } = (await import(path)) as { default: Command.Class };
  // the help flag is taken before anything is parsed
  if (argv.includes('--help')) return;
  // what follows is a command of its own, and exec parses what stands before it
  const dashes = argv.indexOf('--');
  const given = dashes >= 0 && (name === 'exec' || name === 'keep') ? argv.slice(0, dashes) : argv;
  const { flags, args, strict } = command;
  await Parser.parse(given, { flags, args, strict }).catch((error: unknown) => {
    throw new Error(`${line}\n${String(error)}`);
  });
}

function parseStock(line: string): void {
  const [, ...given] = words(line);
  const flags = given.filter((word) => word.startsWith('-'));
  const parts = given.slice(0, given.findIndex((word) => word.startsWith('-')) + 1 || undefined);
  const id = parts
    .map((_, at) => parts.slice(0, parts.length - at).join(':'))
    .find((candidate) => stock.has(candidate));
  expect(id, `the command of: ${line}`).not.to.equal(undefined);
  const declared = Object.values(stock.get(id!)!.flags);
  for (const flag of flags) {
    expect(
      declared.some(({ name, char }) => flag === `--${name}` || flag === `-${char}`),
      `${flag} in: ${line}`,
    ).to.equal(true);
  }
  for (const { name, required } of declared) {
    if (required) expect(flags, `required by: ${line}`).to.include(`--${name}`);
  }
}

async function paste(action: string): Promise<number> {
  const lines = commandLines(filledIn(action));
  for (const line of lines) {
    if (process.platform !== 'win32') execFileSync('sh', ['-n', '-c', line], { stdio: 'pipe' });
    if (/^sf jit /.test(line)) await parseOurs(line);
    else if (/^sf /.test(line)) parseStock(line);
  }
  return lines.length;
}

/** A path through Setup, which is marked as such by where it begins. */
const isClickPath = (action: string): boolean => /\bSetup > [A-Z]/.test(action);

/** A sentence about a flag of whatever command was run; the flag must be one of ours. */
const aboutFlags =
  /(?:run the command again|add|name .*?|with|of) (?:with )?(--[a-z-]+)|(?:run the command again with) (--[a-z-]+)/g;

describe('the advice of a failure, pasted into a shell', () => {
  before(() => {
    stock = stockCommands();
    expect(stock.size).to.be.greaterThan(100);
  });

  for (const name of names) {
    for (const [title, which] of [
      ['all that can be known', facts],
      ['only what it needs', failureClasses[name].needs],
    ] as const) {
      it(`runs, or is a click path: ${name} with ${title}`, async () => {
        const actions = actionsOf(name, which);
        expect(actions).not.to.deep.equal([]);
        for (const action of actions) {
          if ((await paste(action)) > 0 || isClickPath(action)) continue;
          // what is neither names no command, and no flag that does not exist
          const rest = action.replaceAll('--no-prompt or --json', '').replaceAll(aboutFlags, '');
          expect(rest, action).not.to.match(/\bsf (jit|org|config|data|doctor|plugins|project) |(?<!\w)--[a-z]/);
        }
      });
    }
  }

  it('is complete where the registration is known: nothing is left to fill in but what nobody can know', () => {
    const open = new Set(
      names.flatMap((name) => actionsOf(name, facts).flatMap((action) => action.match(/<[^<>]+>/g) ?? [])),
    );
    for (const placeholder of ['<consumer key>', '<username>'])
      for (const name of names) {
        if (
          /^(ProductionOrgNotRegistered|NoProductionOrg|OrgNotStored|NotSandboxCreator|NotAProductionOrg)$/.test(name)
        )
          continue;
        const text = actionsOf(name, facts).filter((action) => !action.includes('--user <username>'));
        expect(text.join('\n'), name).not.to.contain(placeholder);
      }
    expect([...open]).to.include('<key file>');
    const keyInvalid = actionsOf('KeyInvalid', ['problem', 'production', 'file', 'userAndApp', 'loginUrl']);
    expect(keyInvalid[0]).to.contain('certs/server.key').and.to.contain('--client-id 3MVG9abc');
    expect(keyInvalid[0]).to.contain('--instance-url https://acme.my.salesforce.com');
  });

  it('fits what the user wanted: a login or a registration; and is of no registration that there is not', () => {
    const base: Fact[] = ['sandbox', 'production', 'nearest', 'names'];
    const login = actionsOf('SandboxNotFound', [...base, 'toLogin']).join('\n');
    expect(login)
      .to.contain('sandbox login --sandbox-name uat2')
      .and.not.to.match(/sandbox (un)?register/);
    const registering = actionsOf('SandboxNotFound', [...base, 'toRegister']).join('\n');
    expect(registering)
      .to.contain('sandbox register --sandbox-name uat2')
      .and.not.to.match(/sandbox (login|unregister)/);
    expect(actionsOf('SandboxNotFound', [...base, 'registration']).join('\n')).to.contain(
      'unregister --sandbox-name acceptance',
    );
    expect(actionsOf('SandboxDeleted', ['sandbox', 'production', 'status']).join('\n')).not.to.contain('unregister');
  });

  it('follows sentences that end', () => {
    for (const name of names) {
      const lines = failureText(new JitFailure<FailureName>(name, known as unknown as FailureFacts)).message.split(
        '\n',
      );
      // what Salesforce said, and lists of problems, stand last and in words of their own
      for (const line of lines) expect(line, name).to.match(/[.:)]$|^- |INVALID: words$/);
      for (const line of lines.slice(0, -1)) expect(line, name).to.match(/[.:)]$|^- /);
    }
  });

  it('below sandbox list --check runs too', async () => {
    const row = (alias: string, problem: FailureName | null, refreshed = false, copiedBy: string | null = null) => ({
      ...sandboxRow({
        alias,
        username: `admin@acme.com.${alias}`,
        sandboxName: alias,
        productionUsername: 'admin@acme.com',
      }),
      check: sandboxCheck(problem, { sandboxStatus: 'Processing', nearest: 'new', refreshed, copiedBy }),
    });
    const byKey = (alias: string, byKeyAlone: 'worked' | 'untried') => {
      const anothers = row(alias, byKeyAlone === 'worked' ? null : 'NotSandboxCreator');
      return { ...anothers, check: { ...anothers.check, byKeyAlone } };
    };
    const failure = new JitFailure('InvalidGrant', { org: 'production org admin@acme.com', host: 'h.example' });
    const advice = checkAdvice(
      [
        row('a', 'SandboxNotFound'),
        row('b', 'SandboxRenamed'),
        row('c', 'SandboxDeleted'),
        row('d', 'SandboxNotReady'),
        row('e', 'NotSandboxCreator'),
        row('f', null, true),
        row('g', 'SandboxNotReady', false, 'grace@acme.com'),
        byKey('h', 'untried'),
        byKey('i', 'worked'),
      ],
      [{ productionUsername: 'admin@acme.com', failure }],
    );
    expect(advice).to.have.length(10);
    for (const line of advice) expect((await paste(line)) > 0 || isClickPath(line), line).to.equal(true);
  });

  it('of every other text runs too: usage errors, warnings, findings, what comes next', async () => {
    const files = globSync('messages/*.md', { cwd: root }).filter((file) => file !== 'messages/failures.md');
    const broken: string[] = [];
    let pasted = 0;
    for (const file of files) {
      for (const section of readFileSync(join(root, file), 'utf8').split(/^# /m).slice(1)) {
        const [key = '', ...lines] = section.split('\n');
        // what these hold is filled in by the tests of their views; examples are run by the tests of the help
        if (/^(advice\.|examples$|description$)/.test(key)) continue;
        for (const line of lines) {
          const filled = line.replaceAll('%s jit', 'sf jit').replaceAll(/%s(?= of )|%s/g, 'something');
          // other lines with sf in them are sentences about it
          if (!/(: |, then )sf (jit|org|config|alias|plugins|doctor|data) /.test(filled)) continue;
          await paste(filled).then(
            (count) => (pasted += count),
            (error: unknown) => broken.push(`${file}, ${key}: ${String(error)}`),
          );
        }
      }
    }
    expect(broken).to.deep.equal([]);
    expect(pasted).to.be.greaterThan(20);
    // loads the code of nearly every command
  }).timeout(60_000);

  it('would be found out', async () => {
    const complains = async (action: string): Promise<boolean> =>
      paste(action).then(
        () => false,
        () => true,
      );
    expect(await complains('Do this: sf jit sandbox login --sandbox uat')).to.equal(true);
    expect(await complains('Do this: sf jit sandbox logon --sandbox-name uat')).to.equal(true);
    expect(await complains('Do this: sf jit org register --target-org prod --username x')).to.equal(true);
    expect(await complains('Do this: sf org login web --instance https://x.example')).to.equal(true);
    expect(await complains('Do this: sf org open sandbox --x')).to.equal(true);
    if (spawnSync('sh', ['-c', 'true']).status === 0) {
      expect(await complains('Do this: export A="$(cat file)')).to.equal(true);
    }
  });
});
