// What sf-plugins-core draws tables with is React and a megabyte of packages. Ours are drawn by src/terminal/drawTable.ts, and no
// command calls `this.table`.
function notHere() {
  throw new Error('Tables are shown by showTable() of src/wiring/table.ts.');
}

export { notHere as makeTable, notHere as printTable };
