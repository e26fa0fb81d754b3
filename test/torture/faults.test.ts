import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { JitFailure } from '../../src/failures/failures.js';
import type { StoredOrg } from '../../src/sfStore/storedOrg.js';
import type { EmulatorControl, FaultAction } from '../../src/emulator/index.js';
import { toSfError, failureText } from '../../src/failures/failureView.js';
import { findLogins, logoutSandboxes } from '../../src/sandboxes/logout/logoutSandboxes.js';
import { registerSandboxes } from '../../src/sandboxes/register/registerSandboxes.js';
import {
  variables,
  differences,
  expectExplained,
  type Homes,
  login,
  loginFailure,
  realPorts,
  useHomes,
} from './support/home.js';
import { ObservedTable } from './support/table.js';
import { ownTime } from '../support/ownTime.js';

/** Milliseconds for which a request may take, and a whole case. */
const requestLimit = 500;
const caseLimit = 4000;

const page = (text: string): string =>
  `<!DOCTYPE html><html><head><title>${text}</title></head><body>${text}</body></html>`;

const answer = (status: number, body: string, contentType = 'application/json'): FaultAction => ({
  kind: 'answer',
  status,
  body,
  contentType,
});

type Selector = Omit<Parameters<EmulatorControl['setFault']>[0], 'action'>;

/** A request that the plugin makes, and a piece of work in which something goes wrong with it. */
type Operation = {
  readonly title: string;
  readonly origin: string;
  readonly selector: Selector;
  /** Makes the request go to another address from the start: of what was registered, stored or answered. */
  redirectTo(url: string, homes: Homes): Promise<void>;
  /** What comes before, so that this request is made. */
  prepare?(homes: Homes): Promise<unknown>;
  run(): Promise<JitFailure | undefined>;
  /** Files that the work leaves behind otherwise than they were, although the request failed. */
  readonly leaves?: RegExp;
};

const storedProduction = (homes: Homes): string => homes.at('.sfdx', `${homes.emulator.info.username}.json`);
const storedSandbox = (homes: Homes): string => homes.at('.sfdx', `${homes.emulator.info.username}.uat.json`);

const signInAt = async (url: string, homes: Homes): Promise<void> => {
  const authUserName = `${homes.emulator.info.username}.uat`;
  const body = JSON.stringify({ authUserName, authCode: 'code', instanceUrl: url, loginUrl: url });
  await homes.emulator.control.setFault({ path: 'sandboxAuth$', action: answer(200, body) });
};

const productionAt = async (url: string, homes: Homes): Promise<void> =>
  homes.edit(storedProduction(homes), homes.emulator.info.productionUrl, url);

const operations: readonly Operation[] = [
  {
    title: 'production login',
    origin: 'login',
    selector: { origin: 'login', path: 'token$' },
    // without a session in sf's store, production is logged in to
    prepare: (homes) => rm(storedProduction(homes)),
    redirectTo: (url, homes) => homes.edit(homes.at('.sf', 'jit.json'), homes.emulator.info.loginUrl, url),
    run: () => loginFailure('uat'),
  },
  {
    title: "renewal of production's session",
    origin: 'login',
    selector: { origin: 'login', grantType: 'refresh_token' },
    prepare: (homes) => homes.haveProductionFromTheWeb(),
    redirectTo: (url, homes) => homes.edit(storedProduction(homes), homes.emulator.info.loginUrl, url),
    run: () => loginFailure('uat'),
  },
  {
    title: '`sandboxAuth`',
    origin: 'production',
    selector: { origin: 'production', path: 'sandboxAuth$' },
    redirectTo: productionAt,
    run: () => loginFailure('uat'),
  },
  {
    title: 'sandbox login by JWT',
    origin: 'sandbox:uat',
    selector: { origin: 'sandbox:uat', grantType: 'jwt-bearer' },
    redirectTo: signInAt,
    run: () => loginFailure('uat'),
  },
  {
    title: 'sandbox login by code',
    origin: 'sandbox:uat',
    selector: { origin: 'sandbox:uat', grantType: 'authorization_code' },
    // where there is a key, it goes first
    prepare: (homes) => homes.haveProductionFromTheWeb(),
    redirectTo: signInAt,
    run: () => loginFailure('uat', { authType: 'access-token' }),
    // production's own session is renewed before
    leaves: /\.sfdx.admin@acme\.example\.json$/,
  },
  {
    title: 'query',
    origin: 'production',
    selector: { origin: 'production', path: 'query$' },
    redirectTo: productionAt,
    async run() {
      try {
        await registerSandboxes({ sandboxes: ['late'], variables, verify: true, project: false }, realPorts());
        return undefined;
      } catch (error) {
        if (error instanceof JitFailure) return error;
        throw error;
      }
    },
  },
  {
    title: 'revoke',
    origin: 'sandbox:uat',
    selector: { origin: 'sandbox:uat', path: 'revoke$' },
    redirectTo: async (url, homes) => {
      const { url: instanceUrl } = (await homes.emulator.control.info()).sandboxes.find(({ name }) => name === 'uat')!;
      await homes.edit(storedSandbox(homes), instanceUrl, url);
    },
    async run() {
      const ports = realPorts();
      const [outcome] = await logoutSandboxes(await findLogins({ sandboxes: ['uat'] }, ports), ports);
      expect(outcome, 'the login is gone from this machine').to.include({ status: 'logged-out' });
      expect(outcome?.revoked, 'whether the token is known to be dead').to.equal(outcome?.failure === undefined);
      return outcome?.failure;
    },
    // a logout removes the login also when Salesforce cannot be told
    leaves: /\.sfdx.(admin@acme\.example\.uat\.json|00D\w+\.sandbox\.json|alias\.json)$|\.sf.jit.logins/,
  },
];

type Fault = {
  readonly title: string;
  /** Makes it go wrong for this case. */
  cause(operation: Operation, homes: Homes, elsewhere: string): Promise<void>;
  /** What the stand-in notes of the request that it befell; nothing if the request never gets there. */
  readonly kind?: FaultAction['kind'];
  /** Whether the connection works and the answer is good, so that the work may succeed. */
  readonly harmless?: true;
};

const act = (title: string, action: (elsewhere: string) => FaultAction, harmless?: true): Fault => ({
  title,
  kind: action('').kind,
  cause: async ({ selector }, { emulator }, elsewhere) => {
    await emulator.control.setFault({ ...selector, action: action(elsewhere) });
  },
  ...(harmless && { harmless }),
});

/** The fields that the plugin reads, each with a value that is none. */
const wrongTypes = JSON.stringify({
  access_token: 7,
  instance_url: {},
  id: [],
  authUserName: ['x'],
  authCode: null,
  loginUrl: 1,
  records: [null, 7, { SandboxName: {}, SandboxInfoId: 1, Status: null }],
  nextRecordsUrl: 5,
});

const faults: readonly Fault[] = [
  {
    title: 'connection refused',
    cause: async ({ redirectTo }, homes) => redirectTo(await closedPort(), homes),
  },
  act('connection reset', () => ({ kind: 'reset' })),
  act('no answer at all', () => ({ kind: 'hang' })),
  act('slow, within the time limit', () => ({ kind: 'slow', delayMs: 150 }), true),
  act('answer cut in the middle', () => ({ kind: 'truncate' })),
  act('404 with an HTML page', () => answer(404, page('No such page'), 'text/html; charset=utf-8')),
  act('500 with an HTML page', () => answer(500, page('Internal error'), 'text/html')),
  act('503, maintenance', () => answer(503, page('We are down for maintenance.'), 'text/html')),
  act('200 with an HTML page', () => answer(200, page('Sign in to the Wi-Fi'), 'text/html')),
  act('200 with JSON of another shape', () => answer(200, '{"hello":1}')),
  act('200 with JSON of wrong types', () => answer(200, wrongTypes)),
  act('redirect (302) to another host', (location) => ({ kind: 'redirect', location })),
  act('redirect (307) to another host', (location) => ({ kind: 'redirect', location, status: 307 })),
  {
    title: 'certificate nobody trusts',
    cause: async ({ redirectTo }, homes) => redirectTo((await homes.emulator.control.openUntrustedOrigin()).url, homes),
  },
  {
    title: 'host unknown to DNS',
    cause: ({ redirectTo }, homes) => redirectTo('https://no-such-host.invalid', homes),
  },
];

/** An address at which nothing listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `https://localhost:${port}`;
}

const table = new ObservedTable(
  new URL('../../docs/reliability/faults.md', import.meta.url),
  [
    '# How each fault ends',
    '',
    'Written by `test/torture/faults.test.ts` (with `JIT_WRITE_RELIABILITY=1`), which checks it at every run. A name is the class of the',
    'failure, as in `docs/troubleshooting.md`.',
  ],
  faults.map(({ title }) => title),
  operations.map(({ title }) => title),
);

describe('what goes wrong on the way to Salesforce', () => {
  const on = useHomes({ sandboxes: ['uat', 'dev', 'late'] });
  const received: string[] = [];
  /** Another host: it writes down all that reaches it. */
  const elsewhere = createServer((request: IncomingMessage, response) => {
    received.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.end('{}');
  });
  let location = '';

  before(async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    location = `http://localhost:${(elsewhere.address() as AddressInfo).port}/stolen?sid=secret`;
    process.env['HTTP_TIMEOUT'] = String(requestLimit);
  });
  after(() => elsewhere.close());
  beforeEach(async () => {
    await on.homes.next();
    await on.homes.emulator.control.clearFaults();
    await on.homes.emulator.control.clearLog();
  });

  for (const operation of operations) {
    for (const fault of faults) {
      it(`${operation.title}: ${fault.title}`, async () => {
        const { homes } = on;
        await operation.prepare?.(homes);
        await fault.cause(operation, homes, location);
        const before = await homes.snapshot();
        const milliseconds = ownTime();
        const failure = await operation.run();
        expect(milliseconds(), 'milliseconds').to.be.below(caseLimit);
        const log = await homes.emulator.control.log();
        expect(received, 'what reached the other host').to.deep.equal([]);
        expect(log.filter(({ origin }) => origin === 'untrusted')).to.deep.equal([]);
        const struck = log.filter((entry) => entry.fault !== undefined).map((entry) => entry.fault);
        // production's word for the app that was asked first may be missing for that app's sake: sf's own is asked for, once
        const apps = failure?.name === 'SandboxAuthFailed' ? 2 : 1;
        if (fault.kind) expect(struck, 'one request, never repeated').to.deep.equal(Array(apps).fill(fault.kind));
        else expect(struck).to.have.length.at.most(1);
        const changed = differences(before, await homes.snapshot());
        if (failure === undefined) {
          expect(fault.harmless ?? operation.title === 'revoke', 'a success that cannot be true').to.equal(true);
        } else {
          expectExplained(failure);
          expect(
            changed.filter((name) => !operation.leaves?.test(name)),
            'files that changed',
          ).to.deep.equal([]);
        }
        table.observe(fault.title, operation.title, failure?.name ?? 'succeeds');
      });
    }
  }

  describe("with production's refresh token", () => {
    const refused = (action: FaultAction): Promise<unknown> =>
      on.homes.emulator.control.setFault({ grantType: 'refresh_token', action });
    const failuresOfAll = async (): Promise<JitFailure[]> =>
      (await login('all')).flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []));

    it('shows neither it nor a control character of an answer that repeats them', async () => {
      const refreshToken = await on.homes.haveProductionFromTheWeb();
      await refused(answer(503, `Service \u001b]0;pwned\u0007 refresh_token=${refreshToken}`, 'text/plain'));
      const failures = await failuresOfAll();
      expect(failures[0]?.name).to.equal('ServerUnavailable');
      for (const failure of failures) {
        expectExplained(failure);
        const shown = [failureText(failure).message, inspect(failure), inspect(toSfError(failure))].join('\n');
        expect(shown).to.not.contain(refreshToken);
        expect(shown).to.not.match(/[\u0000-\u0009\u000b-\u001f]|\\x1[bB]|\\u001[bB]/);
      }
    });

    it('ends the command in a failure of its own when Salesforce takes it no more', async () => {
      await on.homes.haveProductionFromTheWeb();
      await refused(
        answer(400, JSON.stringify({ error: 'invalid_grant', error_description: 'expired access/refresh token' })),
      );
      expect((await failuresOfAll())[0]).to.have.property('name', 'RefreshTokenInvalid');
    });

    it('stores the one that takes its place, and works with that the next time', async () => {
      const { emulator } = on.homes;
      const app = { clientId: 'PlatformCLI' };
      await emulator.control.setApp({ ...app, rotatesRefreshTokens: true });
      try {
        const refreshToken = await on.homes.haveProductionFromTheWeb();
        expect(await failuresOfAll()).to.deep.equal([]);
        const stored = (await realPorts().sfOrgs.read(emulator.info.username)) as StoredOrg;
        expect(stored.refreshToken).to.be.a('string').and.not.equal(refreshToken);
        await realPorts().sfOrgs.update(emulator.info.username, () => ({ ...stored, accessToken: 'ended' }));
        expect(await failuresOfAll()).to.deep.equal([]);
      } finally {
        await emulator.control.setApp({ ...app, rotatesRefreshTokens: false });
      }
    });
  });

  it('ends as the documentation says', () => table.expectDocumented());
});
