/*
 * A disk that is slow, and lists its folders from the end: `NODE_OPTIONS=--require=$PWD/test/support/roughDisk.cjs npx mocha …`. What fails only with
 * this relies on an order that nobody promises, or on how fast a file is read.
 *
 * Preloaded into every process that takes NODE_OPTIONS over; `environmentOf` gives it to the programs that tests start.
 */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

// the disk does not stand still with the clock of a test
const { setTimeout } = globalThis;

/** Milliseconds; longer ones seldom. */
const delay = () => Math.random() ** 4 * 60;
const later = () => new Promise((resolve) => setTimeout(resolve, delay()));
const reversed = (entries) => (Array.isArray(entries) ? entries.reverse() : entries);

const { readdirSync, readdir } = fs;
fs.readdirSync = (...args) => reversed(readdirSync(...args));
fs.readdir = (...args) => {
  const done = args.pop();
  readdir(...args, (error, entries) => setTimeout(() => done(error, reversed(entries)), delay()));
};

for (const name of ['readdir', 'readFile', 'open', 'stat', 'rename', 'writeFile']) {
  const original = fs.promises[name];
  fs.promises[name] = async (...args) => {
    await later();
    return reversed(await original.apply(fs.promises, args));
  };
}
syncBuiltinESMExports();
