/**
 * Loads what `this.table` draws with. A command that draws a table awaits this first: the bundle leaves the drawing, which is React, out
 * of the commands that draw none (scripts/bundle/tables.js).
 */
export async function loadTables(): Promise<void> {
  await import('@oclif/table');
}
