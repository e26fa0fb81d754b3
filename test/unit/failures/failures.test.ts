import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Fact } from '../../../src/failures/facts.js';
import { facts } from '../../../src/failures/facts.js';
import type { FailureFacts, FailureName } from '../../../src/failures/failures.js';
import { failureClasses, JitFailure } from '../../../src/failures/failures.js';
import { isWorthWaitingFor } from '../../../src/sandboxes/login/waiting.js';
import { failureText } from '../../../src/failures/failureView.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const names = Object.keys(failureClasses) as FailureName[];
const sections = new Map(
  read('messages/failures.md')
    .split(/^# /m)
    .slice(1)
    .map((section) => [section.split('\n')[0]!.trim(), section.split('\n').slice(1).join('\n').trim()]),
);

/** A failure with a value for each of these facts. */
const failureWith = (name: FailureName, known: readonly Fact[]): JitFailure =>
  new JitFailure<FailureName>(name, Object.fromEntries(known.map((fact) => [fact, `some-${fact}`])) as FailureFacts);

/** The commands and flags. */
const commands: Record<string, readonly string[]> = {
  'org register': [
    'target-org',
    'username',
    'client-id',
    'jwt-key-file',
    'jwt-key-env',
    'jwt-key-command',
    'jwt-agent',
    'jwt-sign-command',
    'certificate-file',
    'instance-url',
    'config-file',
    'callback-url',
    'alias',
    'set-default',
  ],
  'org list': [],
  'org logins': ['production-org', 'sandbox-name', 'limit'],
  'org display': ['production-org'],
  'org verify': ['production-org'],
  'org unregister': ['production-org', 'cascade', 'no-prompt'],
  'sandbox register': ['sandbox-name', 'all', 'production-org', 'alias', 'project', 'no-verify'],
  'sandbox list': ['check'],
  'sandbox display': ['sandbox-name'],
  'sandbox login': [
    'sandbox-name',
    'all',
    'production-org',
    'alias',
    'set-default',
    'auth-type',
    'if-needed',
    'replace',
    'wait',
    'concurrency',
    'user',
    'help',
  ],
  'sandbox logout': ['sandbox-name', 'all', 'production-org', 'no-prompt'],
  'sandbox exec': ['sandbox-name', 'production-org'],
  'sandbox show-credentials': ['sandbox-name', 'production-org', 'auth-type', 'no-prompt'],
  'sandbox unregister': ['sandbox-name', 'all', 'no-prompt', 'logout'],
  'environment create': ['name', 'sandbox-name', 'branch', 'category', 'description', 'repository', 'global'],
  'environment update': ['name', 'sandbox-name', 'branch', 'category', 'description', 'repository'],
  'environment delete': ['name', 'no-prompt'],
  'environment list': ['category', 'repository'],
  'environment display': ['name'],
  'environment login': ['name', 'set-default', 'auth-type', 'if-needed', 'wait', 'replace', 'no-prompt'],
  'key create': ['output-dir', 'days', 'key-size'],
  'config init': [],
};

describe('failure classes', () => {
  it('have a text and actions each, and there is no text without a class', () => {
    expect([...sections.keys()].sort()).to.deep.equal(names.flatMap((name) => [name, `${name}.actions`]).sort());
  });

  it('mention known facts only', () => {
    for (const [key, text] of sections) {
      for (const [, fact] of text.matchAll(/\{([^}|]*)[^}]*\}/g)) expect(facts, key).to.include(fact);
    }
  });

  for (const name of names) {
    const known = failureClasses[name].needs;

    it(`${name} makes sense with nothing but the facts that it needs`, () => {
      const { message, actions } = failureText(failureWith(name, known));
      expect(message).to.match(/^\S[\s\S]{30,}/);
      expect(message).not.to.match(/[{}]|undefined|invalid_grant|!/);
      for (const fact of known) expect(`${message}\n${actions.join('\n')}`, fact).to.contain(`some-${fact}`);
      const usable = actions.filter((action) => /\bsf (jit|org|config|doctor) |\bSetup > /.test(action));
      expect(usable, 'actions that can be run or clicked').not.to.be.empty;
      for (const action of actions) expect(action).not.to.match(/!|undefined|\{/);
    });

    it(`${name} shows what it knows, and the words of Salesforce last`, () => {
      const { message } = failureText(failureWith(name, facts));
      const lines = sections
        .get(name)!
        .split('\n')
        .filter((line) => line.trim() !== '');
      // one line more, about the request
      expect(message.split('\n')).to.have.length(lines.length + 1);
      expect(message).to.contain('some-requestId');
      const quoting = lines.findIndex((line) => line.includes('{answer}'));
      if (quoting >= 0) {
        expect(quoting).to.equal(lines.length - 1);
        expect(lines.at(-1)).to.match(/^(Salesforce answered|The answer): \{answer\}$/);
      }
    });
  }

  it('show the words of Salesforce wherever there can be some', () => {
    const folder = new URL('test/fixtures/answers/', root);
    const diagnosed = readdirSync(folder).map(
      (file) => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { expected: FailureName }).expected,
    );
    const fromVerdict: FailureName[] = ['SandboxNotFound', 'SandboxRenamed', 'SandboxDeleted', 'NotSandboxCreator'];
    for (const name of new Set([...diagnosed, ...fromVerdict])) {
      // these two come from something between us and Salesforce
      if (name === 'RedirectRefused' || name === 'ProxyFailed') continue;
      expect(sections.get(name), name).to.contain('{answer}');
    }
  });

  it('keep the original words where scripts and people look for them', () => {
    for (const name of ['ProductionOrgNotRegistered', 'NoProductionOrg']) {
      expect(sections.get(name)).to.contain('Parent production org not found');
    }
    for (const name of ['SandboxAuthFailed', 'NotSandboxCreator']) {
      expect(sections.get(name)).to.contain('Unable to generate JIT auth');
    }
  });

  it('suggest only commands and flags that exist', () => {
    for (const [key, text] of sections) {
      for (const [, command, rest] of text.matchAll(/\bsf jit ([a-z]+ [a-z-]+)([^\n,]*)/g)) {
        expect(commands, `${key}: sf jit ${command}`).to.have.property(command!);
        for (const [, flag] of rest!.matchAll(/--([a-z-]+)/g))
          expect(commands[command!], `${key}: ${command}`).to.include(flag);
      }
      for (const [flag] of text.matchAll(/(?<![\w-])-\w\b/g)) {
        expect(text, `${key}: only long flags in sf commands`).not.to.match(new RegExp(`sf [a-z ]+.* ${flag} `));
      }
    }
  });

  it('register a known login again at its own login URL, since without one it would be another', () => {
    for (const [key, text] of sections) {
      for (const [, rest] of text.matchAll(/\bsf jit org register \{userAndApp\|(.*)/g)) {
        expect(rest, key).to.contain(' --instance-url ');
      }
    }
  });

  it('end with 1, or 2 after a wrong use, 69 when waiting may help, or as a shell does when a command cannot be run', () => {
    const others: Partial<Record<FailureName, number>> = {
      SandboxNotReady: 69,
      FlagMissing: 2,
      CommandNotFound: 127,
      CommandNotRunnable: 126,
      TemporaryFolderUnusable: 126,
    };
    for (const name of names) {
      expect(failureWith(name, failureClasses[name].needs).exitCode, name).to.equal(others[name] ?? 1);
    }
  });

  it('end with 69 for a host that is not in DNS only when it is a sandbox, which may appear there', () => {
    expect(new JitFailure('HostNotFound', { org: 'production org a', host: 'h' }).exitCode).to.equal(1);
    const atSandbox = new JitFailure('HostNotFound', { org: 'sandbox uat', host: 'h', sandbox: 'uat' });
    expect(atSandbox.exitCode).to.equal(69);
    expect(failureText(atSandbox).actions.join('\n')).to.contain('--sandbox-name uat --wait 15');
    expect(read('docs/troubleshooting.md')).to.match(/## HostNotFound\n[^#]*Exit code 69 at a sandbox/);
  });

  it('promise retries only where there are some, at a sandbox', () => {
    for (const name of ['HostNotFound', 'ServerUnavailable', 'ConnectionFailed', 'Timeout'] as const) {
      const atProduction = failureText(failureWith(name, failureClasses[name].needs));
      expect(atProduction.actions.join('\n'), name).not.to.contain('--wait');
      const atSandbox = failureText(failureWith(name, [...failureClasses[name].needs, 'sandbox']));
      const retries = isWorthWaitingFor(new JitFailure<FailureName>(name, { side: 'sandbox' } as FailureFacts));
      expect(
        atSandbox.actions.some((action) => action.includes('--wait')),
        name,
      ).to.equal(retries);
    }
  });

  it('have one section each in docs/troubleshooting.md, which says what the commands say', () => {
    const headings = [...read('docs/troubleshooting.md').matchAll(/^## (\w+)$/gm)].map((match) => match[1]);
    expect(headings).to.deep.equal(names);
    execFileSync(process.execPath, ['scripts/troubleshooting.js', '--check'], { cwd: root, stdio: 'pipe' });
  });
});
