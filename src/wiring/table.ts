import { tableStyle } from '../terminal/io/tableStyle.js';
import type { Table } from '../terminal/drawTable.js';
import { drawTable } from '../terminal/drawTable.js';

/** What of a command is needed to show a table; with `--json` its `log` shows nothing. */
type Screen = { log(text: string): void };

/** Shows a table on standard output, drawn as the user wants tables. */
export function showTable<K extends string>(screen: Screen, table: Table<K>): void {
  screen.log(drawTable(table, tableStyle()));
}

/** Shows one thing, a row for each of its fields; what is not known is shown as nothing. */
export function showFields(
  screen: Screen,
  fields: ReadonlyArray<readonly [name: string, value: string | null | undefined]>,
): void {
  showTable(screen, {
    columns: [
      { key: 'key', name: 'KEY' },
      { key: 'value', name: 'VALUE' },
    ],
    data: fields.map(([key, value]) => ({ key, value: value ?? '' })),
  });
}
