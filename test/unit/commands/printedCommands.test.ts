import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { failureLine, unregisteredLine } from '../../../src/autoLogin/autoLoginView.js';
import { finding } from '../../../src/checks/checks.js';
import { checkOf } from '../../../src/checks/checkView.js';
import JitConfigInit from '../../../src/commands/jit/config/init.js';
import JitKeyCreate from '../../../src/commands/jit/key/create.js';
import JitOrgRegister from '../../../src/commands/jit/org/register.js';
import { failureText } from '../../../src/failures/failureView.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { registrationWarning } from '../../../src/production/productionOrgView.js';
import type { OrgRow } from '../../../src/sandboxes/list/orgRow.js';
import { checkAdvice } from '../../../src/sandboxes/list/orgListView.js';
import type { LoginOutcome } from '../../../src/sandboxes/login/sandboxLogin.js';
import { LoginView } from '../../../src/sandboxes/login/loginView.js';
import type { LoginRecord } from '../../../src/sfStore/storedOrg.js';
import { Waiting } from '../../../src/terminal/waiting.js';
import { jit } from '../../../src/wiring/jit.js';
import { keys } from '../../../src/wiring/keys.js';
import { useCommandStubs } from '../../support/commandStubs.js';
import { acme, uatLogin } from '../../support/fakes.js';
import { sandboxCheck, sandboxRow } from '../../support/orgRows.js';

/** What a name or a path can hold, and a shell would act on. */
const odd = 'o\'b $(touch x);`y`&z|"q" *';

/** The words that a shell gives to the program, when what stands behind the last `sf` or `chmod` of a text is typed as it was printed. */
function typed(text: string): string[] {
  const [command = ''] = /(?:sf jit|sf org|chmod|--target-org) [^\n]*$/.exec(text) ?? [];
  expect(command, text).not.to.equal('');
  const line = command.startsWith('--') ? `sf ${command}` : command;
  const script = `sf() { printf '%s\\0' "$@"; }; chmod() { printf '%s\\0' "$@"; }; ${line.replace(/<[^<>]*>/g, 'x')}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
}

const row = (...checked: Parameters<typeof sandboxCheck>): OrgRow =>
  sandboxRow({ alias: odd, username: 'u@x.example.uat', productionUsername: odd, check: sandboxCheck(...checked) });
const advice = (...args: Parameters<typeof row>): string => checkAdvice([row(...args)], [])[0] ?? '';

/** What the login view prints of an outcome. */
function shown(act: (view: LoginView) => void): string {
  const lines: string[] = [];
  const take = (text: string): void => void lines.push(text);
  const screen = {
    logSuccess: take,
    logToStderr: take,
    warn: take,
    confirm: async () => false,
    jsonEnabled: () => false,
  };
  const spinner = { start: () => undefined, stop: () => undefined, status: undefined };
  act(
    new LoginView(
      screen,
      new Waiting({ ...screen, spinner }, { isTerminal: false, after: () => () => undefined }),
      false,
    ),
  );
  return lines.at(-1) ?? '';
}
const record = { sandboxName: 'uat', productionUsername: odd, username: odd } as LoginRecord;
const finished = (outcome: LoginOutcome) => ({ kind: 'finished', outcome, done: 1, of: 1 }) as const;

describe('commands that are printed to be typed', function () {
  // they are typed into sh here
  if (process.platform === 'win32') return;

  for (const [what, text] of [
    [
      'the next line of a login',
      () =>
        shown((view) => {
          view.show(finished({ sandbox: 'uat', login: { ...uatLogin, alias: odd } }));
        }),
    ],
    [
      'a login that was kept',
      () =>
        shown((view) => {
          view.show(finished({ sandbox: 'uat', login: { ...uatLogin, alias: odd, status: 'already-logged-in' } }));
        }),
    ],
    [
      'a refreshed sandbox',
      () =>
        shown((view) => {
          view.show(finished({ sandbox: 'uat', login: { ...uatLogin, alias: odd, refreshed: true } }));
        }),
    ],
    [
      'an alias that was taken',
      () =>
        shown((view) => {
          view.show({ kind: 'takes-alias', alias: 'x', other: record });
        }),
    ],
    [
      'logins that were passed over',
      () =>
        shown((view) => {
          view.showFailures([
            { sandbox: odd, notTried: new JitFailure('TraditionalOrgStored', { sandbox: odd, user: 'u' }) },
          ]);
        }),
    ],
    ['a sandbox that is gone', () => advice('SandboxNotFound')],
    ['a sandbox that was deleted', () => advice('SandboxDeleted')],
    ['a sandbox that is copying', () => advice('SandboxNotReady').replace(' --wait 60', '')],
    ['a sandbox of another user', () => advice('NotSandboxCreator')],
    ['the same where the key is tried', () => advice('NotSandboxCreator', { byKeyAlone: 'untried' })],
    ['the same where the key was let in', () => advice(null, { byKeyAlone: 'worked' })],
    ['a sandbox that was renamed', () => advice('SandboxRenamed', { nearest: 'uat2' })],
    ['a refreshed sandbox in the list', () => advice(null, { refreshed: true })],
    ['an automatic login that failed', () => failureLine(odd, { name: 'Timeout', words: 'It took long.' })],
    ['an alias that nothing registers', () => unregisteredLine('x', record)],
    ['a key file that is open', () => checkOf(finding('key-file-mode', 'warn', 'open', odd)).message],
    ['the same at registration', () => registrationWarning({ kind: 'key-readable-by-others', file: odd })],
    [
      'the action of a failure',
      () => failureText(new JitFailure('TraditionalOrgStored', { sandbox: 'uat', user: odd })).actions[0] ?? '',
    ],
  ] as const) {
    it(`have names and paths as one word: ${what}`, () => {
      expect(typed(text())).to.include(odd);
    });
  }

  describe('of commands', () => {
    const stubs = useCommandStubs();
    const logged = (): string => stubs.ux.log.args.map(([text]) => String(text)).join('\n');

    it('have the path of the new configuration file as one word', async () => {
      const written = { file: odd, privateKeyPath: 'k', gitignore: 'g', keyFileMissing: false };
      stubs.sandbox.stub(keys, 'writeSfconnect').resolves(written as never);
      await new JitConfigInit(
        ['--instance-url', 'https://a.my.salesforce.com', '--username', 'u@x.example', '--client-id', 'c'],
        stubs.config,
      ).run();
      expect(typed(logged())).to.include(odd);
    });

    it('have the path of the new key as one word', async () => {
      const created = {
        keyFile: odd,
        certificateFile: 'c',
        keySize: 2048,
        expiresAt: 'x',
        fingerprintSha256: 'f',
        subject: 's',
        gitignore: 'g',
      };
      stubs.sandbox.stub(keys, 'createKeyPair').resolves(created as never);
      await new JitKeyCreate([], stubs.config).run();
      const line =
        logged()
          .split('\n')
          .find((one) => one.includes('sf jit org register')) ?? '';
      expect(typed(line)).to.include(odd);
    });

    it('have the alias of the new production org as one word', async () => {
      const [org] = acme().productionOrgs;
      const registered = { org: { ...org!, alias: odd }, name: 'Acme', warnings: [] };
      stubs.sandbox.stub(jit, 'registerProductionOrg').resolves(registered);
      await new JitOrgRegister(['--target-org', 'x'], stubs.config).run();
      expect(typed(logged())).to.include(odd);
    });
  });
});
