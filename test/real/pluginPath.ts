import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packageRoot, sf, type SfJson } from '../support/packedPlugin.js';
import { temporaryDirectory } from '../support/temporaryDirectory.js';
import { noteTokens } from './conversation.js';
import type { Secrets } from './secrets.js';
import { keyVariable, type Settings } from './settings.js';
import type { Shaper } from './shape.js';
import type { TokenLedger } from './tokenLedger.js';

/** What one command did. */
export type Step = { command: string; ok: boolean; detail: string };

const alias = 'jit-real-sandbox';
const production = 'jit-real-production';

/** Variables that send requests through a proxy. */
const proxyVariables = ['https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'];

/** The commands, with what stands for names of the org in the report. */
function commandsOf({ sandboxName, callbackUrl }: Settings): Array<{ line: string; args: string[]; login?: boolean }> {
  const key = ['--jwt-key-env', keyVariable];
  const query = 'SELECT Id, IsSandbox FROM Organization';
  return [
    { line: 'sf jit org verify', args: ['jit', 'org', 'verify', ...key], login: true },
    {
      line: 'sf jit org register',
      args: ['jit', 'org', 'register', ...key, '--callback-url', callbackUrl, '--alias', production],
      login: true,
    },
    {
      line: 'sf jit sandbox login',
      args: ['jit', 'sandbox', 'login', '-n', sandboxName, '-p', production, '--alias', alias],
    },
    { line: 'sf data query', args: ['data', 'query', '--target-org', alias, '--query', query] },
    {
      line: 'sf jit sandbox logout',
      args: ['jit', 'sandbox', 'logout', '-n', sandboxName, '-p', production, '--no-prompt'],
    },
  ];
}

/**
 * Runs the main path with the packed plugin in the real sf, in a home folder of its own that is gone afterwards. The key stays in an
 * environment variable. Tokens that the commands get go into the ledger.
 *
 * @returns the commands that ran, up to the first failure, or why none did
 */
export async function pluginSteps(
  settings: Settings,
  { secrets, ledger, shape, stopped }: { secrets: Secrets; ledger: TokenLedger; shape: Shaper; stopped: AbortSignal },
): Promise<Step[] | string> {
  if (!settings.runsPlugin) return 'Not run: TESTKIT_JIT_SKIP_PLUGIN is true.';
  if (settings.clientSecret !== undefined) return 'Not run: the plugin has no client secret.';
  if (!existsSync(join(packageRoot, 'oclif.manifest.json'))) return 'Not run: there is no build; `npm run build`.';
  // it goes through a client of its own then, which noteTokens.mjs does not see
  if (proxyVariables.some((name) => process.env[name])) {
    return 'Not run: through a proxy, the sessions of its commands could not be revoked.';
  }
  const home = await temporaryDirectory('jit-real-');
  const notebook = await openNotebook(secrets, ledger);
  const flags = [
    '--username',
    settings.username,
    '--client-id',
    settings.clientId,
    '--instance-url',
    settings.loginUrl,
  ];
  const env = {
    NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'],
    [keyVariable]: process.env[keyVariable],
    JIT_REAL_NOTEBOOK: notebook.url,
    NODE_OPTIONS: `--import=${new URL('./noteTokens.mjs', import.meta.url).href}`,
  };
  const steps: Step[] = [];
  try {
    for (const { line, args, login } of commandsOf(settings)) {
      // a login that there is must be logged out of in any case
      if (stopped.aborted && !line.endsWith('logout')) continue;
      const run = await sf([...args, ...(login ? flags : []), '--json'], { home: home.path, env });
      const { name = '', message = '', result } = answerOf(run.stdout);
      const ok = run.code === 0;
      const why = `exit ${run.code ?? 'by a signal'}, ${name}: ${message}`;
      steps.push({ command: line, ok, detail: ok ? wayOf(result) : shape.text(why) });
      if (!ok && line.endsWith('register')) break;
    }
  } finally {
    await notebook.close();
    await home.remove();
  }
  return steps;
}

/** How the plugin signed in to the sandbox, when that is what the command did. */
function wayOf(result: unknown): string {
  const { sandboxes } = Object(result) as { sandboxes?: Array<{ authType?: string }> };
  const authType = sandboxes?.[0]?.authType;
  return authType === undefined ? '' : `as ${authType}`;
}

function answerOf(stdout: string): Partial<SfJson<unknown>> {
  try {
    return JSON.parse(stdout) as SfJson<unknown>;
  } catch {
    return { name: 'no JSON', message: stdout };
  }
}

/** Where sf's processes hand over the answers of token endpoints: on loopback, under a path that nobody can guess, in memory only. */
async function openNotebook(secrets: Secrets, ledger: TokenLedger): Promise<{ url: string; close(): Promise<void> }> {
  const path = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      if (request.url === path) note(text, secrets, ledger);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function note(text: string, secrets: Secrets, ledger: TokenLedger): void {
  try {
    const { host, body } = JSON.parse(text) as { host: string; body: string };
    noteTokens(JSON.parse(body), host, secrets, ledger);
  } catch {
    // an answer that is no JSON brings no token
  }
}
