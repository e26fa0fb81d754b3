import { expect } from 'chai';
import { shortDate, tellingColumns } from '../../../src/terminal/columns.js';

describe('columns that tell something', () => {
  const columns = [
    { key: 'name', name: 'Name' },
    { key: 'layer', name: 'Layer', plain: 'global' },
    { key: 'count', name: 'Count' },
  ] as const;
  const of = (...rows: Array<Record<'name' | 'layer' | 'count', string | number>>) =>
    tellingColumns(columns, rows).map(({ name }) => name);

  it('are those in which a row says more than what goes without saying', () => {
    expect(of({ name: 'a', layer: 'global', count: '' })).to.deep.equal(['Name']);
    expect(of({ name: 'a', layer: '', count: 0 })).to.deep.equal(['Name', 'Count']);
    expect(of({ name: 'a', layer: 'global', count: '' }, { name: '', layer: 'project', count: 2 })).to.deep.equal([
      'Name',
      'Layer',
      'Count',
    ]);
  });
});

describe('a short date', () => {
  it('is a day, or nothing where there is none', () => {
    expect(shortDate('2026-11-28T12:00:00.000Z')).to.equal('2026-11-28');
    expect(shortDate(null)).to.equal('');
    expect(shortDate('when?')).to.equal('');
  });
});
