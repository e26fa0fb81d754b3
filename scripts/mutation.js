/**
 * Changes the code that decides in one place at a time, and counts the changes that no unit test notices (Stryker, stryker.config.json). One
 * room after the other: its own tests try each change. Where they let more pass than `thresholds.high` allows, the tests of the rooms that use it
 * try what was left.
 *
 *     node scripts/mutation.js                         every room that decides
 *     node scripts/mutation.js exec sandboxes/login    these only
 *     node scripts/mutation.js keys/pem.ts
 *
 * Ends with 1 where a room is below `thresholds.break`, or all rooms together are below `thresholds.high`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

const root = new URL('../', import.meta.url);
const { mutate, thresholds } = JSON.parse(readFileSync(new URL('stryker.config.json', root), 'utf8'));

// no unit test sees how parts are put together, what a terminal shows, or the stand-in: contract and end-to-end tests do
const withoutDecisions = ['commands', 'emulator', 'flags', 'hooks', 'terminal', 'wiring'];

const rooms = readdirSync(new URL('src/', root), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !withoutDecisions.includes(entry.name))
  .map(({ name }) => name);

/** @param {string} room @param {string} other @returns {boolean} whether code of the room that decides, or its tests, import the other room */
function uses(room, other) {
  return [new URL(`src/${room}/`, root), new URL(`test/unit/${room}/`, root)].some((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((path) => path.endsWith('.ts') && !/(^|[\\/])io[\\/]/.test(path))
      .some((path) => new RegExp(`from '.*\\.\\./(src/)?${other}/`).test(readFileSync(new URL(path, folder), 'utf8'))),
  );
}

/** @param {string[]} places @param {string[]} testing rooms whose tests try the changes @returns {Promise<object[]>} the changes */
async function run(places, testing) {
  const changes = await new Stryker({
    mutate: [...places, ...mutate.filter((glob) => glob.startsWith('!'))],
    // judged below, all runs of a room together
    thresholds: { ...thresholds, break: null },
    mochaOptions: { spec: testing.map((room) => `test/unit/${room}/**/*.test.ts`) },
  }).runMutationTest();
  return changes.map((change) => ({
    ...change,
    file: relative(fileURLToPath(root), change.fileName).replaceAll('\\', '/'),
  }));
}

const isNoticed = ({ status }) => status === 'Killed' || status === 'Timeout';
const isUnnoticed = ({ status }) => status === 'Survived' || status === 'NoCoverage';
const isSame = (one, other) =>
  one.file === other.file &&
  one.mutatorName === other.mutatorName &&
  one.replacement === other.replacement &&
  JSON.stringify(one.location) === JSON.stringify(other.location);

/** @param {object} change @returns {string} its place, as Stryker takes it: lines count from 1, columns from 0 */
function placeOf({ file, location: { start, end } }) {
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}

/** @param {object} change @returns {string} where it is, and what became of the text */
function described({ file, location: { start, end }, replacement, status }) {
  const lines = readFileSync(new URL(file, root), 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  lines.push(lines.pop().slice(0, end.column - 1));
  const [before, after] = [lines.join('\n').slice(start.column - 1), replacement].map((text) =>
    text.replace(/\s+/g, ' ').slice(0, 100),
  );
  return `${file}:${start.line}: ${before} → ${after}${status === 'NoCoverage' ? ' (not reached)' : ''}\n`;
}

/** @param {string} part of src: a room, a folder in it, or a file @returns {Promise<object>} how its changes ended */
async function measure(part) {
  const started = performance.now();
  const [room] = part.split('/');
  process.stdout.write(`\n${part}\n`);
  let changes = await run([part.endsWith('.ts') ? `src/${part}` : `src/${part}/**/*.ts`], [room]);
  const users = rooms.filter((other) => other !== room && uses(other, room));
  const left = changes.filter(isUnnoticed);
  const isEnough =
    left.length <= (1 - thresholds.high / 100) * changes.filter(({ status }) => status !== 'Ignored').length;
  if (!isEnough && users.length > 0) {
    process.stdout.write(`${left.length} left for the tests of ${users.join(', ')}\n`);
    const again = await run([...new Set(left.map(placeOf))], users);
    const noticed = again.filter(isNoticed);
    changes = changes.map((change) => noticed.find((other) => isSame(change, other)) ?? change);
  }
  changes.filter(isUnnoticed).forEach((change) => process.stdout.write(described(change)));
  const count = (...ends) => changes.filter(({ status }) => ends.includes(status)).length;
  return {
    part,
    noticed: count('Killed', 'Timeout'),
    'of them endless': count('Timeout'),
    'not noticed': count('Survived', 'NoCoverage'),
    'left out': count('Ignored'),
    minutes: (performance.now() - started) / 60_000,
  };
}

/** @param {object} result @returns {number} in percent */
function score({ noticed, 'not noticed': unnoticed }) {
  return (100 * noticed) / (noticed + unnoticed);
}

const wanted = process.argv.slice(2).map((part) => part.replace(/^src\//, '').replace(/\/$/, ''));
const results = [];
for (const part of wanted.length > 0 ? wanted : rooms) {
  const result = await measure(part);
  results.push(result);
  process.stdout.write(`${part}: ${score(result).toFixed(1)} %, after ${result.minutes.toFixed(1)} minutes\n`);
}

const sum = (name) => results.reduce((before, result) => before + result[name], 0);
const total = Object.fromEntries(
  Object.keys(results[0]).map((name) => [name, name === 'part' ? 'together' : sum(name)]),
);
console.table(
  [...results, total].map((row) => ({ ...row, minutes: +row.minutes.toFixed(1), '%': +score(row).toFixed(1) })),
);
const tooLow = results.filter((result) => score(result) < thresholds.break).map(({ part }) => part);
if (wanted.length === 0 && score(total) < thresholds.high) tooLow.push('all rooms together');
if (tooLow.length > 0) process.stdout.write(`Too low: ${tooLow.join(', ')}\n`);
process.exitCode = tooLow.length > 0 ? 1 : 0;
