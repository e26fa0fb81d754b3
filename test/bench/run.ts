/**
 * `npm run bench`: the speed of the packed plugin in the real sf, beside the stock CLI of the devDependencies, against the same stand-in,
 * in one run. Prints the table and writes docs/benchmarks.md. Asserts nothing: machines differ, and times are not a test.
 *
 * `npm run bench -- scale` measures what grows with the number of sandboxes, and nothing else; the other rows of the page stay as they are.
 *
 * JIT_BENCH_ROUNDS says how many rounds count (7 unless told otherwise).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { machine } from './measure.js';
import { keyRows } from './keyRows.js';
import type { Row } from './rows.js';
import { hookRows, listRows, loginRows, manyRows, quietLoginRow } from './rows.js';
import { scaleRows } from './scaleRows.js';
import { openSetting } from './setting.js';

const rounds = Number(process.env['JIT_BENCH_ROUNDS'] ?? 7);

async function measuredAtScale(): Promise<Row[]> {
  const rows = await scaleRows(Math.ceil(rounds / 7));
  rows.forEach(print);
  return rows;
}

function print(row: Row): void {
  console.log(`${row.what}: ${row.measured}${row.bar === undefined ? '' : ` (bar: ${row.bar}) ${verdict(row)}`}`);
}

function lineOf(row: Row): string {
  return `| ${row.what} | ${row.measured} | ${row.bar ?? ''} | ${verdict(row)} | ${row.floor ?? ''} |`;
}

async function measured(): Promise<Row[]> {
  const setting = await openSetting();
  const parts: Array<() => Promise<Row[]>> = [
    async () => loginRows(setting, rounds),
    async () => [await quietLoginRow(setting, rounds)],
    async () => keyRows(setting, rounds),
    async () => manyRows(setting, Math.ceil(rounds / 3)),
    async () => hookRows(setting, rounds * 4),
    async () => listRows(setting, rounds),
    async () => scaleRows(Math.ceil(rounds / 7)),
  ];
  const rows: Row[] = [];
  try {
    for (const part of parts) {
      const found = await part();
      found.forEach(print);
      rows.push(...found);
    }
  } finally {
    await setting.stage.close();
  }
  return rows;
}

function verdict({ met }: Row): string {
  return met === undefined ? '' : met ? '✓' : '✗ not met';
}

async function cliVersion(): Promise<string> {
  const file = new URL('../../node_modules/@salesforce/cli/package.json', import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

const file = new URL('../../docs/benchmarks.md', import.meta.url);
const alone = 'The rows of 500 sandboxes were measured alone, on ';
const isOfScale = (line: string): boolean => /^\| `sandbox [^`]*`, \d+ sandboxes, 100 ms a request/.test(line);

if (process.argv.includes('scale')) {
  const rows = (await measuredAtScale()).map(lineOf);
  const before = (await readFile(file, 'utf8')).split('\n');
  const lines = before.filter((line) => !isOfScale(line) && !line.startsWith(alone));
  const end = lines.findLastIndex((line) => line.startsWith('|'));
  lines.splice(end + 1, 0, ...rows);
  const day = new Date().toISOString().slice(0, 10);
  lines.push(
    `${alone}${day}, by the median of ${Math.ceil(rounds / 7)} pairs, with a load of ${loadavg()[0]?.toFixed(0)}.`,
    '',
  );
  await writeFile(file, lines.join('\n'));
} else {
  const rows = await measured();
  const table = rows.map(lineOf);
  const page = `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine()}, CLI ${await cliVersion()}.
The packed plugin in the real \`sf\`, beside the stock commands, against the same stand-in on the same machine, in one run. Contenders
take turns; every figure is the median of ${rounds} or more pairs (a third of that for 20 and more sandboxes). Ratios are of wall-clock
time from start to exit unless they say otherwise; below 1 × is faster than stock.

| what | measured | bar | | floor |
|---|---|---|---|---|
${table.join('\n')}

"Cold" is a machine that has production registered with a key file and no session of anything. \`org resume sandbox\` starts with a
stored session of production, which it cannot do without. "The hooks alone" is their loading and running in a process that does nothing
else and has loaded Node's own modules, as sf has by then: the difference of two sf commands is a small number between two large ones.
`;
  await writeFile(file, page);
  console.log(`\n${page}`);
}
