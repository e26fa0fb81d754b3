/**
 * `npm run test:real`: asks a real production org and one of its sandboxes what the contract suite of the stand-in asks the stand-in, and
 * reports every answer that differs. docs/real-org.md tells how to set it up and how to read the report.
 *
 * Exit code 0 when the run came to its end, whatever it found, and when nothing was asked because variables are missing; 1 when it
 * could not run.
 */
import { writeFile } from 'node:fs/promises';
import { compare, type Finding, observe } from './comparison.js';
import { Conversation, NotObserved } from './conversation.js';
import { NoAnswer } from './httpsClient.js';
import { observations } from './observations/index.js';
import { pluginSteps } from './pluginPath.js';
import { reportText, revocationText } from './report.js';
import { Secrets } from './secrets.js';
import {
  keyVariable,
  missingVariables,
  readSettings,
  type Settings,
  UnusableSetting,
  variableHelp,
} from './settings.js';
import { realOrg, startStandIn } from './standIn.js';
import { TokenLedger } from './tokenLedger.js';

const secrets = new Secrets();
const ledger = new TokenLedger();
const stopping = new AbortController();

/** The user wants no more. */
class Stopped extends Error {}

/** Everything that is printed goes through here. */
function print(text: string): void {
  process.stdout.write(`${secrets.redact(text)}\n`);
}

function introduction(settings: Settings): string {
  const { loginUrl, username, sandboxName, callbackUrl, otherSandboxName, runsPlugin } = settings;
  const plugin = runsPlugin
    ? `, and runs sf jit org verify and register, sf jit sandbox login, sf data query and sf jit sandbox logout in a home folder of its own`
    : '';
  const other = otherSandboxName === undefined ? '' : `, and ${otherSandboxName}`;
  return `This run asks a real org: production of ${username} at ${loginUrl}, and its sandbox ${sandboxName}${other}.
It makes ${observations.length} observations by about 90 requests, first of the stand-in, then of the org${plugin}:
  POST /services/oauth2/token       logins by JWT and by code, good and wrong ones, at production and at the sandbox
  POST /tooling/sandboxAuth         good and wrong ones; callback URL ${callbackUrl}
  GET  /query, /tooling/query       Organization, SandboxInfo, SandboxProcess: read only
  GET  /limits, /userinfo           to see whether a session is good
  POST /services/oauth2/revoke      every token that was issued, at the end
It changes nothing but logins: access and refresh tokens are issued and revoked, and the Login History of ${username} has lines of
successful and refused logins, refused ones of an unknown user, too. No record, setting, user or sandbox is changed.
`;
}

/** Why the run cannot go on, if that is nothing to be surprised at. */
function reason(error: unknown): string | undefined {
  return [NotObserved, NoAnswer, Stopped].some((known) => error instanceof known)
    ? (error as Error).message
    : undefined;
}

async function observeBoth(settings: Settings, real: Conversation, atOwnHost: boolean): Promise<Finding[]> {
  const standIn = await startStandIn(settings, atOwnHost);
  try {
    // its tokens end with it, so they go into no ledger
    const beside = new Conversation(standIn.party, secrets, new TokenLedger());
    const findings: Finding[] = [];
    for (const observation of observations) {
      stopping.signal.throwIfAborted();
      const shown = await observe(observation, beside);
      const finding = compare(observation, shown, await observe(observation, real));
      const verdict = 'notObserved' in finding.real ? '-' : finding.differences.length > 0 ? '≠' : '=';
      print(`${verdict} ${observation.what}`);
      findings.push(finding);
    }
    return findings;
  } finally {
    await standIn.stop();
  }
}

async function run(settings: Settings): Promise<number> {
  const real = new Conversation(realOrg(settings), secrets, ledger);
  let code = 1;
  try {
    print(introduction(settings));
    const { instanceUrl } = await real.production();
    const findings = await observeBoth(settings, real, instanceUrl === settings.loginUrl);
    const plugin = await pluginSteps(settings, { secrets, ledger, shape: real.shape, stopped: stopping.signal });
    stopping.signal.throwIfAborted();
    const text = reportText({ findings, plugin, revocation: await ledger.revokeAll(real.client) });
    print(`\n${text}`);
    if (settings.reportFile !== undefined) await writeFile(settings.reportFile, `${secrets.redact(text)}\n`);
    code = 0;
  } catch (error) {
    const known = reason(error);
    // an error that nobody foresaw is one of the run, and shown with its stack
    print(`The run could not be finished: ${known ?? (error instanceof Error ? (error.stack ?? '') : String(error))}`);
    print(revocationText(await ledger.revokeAll(real.client)));
  }
  return code;
}

/** Ctrl+C must leave no token behind: what is under way comes to its end, then the tokens are revoked. A second one ends at once. */
function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopping.abort(new Stopped(`stopped by ${signal}`));
    });
  }
}

async function main(): Promise<number> {
  const missing = missingVariables(process.env);
  if (missing.length > 0) {
    print(`Nothing was run, and nothing counts as passed: ${missing.join(', ')} not set.`);
    print(`To compare the stand-in with a real org, set (docs/real-org.md):\n${variableHelp()}`);
    return 0;
  }
  secrets.keepPem(process.env[keyVariable] ?? '');
  secrets.keep(process.env['TESTKIT_JIT_CLIENT_SECRET']);
  try {
    const settings = readSettings(process.env);
    // the same key in the two forms in which it may come back
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      secrets.keepPem(settings.key.export({ type, format: 'pem' }).toString());
    }
    stopOnSignals();
    return await run(settings);
  } catch (error) {
    if (!(error instanceof UnusableSetting)) throw error;
    print(`Nothing was run: ${error.message}`);
    return 1;
  }
}

process.exitCode = await main();
