import { showable } from '../failures/untrustedText.js';

/**
 * Loads what `this.table` draws with. A command that draws a table awaits this first: the bundle leaves the drawing, which is React, out
 * of the commands that draw none (scripts/bundle/tables.js).
 */
export async function loadTables(): Promise<void> {
  await import('@oclif/table');
}

/** Rows with their texts made fit to be shown: names and addresses in them come from files that others may have written. */
export function rowsToShow<T extends Readonly<Record<string, unknown>>>(rows: readonly T[]): T[] {
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          typeof value === 'string' ? showable(value, 1000) : value,
        ]),
      ) as T,
  );
}
