import { generateKeyPairSync } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { expect } from 'chai';
import type { JitSandboxLoginResult } from '../../../src/commands/jit/sandbox/login.js';
import type { EmulatorControl, FaultAction } from '../../../src/emulator/index.js';
import { inParallel, leavesNoSecret, type Stage, useStage } from '../../support/stage.js';

type Fault = Parameters<EmulatorControl['setFault']>[0];

const page = (text: string): string =>
  `<!DOCTYPE html><html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>`;

const answer = (status: number, body: string, contentType = 'application/json'): FaultAction => ({
  kind: 'answer',
  status,
  body,
  contentType,
});

const restError = (errorCode: string, message: string): string => JSON.stringify([{ errorCode, message }]);

/** A fault that befalls `sandboxAuth` for one sandbox, so that many can be on at a time. */
const whenAsking = (sandbox: string, action: FaultAction): Fault => ({
  path: 'sandboxAuth$',
  body: `"sandboxName":"${sandbox}"`,
  action,
});

/** What production's answer is made to be, the class it ends in, and what the message must say. */
const productionAnswers: ReadonlyArray<[title: string, action: FaultAction, name: string, says: RegExp]> = [
  ['plain text instead of JSON', answer(200, 'OK', 'text/plain'), 'UnexpectedAnswer', /OK/],
  ['nothing at all', answer(200, ''), 'UnexpectedAnswer', /HTTP 200/],
  ['JSON of another shape', answer(200, '{"authCode":"c0de","hello":1}'), 'SandboxAuthFailed', /hello/],
  [
    'an error nobody has seen yet',
    answer(400, restError('BRAND_NEW', 'Never seen')),
    'SandboxAuthFailed',
    /Never seen/,
  ],
  [
    'an error with a crash id',
    answer(500, restError('UNKNOWN_EXCEPTION', 'ErrorId: 1094369119-76443 (-1234567890)')),
    'SandboxAuthFailed',
    /1094369119/,
  ],
  [
    'an exhausted API',
    answer(403, restError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')),
    'ApiLimitReached',
    /Limit exceeded/,
  ],
  [
    'a blocked API',
    answer(403, restError('API_CURRENTLY_DISABLED', 'API is disabled for this User')),
    'ApiAccessBlocked',
    /disabled for this User/,
  ],
];

const subjects = productionAnswers.map((_, index) => `f${index}`);

const login = (name: string): string => `jit sandbox login -n ${name}`;

async function registered(stage: Stage): Promise<void> {
  await stage.registerProduction();
  await stage.ok('jit sandbox register -n uat');
  await stage.ok(login('uat'));
}

/*
 * How a login ends, and a registration, when somebody refuses it, in the command's own words and JSON. Which class each fault of the network ends
 * in, request by request, is in `test/torture/faults.test.ts`; each kind of bad key and each refusal of production's login in
 * `test/contract/checks/orgVerify.contract.test.ts`; one case a kind, as people see it, in `test/e2e/kindsOfFailure.test.ts`.
 */
describe('logins and registrations that fail', () => {
  const on = useStage(registered, {
    inProcess: true,
    sandboxes: ['uat', ...subjects, 'gone', 'copying', 'former', 'theirs', 'html'],
  });
  const register = (stage: Stage): string => `jit org register ${stage.jwtFlags()} --alias prod`;

  it('end in one class each, with actions, and with every file as it was, when production answers strangely', async () => {
    const { stage } = on;
    for (const [index, [, action]] of productionAnswers.entries()) {
      await stage.control.setFault(whenAsking(subjects[index]!, action));
    }
    const answers = await inParallel([...productionAnswers.entries()], async ([index, [title, , name, says]]) => {
      const { message } = await stage.fails(login(subjects[index]!), name, { inSf: index < 2 });
      expect(message, title).to.match(says);
      return message;
    });
    expect(answers.join('\n')).to.not.contain('c0de');
  });

  it('name the seconds that HTTP_TIMEOUT allowed, and the host of a redirect without what else is in its address', async () => {
    const { stage } = on;
    await stage.control.setFault(whenAsking('uat', { kind: 'hang' }));
    const late = await stage.fails(login('uat'), 'Timeout', { env: { HTTP_TIMEOUT: '700' } });
    expect(late.message).to.contain('0.7 seconds');
    await stage.control.clearFaults();
    const location = `${stage.info.testUrl}/stolen?sid=x`;
    await stage.control.setFault(whenAsking('uat', { kind: 'redirect', location, status: 307 }));
    const { message } = await stage.fails(login('uat'), 'RedirectRefused');
    expect(message).to.contain(stage.info.testUrl).and.to.not.contain('sid=x');
    await stage.control.clearFaults();
  });

  it('name the setting that is no kind of login', async () => {
    const { message } = await on.stage.fails(login('uat'), 'InputInvalid', { env: { SF_JIT_AUTH_TYPE: 'JWT' } });
    expect(message).to.contain('SF_JIT_AUTH_TYPE').and.contain('"JWT" is none of');
  });

  it('give the sandbox as failed in the result, beside the error', async () => {
    const { stage } = on;
    const run = await stage.sf('jit sandbox login -n nobody --json');
    const { result, name } = run.json<{ result: JitSandboxLoginResult; name: string }>();
    const [failed] = result.sandboxes;
    expect(failed).to.deep.include({ sandboxName: 'nobody', status: 'failed', refreshed: false, orgId: null });
    expect(failed?.status === 'failed' && failed.error.name)
      .to.equal(name)
      .and.to.equal('SandboxNotFound');
  });

  it('say what is wrong with the sandbox, from what production knows: unknown, deleted, renamed, being copied, of another user', async () => {
    const { stage } = on;
    const { control } = stage;
    await control.deleteSandbox('gone');
    await control.setSandbox('copying', { status: 'Processing' });
    await control.renameSandbox('former', 'latter');
    await control.createUser({ username: 'colleague@acme.example' });
    await control.refreshSandbox('theirs', { complete: true, by: 'colleague@acme.example' });
    const cases: Array<[name: string, failure: string, says: string]> = [
      ['uta', 'SandboxNotFound', 'uat'],
      ['gone', 'SandboxDeleted', 'deleted'],
      ['former', 'SandboxRenamed', 'latter'],
      ['copying', 'SandboxNotReady', 'Processing'],
      ['theirs', 'NotSandboxCreator', 'a user other than'],
      ['no-such-alias', 'SandboxNotRegistered', 'no-such-alias'],
    ];
    await inParallel(cases, async ([name, failure, says]) => {
      const exitCode = failure === 'SandboxNotReady' ? 69 : 1;
      expect((await stage.fails(login(name), failure, { exitCode })).message).to.contain(says);
    });
    await stage.fails('jit sandbox login -n uat -p pord', 'ProductionOrgNotRegistered');
  });

  it('name the permission that the production user lacks', async () => {
    const { stage } = on;
    await stage.control.setUser(stage.info.username, { managesSandboxes: false });
    const { actions } = await stage.fails(login('theirs'), 'SandboxPermissionMissing');
    await stage.control.setUser(stage.info.username, { managesSandboxes: true });
    expect(actions?.join('\n')).to.contain('Manage Sandboxes');
  });

  it('name the sandbox when that does not answer as it should', async () => {
    const { stage } = on;
    await stage.control.setFault({ origin: 'sandbox:html', action: answer(200, page('Portal'), 'text/html') });
    const html = await stage.fails(login('html'), 'UnexpectedAnswer');
    expect(html.message).to.contain('sandbox html').and.to.contain('Portal');
  });

  it('of a login with the wrong key take one request, to one host', async () => {
    const { stage } = on;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const wrongKey = await stage.file('wrong.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    await stage.requests();
    const { options, hosts } = stage.connections();
    await stage.fails(register(stage).replace(stage.info.keyFile, wrongKey), 'InvalidSignature', options);
    expect(await stage.requests()).to.deep.equal(['login token jwt-bearer']);
    expect(await hosts()).to.deep.equal(['localhost']);
  });

  it('name the reason why production refuses: app, audience, user, approval, network address, clock', async () => {
    const { stage } = on;
    const { control, info } = stage;
    await control.createUser({ username: 'frozen@acme.example', active: false });
    await control.createUser({ username: 'stranger@acme.example', preApproved: false });
    await control.createUser({ username: 'far@acme.example', refusal: 'ip-restricted' });
    const as = (username: string): string =>
      register(stage).replace(info.username, username).replace(' --alias prod', '');
    const cases: Array<[command: string, failure: string, env?: Record<string, string>]> = [
      [register(stage).replace(info.clientId, '3MVG9unknown'), 'InvalidClientId'],
      [register(stage), 'AudienceInvalid', { SF_AUDIENCE_URL: 'https://elsewhere.example' }],
      [as('frozen@acme.example'), 'InactiveUser'],
      [as('stranger@acme.example'), 'UserNotApproved'],
      [as('far@acme.example'), 'IpRestricted'],
    ];
    await inParallel(cases, async ([command, failure, env]) => stage.fails(command, failure, env && { env }));
    await control.setClockSkew(900);
    const { message } = await stage.fails(register(stage), 'AssertionExpired');
    await control.setClockSkew(0);
    expect(message).to.match(/clock is (89|90)\d seconds behind/);
  });

  it('tell hosts apart that are not there: refused, unknown to DNS, with a certificate nobody trusts', async () => {
    const { stage } = on;
    const { url } = await stage.control.openUntrustedOrigin();
    const at = (loginUrl: string): string => `jit org register ${stage.jwtFlags({ ...stage.info, loginUrl })}`;
    await stage.control.setListening('login', false);
    const cases: Array<[url: string, failure: string]> = [
      [stage.info.loginUrl, 'ConnectionFailed'],
      ['https://no-such-host.invalid', 'HostNotFound'],
      [url, 'TlsUntrusted'],
    ];
    await inParallel(cases, async ([loginUrl, failure]) => {
      const { message } = await stage.fails(at(loginUrl), failure);
      expect(message).to.contain(new URL(loginUrl).hostname);
    });
    await stage.control.setListening('login', true);
    await stage.fails(login('uat'), 'TlsUntrusted', { inSf: true, env: { NODE_EXTRA_CA_CERTS: undefined } });
  });

  it('keep the assertion from login URLs in the clear or of the wrong kind, without a request', async () => {
    const { stage } = on;
    await stage.requests();
    const urls = [
      'http://login.salesforce.com',
      'https://acme.lightning.force.com',
      'https://user:pw@acme.my.salesforce.com',
    ];
    await inParallel(urls, async (loginUrl) =>
      stage.fails(`jit org register ${stage.jwtFlags({ ...stage.info, loginUrl })}`, 'InputInvalid'),
    );
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('say that production is gone in the middle of a login, and end when a session is refused for good', async () => {
    const { stage } = on;
    await stage.control.setListening('production', false);
    const { message } = await stage.fails(login('uat'), 'ConnectionFailed');
    expect(message).to.contain('production org admin@acme.example');
    await stage.control.setListening('production', true);
    const refused = {
      origin: 'production',
      path: 'sandboxAuth$',
      action: answer(401, restError('INVALID_SESSION_ID', 'Session expired or invalid')),
    };
    await stage.control.setFault(refused);
    await stage.requests();
    const run = await stage.sf(`${login('uat')} --json`);
    await stage.control.clearFaults();
    expect(run.json<{ name: string }>().name).to.equal('SessionInvalid');
    expect(await stage.requests(), 'one new login, no endless loop').to.deep.equal([
      'production sandboxAuth',
      'login token jwt-bearer',
      'production sandboxAuth',
    ]);
  });

  it('name what a key file holds instead of a key, before any request and without showing it', async () => {
    const { stage } = on;
    const cases: Array<[file: string, says: RegExp]> = [
      [await stage.file('server.crt', await readFile(stage.info.certificateFile, 'utf8')), /certificate/],
      [await stage.file('empty.key', ''), /empty/],
      [await stage.file('notes.txt', 'the key is in the safe'), /BEGIN PRIVATE KEY/],
      [`${stage.folder}/missing.key`, /no such file/],
      [stage.folder, /folder/],
    ];
    await stage.requests();
    await inParallel(cases, async ([file, says]) => {
      const flags = stage.jwtFlags().replace(stage.info.keyFile, file);
      const { message } = await stage.fails(`jit org register ${flags} --alias prod`, 'KeyInvalid');
      expect(message).to.match(says).and.to.contain(file);
    });
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('do not show a key that is given in the place of its path or of the name of its variable', async () => {
    const { stage } = on;
    const key = Buffer.from(await stage.key()).toString('base64');
    const { username, clientId } = stage.info;
    const flags = `jit org register --username ${username} --client-id ${clientId}`;
    await inParallel(['--jwt-key-file', '--jwt-key-env'], async (flag) => {
      const { message } = await stage.fails(`${flags} ${flag} ${key}`, 'KeyInvalid');
      expect(message).to.contain(flag);
    });
  });

  it('keep the login of the sandbox when the key file has gone since registration', async () => {
    const { stage } = on;
    const { message, actions } = await stage.fails('jit sandbox login -n uat', 'KeyInvalid', {
      home: await homeWithoutKey(stage),
    });
    expect(message).to.contain('no such file').and.contain(`production org ${stage.info.username}`);
    expect(actions?.join('\n')).to.contain(`sf jit org register --username ${stage.info.username}`);
  });

  leavesNoSecret(on);
});

/** A home folder in which a sandbox is logged in to with a key file that is not there any more. */
async function homeWithoutKey(stage: Stage): Promise<string> {
  const file = await stage.file('moved.key', await stage.key());
  const home = await stage.newHome();
  await stage.ok(`jit org register ${stage.jwtFlags().replace(stage.info.keyFile, file)}`);
  await stage.ok('jit sandbox login -n uat');
  await rm(file);
  return home;
}
