import { expect } from 'chai';
import type { KeySource } from '../../../src/keys/keySource.js';
import { productionOrgTable } from '../../../src/production/productionOrgView.js';
import { drawTable } from '../../../src/terminal/drawTable.js';
import { acme } from '../../support/fakes.js';

type Org = Parameters<typeof productionOrgTable>[0][0];

const org = (more: Partial<Org> = {}): Org => ({
  ...acme().productionOrgs[0]!,
  username: 'admin@acme.com',
  alias: 'prod',
  key: { source: 'file', path: '/home/me/keys/server.key' },
  isDefault: false,
  sandboxes: ['uat', 'dev'],
  ...more,
});
const drawn = (orgs: Org[]): string =>
  drawTable(productionOrgTable(orgs), {
    width: 80,
    border: 'vertical-with-outline',
    overflow: 'wrap',
    plain: false,
    emphasize: (heading) => heading,
  });
const headings = (orgs: Org[]): string[] => productionOrgTable(orgs).columns.map(({ name }) => name);

describe('the table of production orgs', () => {
  it('leaves out columns that say nothing', () => {
    expect(headings([org()])).to.deep.equal(['Alias', 'Username', 'Key', 'Sandboxes']);
    expect(headings([org({ alias: undefined })])).not.to.include('Alias');
    expect(headings([org(), org({ username: 'x@y.example', isDefault: true })])).to.include('Default');
  });

  it('is sorted by what an org is called, numbers by their value', () => {
    const orgs = [
      org({ alias: 'prod10' }),
      org({ alias: undefined, username: 'a@b.example' }),
      org({ alias: 'prod2' }),
    ];
    expect(productionOrgTable(orgs).data.map(({ alias, username }) => alias || username)).to.deep.equal([
      'a@b.example',
      'prod2',
      'prod10',
    ]);
  });

  it('cuts no alias, no username and no count in 80 columns, wherever the key is', () => {
    const fingerprint = `SHA256:${'a1B2'.repeat(10)}abc`;
    const keys: KeySource[] = [
      { source: 'file', path: '/home/me/projects/acme/certs/server.key' },
      { source: 'env', name: 'ACME_PRODUCTION_KEY' },
      { source: 'command', command: ['op', 'read', 'op://ci/production/private-key'] },
      { source: 'agent', fingerprint },
      { source: 'stdin' },
      { source: 'sf' },
    ];
    const orgs = keys.map((key, index) =>
      org({ key, alias: `production${index}`, username: `release.bot@acme-emea.example.com`, isDefault: index === 0 }),
    );
    const lines = drawn(orgs).trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(80);
    const whole = lines.join('\n');
    for (const { alias } of orgs) expect(whole).to.contain(alias);
    expect(whole).to.contain('release.bot@acme-emea.example.com').and.not.to.contain('…');
    expect(whole).to.match(/Sandboxes/);
  });
});
