import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packedPlugin } from '../support/packedPlugin.js';
import { sfProgram } from '../support/runSf.js';
import { leavesNoSecret, type Stage, useStage } from '../support/stage.js';

const run = promisify(execFile);
const page = new URL('../../docs/setup-jwt.md', import.meta.url);

/** The shell blocks of the page, in its order. */
async function shellBlocks(): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
}

/** A shell in which `sf` is the real one, with the plugin, and which keeps its variables from one block to the next. */
async function newcomer(stage: Stage): Promise<(block: string) => Promise<string>> {
  const { dataDirectory, compileCache } = await packedPlugin();
  const folder = join(stage.folder, 'newcomer');
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await run('git', ['init', '--quiet', folder]);
  const sf = `#!/bin/sh\nexport NODE_EXTRA_CA_CERTS=${stage.info.caFile}\nexec ${process.execPath} --no-deprecation ${sfProgram} "$@"\n`;
  await writeFile(join(bin, 'sf'), sf);
  await chmod(join(bin, 'sf'), 0o755);
  await writeFile(join(folder, 'variables'), '');
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: stage.home,
    SF_DATA_DIR: dataDirectory,
    NODE_COMPILE_CACHE: compileCache,
    SF_DISABLE_AUTOUPDATE: 'true',
    SF_DISABLE_TELEMETRY: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    NO_COLOR: '1',
  };
  return async (block) => {
    const script = `set -euo pipefail\n. ./variables\n${block}\nexport -p > variables`;
    const { stdout, stderr } = await run('bash', ['-c', script], { cwd: folder, env, maxBuffer: 16 * 1024 * 1024 });
    return `${stdout}\n${stderr}`;
  };
}

describe('docs/setup-jwt.md', () => {
  const on = useStage(async () => undefined);

  it('takes a newcomer to the success lines, block by block', async function () {
    // some twenty runs of sf, one after the other
    this.timeout(600_000);
    const { stage } = on;
    const { info, control } = stage;
    const shell = await newcomer(stage);
    const folder = join(stage.folder, 'newcomer');
    let clientId = '';
    const outputs: string[] = [];
    for (const block of await shellBlocks()) {
      // the two steps that are clicks in Setup, done by the stand-in: the app, which a sandbox gets with its refresh
      if (block.includes('PROD_CLIENT_ID="3MVG9..."')) {
        const certificate = await readFile(join(folder, 'certs', 'server.crt'), 'utf8');
        ({ clientId } = await control.createApp({ certificate, label: 'JIT' }));
        await control.refreshSandbox('uat', { complete: true });
      }
      const own = block
        .replaceAll('https://acme.my.salesforce.com', info.productionUrl)
        .replaceAll('https://test.salesforce.com', info.testUrl)
        .replaceAll('admin@acme.com', info.username)
        .replaceAll('3MVG9...', clientId);
      const output = await shell(own);
      outputs.push(output);
      const verifications = own.split('sf jit org verify').length - 1;
      expect(output.split('✓ Authentication successful!').length - 1, own).to.equal(verifications);
      const warnings = output.split('\n').filter((line) => /^[⚠✗]/.test(line));
      expect(warnings, own).to.deep.equal([]);
    }
    const key = await readFile(join(folder, 'certs', 'server.key'), 'utf8');
    const piece = key.split('\n')[5] ?? '';
    expect(piece).to.have.length.above(60);
    expect(outputs.join('\n')).to.not.contain(piece);
    expect(outputs).to.have.length.above(10);
    const { stdout } = await run('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: folder });
    expect(stdout).to.not.match(/certs\/server\.key|^\?\? \.sfconnect\.json/m);
  });

  it('says which variables leave the key in a log, and which kind of app is in a sandbox', async () => {
    const text = await readFile(page, 'utf8');
    expect(text).to.contain('--jwt-key-env PROD_KEY').and.to.contain('SF_LOG_LEVEL=debug');
    expect(text).to.contain('Admin approved users').and.to.contain('http://localhost:1717/OauthRedirect');
  });

  leavesNoSecret(on);
});
