/**
 * `npm run demo`: the main job with the real `sf`, against the embedded stand-in for Salesforce, in a home of its own. Prints each
 * command and its answer (scripts/demoStory.js); exits 1 as soon as a step does not do what it says.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmulatorControl } from '../lib/emulator/index.js';
import { columns, story } from './demoStory.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'node_modules', '@salesforce', 'cli', 'bin', 'run.js');
const home = mkdtempSync(join(tmpdir(), 'sf-plugin-jit-demo-'));

const environment = {
  PATH: process.env.PATH,
  TMPDIR: process.env.TMPDIR,
  TEMP: process.env.TEMP,
  SystemRoot: process.env.SystemRoot,
  HOME: home,
  USERPROFILE: home,
  SF_DATA_DIR: join(home, 'data'),
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  OCLIF_TABLE_COLUMN_OVERRIDE: String(columns),
  OCLIF_COLUMNS: String(columns),
  // what `sf org login web` opens on Linux
  BROWSER: join(root, 'scripts', 'demoBrowser.js'),
};

/** Whether sf opens what BROWSER names; elsewhere it would be the browser of whoever plays the demo, which warns of the stand-in. */
const hasBrowser = process.platform === 'linux' && !/microsoft/i.test(release());

/** Runs sf quietly. */
function run(args) {
  return spawnSync(process.execPath, [program, ...args], { env: environment, cwd: home, encoding: 'utf8' });
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const words = (commandLine) => commandLine.match(/'[^']*'|\S+/g).map((word) => word.replace(/^'(.*)'$/, '$1'));

/** The text in lines that fit a terminal, broken at spaces; `indent` is put before all lines but the first. */
function wrapped(text, breakAt, indent, width = columns - 2) {
  const lines = [''];
  for (const piece of text.split(breakAt)) {
    const line = lines.at(-1);
    if (line !== '' && line.length + piece.length >= width) lines.push(indent + piece);
    else lines[lines.length - 1] = line === '' ? piece : `${line} ${piece}`;
  }
  return lines;
}

/** Shows a command and its answer, and fails the demo if it ends otherwise than expected. */
function show(commandLine, { contains, lines = 16 }) {
  console.log(`\n${wrapped(`$ sf ${commandLine}`, / (?=--)/, '    ').join(' \\\n')}`);
  const { status, stdout, stderr } = run(words(commandLine));
  const answer = `${stderr}\n${stdout}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(Warning|Querying)/.test(line))
    .slice(0, lines);
  console.log(answer.join('\n'));
  if (status !== 0 || !answer.join('\n').includes(contains)) {
    throw new Error(`This was not expected: exit code ${status}, and the answer\n${stdout}\n${stderr}`);
  }
}

/** Has sf find the plugin as `sf plugins install` leaves it. A linked one would not do: sf runs the sources of those, not `lib/`. */
function install() {
  const plugins = join(home, 'data', 'node_modules');
  mkdirSync(plugins, { recursive: true });
  symlinkSync(root, join(plugins, 'sf-plugin-jit'), 'junction');
  const installed = { oclif: { schema: 1, plugins: [{ name: 'sf-plugin-jit', tag: 'latest', type: 'user' }] } };
  writeFileSync(join(home, 'data', 'package.json'), JSON.stringify({ private: true, ...installed }));
}

/** Starts the stand-in as a user would, and waits for what it prints when it is ready. */
function startEmulator() {
  const emulator = spawn(process.execPath, [program, 'jit', 'emulator', 'start', '--json'], {
    env: environment,
    cwd: home,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    emulator.once('exit', (code) => reject(new Error(`The emulator ended with exit code ${code}.\n${text}`)));
    emulator.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      try {
        resolve({ emulator, info: JSON.parse(text).result });
      } catch {
        // not all of it is there yet; an end without JSON rejects above
      }
    });
  });
}

async function play() {
  install();
  const { emulator, info } = await startEmulator();
  try {
    const control = new EmulatorControl(info.controlUrl, info.controlToken);
    Object.assign(environment, info.environment);
    const values = { ...info, authUrlFile: join(home, 'auth-url.txt') };
    if (!hasBrowser) {
      const { sfdxAuthUrl } = await control.issueTokens(info.username);
      writeFileSync(values.authUrlFile, sfdxAuthUrl, { mode: 0o600 });
    }
    for (const { say, before, sf, withoutBrowser = sf, requests, ...expected } of story) {
      if (before === 'refresh') {
        values.orgId = (await control.refreshSandbox('uat', { complete: true })).orgId;
        environment.SF_JIT_CHECK_MINUTES = '0';
      }
      if (say) console.log(`\n${wrapped(`# ${filled(say, values)}`, ' ', '# ').join('\n')}`);
      await control.clearLog();
      show(filled(hasBrowser ? sf : withoutBrowser, values), expected);
      if (requests) console.log(`(${(await control.log()).length} requests to Salesforce)`);
    }
    console.log('\nDone. For the sandbox nothing had to be stored, copied or renewed.');
  } finally {
    emulator.removeAllListeners('exit');
    emulator.kill('SIGTERM');
    await new Promise((resolve) => emulator.once('exit', resolve));
  }
}

try {
  await play();
} catch (error) {
  console.error(`\nThe demo failed. ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
