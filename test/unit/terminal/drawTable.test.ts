import { makeTable, printTable } from '@oclif/table';
import { expect } from 'chai';
import fc from 'fast-check';
import { createSandbox } from 'sinon';
import type { Border, Overflow, Table, TableStyle } from '../../../src/terminal/drawTable.js';
import { borders, drawTable, overflows } from '../../../src/terminal/drawTable.js';

const style: TableStyle = {
  width: 60,
  border: 'vertical-with-outline',
  overflow: 'wrap',
  plain: false,
  emphasize: (heading) => heading,
};

const table: Table = {
  columns: [
    { key: 'url', name: 'URL' },
    { key: 'name', name: 'Name' },
    { key: 'count', name: 'Long heading' },
  ],
  data: [
    { url: 'https://login.example.com/services/oauth2/token and more words', name: 'x', count: 3, more: 'not shown' },
    { url: '', name: 'yy', count: 12 },
    { url: 'übung', name: 'a longer value of a field', count: 1 },
  ],
};

/** The table as sf's own library draws it, colours aside. */
function asStock({ columns, data }: Table, { width, border, overflow }: Partial<TableStyle>): string {
  const sandbox = createSandbox();
  sandbox.stub(process, 'env').value({ ...process.env, OCLIF_TABLE_COLUMN_OVERRIDE: String(width ?? '') });
  try {
    return makeTable({
      columns: [...columns],
      data: [...data],
      borderStyle: border,
      overflow,
      headerOptions: {},
    }).replaceAll(/\u001B\[\d+m/g, '');
  } finally {
    sandbox.restore();
  }
}

function asStockInCi({ columns, data }: Table, { width, overflow }: TableStyle): string {
  const sandbox = createSandbox();
  const lines: string[] = [];
  // the library keeps the object that holds the variables, so they are set in it
  const before = { ...process.env };
  Object.assign(process.env, { CI: 'true', OCLIF_TABLE_COLUMN_OVERRIDE: String(width) });
  delete process.env.OCLIF_TABLE_SKIP_CI_CHECK;
  sandbox.stub(console, 'log').callsFake((line = '') => lines.push(String(line)));
  try {
    printTable({ columns: [...columns], data: [...data], overflow });
  } finally {
    sandbox.restore();
    delete process.env.CI;
    delete process.env.OCLIF_TABLE_COLUMN_OVERRIDE;
    Object.assign(process.env, before);
  }
  return lines.join('\n');
}

describe('drawTable', () => {
  it('draws a box around a heading and rows, and breaks what is too wide', () => {
    expect(drawTable(table, style).split('\n')).to.deep.equal([
      '┌───────────────┬───────────────────────────┬──────────────┐',
      '│ URL           │ Name                      │ Long heading │',
      '├───────────────┼───────────────────────────┼──────────────┤',
      '│ https://login │ x                         │ 3            │',
      '│ .example.com/ │                           │              │',
      '│ services/oaut │                           │              │',
      '│ h2/token and  │                           │              │',
      '│ more words    │                           │              │',
      '│               │ yy                        │ 12           │',
      '│ übung         │ a longer value of a field │ 1            │',
      '└───────────────┴───────────────────────────┴──────────────┘',
      '',
    ]);
  });

  for (const border of Object.keys(borders) as Border[]) {
    it(`draws borders ${border} as sf's own library does`, () => {
      expect(drawTable(table, { ...style, border })).to.equal(asStock(table, { ...style, border }));
    });
  }

  for (const overflow of overflows) {
    it(`fits texts in with ${overflow} as sf's own library does`, () => {
      expect(drawTable(table, { ...style, overflow })).to.equal(asStock(table, { ...style, overflow }));
    });
  }

  it(`draws any table as sf's own library does`, () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9:/.@_-]{0,30}$/);
    const text = fc.array(word, { maxLength: 5 }).map((words) => words.filter(Boolean).join(' '));
    const name = fc.stringMatching(/^[A-Z][a-z]{2,12}$/);
    const heading = fc.array(name, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
    const tables = fc.record({
      names: fc.array(heading, { minLength: 1, maxLength: 5 }),
      rows: fc.array(fc.array(text, { minLength: 5, maxLength: 5 }), { maxLength: 4 }),
      width: fc.integer({ min: 40, max: 120 }),
      border: fc.constantFrom(...(Object.keys(borders) as Border[])),
      overflow: fc.constantFrom<Overflow>(...overflows),
    });
    fc.assert(
      fc.property(tables, ({ names, rows, ...look }) => {
        const columns = names.map((heading_, index) => ({ key: `c${index}`, name: heading_ }));
        const data = rows.map((row) => Object.fromEntries(columns.map(({ key }, index) => [key, row[index] ?? ''])));
        const wanted = { ...style, ...look };
        expect(drawTable({ columns, data }, wanted)).to.equal(asStock({ columns, data }, wanted));
      }),
      { numRuns: 30 },
    );
  }).timeout(30_000);

  it('is a plain table in a CI job', () => {
    const wanted = { ...style, plain: true };
    expect(drawTable(table, wanted)).to.equal(asStockInCi(table, wanted));
  });

  it('counts the columns of a character as terminals do', () => {
    const texts = ['東京サンドボックス', 'q\u0301', '🚀 release', '👍🏽', '🇩🇪', 'ｕａｔ', 'Привет', 'ไทย'];
    const { columns } = table;
    const data = texts.map((name) => ({ name, url: `${name} ${name} ${name}`, count: 1 }));
    const wanted = { ...style, width: 50 };
    expect(drawTable({ columns, data }, wanted)).to.equal(asStock({ columns, data }, wanted));
  });

  it('leaves out as much of a text as is too wide, and no half of a character', () => {
    // sf's own library breaks its borders here
    const columns = [{ key: 'name', name: 'Name' }];
    const line = (name: string, overflow: Overflow): string | undefined =>
      drawTable({ columns, data: [{ name }] }, { ...style, width: 12, overflow }).split('\n')[3];
    expect(line('東京サンドボックス', 'truncate')).to.equal('│ 東京サ…  │');
    expect(line('a東京サンドボックス', 'truncate-end')).to.equal('│ a東京サ… │');
    expect(line('東京サンドボックス', 'truncate-start')).to.equal('│ …ックス  │');
    expect(line('🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪', 'truncate-middle')).to.equal('│ 🇩🇪🇩🇪…🇩🇪  │');
  });

  it('keeps what could steer the terminal out of every text', () => {
    const columns = [{ key: 'alias', name: 'Alias' }];
    const drawn = drawTable({ columns, data: [{ alias: 'u\u001B[31mat\u202Eeman' }] }, style);
    expect(drawn).to.include('│ u [31mateman │');
  });

  it('lets headings stand out, and nothing else', () => {
    const drawn = drawTable(table, { ...style, emphasize: (heading) => `<${heading}>` });
    expect(drawn.split('\n').filter((line) => line.includes('<'))).to.deep.equal([
      '│< URL           >│< Name                      >│< Long heading >│',
    ]);
  });

  it('is as wide as it needs where nobody knows how wide the terminal is', () => {
    expect(drawTable(table, { ...style, width: undefined })).to.equal(asStock(table, { ...style, width: undefined }));
  });
});
