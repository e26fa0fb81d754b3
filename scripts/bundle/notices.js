import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licences of the packages whose code is in the bundle, as those licences ask for.
 *
 * @param inputs paths of the bundled files, as esbuild's metafile has them
 */
export async function thirdPartyNotices(inputs, root) {
  const packages = [
    ...new Set(inputs.map((path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(Boolean)),
  ].sort();
  const notices = await Promise.all(packages.map((folder) => notice(join(root, folder))));
  return `lib/ contains code of these packages.\n\n${[...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
  return `${name} ${version} (${license})${text}`;
}
