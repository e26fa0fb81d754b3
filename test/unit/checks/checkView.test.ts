import { globSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { finding } from '../../../src/checks/checks.js';
import { credentialsFinding } from '../../../src/checks/verification.js';
import { checkLine, checkOf } from '../../../src/checks/checkView.js';
import { verificationLines, verificationResult } from '../../../src/checks/verificationView.js';

/** Every finding that the source makes, as `name.words`, where both are literals. */
function literalFindings(): string[] {
  const sources = globSync('src/checks/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  return sources.flatMap((text) =>
    [...text.matchAll(/finding\(\s*'([\w-]+)',\s*'(?:pass|warn|fail)',\s*'([\w-]+)'/g)].map(
      ([, name, words]) => `${name ?? ''}.${words ?? ''}`,
    ),
  );
}

const computed = [
  ...['flags', 'environment', 'config-file', 'registration'].map((from) => `credentials.${from}`),
  ...['production', 'sandbox', 'scratch'].map((kind) => `org.${kind}`),
  ...['ahead', 'behind'].map((words) => `clock.${words}`),
  ...['registry', 'settings', 'key', 'config-file', 'proxy', 'keychain', 'file-modes', 'last-failure'].map(
    (name) => `${name}.unable`,
  ),
];

describe('the words of checks', () => {
  it('are there for every finding, and for nothing else', () => {
    const text = readFileSync('messages/checks.md', 'utf8');
    const written = [...text.matchAll(/^# (\S+)$/gm)].map(([, key]) => key);
    expect(written).to.have.members([...new Set([...literalFindings(), ...computed])]);
  });

  it('are one line with a mark, whatever a file or a server put into them', () => {
    const check = checkOf(finding('org', 'warn', 'scratch', 'Ac\u001b[31mme\nInc', '00D'));
    expect(checkLine(check)).to.match(/^⚠ Org: "Ac \[31mme Inc" is a scratch org \(00D\)/);
    expect(checkLine({ name: 'org', status: 'pass', message: 'x' })).to.equal('✓ x');
    expect(checkLine({ name: 'org', status: 'fail', message: 'x' })).to.equal('✗ x');
  });

  it('name each source where credentials were put together', () => {
    const login = {
      username: 'a@b.example',
      clientId: 'c',
      loginUrl: 'https://x.example',
      key: { source: 'env', name: 'K' },
      from: 'flags',
    } as const;
    const all = { username: 'flags', clientId: 'flags', key: 'flags', loginUrl: 'default' } as const;
    expect(checkOf(credentialsFinding(login, all)).message).to.equal('Credentials of a@b.example: from flags.');
    const mixed = checkOf(credentialsFinding(login, { ...all, clientId: 'environment' }));
    expect(mixed.message).to.contain('the key from flags').and.to.contain('consumer key from environment');
  });
});

describe('a login test in words', () => {
  const good = {
    authenticated: true,
    source: 'flags',
    username: 'a@b.example',
    instanceUrl: 'https://acme.my.salesforce.com',
    apiVersion: 'v59.0',
    orgId: '00D',
    orgKind: 'production',
    findings: [finding('clock', 'pass', 'right')],
  } as const;

  it('begins with the four lines, exactly', () => {
    expect(verificationLines(verificationResult(good))).to.deep.equal([
      '✓ Authentication successful!',
      '✓ Instance URL: https://acme.my.salesforce.com',
      '✓ API Version: v59.0',
      '✓ User: a@b.example',
      "✓ Clock: agrees with the server's.",
    ]);
  });
});
