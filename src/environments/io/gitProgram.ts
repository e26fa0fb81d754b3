import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { keyVariables } from '../../keys/secretVariables.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where git may lie: in the folders that PATH names in full. Whoever wrote the current folder may have put a `git.exe` into it, and
 * Windows would look there first.
 */
export function gitPlaces(env: Environment, platform: NodeJS.Platform): string[] {
  const path = platform === 'win32' ? win32 : posix;
  const name = Object.keys(env).find((one) => (platform === 'win32' ? one.toUpperCase() : one) === 'PATH');
  const folders = (name === undefined ? '' : (env[name] ?? ''))
    .split(path.delimiter)
    .map((folder) => folder.replaceAll('"', ''));
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, platform === 'win32' ? 'git.exe' : 'git'));
}

/** The full path of git; undefined when it is not installed. */
export async function findGit(): Promise<string | undefined> {
  for (const place of gitPlaces(process.env, process.platform)) if (await isProgram(place)) return place;
  return undefined;
}

/**
 * What git must not get to know: keys, and everything of sf. As variables that are set to nothing, because whoever starts git may add them
 * to all others.
 */
export function variablesKeptFromGit(env: Environment, platform: NodeJS.Platform): Record<string, undefined> {
  const names = [...Object.keys(env).filter((name) => /^SF(DX)?_/i.test(name)), ...keyVariables(env, [], platform)];
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

async function isProgram(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
