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
  const byLicence = new Map();
  for (const folder of packages) {
    const { name, text } = await notice(join(root, folder));
    byLicence.set(text, [...new Set([...(byLicence.get(text) ?? []), name])]);
  }
  const notices = [...byLicence].map(([text, names]) => `${names.join('\n')}\n\n${text}`.trim());
  return `lib/ contains code of these packages.\n\n${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** What a package is called, and its licence's text, which many share. */
async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : (await readFile(join(folder, file), 'utf8')).replaceAll('\r', '').trim();
  return { name: `${name} ${version} (${license})`, text };
}
