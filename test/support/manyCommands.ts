import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProgramOptions, runNode, sfProgram } from './runSf.js';

/** What a command line of several printed, and how it ended. */
export type Seen = { argv: string; error?: object; exitCode: number; stdout: string; stderr: string };

const runner = fileURLToPath(new URL('./manyCommands.mjs', import.meta.url));

/**
 * Runs command lines of the stock sf one after another in one process of its own (`manyCommands.mjs`). What one of them leaves in memory, the
 * next one finds: for comparing two runs of the same lines, and for what a command prints of itself.
 */
export async function runMany(
  lines: ReadonlyArray<readonly string[]>,
  options: ProgramOptions & { dataDirectory: string },
): Promise<Seen[]> {
  const { dataDirectory, env, ...others } = options;
  const run = await runNode(['--no-deprecation', runner, join(dirname(sfProgram), '..')], {
    timeoutMs: 200_000,
    ...others,
    env: { SF_DATA_DIR: dataDirectory, ...env },
    input: JSON.stringify(lines),
  });
  return run.json<Seen[]>();
}
