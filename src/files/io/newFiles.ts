import { access, link, lstat, open, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { JitFailure } from '../../failures/failures.js';
import { addToGitignore } from '../gitignore.js';
import { isMissing, notWritable, readText, removeLeftovers, replaceFiles, temporaryBeside } from './files.js';
import { keepOwner, makeFolders } from './ownership.js';

type NewFile = { readonly path: string; readonly content: string; readonly mode: number };

/** New files on disk. A file, or a link to one, that is there already is never written to. */
export const newFiles = {
  async exists(path: string): Promise<boolean> {
    try {
      await lstat(path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw notWritable(path, error);
    }
  },

  /** All or none. @throws FileExists, FileNotWritable */
  async create(files: readonly NewFile[]): Promise<void> {
    const made: string[] = [];
    for (const file of files) {
      await makeFolder(dirname(file.path));
      try {
        await createOne(file);
        made.push(file.path);
        await removeLeftovers([file.path]);
      } catch (error) {
        await Promise.all(made.map((path) => rm(path, { force: true })));
        if (codeOf(error) === 'EEXIST') throw new JitFailure('FileExists', { file: file.path }, error);
        throw notWritable(file.path, error);
      }
    }
  },

  /** Has git ignore these files, if they are in a work tree. @throws FileNotWritable */
  async ignore(paths: readonly string[], withCopies = false): Promise<string | null> {
    const first = paths[0];
    const root = first === undefined ? undefined : await workTree(dirname(first));
    if (root === undefined) return null;
    const gitignore = join(root, '.gitignore');
    const inside = await Promise.all(
      paths.map(async (path) =>
        relative(root, await real(path))
          .split(sep)
          .join('/'),
      ),
    );
    try {
      const content = addToGitignore((await readText(gitignore)) ?? '', inside, withCopies);
      if (content !== undefined) await replaceFiles([{ path: await real(gitignore), content }]);
    } catch (error) {
      throw error instanceof JitFailure ? error : notWritable(gitignore, error);
    }
    return gitignore;
  },
};

async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (error) {
    throw notWritable(folder, error);
  }
}

/**
 * Written beside the target and linked into place: a link is never made over another file, and a kill leaves a whole file or none.
 * The mode is set when the file is made, so that a key is never readable by others, not for a moment.
 */
async function createOne({ path, content, mode }: NewFile): Promise<void> {
  const temporary = temporaryBeside(path);
  const file = await open(temporary, 'wx', mode);
  try {
    try {
      await keepOwner(file, path, undefined);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(codeOf(error))) throw error;
    // Some file systems have no links (FAT, network shares): still exclusive, but not in one step.
    await writeFile(path, content, { flag: 'wx', mode });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The nearest folder upward with a `.git`, which is a file in a linked work tree or a submodule. */
async function workTree(folder: string): Promise<string | undefined> {
  for (let current = await real(folder); ; current = dirname(current)) {
    try {
      await access(join(current, '.git'));
      return current;
    } catch (error) {
      if (!isMissing(error)) throw notWritable(join(current, '.git'), error);
    }
    if (dirname(current) === current) return undefined;
  }
}

/** The path with its links followed as far as it exists: what git compares its patterns with. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error;
    return join(await real(dirname(path)), basename(path));
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
