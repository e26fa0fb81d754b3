import { expect } from 'chai';
import { environmentTable } from '../../../src/environments/environmentView.js';
import type { LayeredEnvironment } from '../../../src/environments/environments.js';
import { drawTable } from '../../../src/terminal/drawTable.js';

const environment = (more: Partial<LayeredEnvironment> = {}): LayeredEnvironment => ({
  name: 'staging',
  sandboxName: 'uat',
  productionUsername: 'admin@acme.com',
  branches: ['main'],
  category: 'test',
  layer: 'project',
  ...more,
});
const headings = (environments: LayeredEnvironment[]): string[] =>
  environmentTable(environments).columns.map(({ name }) => name);

describe('the table of environments', () => {
  it('leaves out columns that say nothing, or what goes without saying', () => {
    expect(headings([environment()])).to.deep.equal(['Name', 'Sandbox', 'Branches', 'Category']);
    expect(headings([environment({ repository: 'github.com/acme/app' })])).to.include('Repository');
    expect(headings([environment(), environment({ name: 'mine', layer: 'global' })])).to.include('Layer');
    expect(headings([environment({ branches: [] })])).not.to.include('Branches');
  });

  it('is sorted by name, numbers by their value', () => {
    const environments = ['qa10', 'qa2', 'acceptance'].map((name) => environment({ name }));
    expect(environmentTable(environments).data.map(({ name }) => name)).to.deep.equal(['acceptance', 'qa2', 'qa10']);
  });

  it('cuts no name and no branch in 80 columns', () => {
    const environments = [
      environment({ name: 'acceptance', branches: ['main', 'release/2026.11', 'hotfix/*'], layer: 'global' }),
      environment({ name: 'integration', branches: ['develop', 'feature/**'] }),
    ];
    const lines = drawTable(environmentTable(environments), {
      width: 80,
      border: 'vertical-with-outline',
      overflow: 'wrap',
      plain: false,
      emphasize: (heading) => heading,
    })
      .trimEnd()
      .split('\n');
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(80);
    const whole = lines.join('\n');
    for (const text of ['acceptance', 'integration', 'release/2026.11', 'feature/**', 'develop', 'global'])
      expect(whole).to.contain(text);
    expect(whole).not.to.contain('…');
  });
});
