import { fstatSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { maskLine } from '../credentialToShow.js';

/** How long GitHub's runner gets to read a mask from standard error before the secret may come on standard output. */
const maskTakesMs = 250;

/** Whether secrets are to be masked: the steps of GitHub Actions tell its runner so by a line of output. */
export function masksSecrets(): boolean {
  return process.env['GITHUB_ACTIONS'] === 'true';
}

/**
 * Masks secrets where standard output must stay as it is: the runner takes commands from standard error as well (actions/runner,
 * ScriptHandler). Not when that goes to a file, where no runner reads it and the secret would stay.
 */
export async function maskOnStandardError(secrets: readonly string[]): Promise<void> {
  if (!masksSecrets() || fstatSync(2).isFile()) return;
  process.stderr.write(secrets.map((secret) => `${maskLine(secret)}\n`).join(''));
  await setTimeout(maskTakesMs);
}
