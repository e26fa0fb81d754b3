import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, extname, resolve, sep } from 'node:path';
import { batchFileLine } from '../batchFileLine.js';
import { JitFailure } from '../../failures/failures.js';

/** A program to start, without a shell in between. */
export type Program = {
  readonly file: string;
  readonly args: readonly string[];
  /** The arguments are one line that is quoted already; Windows only. */
  readonly verbatim?: boolean;
};

const windows = process.platform === 'win32';

/**
 * Finds a program as a shell would: a name in the folders of `path`, anything with a slash as it is.
 *
 * @throws CommandNotFound, CommandNotRunnable
 */
export async function findProgram([name, ...args]: readonly [string, ...string[]], path: string): Promise<Program> {
  const hasFolder = windows ? /[\\/]/.test(name) : name.includes('/');
  const places = hasFolder ? [resolve(name)] : path.split(delimiter).map((folder) => resolve(folder || '.', name));
  let problem: string | undefined;
  for (const place of name === '' ? [] : places.flatMap(withExtensions)) {
    const found = await examine(place);
    if (found === 'runnable') return program(place, args);
    problem ??= found;
  }
  if (problem !== undefined) throw new JitFailure('CommandNotRunnable', { file: name, problem });
  if (hasFolder) throw new JitFailure('CommandNotFound', { file: name, problem: 'there is no such file' });
  const here = `.${sep}${name}`;
  throw new JitFailure('CommandNotFound', {
    file: name,
    problem: name === '' ? 'it has no name' : 'no folder that PATH names has it',
    nearest: name !== '' && (await examine(resolve(name))) === 'runnable' ? here : undefined,
  });
}

function program(place: string, args: readonly string[]): Program {
  if (!windows || !/\.(cmd|bat)$/i.test(place)) return { file: place, args };
  const shell = process.env['ComSpec'] ?? 'cmd.exe';
  return { file: shell, args: ['/d', '/s', '/c', batchFileLine(place, args)], verbatim: true };
}

function withExtensions(place: string): string[] {
  if (!windows) return [place];
  const extensions = (process.env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';');
  return extname(place) === '' ? extensions.map((extension) => place + extension) : [place];
}

/** `runnable`, or what keeps this file from being run; undefined when there is none. */
async function examine(place: string): Promise<string | undefined> {
  try {
    if ((await stat(place)).isDirectory()) return 'it is a folder';
    await access(place, constants.X_OK);
    return 'runnable';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return code === 'EACCES' ? 'it is not executable' : (code ?? 'it cannot be read');
  }
}
