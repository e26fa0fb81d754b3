import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { filesIn, leavesNoSecret, type Stage, useStage } from '../support/stage.js';

type Diagnosis = { diagnosticResults: Array<{ testName: string; status: string }>; suggestions: string[] };

describe('doctor', () => {
  const on = useStage(async (stage) => stage.registerProduction());

  /** What this plugin's tests came to, and what the report says. */
  async function examined(
    stage: Stage,
  ): Promise<{ found: Record<string, string>; suggestions: string; report: string }> {
    const folder = await stage.project();
    const { diagnosticResults, suggestions } = await stage.ok<Diagnosis>(
      `doctor --plugin sf-plugin-jit --output-dir ${folder}`,
    );
    const ours = diagnosticResults.filter(({ testName }) => testName.startsWith('[sf-plugin-jit] '));
    const report = (await filesIn(folder)).find((file) => file.endsWith('diagnosis.json')) ?? '';
    return {
      found: Object.fromEntries(ours.map(({ testName, status }) => [testName.replace('[sf-plugin-jit] ', ''), status])),
      suggestions: suggestions.join('\n'),
      report: await readFile(report, 'utf8'),
    };
  }

  it('passes a good setup, then names the class of the last failure and nothing else about it', async () => {
    const { stage } = on;
    const { found } = await examined(stage);
    expect(found).to.include({
      registry: 'pass',
      key: 'pass',
      keychain: 'pass',
      proxy: 'pass',
      'last-failure': 'pass',
    });
    const { data } = await stage.fails('jit sandbox login -n nobody', 'SandboxNotFound');
    const note = await stage.json('.sf', 'jit', 'last-failure.json');
    expect(Object.keys(note)).to.deep.equal(['name', 'at', 'requestId']);
    expect(data).to.include({ requestId: note['requestId'] });
    const after = await examined(stage);
    expect(after.found).to.include({ 'last-failure': 'warn' });
    expect(after.suggestions)
      .to.contain('SandboxNotFound')
      .and.to.contain(note['requestId'])
      .and.to.not.contain('nobody');
    expect(after.report).to.not.contain((await stage.key()).split('\n')[5]);
  });

  it('says what is wrong with a broken home, and ends well', async () => {
    const { stage } = on;
    const home = await stage.newHome();
    await mkdir(join(home, '.sf'));
    await writeFile(join(home, '.sf', 'jit.json'), '{ "version": 1, "productionOrgs": [', { mode: 0o644 });
    const { found, suggestions } = await examined(stage);
    expect(found).to.include({ registry: 'fail', 'file-modes': 'warn' });
    expect(suggestions).to.contain('jit.json').and.to.contain('chmod 600');
  });

  leavesNoSecret(on);
});
