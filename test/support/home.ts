import type { TemporaryDirectory } from './temporaryDirectory.js';
import { temporaryDirectory } from './temporaryDirectory.js';

/** Where a suite finds its home folder. It is another one for each test. */
export type Home = { readonly path: string };

/**
 * Gives each test of this suite an empty home folder, in which core keeps its key in a file, and this process its current folder back after
 * it. sf and its core ask for the home folder whenever they look for a file.
 */
export function useHome(): Home {
  const names = ['HOME', 'USERPROFILE', 'SF_USE_GENERIC_UNIX_KEYCHAIN'] as const;
  const saved = names.map((name) => [name, process.env[name]] as const);
  const cwd = process.cwd();
  let home: TemporaryDirectory;
  beforeEach(async () => {
    home = await temporaryDirectory('jit-home-');
    Object.assign(process.env, { HOME: home.path, USERPROFILE: home.path, SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' });
  });
  afterEach(async () => {
    process.chdir(cwd);
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await home.remove();
  });
  return {
    get path() {
      return home.path;
    },
  };
}
