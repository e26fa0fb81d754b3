/**
 * `npm run demo`: the main job with the real `sf`, against the embedded stand-in for Salesforce, in a home of its own. Prints each
 * command and its answer; exits 1 as soon as a step does not do what it says.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmulatorControl } from '../lib/emulator/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sf = join(root, 'node_modules', '@salesforce', 'cli', 'bin', 'run.js');
const home = mkdtempSync(join(tmpdir(), 'sf-plugin-jit-demo-'));

const environment = {
  PATH: process.env.PATH,
  TMPDIR: process.env.TMPDIR,
  HOME: home,
  USERPROFILE: home,
  SF_DATA_DIR: join(home, 'data'),
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
};

/** Runs sf quietly. */
function run(args, options = {}) {
  return spawnSync(process.execPath, [sf, ...args], { env: environment, cwd: home, encoding: 'utf8', ...options });
}

/** Shows a command and its answer, and fails the demo if it ends otherwise than expected. */
function step(args, { fails = false, contains = '' } = {}) {
  console.log(`\n$ sf ${args.map((arg) => (/[^\w./:@=-]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`);
  const { status, stdout, stderr } = run(args);
  const answer = `${stdout}\n${fails ? stderr : ''}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^Warning/.test(line))
    .slice(0, 16);
  console.log(answer.join('\n'));
  if ((status !== 0) !== fails || !`${stdout}${stderr}`.includes(contains)) {
    throw new Error(`This was not expected: exit code ${status}, and the answer\n${stdout}\n${stderr}`);
  }
}

/** Starts the stand-in as a user would, and waits for what it prints when it is ready. */
function startEmulator() {
  const emulator = spawn(process.execPath, [sf, 'jit', 'emulator', 'start', '--sandbox', 'uat', '--json'], {
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

const query = ['data', 'query', '--query', 'SELECT Name FROM Account', '--target-org', 'uat'];

async function play() {
  const linked = run(['plugins', 'link', root, '--no-install']);
  if (linked.status !== 0) throw new Error(linked.stderr);
  const { emulator, info } = await startEmulator();
  try {
    Object.assign(environment, info.environment);
    const control = new EmulatorControl(info.controlUrl, info.controlToken);

    environment.PROD_KEY = readFileSync(info.keyFile, 'utf8');

    console.log('# Once: register production, its key in the variable PROD_KEY, and the sandbox. No credential is stored.');
    step(
      [
        ...['jit', 'org', 'register', '--username', info.username, '--client-id', info.clientId],
        ...['--jwt-key-env', 'PROD_KEY', '--instance-url', info.loginUrl, '--alias', 'prod'],
      ],
      { contains: 'Registered production org' },
    );
    step(['jit', 'sandbox', 'register', '--sandbox-name', 'uat'], { contains: 'Registered sandbox uat' });

    console.log('\n# Log in just in time; then every sf command works with the alias.');
    await control.clearLog();
    step(['jit', 'sandbox', 'login', '--sandbox-name', 'uat'], { contains: 'Logged in to sandbox uat' });
    console.log(`(${(await control.log()).length} requests to Salesforce)`);
    step(['org', 'display', '--target-org', 'uat'], { contains: 'Connected' });
    step(query, { contains: 'uat copy 1' });

    const { orgId } = await control.refreshSandbox('uat', { complete: true });
    console.log(`\n# The sandbox is refreshed: it has a new org ID, ${orgId}, and the old session is dead.`);
    step(query, { fails: true, contains: 'Session expired' });
    console.log('\n# Log in again, and everything works as before.');
    step(['jit', 'sandbox', 'login', '--sandbox-name', 'uat'], { contains: orgId });
    step(query, { contains: 'uat copy 2' });
    step(['org', 'list'], { contains: 'Sandbox' });
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
