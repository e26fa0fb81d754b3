import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packedPlugin } from '../support/packedPlugin.js';
import { addWitness, plainPlugin } from '../support/plainPlugin.js';
import type { Stage } from '../support/stage.js';
import { inParallel, leavesNoSecret, useStage } from '../support/stage.js';

/**
 * What passes through oclif and sf-plugins-core on its way in or out, in the ways that the CLI itself has a part in. Every command, and every
 * way to be wrong, is compared in one process (`bundleAllCommands.test.ts`).
 */
const commandLines = [
  'jit sandbox login --help',
  // flags from files, which the CLI's own hook adds
  'jit sandbox display --json --flags-dir FLAGS',
  // parsing
  'jit org list --no-such-flag',
  // failures of the plugin, and its own usage errors
  'jit sandbox display -n hotfix --json',
  'jit sandbox unregister -n uat',
];

describe('the bundle and the plain files of src', () => {
  let bundled: string;
  let plain: string;
  let flags: string;
  const holder = useStage(async (stage) => {
    await stage.registerProduction();
    await stage.ok('jit sandbox register -n uat');
    flags = join(stage.folder, 'flags');
    await mkdir(flags);
    await writeFile(join(flags, 'sandbox-name'), 'uat\n');
    // a copy, because the witness must not be there for other suites of this process
    bundled = join(stage.folder, 'bundled');
    await cp((await packedPlugin()).dataDirectory, bundled, { recursive: true, verbatimSymlinks: true });
    plain = await plainPlugin();
    await addWitness(bundled);
    await addWitness(plain);
  });

  const seen = async (stage: Stage, commandLine: string, dataDirectory: string): Promise<object> => {
    const { code, stdout, stderr } = await stage.sf(commandLine.replace('FLAGS', flags), {
      env: { SF_DATA_DIR: dataDirectory },
    });
    // where the code lies is the one thing that differs
    return { code, stdout: stdout.replace(/"stack": ".*"/, '"stack"'), stderr };
  };

  it('say, end and tell other plugins the same', async () => {
    const { stage } = holder;
    await inParallel(commandLines, async (commandLine) => {
      const fromPlain = await seen(stage, commandLine, plain);
      expect(fromPlain, commandLine)
        .to.have.property('stderr')
        .that.matches(/help/.test(commandLine) ? /^/ : /seen: /);
      expect(await seen(stage, commandLine, bundled), commandLine).to.deep.equal(fromPlain);
    });
  });

  it('takes flags from the files of --flags-dir', async () => {
    const { sandboxName } = await holder.stage.ok<{ sandboxName: string }>(`jit sandbox display --flags-dir ${flags}`);
    expect(sandboxName).to.equal('uat');
  });

  leavesNoSecret(holder);
});
