import { expect } from 'chai';
import type { Finding } from '../../../src/checks/checks.js';
import { JitFailure } from '../../../src/failures/failures.js';
import { machineFindings } from '../../../src/checks/machineChecks.js';
import {
  appFinding,
  explainByFindings,
  certificateFinding,
  chooseApiVersion,
  clockFinding,
  configFileFinding,
  credentialsFinding,
  keyFindings,
  orgFinding,
  sandboxesFinding,
} from '../../../src/checks/verification.js';

const outcome = ({ status, words }: Finding): string => `${status} ${words}`;
const now = new Date('2026-11-22T12:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

describe('where the credentials came from', () => {
  const login = {
    username: 'a@b.example',
    clientId: '3MVG9',
    loginUrl: 'https://l',
    key: { source: 'stdin' },
  } as const;
  const every = <T>(source: T) => ({ username: source, clientId: source, key: source, loginUrl: source });

  it('is one place when all parts stand there, the login URL being no part where it is the usual one', () => {
    for (const from of ['flags', 'environment', 'config-file', 'registration'] as const) {
      const found = { name: 'credentials', status: 'pass', words: from, values: ['a@b.example'] };
      expect(credentialsFinding({ ...login, from }, every(from))).to.deep.equal(found);
      expect(credentialsFinding({ ...login, from }, { ...every(from), loginUrl: 'default' })).to.deep.equal(found);
    }
  });

  for (const part of ['username', 'clientId', 'loginUrl'] as const) {
    it(`is said for each part when the ${part} alone stands elsewhere`, () => {
      const sources = { ...every('flags' as const), [part]: 'environment' } as const;
      expect(credentialsFinding({ ...login, from: 'flags' }, sources)).to.deep.equal({
        name: 'credentials',
        status: 'pass',
        words: 'mixed',
        values: ['a@b.example', sources.key, sources.username, sources.clientId, sources.loginUrl],
      });
    });
  }
});

describe('the .sfconnect.json that was used', () => {
  it('is named, or gives its warnings', () => {
    const file = '/project/.sfconnect.json';
    expect(configFileFinding(file, [])).to.deep.equal({
      name: 'config-file',
      status: 'pass',
      words: 'used',
      values: [file],
    });
    expect(configFileFinding(file, ['One.', 'Two.'])).to.deep.equal({
      name: 'config-file',
      status: 'warn',
      words: 'warnings',
      values: ['One. Two.'],
    });
  });
});

describe('the certificate beside the key', () => {
  const cases: Array<[days: number, belongsToKey: boolean, expected: string]> = [
    [365, true, 'pass valid'],
    [30, true, 'pass valid'],
    [29.9, true, 'warn expires-soon'],
    [0.1, true, 'warn expires-soon'],
    [-0.1, true, 'fail expired'],
    [365, false, 'warn other-key'],
    [-5, false, 'warn other-key'],
  ];
  for (const [days, belongsToKey, expected] of cases) {
    it(`${belongsToKey ? 'of it' : 'of another key'} with ${days} days to go: ${expected}`, () => {
      expect(outcome(certificateFinding({ file: 'server.crt', expiresAt: inDays(days), belongsToKey }, now))).to.equal(
        expected,
      );
    });
  }

  it('is named with its last day and the whole days until then', () => {
    const facts = { file: 'server.crt', belongsToKey: true };
    const of = (days: number) => certificateFinding({ ...facts, expiresAt: inDays(days) }, now);
    expect(of(30)).to.deep.include({ name: 'certificate', values: ['server.crt', '2026-12-22', '30'] });
    expect(of(1.9)).to.deep.include({ name: 'certificate', values: ['server.crt', '2026-11-24', '1'] });
    expect(of(-2)).to.deep.include({ name: 'certificate', values: ['server.crt', '2026-11-20'] });
    const other = certificateFinding({ ...facts, belongsToKey: false, expiresAt: inDays(9) }, now);
    expect(other).to.deep.include({ name: 'certificate', values: ['server.crt'] });
  });
});

describe('the clock', () => {
  const cases: Array<[seconds: number | undefined, expected: string[]]> = [
    [undefined, []],
    [0, ['pass right']],
    [-4, ['pass right']],
    [5, ['pass ahead']],
    [-59, ['pass behind']],
    [60, ['warn ahead']],
    [-900, ['warn behind']],
  ];
  for (const [seconds, expected] of cases) {
    it(`${String(seconds)} seconds off: ${expected.join() || 'not said'}`, () => {
      expect(clockFinding(seconds).map(outcome)).to.deep.equal(expected);
    });
  }

  it('is named by how far it is off, without a sign', () => {
    expect(clockFinding(-900)[0]).to.deep.include({ name: 'clock', values: ['900'] });
    expect(clockFinding(0)[0]).to.deep.include({ name: 'clock', values: [] });
  });
});

describe('the machine', () => {
  const of = (name: string, env: Record<string, string>, caFileProblem?: string): Finding | undefined =>
    machineFindings({ env, caFileProblem }).find((finding) => finding.name === name);

  it('shows the proxy that is used, without user and password', () => {
    const found = of('proxy', {
      HTTPS_PROXY: 'http://other:1',
      https_proxy: 'http://me:secret@proxy.acme.example:8080',
    });
    expect(found).to.deep.include({
      status: 'pass',
      words: 'set',
      values: ['https_proxy', 'http://proxy.acme.example:8080'],
    });
    expect(of('proxy', { HTTP_PROXY: 'me:secret@proxy:3128' })?.values).to.deep.equal([
      'HTTP_PROXY',
      'http://proxy:3128',
    ]);
    for (const except of ['no_proxy', 'NO_PROXY']) {
      expect(of('proxy', { HTTP_PROXY: 'http://p', [except]: '.acme.example' })).to.deep.include({
        status: 'pass',
        words: 'set-with-exceptions',
        values: ['HTTP_PROXY', 'http://p', except, '.acme.example'],
      });
    }
    expect(of('proxy', { HTTPS_PROXY: '' })?.words).to.equal('none');
    const wrong = of('proxy', { HTTPS_PROXY: 'http://me:secret@' });
    expect(wrong).to.include({ status: 'fail', words: 'not-a-url' });
    expect(JSON.stringify(wrong)).to.not.contain('secret');
  });

  it('is warned about when it trusts everybody, or has a CA file that cannot be used', () => {
    expect(outcome(of('ca', { NODE_TLS_REJECT_UNAUTHORIZED: '0' })!)).to.equal('warn unchecked');
    expect(outcome(of('ca', { NODE_EXTRA_CA_CERTS: '/ca.pem' }, 'there is no such file')!)).to.equal('fail unusable');
    expect(of('ca', { NODE_EXTRA_CA_CERTS: '/ca.pem' })).to.deep.include({
      status: 'pass',
      words: 'set',
      values: ['/ca.pem'],
    });
    expect(outcome(of('ca', {}, 'there is no such file')!)).to.equal('pass none');
    expect(outcome(of('ca', {})!)).to.equal('pass none');
  });

  it('is warned about when a secret is in a variable that sf logs, without its value', () => {
    const found = of('private-key-variable', { SF_PRIVATE_KEY: 'the key', SF_PRIVATE_KEY_PASSPHRASE: 'pass' });
    expect(found).to.deep.include({ status: 'warn', values: ['SF_PRIVATE_KEY, SF_PRIVATE_KEY_PASSPHRASE'] });
    expect(of('private-key-variable', { SF_PRIVATE_KEY: ' ' })?.status).to.equal('pass');
  });
});

describe('the API version', () => {
  it('is the configured one if the org offers it, else its newest', () => {
    const offered = ['50.0', '59.0', '67.0'];
    expect(chooseApiVersion(undefined, offered)).to.deep.equal({ apiVersion: 'v67.0', findings: [] });
    expect(chooseApiVersion('v59.0', offered)).to.deep.equal({ apiVersion: 'v59.0', findings: [] });
    const other = chooseApiVersion('v99.0', offered);
    expect(other.apiVersion).to.equal('v67.0');
    expect(other.findings).to.deep.equal([
      { name: 'api-version', status: 'warn', words: 'not-offered', values: ['v99.0', 'v67.0'] },
    ]);
  });
});

describe('key, app, org and sandboxes', () => {
  const file = { source: 'file', path: '/k' } as const;
  const shown = ({ name, status, words, values }: Finding): string => [name, status, words, ...values].join(' ');

  it('a key is named by where it is and how long it is, and a file also by who can read it', () => {
    expect(keyFindings(file, 2048, true).map(shown)).to.deep.equal([
      'key pass file /k 2048',
      'key-file-mode warn open /k',
    ]);
    expect(keyFindings(file, 2048, false).map(shown)).to.deep.equal([
      'key pass file /k 2048',
      'key-file-mode pass closed',
    ]);
    expect(keyFindings({ source: 'env', name: 'K' }, 4096, false).map(shown)).to.deep.equal(['key pass env K 4096']);
    expect(keyFindings({ source: 'stdin' }, 3072, false).map(shown)).to.deep.equal(['key pass stdin 3072']);
    expect(keyFindings({ source: 'sf' }, undefined, false).map(shown)).to.deep.equal(['key pass sf']);
  });

  it('an app is the one of sf, one without a key here, or one with the certificate of the key', () => {
    expect(shown(appFinding('platformcli', { source: 'sf' }))).to.equal('app pass platform-cli');
    expect(shown(appFinding('3MVG9', { source: 'sf' }))).to.equal('app pass without-key 3MVG9');
    expect(shown(appFinding('3MVG9', file))).to.equal('app pass certificate 3MVG9');
  });

  it('a scratch org is warned about, a sandbox and production are not', () => {
    expect(shown(orgFinding('production', 'Acme', '00D'))).to.equal('org pass production Acme 00D');
    expect(shown(orgFinding('sandbox', 'Acme', '00D'))).to.equal('org pass sandbox Acme 00D');
    expect(shown(orgFinding('scratch', 'Acme', '00D'))).to.equal('org warn scratch Acme 00D');
  });

  it('sandboxes are counted, or it is said what Salesforce answered, if anything', () => {
    expect(shown(sandboxesFinding(0))).to.equal('sandboxes pass visible 0');
    expect(shown(sandboxesFinding(2))).to.equal('sandboxes pass visible 2');
    const refused = (answer?: string) =>
      sandboxesFinding(new JitFailure('SandboxPermissionMissing', { production: 'p', user: 'u', answer }));
    expect(shown(refused('No.'))).to.equal('sandboxes warn refused No.');
    expect(refused().values).to.deep.equal(['']);
  });
});

describe('a failed login test', () => {
  const facts = { org: 'org a@b.example', user: 'a@b.example', host: 'h', answer: 'invalid assertion' };
  let expired: Finding;
  let valid: Finding;
  beforeEach(() => {
    expired = certificateFinding({ file: 'c', expiresAt: inDays(-1), belongsToKey: true }, now);
    valid = certificateFinding({ file: 'c', expiresAt: inDays(99), belongsToKey: true }, now);
  });

  it('is explained by an expired certificate, for which Salesforce has no words', () => {
    for (const name of ['InvalidSignature', 'InvalidGrant'] as const) {
      const better = explainByFindings(new JitFailure(name, facts), [expired], true);
      expect(better).to.include({ name: 'CertificateExpired' });
      expect(better.facts).to.deep.equal(facts);
      expect(explainByFindings(new JitFailure(name, facts), [valid], true).name).to.equal(name);
    }
    expect(explainByFindings(new JitFailure('InactiveUser', facts), [expired], true).name).to.equal('InactiveUser');
  });

  it('is explained by the certificate alone, whatever else was found', () => {
    const failure = new JitFailure('InvalidGrant', facts);
    const right = clockFinding(0);
    expect(explainByFindings(failure, [...right, expired], true).name).to.equal('CertificateExpired');
    const otherExpired = { ...right[0]!, words: 'expired' };
    expect(explainByFindings(failure, [otherExpired, valid], true).name).to.equal('InvalidGrant');
  });

  it('keeps its cause, for the log', () => {
    const cause = new Error('socket');
    expect(explainByFindings(new JitFailure('InvalidGrant', facts, cause), [expired], true).cause).to.equal(cause);
    expect(explainByFindings(new JitFailure('SessionInvalid', facts, cause), [], true).cause).to.equal(cause);
  });

  it('stays as it is where the better explanation would lack what its text names', () => {
    for (const missing of ['org', 'host'] as const) {
      const failure = new JitFailure('InvalidGrant', { ...facts, [missing]: undefined });
      expect(explainByFindings(failure, [expired], true)).to.equal(failure);
    }
    for (const missing of ['org', 'user'] as const) {
      const failure = new JitFailure('SessionInvalid', { ...facts, [missing]: undefined });
      expect(explainByFindings(failure, [], true)).to.equal(failure);
    }
  });

  it('is a blocked app, not an old session, when the session was issued just now', () => {
    const failure = new JitFailure('SessionInvalid', facts);
    const better = explainByFindings(failure, [], true);
    expect(better.name).to.equal('ApiAccessBlocked');
    expect(better.facts).to.deep.equal(facts);
    expect(explainByFindings(new JitFailure('InactiveUser', facts), [], true).name).to.equal('InactiveUser');
    expect(explainByFindings(failure, [], false).name).to.equal('SessionInvalid');
  });
});
