import { expect } from 'chai';
import type { Finding } from '../../../src/domain/checks.js';
import { JitFailure } from '../../../src/domain/failures.js';
import { machineFindings } from '../../../src/domain/machineChecks.js';
import { fileModeFinding, keychainFinding, lastFailureFinding } from '../../../src/domain/setupChecks.js';
import {
  appFinding,
  betterExplained,
  certificateFinding,
  chosenApiVersion,
  clockFinding,
  keyFindings,
  orgFinding,
  sandboxesFinding,
} from '../../../src/domain/verification.js';

const outcome = ({ status, words }: Finding): string => `${status} ${words}`;
const now = new Date('2026-11-22T12:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

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
    expect(clockFinding(-900)[0]?.values).to.deep.equal(['900']);
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
    expect(of('proxy', { HTTP_PROXY: 'http://p', NO_PROXY: '.acme.example' })?.words).to.equal('set-with-exceptions');
    expect(of('proxy', { HTTPS_PROXY: '' })?.words).to.equal('none');
    const wrong = of('proxy', { HTTPS_PROXY: 'http://me:secret@' });
    expect(wrong).to.include({ status: 'fail', words: 'not-a-url' });
    expect(JSON.stringify(wrong)).to.not.contain('secret');
  });

  it('is warned about when it trusts everybody, or has a CA file that cannot be used', () => {
    expect(outcome(of('ca', { NODE_TLS_REJECT_UNAUTHORIZED: '0' })!)).to.equal('warn unchecked');
    expect(outcome(of('ca', { NODE_EXTRA_CA_CERTS: '/ca.pem' }, 'there is no such file')!)).to.equal('fail unusable');
    expect(outcome(of('ca', { NODE_EXTRA_CA_CERTS: '/ca.pem' })!)).to.equal('pass set');
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
    expect(chosenApiVersion(undefined, offered)).to.deep.equal({ apiVersion: 'v67.0', findings: [] });
    expect(chosenApiVersion('v59.0', offered)).to.deep.equal({ apiVersion: 'v59.0', findings: [] });
    const other = chosenApiVersion('v99.0', offered);
    expect(other.apiVersion).to.equal('v67.0');
    expect(other.findings.map(outcome)).to.deep.equal(['warn not-offered']);
  });
});

describe('key, app, org and sandboxes', () => {
  it('are named by what they are', () => {
    const file = { source: 'file', path: '/k' } as const;
    expect(keyFindings(file, 2048, true).map(outcome)).to.deep.equal(['pass file', 'warn open']);
    expect(keyFindings(file, 2048, false).map(outcome)).to.deep.equal(['pass file', 'pass closed']);
    expect(keyFindings({ source: 'env', name: 'K' }, 4096, false)[0]?.values).to.deep.equal(['K', '4096']);
    expect(outcome(appFinding('platformcli', { source: 'sf' }))).to.equal('pass platform-cli');
    expect(outcome(appFinding('3MVG9', { source: 'sf' }))).to.equal('pass without-key');
    expect(outcome(appFinding('3MVG9', file))).to.equal('pass certificate');
    expect(outcome(orgFinding('scratch', 'X', '00D'))).to.equal('warn scratch');
    expect(outcome(sandboxesFinding(2))).to.equal('pass visible');
    const refused = new JitFailure('SandboxPermissionMissing', { production: 'p', user: 'u', answer: 'No.' });
    expect(sandboxesFinding(refused)).to.deep.include({ status: 'warn', values: ['No.'] });
  });
});

describe('a failed login test', () => {
  const facts = { org: 'org a@b.example', user: 'a@b.example', host: 'h', answer: 'invalid assertion' };
  const expired = certificateFinding({ file: 'c', expiresAt: inDays(-1), belongsToKey: true }, now);
  const valid = certificateFinding({ file: 'c', expiresAt: inDays(99), belongsToKey: true }, now);

  it('is explained by an expired certificate, for which Salesforce has no words', () => {
    for (const name of ['InvalidSignature', 'InvalidGrant'] as const) {
      const better = betterExplained(new JitFailure(name, facts), [expired], true);
      expect(better).to.include({ name: 'CertificateExpired' });
      expect(better.facts).to.deep.equal(facts);
      expect(betterExplained(new JitFailure(name, facts), [valid], true).name).to.equal(name);
    }
    expect(betterExplained(new JitFailure('InactiveUser', facts), [expired], true).name).to.equal('InactiveUser');
  });

  it('is a blocked app, not an old session, when the session was issued just now', () => {
    const failure = new JitFailure('SessionInvalid', facts);
    expect(betterExplained(failure, [], true).name).to.equal('ApiAccessBlocked');
    expect(betterExplained(failure, [], false).name).to.equal('SessionInvalid');
  });
});

describe('the setup', () => {
  it('has a keychain that sf can use, or not', () => {
    const facts = { file: '/h/.sfdx/key.json', hasDesktopSession: false };
    expect(outcome(keychainFinding({ ...facts, kind: 'system' }))).to.equal('pass system');
    expect(outcome(keychainFinding({ ...facts, kind: 'desktop' }))).to.equal('warn out-of-reach');
    expect(outcome(keychainFinding({ ...facts, kind: 'desktop', hasDesktopSession: true }))).to.equal('pass system');
    expect(outcome(keychainFinding({ ...facts, kind: 'file' }))).to.equal('pass file');
    expect(outcome(keychainFinding({ ...facts, kind: 'file', mode: 0o600 }))).to.equal('pass file');
    expect(outcome(keychainFinding({ ...facts, kind: 'file', mode: 0o644 }))).to.equal('fail wrong-mode');
  });

  it('has files that nobody else reads, and a last failure that may be solved', () => {
    expect(outcome(fileModeFinding([]))).to.equal('pass closed');
    expect(fileModeFinding(['a']).values).to.deep.equal(['a']);
    expect(fileModeFinding(['a', 'b']).values).to.deep.equal(['2', 'a']);
    expect(outcome(lastFailureFinding(undefined))).to.equal('pass none');
    expect(lastFailureFinding({ name: 'KeyInvalid', at: 'then' })).to.deep.include({
      status: 'warn',
      values: ['KeyInvalid', 'then'],
    });
  });
});
