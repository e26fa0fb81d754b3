import { expect } from 'chai';
import { finding } from '../../../src/checks/checks.js';
import type { KeychainFacts } from '../../../src/checks/setupChecks.js';
import {
  fileModeFinding,
  keychainFinding,
  lastFailureFinding,
  settingsFindings,
} from '../../../src/checks/setupChecks.js';

const file = '/h/.sfdx/key.json';

describe('the keychain of sf', () => {
  const cases: Array<[title: string, facts: Partial<KeychainFacts>, expected: ReturnType<typeof finding>]> = [
    ['of the system', { kind: 'system' }, finding('keychain', 'pass', 'system')],
    ['of a desktop', { kind: 'desktop', hasDesktopSession: true }, finding('keychain', 'pass', 'system')],
    ['of a desktop that nobody uses', { kind: 'desktop' }, finding('keychain', 'warn', 'out-of-reach')],
    ['that is a file yet to be made', { kind: 'file' }, finding('keychain', 'pass', 'file', file)],
    ['that is a file of its user', { kind: 'file', mode: 0o600 }, finding('keychain', 'pass', 'file', file)],
    ['that others can read', { kind: 'file', mode: 0o604 }, finding('keychain', 'fail', 'wrong-mode', file)],
    [
      'that is a file stricter than sf takes',
      { kind: 'file', mode: 0o400 },
      finding('keychain', 'fail', 'wrong-mode', file),
    ],
  ];
  for (const [title, facts, expected] of cases) {
    it(`${title}: ${expected.status} ${expected.words}`, () => {
      expect(keychainFinding({ kind: 'file', hasDesktopSession: false, file, ...facts })).to.deep.equal(expected);
    });
  }
});

describe('files that other users can read', () => {
  it('are none, one by its name, or many by their number and the first', () => {
    expect(fileModeFinding([])).to.deep.equal(finding('file-modes', 'pass', 'closed'));
    expect(fileModeFinding(['a'])).to.deep.equal(finding('file-modes', 'warn', 'open', 'a'));
    expect(fileModeFinding(['a', 'b', 'c'])).to.deep.equal(finding('file-modes', 'warn', 'open-many', '3', 'a'));
  });
});

describe('the last failure', () => {
  it('is a warning at most, since it may be solved', () => {
    expect(settingsFindings([])).to.deep.equal([]);
    const files = [
      { file: '/c.json', names: ['jit-production-org', 'jit-auto-login'] },
      { file: '/old.json', names: ['jit-auto-login'] },
    ];
    expect(settingsFindings(files)).to.deep.equal([
      finding('settings', 'warn', 'production-org-misread', '/c.json'),
      finding('settings', 'warn', 'misread', 'jit-auto-login', '/c.json', 'SF_JIT_AUTO_LOGIN', 'jit-auto-login'),
    ]);
    expect(lastFailureFinding(undefined)).to.deep.equal(finding('last-failure', 'pass', 'none'));
    expect(lastFailureFinding({ name: 'KeyInvalid', at: '2026-11-22T10:00:00Z' })).to.deep.equal(
      finding('last-failure', 'warn', 'known', 'KeyInvalid', '2026-11-22T10:00:00Z'),
    );
    expect(lastFailureFinding({ name: 'InvalidGrant', at: '2026-11-22T10:00:00Z', requestId: 'abc' })).to.deep.equal(
      finding('last-failure', 'warn', 'known-to-salesforce', 'InvalidGrant', '2026-11-22T10:00:00Z', 'abc'),
    );
  });
});
