import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { RecipeStep } from './jobs.js';
import { shells } from './jobs.js';
import { npmShim } from './programs.js';
import type { Stage } from '../stage.js';

/** A runner after some steps, and what these steps did. */
type State = {
  /** What the runner consists of: home, project, and what npm installed. */
  readonly folder: string;
  /** The steps that led here, as a digest. */
  readonly history: string;
  /** What Salesforce was asked since the runner was new. */
  readonly requests: readonly string[];
  /** What was printed since then, which lies in the folder too. */
  readonly output: string;
};

/** Programs that recipes may use besides `npm` and `sf`. Others are not found, as `sf` is not before npm has installed it. */
const tools = ['bash', 'sh', 'cat', 'cp', 'env', 'git', 'grep', 'ls', 'mkdir', 'mktemp', 'rm', 'touch'];

/** What needs no variable of the recipe, and is therefore run without, so that all recipes share one run of it. */
const installing = /^(npm install|sf plugins) /;
const recipeVariables = ['SF_USERNAME', 'SF_CLIENT_ID', 'SF_INSTANCE_URL', 'PROD_KEY', 'SF_PRIVATE_KEY', 'SANDBOX'];

/** The home folder of the recipes that name one. */
export const containerHome = '/tmp/home';

/**
 * Runs the steps of recipes on runners that are new: no sf, no plugin, an empty home folder, a checked out project. A step that was run
 * after the same steps before, with the same variables, is not run again, since recipes have most of their steps in common: its runner is
 * kept, and the next step works on a copy of it.
 */
export class RecipeRunner {
  private readonly states = new Map<string, Promise<State>>();

  private constructor(
    private readonly stage: Stage,
    private readonly shims: string,
    private readonly toolFolder: string,
  ) {}

  /** @param start text of a program that runs sf, as it is on a runner that has it */
  public static async open(stage: Stage, start: string): Promise<RecipeRunner> {
    const programs = await mkdtemp(join(stage.folder, 'programs-'));
    const shims = join(programs, 'shims');
    const toolFolder = join(programs, 'tools');
    const sf = join(shims, 'sf-once-installed');
    await mkdir(shims);
    await mkdir(toolFolder);
    for (const tool of tools) await symlink(await pathOf(tool), join(toolFolder, tool));
    await writeProgram(join(shims, 'npm'), npmShim(sf));
    await writeProgram(sf, start);
    return new RecipeRunner(stage, shims, toolFolder);
  }

  /**
   * Runs steps one after the other on a new runner. @returns what Salesforce was asked, as {@link Stage.requests} says it
   *
   * @param project the repository that is checked out there
   * @throws when a step fails, with what it printed
   */
  public async run(project: string, steps: readonly RecipeStep[]): Promise<readonly string[]> {
    let state = await this.remembered(`new ${project}`, () => this.newRunner(project));
    for (const { shell, env, script } of steps) {
      const { lines, before } = linesOf(script);
      for (const line of lines) {
        const step = { shell, env: variablesFor(line, env), script: [...before, line].join('\n') };
        const from = state;
        const history = createHash('sha256')
          .update(JSON.stringify([from.history, named(step)]))
          .digest('hex');
        state = await this.remembered(history, () => this.afterStep(from, step, history));
      }
    }
    return state.requests;
  }

  private async remembered(key: string, make: () => Promise<State>): Promise<State> {
    const known = this.states.get(key) ?? make();
    this.states.set(key, known);
    return known;
  }

  private async newRunner(project: string): Promise<State> {
    // a home folder of the stage, so that what is in it is searched for secrets in the end
    const folder = await this.stage.newHome();
    for (const name of ['home', 'bin', 'tmp']) await mkdir(join(folder, name));
    await cp(project, join(folder, 'project'), { recursive: true });
    return { folder, history: project, requests: [], output: '' };
  }

  private async afterStep(from: State, step: RecipeStep, history: string): Promise<State> {
    const folder = await this.stage.newHome();
    await cp(from.folder, folder, { recursive: true });
    await this.stage.requests();
    const { code, printed } = await this.shell(folder, step);
    const output = from.output + printed;
    await writeFile(join(folder, 'output'), output);
    if (code !== 0) throw new Error(`Exit code ${code}: ${step.script}\n${printed}`);
    return { folder, history, output, requests: [...from.requests, ...(await this.stage.requests())] };
  }

  private async shell(folder: string, { shell, env, script }: RecipeStep): Promise<{ code: number; printed: string }> {
    const home = join(folder, 'home');
    const own = Object.entries(env).map(([name, value]) => [
      name,
      value.startsWith(containerHome) ? home + value.slice(containerHome.length) : value,
    ]);
    const [program, ...options] = shells[shell];
    const running = promisify(execFile)(join(this.toolFolder, program), [...options, script], {
      cwd: join(folder, 'project'),
      maxBuffer: 16 * 1024 * 1024,
      timeout: 150_000,
      env: {
        HOME: home,
        TMPDIR: join(folder, 'tmp'),
        LANG: 'C.UTF-8',
        NO_COLOR: '1',
        // most CI systems set it; the CLI looks for it once a process, to decide how it shows progress
        CI: 'true',
        JIT_RUNNER: folder,
        ...(Object.fromEntries(own) as Record<string, string>),
        PATH: [join(folder, 'bin'), this.shims, this.toolFolder].join(delimiter),
      },
    });
    running.child.stdin?.end();
    const { code, stdout, stderr } = await running.then(
      (printed) => ({ code: 0, ...printed }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    return { code, printed: stdout + stderr };
  }
}

/**
 * A script, taken apart: its commands, and what sets variables for them. Only one that is nothing but a list of plain commands is taken
 * apart, for which it makes no difference whether one shell runs them or several; any other is one command.
 */
export function linesOf(script: string): { lines: string[]; before: string[] } {
  const all = script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isPlain = all.every((line) => /^(npm|sf|export) [^;&|<>()`\\]*$/.test(line));
  const isFirst = (index: number): boolean => all.slice(0, index).every((line) => line.startsWith('export '));
  const lines = all.filter((line) => !line.startsWith('export '));
  const before = all.filter((line, index) => line.startsWith('export ') && isFirst(index));
  return isPlain && lines.length + before.length === all.length ? { lines, before } : { lines: [script], before: [] };
}

/** A step with the name of its sandbox in the place of the variable: some CI systems have a matrix, in others each job is written out. */
function named({ shell, env, script }: RecipeStep): RecipeStep {
  const { SANDBOX, ...rest } = env;
  const isName = SANDBOX !== undefined && /^[a-z]+$/.test(SANDBOX) && linesOf(script).lines.length === 1;
  return isName ? { shell, env: rest, script: script.replaceAll('"$SANDBOX"', SANDBOX) } : { shell, env, script };
}

/** What a command can see of the variables: the name of the sandbox only if it uses it, credentials unless it only installs. */
function variablesFor(line: string, env: Readonly<Record<string, string>>): Record<string, string> {
  const isNeeded = (name: string): boolean =>
    !recipeVariables.includes(name) ||
    (name === 'SANDBOX' ? /\$\{?SANDBOX\b/.test(line) : !(installing.test(line) && !line.includes('\n')));
  const needed = Object.entries(env).filter(([name]) => isNeeded(name));
  return Object.fromEntries(needed.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function pathOf(tool: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, tool);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    ) {
      return path;
    }
  }
  throw new Error(`There is no ${tool}.`);
}

async function writeProgram(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}

/** The steps that a page leaves to the reader. */
export const installSteps = [
  'npm install --global @salesforce/cli',
  'sf plugins trust allowlist add --name sf-plugin-jit',
  'sf plugins install sf-plugin-jit',
].map((script): RecipeStep => ({ script, shell: 'bash', env: {} }));
