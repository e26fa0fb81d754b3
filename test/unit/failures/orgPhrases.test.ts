import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { productionPhrase, sandboxPhrase } from '../../../src/failures/orgPhrases.js';

describe('orgs in words', () => {
  it('are named by what a user calls them', () => {
    expect(sandboxPhrase('uat')).to.equal('sandbox uat');
    expect(sandboxPhrase('uat', 'admin@acme.example')).to.equal('sandbox uat of admin@acme.example');
    expect(productionPhrase('admin@acme.example')).to.equal('production org admin@acme.example');
  });

  it('are made in one place, and nothing is decided by them', () => {
    const src = join(import.meta.dirname, '../../../src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.includes('emulator'),
    );
    expect(files).to.have.length.greaterThan(100);
    for (const file of files.filter((name) => !name.endsWith('orgPhrases.ts'))) {
      const text = readFileSync(join(src, file), 'utf8');
      // names of locks are no words, and begin so too
      expect(text.replaceAll(/hold\(`[^`]*`/g, ''), file).not.to.match(/`[^`\n]*\b(sandbox|production org) \$\{/);
      expect(text, file).not.to.match(/facts\.org\b/);
    }
  });
});
