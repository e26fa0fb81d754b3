import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { filesIn, leavesNoSecret, type Stage, useStage } from '../support/stage.js';

const names = Array.from({ length: 8 }, (_, index) => `box${index}`);
const stockAliases = Array.from({ length: 4 }, (_, index) => `stock${index}`);

/**
 * Starts all commands of the plugin at once, and those of stock sf one after the other beside them, and expects each to succeed. Stock sf
 * reads alias.json without a lock and writes it in place, so two of its own processes meet each other's half (docs/salesforce.md, Files of
 * core); one of them is enough to see that we lose nothing beside it.
 */
async function allAtOnce(stage: Stage, ours: string[], stock: string[] = []): Promise<void> {
  const failed: string[] = [];
  const once = async (command: string): Promise<void> => {
    const run = await stage.sf(`${command} --json`);
    if (run.code !== 0) failed.push(`${command}: ${run.stdout}${run.stderr}`);
  };
  const inTurn = async (): Promise<void> => {
    for (const command of stock) await once(command);
  };
  await Promise.all([inTurn(), ...ours.map(once)]);
  expect(failed).to.deep.equal([]);
}

async function expectWholeFiles(stage: Stage): Promise<void> {
  for (const path of await filesIn(stage.home)) {
    const text = await readFile(path, 'utf8');
    if (path.endsWith('.json')) expect(() => JSON.parse(text) as unknown, path).to.not.throw();
  }
  const left = await readdir(stage.home, { recursive: true });
  expect(left.filter((name) => /\.(tmp|lock)$/.test(name))).to.deep.equal([]);
}

/** Logins of many processes at once, and that they are one login each, are in `test/torture/concurrency.test.ts`. */
describe('many processes at once', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
    },
    { sandboxes: names },
  );

  it('register eight sandboxes while stock sf sets aliases: nothing is lost', async () => {
    const { stage } = on;
    await allAtOnce(
      stage,
      names.map((name) => `jit sandbox register -n ${name}`),
      stockAliases.map((alias) => `alias set ${alias}=prod`),
    );
    const { sandboxes } = await stage.registry();
    expect(sandboxes.map(({ sandboxName }) => sandboxName)).to.have.members(names);
    expect(await stage.aliases()).to.have.all.keys('prod', ...stockAliases);
    await expectWholeFiles(stage);
  });

  it('log in to one sandbox, and unregister others meanwhile: the last login works', async () => {
    const { stage } = on;
    await stage.ok('jit sandbox login --all');
    const [one, ...others] = names;
    await allAtOnce(stage, [
      ...Array.from({ length: 4 }, () => `jit sandbox login -n ${one}`),
      ...others.slice(0, 4).map((name) => `jit sandbox unregister -n ${name} --logout --no-prompt`),
    ]);
    await stage.ok(`data query -o ${one} -q 'SELECT Id FROM User'`);
    expect((await stage.registry()).sandboxes).to.have.lengthOf(names.length - 4);
    expect(Object.keys(await stage.aliases()).filter((alias) => alias.startsWith('box'))).to.have.lengthOf(
      names.length - 4,
    );
    await expectWholeFiles(stage);
  });

  leavesNoSecret(on);
});
