// `@oclif/table` draws with React, 0.2 s of loading that only commands with a table need. Those call `loadTables()` of
// src/terminal/tables.ts first, which loads the package into this module.
let tables;

/** Called by loadTables.js with the loaded package. */
export function provide(loaded) {
  tables = loaded;
}

function loaded() {
  if (tables === undefined) throw new Error('A command that draws a table must await loadTables() first.');
  return tables;
}

export const makeTable = (options) => loaded().makeTable(options);
export const printTable = (options) => loaded().printTable(options);
