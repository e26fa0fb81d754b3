import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packedPlugin } from '../support/packedPlugin.js';
import { runNode } from '../support/runSf.js';
import { median } from './measure.js';

/**
 * What the two hooks themselves take, loading and running, in a process of its own that does nothing else: milliseconds, median. The difference
 * of two sf commands is a small number between two large ones; this is the small number itself. Node's own modules are loaded before,
 * as they are in sf when hooks begin.
 */
export async function hookAlone(home: string, argv: readonly string[], rounds: number): Promise<number> {
  const { directory } = await packedPlugin();
  const cli = new URL('../../node_modules/@salesforce/', import.meta.url);
  const manifest = await readFile(new URL('plugin-org/oclif.manifest.json', cli), 'utf8');
  const { commands } = JSON.parse(manifest) as { commands: Record<string, { flags: object }> };
  const flags = JSON.stringify(commands['org:display']?.flags);
  const script = `
    import 'node:fs';
    import 'node:os';
    import 'node:path';
    const started = performance.now();
    const { default: hook } = await import(${JSON.stringify(join(directory, 'lib', 'hooks', 'init.js'))});
    const config = { findCommand: () => ({ id: 'org:display', flags: ${flags} }) };
    await hook.call({ config }, { id: 'org:display', argv: ${JSON.stringify(argv)}, config });
    const { default: after } = await import(${JSON.stringify(join(directory, 'lib', 'hooks', 'postrun.js'))});
    await after.call({ config }, { Command: { id: 'org:display' }, argv: ${JSON.stringify(argv)}, result: {}, config });
    console.log(performance.now() - started);`;
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const { stdout, stderr } = await runNode(['--input-type=module', '--eval', script], { home });
    const time = Number(stdout);
    if (stdout === '' || Number.isNaN(time)) throw new Error(`The hook alone said:\n${stdout}\n${stderr}`);
    if (round > 0) times.push(time);
  }
  return median(times);
}
