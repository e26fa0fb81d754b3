import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { inParallel, leavesNoSecret, type Stage, useStage } from '../support/stage.js';

/** Everything that sf logs, in its log files. */
const logged = { SF_LOG_LEVEL: 'trace' };

/** Everything that sf and its libraries can be made to say, on standard output and standard error. */
const loud = { ...logged, DEBUG: '*' };

const passphrase = 'correct-horse-battery-staple-7';

/**
 * The key in a variable of its own. Not in `SF_PRIVATE_KEY`: at debug level stock sf itself logs every variable that begins with `SF_`
 * (`sf-startup`, CLI 2.150.6), whatever plugin is run. docs/setup-jwt.md tells users.
 */
const keyVariable = 'ACME_PRODUCTION_KEY';

describe('with all debug logs on', () => {
  const on = useStage(async (stage) => {
    stage.secret(passphrase);
    await works(stage, `jit org register ${stage.jwtFlags()} --alias prod`);
  });

  it('commands that work print and log no secret', async () => {
    const { stage } = on;
    const commands = [
      'jit sandbox register -n uat',
      'jit sandbox login -n uat',
      'jit sandbox login -n dev --auth-type sfdx-auth-url',
      'jit sandbox login -n uat --if-needed',
      'jit sandbox list --check',
      'jit sandbox display -n uat',
      'jit org list',
      'jit org display',
      'jit org verify',
      `data query -o uat -q 'SELECT Id FROM User'`,
      'jit sandbox exec -n uat -- true',
      'jit sandbox logout -n dev --no-prompt',
    ];
    for (const command of commands) await works(stage, command);
  });

  it('nor does a login with a key that comes from a variable, encrypted or not', async () => {
    const { stage } = on;
    const key = await stage.key();
    const encrypted = createPrivateKey(key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString();
    stage.secret(encrypted.split('\n')[3] ?? '');
    await stage.newHome();
    const flags = `--username ${stage.info.username} --client-id ${stage.info.clientId} --instance-url ${stage.info.loginUrl}`;
    const env = { ...loud, [keyVariable]: Buffer.from(key).toString('base64') };
    stage.secret(env[keyVariable].slice(100, 140));
    await works(stage, `jit org register ${flags} --jwt-key-env ${keyVariable} --alias prod`, env);
    await works(stage, 'jit sandbox login -n uat', env);
    const file = await stage.file('encrypted.key', encrypted);
    // the passphrase too is a variable that begins with SF_: at debug level it is in stock sf's own log
    const quiet = { SF_LOG_LEVEL: 'warn', DEBUG: '', SF_PRIVATE_KEY_PASSPHRASE: passphrase };
    await works(stage, `jit org register ${flags} --jwt-key-file ${file} --alias prod`, quiet);
  });

  it('commands that fail tell no secret either: not in the text, the data, the stack or the log', async () => {
    const { stage } = on;
    const strange = {
      kind: 'answer',
      status: 200,
      body: await gossip(stage),
      contentType: 'application/json',
    } as const;
    const refused = { ...strange, status: 400, body: await gossip(stage, true) };
    await stage.control.expireSessions('production');
    const faults = [
      { path: 'sandboxAuth$', action: strange },
      { path: 'sandboxAuth$', action: refused },
      {
        path: 'sandboxAuth$',
        action: { ...refused, contentType: 'text/html', body: `<html>${await gossip(stage)}</html>` },
      },
      { origin: 'sandbox', path: 'token$', action: strange },
      { origin: 'sandbox', path: 'token$', action: refused },
      { origin: 'sandbox', path: 'token$', action: { kind: 'reset' } },
      { origin: 'login', path: 'token$', action: refused },
      {
        origin: 'production',
        action: { kind: 'redirect', location: `https://elsewhere.example/?sid=${await token(stage)}` },
      },
    ] as const;
    for (const fault of faults) {
      await stage.control.setFault(fault);
      const env = { ...logged, [keyVariable]: await stage.key() };
      const run = await stage.sf('jit sandbox login -n uat --json', { env });
      expect(run.code, `${JSON.stringify(fault)}: ${run.stdout}`).to.be.oneOf([1, 69]);
      await stage.control.clearFaults();
    }
    const mistakes = [
      `jit org register --username a@b.example --client-id x --jwt-key-file '${(await stage.key()).replace(/\n/g, '\\n')}'`,
      'jit sandbox login -n nowhere',
    ];
    await inParallel(mistakes, async (command) => {
      // without logs: sf itself writes the command line, and so a key that was pasted into it, into its own log
      const run = await stage.sf(`${command} --json`);
      expect(run.code).to.equal(1);
    });
  });

  it('there are logs to look into', async () => {
    const { stage } = on;
    const logs = await Promise.all((await stage.logFiles()).map((path) => readFile(path, 'utf8')));
    expect(logs.join('').length).to.be.greaterThan(1000);
  });

  leavesNoSecret(on);
});

/** Runs a command with the logs on; they go to standard output too, so that there is no JSON to be read. */
async function works(stage: Stage, command: string, env: Record<string, string> = {}): Promise<void> {
  const { code, stdout, stderr } = await stage.sf(command, { env: { ...loud, ...env } });
  expect(code, `sf ${command}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`).to.equal(0);
}

/** An access token of production, as a server could repeat it in an answer. */
async function token(stage: Stage): Promise<string> {
  return (await stage.control.issueTokens(stage.info.username)).accessToken;
}

/** An answer that repeats what it was sent, and tokens. */
async function gossip(stage: Stage, error = false): Promise<string> {
  const { accessToken, refreshToken, sfdxAuthUrl } = await stage.control.issueTokens(stage.info.username);
  const words = `token ${accessToken} refresh ${refreshToken} url ${sfdxAuthUrl} key ${await stage.key()}`;
  return JSON.stringify(
    error ? { error: 'invalid_grant', error_description: words } : { words, accessToken, refreshToken },
  );
}
