import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type * as oclifCore from '@oclif/core';
import type { ports as realPorts } from '../../src/wiring/ports.js';
import { trustCertificate } from './certificates.js';
import { noteRun } from './explainFailures.js';
import { asNewProcess, replace } from './newProcess.js';
import { plainPlugin } from './plainPlugin.js';
import { sfProgram, typed } from './runSf.js';
import type { Stage } from './stage.js';

/** A start of sf: what a shell hands to a program. */
export type SfStart = {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};
export type SfEnd = { readonly code: number; readonly stdout: string; readonly stderr: string };

const cliRoot = join(dirname(sfProgram), '..');
const oclif = createRequire(join(cliRoot, 'package.json'))('@oclif/core') as typeof oclifCore;

/** Thrown in the place of the end of the process. */
class Ended extends Error {
  public constructor(public readonly code: number) {
    super(`The process would end with ${code}.`);
  }
}

/**
 * The stock CLI, run in this process: its own oclif, its hooks, its commands, and the plugin as it is without the bundle. To start sf costs a
 * second of a core, to run a command in it a small part of that. Each start has its own variables, folder, configuration and outputs, and knows
 * nothing of the ones before. One runs at a time. What handles processes (`sf jit sandbox exec`) must not be run so.
 */
export class SfInProcess {
  private readonly token = randomUUID();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(
    private readonly stage: Stage,
    /** oclif's data folder (`SF_DATA_DIR`) in which the plugin is installed. */
    public readonly dataDirectory: string,
    private readonly sessions: (typeof realPorts)['sessions'],
    private readonly endTrust: () => void,
  ) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      void this.answer(socket).finally(() => this.sockets.delete(socket));
    });
  }

  public static async open(stage: Stage): Promise<SfInProcess> {
    const dataDirectory = await plainPlugin();
    const file = join(dataDirectory, 'node_modules', 'sf-plugin-jit', 'lib', 'wiring', 'ports.js');
    // the very module that the commands use, and no other copy of it
    const { ports } = (await import(pathToFileURL(file).href)) as { ports: typeof realPorts };
    const endTrust = await trustCertificate(stage.info.caFile);
    const opened = new SfInProcess(stage, dataDirectory, ports.sessions, endTrust);
    await new Promise<void>((resolve) => opened.server.listen(0, '127.0.0.1', resolve));
    return opened;
  }

  public async close(): Promise<void> {
    this.endTrust();
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Text of a program for bash that has its arguments, variables and folder run here, prints what sf printed, and ends as it ended. */
  public program(): string {
    const { port } = this.server.address() as AddressInfo;
    return `exec 3<> /dev/tcp/127.0.0.1/${port}
{ printf '%s\\0' ${this.token} "$PWD" "$#" "$@"; env -0; printf '%s\\0' ${this.token}; } >&3
read -r -u 3 code printed
cat "$printed.out"
cat "$printed.err" >&2
exit "$code"
`;
  }

  /** Runs what a shell sent, once all of it is there. What goes wrong here is printed there. */
  private async answer(socket: Socket): Promise<void> {
    const [token, cwd = '', count, ...rest] = (await received(socket, `\0${this.token}\0`)).split('\0');
    if (token !== this.token) return void socket.destroy();
    const variables = rest.slice(Number(count), -2).map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    });
    const start = { cwd, args: rest.slice(0, Number(count)), env: Object.fromEntries(variables) };
    const { code, stdout, stderr } = await this.run(start).catch((error: unknown) => ({
      code: 70,
      stdout: '',
      stderr: inspect(error),
    }));
    const printed = join(this.stage.folder, randomUUID());
    await writeFile(`${printed}.out`, stdout);
    await writeFile(`${printed}.err`, stderr);
    socket.end(`${code} ${printed}\n`);
  }

  /** Runs one command line, after those that came before. */
  public async run({ args, cwd, env }: SfStart): Promise<SfEnd> {
    const note = noteRun(`${typed([sfProgram, ...args])}  (in the process of the test)`);
    return asNewProcess({ argv: [sfProgram, ...args], cwd, env }, note, async () => {
      const began = performance.now();
      this.sessions.clear();
      const code = await oclifRun(args);
      note.ended = { code, durationMs: performance.now() - began };
      return { code, stdout: note.stdout, stderr: note.stderr };
    });
  }
}

/** Does what the CLI's own program does. @returns the exit code */
async function oclifRun(args: readonly string[]): Promise<number> {
  const restore = replace(process, 'exit', (code?: number) => {
    throw new Ended(Number(code ?? process.exitCode ?? 0));
  });
  try {
    const config = await oclif.Config.load({ root: cliRoot });
    await oclif.run([...args], config);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return error instanceof Ended ? error.code : await reported(error as Error);
  } finally {
    restore();
  }
}

/** Everything to the end that the other side marks, or until it is gone. */
async function received(socket: Socket, end: string): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.endsWith(end)) resolve(text);
    });
    socket.once('close', () => {
      resolve(text);
    });
    // a shell that was killed
    socket.on('error', () => undefined);
  });
}

/** Has oclif print an error, as the CLI's own program does. @returns the exit code */
async function reported(error: Error): Promise<number> {
  let code: number | undefined;
  // called once more, if it threw
  const restore = replace(process, 'exit', (given: number) => {
    code ??= given;
  });
  await oclif.handle(error);
  restore();
  return code ?? 1;
}
