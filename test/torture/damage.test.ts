import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { expect } from 'chai';
import { settings } from '../../src/wiring/settings.js';
import { sfconnectFile } from '../../src/production/io/sfconnectFile.js';
import { JitFailure } from '../../src/failures/failures.js';
import { listOrgs } from '../../src/sandboxes/list/listOrgs.js';
import { findLogins, logoutSandboxes } from '../../src/sandboxes/logout/logoutSandboxes.js';
import { registerSandboxes } from '../../src/sandboxes/register/registerSandboxes.js';
import { expectExplained, type Homes, loginFailure, realPorts, useHomes, variables } from './support/home.js';
import { ObservedTable } from './support/table.js';
import { ownTime } from '../support/ownTime.js';

/** Milliseconds in which a command has to be done with a damaged file: far less than the minute that a lock is waited for. */
const limit = 20_000;

/** A file, and the name by which the documentation calls it. */
type Subject = {
  readonly title: string;
  path(homes: Homes): string;
  /** What is in it, when the home folders of the suite have no such file. */
  readonly content?: (homes: Homes) => string;
  /** A login that succeeds replaces it: it holds nothing but what the login makes anew. */
  readonly replaced?: true;
  /** Core reads it for every command of sf, before and besides the plugin; where core gives up, every command does. */
  readonly readBySf?: true;
};

const sandboxUser = (homes: Homes): string => `${homes.emulator.info.username}.uat`;

const subjects: readonly Subject[] = [
  { title: '`~/.sf/jit.json`', path: (homes) => homes.at('.sf', 'jit.json') },
  { title: '`sfdx-project.json`', path: (homes) => `${homes.project}/sfdx-project.json` },
  {
    title: '`.sfconnect.json`',
    path: (homes) => `${homes.project}/.sfconnect.json`,
    content: ({ emulator: { info } }) =>
      JSON.stringify({
        instanceUrl: info.loginUrl,
        clientId: info.clientId,
        username: info.username,
        privateKeyPath: info.keyFile,
      }),
  },
  {
    title: '`~/.sf/jit/logins/<user>.json`',
    path: (homes) => homes.at('.sf', 'jit', 'logins', `${encodeURIComponent(sandboxUser(homes))}.json`),
    replaced: true,
  },
  { title: '`~/.sfdx/<user>.json`', path: (homes) => homes.at('.sfdx', `${sandboxUser(homes)}.json`), replaced: true },
  { title: '`~/.sfdx/alias.json`', path: (homes) => homes.at('.sfdx', 'alias.json') },
  {
    title: '`~/.sf/config.json`',
    path: (homes) => homes.at('.sf', 'config.json'),
    content: () => '{"target-org":"uat"}',
    readBySf: true,
  },
];

/** Makes something else of the content, or puts something else in the place of the file. */
type Damage = readonly [title: string, cause: (path: string, content: string) => Promise<void>];

const written = (title: string, change: (content: string) => string | Buffer): Damage => [
  title,
  (path, content) => writeFile(path, change(content)),
];

/** Every text in the file is a number. */
const withNumbers = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? 7
    : Array.isArray(value)
      ? value.map(withNumbers)
      : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNumbers(inner)]));

const pollution = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';

const damages: readonly Damage[] = [
  written('empty', () => ''),
  written('cut in the middle', (content) => content.slice(0, content.length / 2)),
  written('a list', () => '[]'),
  written('`null`', () => 'null'),
  written('numbers for texts', (content) => JSON.stringify(withNumbers(JSON.parse(content)))),
  written('of version 99', (content) => JSON.stringify({ ...(JSON.parse(content) as object), version: 99 })),
  written('binary', () => Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151) % 256))),
  written('8 MB of text', () => 'x'.repeat(8 * 1024 * 1024)),
  written('with a byte order mark', (content) => `\uFEFF${content}`),
  written('100,000 levels deep', () => '{"a":'.repeat(100_000)),
  written('with `__proto__` keys', (content) => content.replace('{', `{${pollution},`)),
  [
    'a folder in its place',
    async (path) => {
      await rm(path);
      await mkdir(path);
    },
  ],
  [
    'cannot be read',
    // a link to itself: no user can read it, not even root, for whom permissions do not count
    async (path) => {
      await rm(path);
      await symlink(basename(path), path);
    },
  ],
];

/** What is there under a path: its text, or what it is instead. */
async function stateOf(path: string): Promise<string> {
  try {
    return (await readFile(path)).toString('latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EISDIR' ? `folder of ${(await readdir(path)).length}` : `link to ${await readlink(path)}`;
  }
}

/** Does one piece of work as a command does it, and says how it ends. Anything that is no `JitFailure` ends the test. */
async function ending(
  work: () => Promise<JitFailure | undefined>,
  { readBySf }: Subject,
): Promise<JitFailure | 'sf fails' | undefined> {
  const milliseconds = ownTime();
  try {
    return await work();
  } catch (error) {
    if (error instanceof JitFailure) return error;
    if (readBySf && /core.lib.config.configFile/.test((error as Error).stack ?? '')) return 'sf fails';
    throw error;
  } finally {
    expect(milliseconds(), 'milliseconds').to.be.below(limit);
  }
}

/** What every command takes from around it, as `wiring/jit.ts` does. */
async function loginDefaults() {
  return {
    configFile: await sfconnectFile.find(),
    defaultProduction: await settings.defaultProductionOrg(),
    callbackUrl: await settings.callbackUrl(),
  };
}

const commands: Readonly<Record<string, () => Promise<JitFailure | undefined>>> = {
  list: async () => {
    await listOrgs(realPorts(), { isSet: () => false });
    return undefined;
  },
  register: async () => {
    const request = { sandboxes: ['late'], variables, verify: false, project: false };
    await registerSandboxes({ ...request, ...(await loginDefaults()) }, realPorts());
    return undefined;
  },
  'register --project': async () => {
    const request = { sandboxes: ['late'], variables, verify: false, project: true };
    await registerSandboxes({ ...request, ...(await loginDefaults()) }, realPorts());
    return undefined;
  },
  logout: async () => {
    const ports = realPorts();
    const [outcome] = await logoutSandboxes(await findLogins({ sandboxes: ['uat'] }, ports), ports);
    return outcome?.failure;
  },
};

const login = async (): Promise<JitFailure | undefined> => loginFailure('uat', await loginDefaults());

const table = new ObservedTable(
  new URL('../../docs/reliability/damage.md', import.meta.url),
  [
    '# How a login ends when a file is damaged',
    '',
    'Written by `test/torture/damage.test.ts` (with `JIT_WRITE_RELIABILITY=1`), which checks it at every run. A name is the class of the',
    'failure, as in `docs/troubleshooting.md`; the file is then left as it is, to the byte. "sf fails": core reads the file for every',
    'command, and gives up.',
  ],
  damages.map(([title]) => title),
  subjects.map(({ title }) => title),
);

describe('damaged files', () => {
  const on = useHomes({ sandboxes: ['uat', 'dev', 'late'] });
  let path = '';

  /** A home folder of its own in which this file is damaged. */
  const damaged = async (subject: Subject, [, cause]: Damage): Promise<string> => {
    const { homes } = on;
    await homes.next();
    path = subject.path(homes);
    await mkdir(dirname(path), { recursive: true });
    const content = subject.content?.(homes) ?? (await readFile(path, 'utf8'));
    await writeFile(path, content);
    await cause(path, content);
    return stateOf(path);
  };

  for (const subject of subjects) {
    for (const damage of damages) {
      it(`${subject.title}: ${damage[0]}`, async () => {
        const before = await damaged(subject, damage);
        const failure = await ending(login, subject);
        table.observe(damage[0], subject.title, failure === 'sf fails' ? failure : (failure?.name ?? 'succeeds'));
        if (failure instanceof JitFailure) expectExplained(failure);
        if (failure ?? !subject.replaced) expect(await stateOf(path), 'after a login').to.equal(before);
        for (const [name, command] of Object.entries(commands)) {
          const state = await damaged(subject, damage);
          const ended = await ending(command, subject);
          if (ended instanceof JitFailure) expectExplained(ended);
          if (ended) expect(await stateOf(path), `after ${name}`).to.equal(state);
        }
        expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
      });
    }
  }

  it('end a login as the documentation says', () => table.expectDocumented());
});
