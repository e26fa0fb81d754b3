import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { inParallel, leavesNoSecret, useStage } from '../../support/stage.js';

describe('a damaged registry', () => {
  let file = '';
  let good = '';
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat');
      await stage.ok('jit sandbox login -n uat');
      file = join(stage.home, '.sf', 'jit.json');
      good = await readFile(file, 'utf8');
    },
    { inProcess: true },
  );

  afterEach(async () => {
    await writeFile(file, good);
  });

  it('stops every command that reads it, before any request, names the file and leaves it as it is', async () => {
    const { stage } = on;
    await writeFile(file, good.slice(0, good.length / 2));
    const commands = [
      `org register ${stage.jwtFlags()} --alias other`,
      'org register --target-org prod',
      'org list',
      'org display',
      'org unregister --no-prompt',
      'sandbox register -n dev',
      'sandbox register -n dev --no-verify',
      'sandbox list',
      'sandbox display -n uat',
      'sandbox login -n uat',
      'sandbox unregister --all --no-prompt',
    ];
    await stage.requests();
    await inParallel([...commands.entries()], async ([index, command]) => {
      const { message, actions } = await stage.fails(`jit ${command}`, 'RegistryDamaged', { inSf: index < 2 });
      expect(message).to.contain(file).and.to.contain('not JSON');
      expect(actions?.join('\n')).to.contain(file);
    });
    expect(await stage.requests()).to.deep.equal([]);
  });

  it('is told by what is wrong: empty, of the wrong shape, or of a version from the future', async () => {
    const { stage } = on;
    const version = (number: number): string => JSON.stringify({ ...(JSON.parse(good) as object), version: number });
    const cases: Array<[content: string, says: RegExp]> = [
      ['', /empty/],
      ['[]', /object/],
      [good.replace('"alias": "uat"', '"alias": 7'), /alias/],
      [version(2), /version 2.*update the plugin/s],
    ];
    for (const [content, says] of cases) {
      await writeFile(file, content);
      const { message } = await stage.fails('jit sandbox register -n dev --no-verify -p prod', 'RegistryDamaged');
      expect(message).to.match(says);
      expect(await readFile(file, 'utf8')).to.equal(content);
    }
  });

  it('keeps out of the way of every other sf command, and is gone when the file is moved away', async () => {
    const { stage } = on;
    await writeFile(file, '{');
    await stage.ok('org list');
    await stage.ok(`data query -o uat -q 'SELECT Id FROM User'`);
    await rm(file);
    await stage.ok('jit org register --target-org prod --alias prod');
    await stage.ok('jit sandbox login -n uat');
  });

  leavesNoSecret(on);
});

describe('a damaged key of sf', () => {
  const on = useStage(
    async (stage) => {
      await stage.registerProduction();
      await stage.ok('jit sandbox register -n uat -n dev');
      await stage.ok('jit sandbox login -n uat');
    },
    { inProcess: true },
  );

  it('is told by its name, and no piece of it is', async () => {
    const { stage } = on;
    const file = join(stage.home, '.sfdx', 'key.json');
    const good = await readFile(file, 'utf8');
    const { key } = JSON.parse(good) as { key: string };
    const pieces = Array.from({ length: key.length - 5 }, (_, at) => key.slice(at, at + 6));
    const inside = good.indexOf(key) + 20;
    for (const content of [
      good.slice(0, inside),
      `${good.slice(0, inside)}"${good.slice(inside)}`,
      '',
      good.replace(key, 'abc'),
    ]) {
      await writeFile(file, content);
      const before = await stage.snapshot();
      const args = 'jit sandbox login -n dev --no-prompt';
      const inSf = content === '';
      for (const run of [await stage.sf(`${args} --json`, { inSf }), await stage.sf(args, { inSf })]) {
        expect(run.code, run.stdout).to.equal(1);
        const text = run.stdout + run.stderr;
        expect(text).to.contain('EncryptionKeyUnusable').and.contain(file);
        expect(
          pieces.filter((piece) => text.includes(piece)),
          text,
        ).to.deep.equal([]);
      }
      expect(await stage.snapshot()).to.deep.equal(before);
    }
    await rm(file);
    await stage.ok('jit sandbox login -n dev -n uat');
    await stage.ok(`data query -o uat -q 'SELECT Id FROM User'`);
  });

  leavesNoSecret(on);
});
