import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { VerificationResult } from '../../../src/checks/verificationView.js';
import { verificationResult } from '../../../src/checks/verificationView.js';
import type { EmulatorControl, EmulatorInfo } from '../../../src/emulator/index.js';
import { failureText } from '../../../src/failures/failureView.js';
import { type VerifyFlags, verification } from '../../../src/wiring/verify.js';
import { expectExplained, Homes } from '../../torture/support/home.js';

/*
 * The tables of the login test, in this process: real adapters, real files, the stand-in over HTTPS. Two cases of each are in the real sf
 * as well (`test/e2e/orgVerify.test.ts`).
 */

type Refusal = NonNullable<Parameters<EmulatorControl['setUser']>[1]['refusal']>;
type Given = { readonly env?: Record<string, string>; readonly input?: string };
type Refused = { readonly message: string; readonly result: VerificationResult };

/** What Salesforce answers to the login, and the class it ends in. */
const refusals: ReadonlyArray<[Refusal, string]> = [
  ['invalid-assertion', 'InvalidSignature'],
  ['not-approved', 'UserNotApproved'],
  ['audience-invalid', 'AudienceInvalid'],
  ['audience-validation-failed', 'AudienceInvalid'],
  ['expired-code', 'AssertionExpired'],
  ['authentication-failure', 'InvalidGrant'],
  ['expired-token', 'RefreshTokenInvalid'],
  ['inactive-user', 'InactiveUser'],
  ['user-locked', 'InactiveUser'],
  ['activation-secret', 'InvalidGrant'],
  ['ip-restricted', 'IpRestricted'],
  ['rate-exceeded', 'LoginRateExceeded'],
  ['unknown-client', 'InvalidClientId'],
  ['app-not-installed', 'AppBlocked'],
  ['app-uninstalled', 'AppBlocked'],
  ['app-blocked', 'UserNotApproved'],
  ['wrong-secret', 'ClientSecretRequired'],
  ['redirect-mismatch', 'CallbackUrlMismatch'],
  ['unsupported-grant', 'GrantTypeNotSupported'],
  ['invalid-scope', 'ScopeMissing'],
  ['inactive-org', 'OrgGone'],
];

describe('org verify, every case', function () {
  this.timeout(60_000);
  let homes: Homes;
  let info: EmulatorInfo;
  let control: EmulatorControl;
  let key: string;
  /** Everything that anybody would have seen. */
  const told: string[] = [];
  /** What must not have been among it, besides the keys and tokens of the stand-in. */
  const otherSecrets: string[] = [];

  before(async () => {
    homes = await Homes.open(async () => undefined);
    ({ info, control } = homes.emulator);
    key = await readFile(info.keyFile, 'utf8');
  });
  after(() => homes.close());

  const flags = (more: VerifyFlags = {}): VerifyFlags => ({
    username: info.username,
    'client-id': info.clientId,
    'jwt-key-file': info.keyFile,
    'instance-url': info.loginUrl,
    ...more,
  });

  /** As {@link flags}, with the key from elsewhere. */
  const withoutFile = (more: VerifyFlags): VerifyFlags => flags({ 'jwt-key-file': undefined, ...more });

  /** Runs a login test with these variables and this standard input. */
  async function verify(
    given: VerifyFlags,
    { env = {}, input = '' }: Given,
  ): ReturnType<typeof verification.verifyOrg> {
    const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
    const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
    Object.assign(process.env, env);
    Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
    try {
      return await verification.verifyOrg(given);
    } finally {
      Object.defineProperty(process, 'stdin', stdin);
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    }
  }

  /** Runs a login test that must fail with this class, and must not change a file. */
  async function refused(name: string, given: VerifyFlags, more: Given = {}): Promise<Refused> {
    const files = await homes.snapshot();
    const verified = await verify(given, more);
    const result = verificationResult(verified);
    if (verified.authenticated) throw new Error(`${name} was expected, and the login succeeded`);
    expectExplained(verified.failure);
    const { message, actions } = failureText(verified.failure);
    told.push(message, ...actions, JSON.stringify(result));
    expect(verified.failure.name, message).to.equal(name);
    expect(result, name).to.include({ authenticated: false, instanceUrl: null, orgId: null, orgKind: null });
    expect(result.checks.map((check) => check.name)).to.include.members(['proxy', 'ca', 'private-key-variable']);
    expect(message).to.not.match(/^invalid_grant|<html|<h1/);
    expect(await homes.snapshot(), 'files').to.deep.equal(files);
    return { message, result };
  }

  async function requests(): Promise<string[]> {
    const log = await control.log();
    await control.clearLog();
    return log.map(({ origin, path, grantType }) => [origin, path.split('/').at(-1), grantType].join(' ').trim());
  }

  /** Writes a `.sfconnect.json` into a folder. @returns its path */
  async function sfconnect(folder: string, more: Record<string, unknown>): Promise<string> {
    const path = join(folder, '.sfconnect.json');
    const fields = {
      instanceUrl: info.loginUrl,
      apiVersion: 'v59.0',
      authType: 'jwt',
      tokenUrl: `${info.loginUrl}/services/oauth2/token`,
      clientId: info.clientId,
      username: info.username,
      privateKeyPath: info.keyFile,
      algorithm: 'RS256',
    };
    await mkdir(folder, { recursive: true });
    await writeFile(path, JSON.stringify({ ...fields, ...more }));
    return path;
  }

  beforeEach(async () => {
    await homes.next();
    await control.clearLog();
  });

  for (const [refusal, name] of refusals) {
    it(`names the class in its own words and in those of Salesforce: ${refusal}`, async () => {
      const username = `${refusal}@acme.example`;
      await control.createUser({ username, refusal });
      const { message, result } = await refused(name, flags({ username }));
      expect(message).to.contain('Salesforce answered: ');
      expect(message.split('\n')[0]).to.not.contain('invalid_grant');
      expect(result).to.include({ source: 'flags', username });
      const statuses = Object.fromEntries(result.checks.map((check) => [check.name, check.status]));
      expect(statuses).to.include({ credentials: 'pass', key: 'pass', certificate: 'pass' });
      expect(await requests()).to.deep.equal(['login token jwt-bearer']);
    });
  }

  const page = '<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>';
  const answers =
    (status: number, body = page) =>
    async (): Promise<VerifyFlags> => {
      await control.setFault({ origin: 'login', action: { kind: 'answer', status, body, contentType: 'text/html' } });
      return flags();
    };
  const onTheWay: ReadonlyArray<[name: string, prepare: () => Promise<VerifyFlags>, env?: Record<string, string>]> = [
    ['HostNotFound', async () => flags({ 'instance-url': 'https://no-such-host.invalid' })],
    ['TlsUntrusted', async () => flags({ 'instance-url': (await control.openUntrustedOrigin()).url })],
    ['ProxyFailed', async () => flags(), { HTTPS_PROXY: 'http://127.0.0.1:9' }],
    ['ServerUnavailable', answers(503)],
    ['UnexpectedAnswer', answers(200, page.replace('Down for maintenance', 'Sign in to the Wi-Fi'))],
    [
      'RedirectRefused',
      async () => {
        await control.setFault({ origin: 'login', action: { kind: 'redirect', location: info.testUrl } });
        return flags();
      },
    ],
    [
      'Timeout',
      async () => {
        await control.setFault({ origin: 'login', action: { kind: 'hang' } });
        return flags();
      },
      { HTTP_TIMEOUT: '700' },
    ],
    [
      'ApiLimitReached',
      async () => {
        await control.setOrg('production', { requestLimitReached: true });
        return flags();
      },
    ],
    [
      'ConnectionFailed',
      async () => {
        await control.setListening('login', false);
        return flags();
      },
    ],
    [
      'AssertionExpired',
      async () => {
        await control.setClockSkew(900);
        return flags();
      },
    ],
  ];
  for (const [name, prepare, env] of onTheWay) {
    it(`names what is wrong on the way there, and with the org: ${name}`, async () => {
      const given = await prepare();
      try {
        const { message } = await refused(name, given, { env });
        if (name === 'AssertionExpired') expect(message).to.match(/seconds behind/);
      } finally {
        await control.clearFaults();
        await control.setOrg('production', { requestLimitReached: false });
        await control.setListening('login', true);
        await control.setClockSkew(0);
      }
    });
  }

  const ownHost = 'https://login.evil.example';
  const onThisSide: ReadonlyArray<
    [name: string, prepare: () => VerifyFlags | Promise<VerifyFlags>, says: RegExp, env?: Record<string, string>]
  > = [
    ['NoProductionOrg', () => ({}), /no production org is registered/],
    ['ProductionOrgNotRegistered', () => ({ 'production-org': 'nobody' }), /nobody/],
    ['FlagMissing', () => ({ username: 'a@b.example' }), /--client-id/],
    ['FlagMissing', () => ({}), /SF_CLIENT_ID.*SF_PRIVATE_KEY/, { SF_USERNAME: 'a@b.example' }],
    [
      'ConfigInvalid',
      async () => {
        await sfconnect(homes.project, { clientId: '', username: 'nobody', privateKeyPath: 7 });
        return {};
      },
      /clientId: [\s\S]*username: [\s\S]*privateKeyPath: /,
    ],
    [
      'ConfigInvalid',
      async () => {
        await sfconnect(homes.project, { instanceUrl: ownHost, tokenUrl: `${ownHost}/services/oauth2/token` });
        return {};
      },
      /login\.evil\.example is not a host of Salesforce/,
    ],
    ['KeyMissing', () => withoutFile({ 'jwt-key-env': 'NOT_SET' }), /NOT_SET/],
    [
      'RegistryDamaged',
      async () => {
        await mkdir(homes.at('.sf'), { recursive: true });
        await writeFile(homes.at('.sf', 'jit.json'), '{');
        return {};
      },
      /damaged/,
    ],
    [
      // a file that is named may send its own login anywhere, and fails only where that does not exist
      'HostNotFound',
      async () => {
        const more = { instanceUrl: ownHost, tokenUrl: `${ownHost}/services/oauth2/token` };
        return { 'config-file': await sfconnect(join(homes.project, 'named'), more) };
      },
      /login\.evil\.example/,
    ],
  ];
  for (const [name, prepare, says, env] of onThisSide) {
    it(`names what is wrong on this side, without a request: ${name}, ${says.source}`, async () => {
      expect((await refused(name, await prepare(), { env })).message).to.match(says);
      expect(await requests()).to.deep.equal([]);
    });
  }

  it('takes PKCS#1, as it is and mangled as CI systems do it', async () => {
    const pkcs1 = execFileSync('openssl', ['rsa', '-traditional'], {
      input: key,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    for (const K of [pkcs1, `"${pkcs1.replaceAll('\n', '\\n')}"`]) {
      const result = await verify(withoutFile({ 'jwt-key-env': 'K' }), { env: { K } });
      expect(result).to.include({ authenticated: true, source: 'flags' });
    }
  });

  describe('with a key that cannot be used', () => {
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    const openssl = (args: string[]): string => execFileSync('openssl', args, { input: key, encoding: 'utf8' });
    const encrypted = (): string => openssl(['pkcs8', '-topk8', '-v2', 'aes256', '-passout', 'pass:correct-horse']);
    const ec = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem).toString();
    const short = (): string => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(pem).toString();
    const kinds: ReadonlyArray<[text: () => string | Promise<string>, says: RegExp]> = [
      [() => readFile(info.certificateFile, 'utf8'), /it is a certificate/],
      [() => openssl(['pkey', '-pubout']), /public key/],
      [ec, /EC key/],
      [short, /1024 bits/],
      [encrypted, /encrypted/],
      [() => key.slice(0, key.length / 2), /cut off/],
      [() => info.keyFile, /path to a file/],
    ];
    const file = async (text: string): Promise<string> => {
      const path = join(homes.home, 'bad.key');
      await writeFile(path, text, { mode: 0o600 });
      return path;
    };
    const four = (): Record<string, string> => ({
      SF_USERNAME: info.username,
      SF_CLIENT_ID: info.clientId,
      SF_INSTANCE_URL: info.loginUrl,
    });
    const sources: Record<string, (text: string) => Promise<[VerifyFlags, Given]> | [VerifyFlags, Given]> = {
      'a variable that is named': (K) => [withoutFile({ 'jwt-key-env': 'K' }), { env: { K } }],
      'standard input': (input) => [withoutFile({ 'jwt-key-file': '-' }), { input }],
      'a file': async (text) => [flags({ 'jwt-key-file': await file(text) }), {}],
      SF_PRIVATE_KEY: (text) => [{}, { env: { ...four(), SF_PRIVATE_KEY: text } }],
      'a .sfconnect.json': async (text) => {
        const path = await sfconnect(homes.project, { privateKeyPath: await file(text) });
        return [{ 'config-file': path }, {}];
      },
    };
    for (const [source, from] of Object.entries(sources)) {
      for (const [text, says] of kinds) {
        it(`says what it is instead: ${says.source}, from ${source}`, async () => {
          const { message, result } = await refused('KeyInvalid', ...(await from(await text())));
          expect(message).to.match(says);
          expect(result.username).to.equal(info.username);
          expect(await requests()).to.deep.equal([]);
        });
      }
    }

    it('says so of a passphrase that does not open it', async () => {
      const env = { K: encrypted(), SF_PRIVATE_KEY_PASSPHRASE: 'wrong-horse' };
      otherSecrets.push('wrong-horse');
      const { message } = await refused('KeyInvalid', withoutFile({ 'jwt-key-env': 'K' }), { env });
      expect(message).to.contain('does not open it');
    });
  });

  describe('afterwards', () => {
    it('has told nothing of a key, a token or a passphrase', async () => {
      const lines = key.split('\n').filter((line) => /^[\w+/=]{20,}$/.test(line));
      const secrets = [...(await control.issuedSecrets()), ...otherSecrets, ...lines];
      expect(told.length).to.be.greaterThan(200);
      expect(secrets.filter((secret) => told.some((text) => text.includes(secret)))).to.deep.equal([]);
    });
  });
});
