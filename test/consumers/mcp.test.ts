import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { noteProcess } from '../support/explainFailures.js';
import { packedPlugin } from '../support/packedPlugin.js';
import { environmentOf, sfProgram, typed } from '../support/runSf.js';
import { leavesNoSecret, useStage } from '../support/stage.js';

/** The version of Salesforce's DX MCP server that docs/consumers.md speaks of. */
const version = '0.30.15';

/** Installs the server, half a gigabyte of it, in a folder of its own. @returns its program; JIT_MCP_PROGRAM names one that is there */
async function installedServer(folder: string): Promise<string> {
  const there = process.env['JIT_MCP_PROGRAM'];
  if (there !== undefined) return there;
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const install = ['install', '--no-audit', '--no-fund', `@salesforce/mcp@${version}`];
  const npm = noteProcess(spawn('npm', install, { cwd: folder }), `npm ${install.join(' ')}`);
  const [code] = (await once(npm, 'close')) as [number | null];
  if (code !== 0) throw new Error(`npm could not install the server (exit code ${code}).`);
  return join(folder, 'node_modules', '@salesforce', 'mcp', 'bin', 'run.js');
}

type ToolAnswer = { result: { content: Array<{ text: string }>; isError?: boolean } };

/** A client of an MCP server on standard input and output. */
class McpClient {
  public stdout = '';
  public stderr = '';
  private id = 0;

  public constructor(private readonly server: ChildProcessWithoutNullStreams) {
    server.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    server.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  public async open(): Promise<void> {
    await this.ask('initialize', {
      protocolVersion: '2025-03-26',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });
    this.send({ method: 'notifications/initialized' });
  }

  /** What the server's query tool answers. */
  public async query(org: string, directory: string): Promise<string> {
    const answer = await this.ask<ToolAnswer>('tools/call', {
      name: 'run_soql_query',
      arguments: { query: 'SELECT Id FROM Organization', usernameOrAlias: org, directory },
    });
    return answer.result.content.map(({ text }) => text).join('\n');
  }

  public end(): void {
    this.server.stdin.end();
  }

  private async ask<T>(method: string, params: unknown): Promise<T> {
    const id = (this.id += 1);
    this.send({ id, method, params });
    for (;;) {
      const line = this.stdout.split('\n').find((one) => one.includes(`"id":${id}`));
      if (line !== undefined) return JSON.parse(line) as T;
      if (this.server.exitCode !== null) throw new Error(`The server ended: ${this.stderr}`);
      await setTimeout(50);
    }
  }

  private send(message: object): void {
    this.server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
}

describe("Salesforce's DX MCP server under sf jit sandbox keep", () => {
  const on = useStage(async (stage) => {
    const key = { SF_PRIVATE_KEY: await stage.key() };
    const { username, clientId, loginUrl } = stage.info;
    const how = `--username ${username} --client-id ${clientId} --instance-url ${loginUrl} --jwt-key-env SF_PRIVATE_KEY`;
    await stage.ok(`jit org register ${how} --alias prod`, { env: key });
    await stage.ok('jit sandbox register -n uat --no-verify');
  });

  it('answers from the new copy after a refresh, with nothing but an access token stored', async () => {
    const { stage } = on;
    const [{ dataDirectory }, directory, server] = [
      await packedPlugin(),
      await stage.project(),
      await installedServer(stage.folder),
    ];
    const env = environmentOf({
      home: stage.home,
      env: { SF_DATA_DIR: dataDirectory, NODE_EXTRA_CA_CERTS: stage.info.caFile, SF_PRIVATE_KEY: await stage.key() },
    });
    const keep = ['--no-deprecation', sfProgram, 'jit', 'sandbox', 'keep', '-n', 'uat', '--every', '1', '--'];
    const mcp = [process.execPath, server, '--orgs', 'uat', '--toolsets', 'data', '--no-telemetry'];
    const args = [...keep, ...mcp];
    const child = noteProcess(spawn(process.execPath, args, { cwd: directory, env }), typed(args));
    const exit = new Promise((resolve) => child.once('exit', resolve));
    const client = new McpClient(child);
    try {
      await client.open();
      const before = await stage.sandbox('uat');
      expect(await client.query('uat', directory)).to.include(before.orgId);
      await stage.control.refreshSandbox('uat', { complete: true });
      const after = await stage.sandbox('uat');
      expect(await client.query('uat', directory), 'before the next check').to.not.include(after.orgId);
      while (!client.stderr.includes('Sandbox uat was refreshed')) await setTimeout(200);
      expect(await client.query('uat', directory)).to.include(after.orgId);
      for (const line of client.stdout.trim().split('\n')) JSON.parse(line);
      client.end();
      expect(await exit).to.equal(0);
    } finally {
      child.kill('SIGKILL');
    }
  });

  leavesNoSecret(on);
});
