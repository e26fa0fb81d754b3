import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { globalRegistry } from '../../../../src/registry/io/globalRegistry.js';
import { emptyRegistry, withSandboxes } from '../../../../src/registry/registry.js';
import { failureText } from '../../../../src/failures/failureView.js';
import { acme } from '../../../support/fakes.js';
import { useHome } from '../../../support/home.js';
import { rejection } from '../../../support/rejection.js';

describe('the registry of this machine', () => {
  const home = useHome();
  let file: string;
  beforeEach(() => {
    file = join(home.path, '.sf', 'jit.json');
  });
  const write = async (text: string): Promise<void> => {
    await mkdir(join(home.path, '.sf'), { recursive: true });
    await writeFile(file, text);
  };

  it('is empty when there is no file, and reading makes none', async () => {
    expect(await globalRegistry.read()).to.deep.equal(emptyRegistry);
    expect(await readdir(home.path)).to.deep.equal([]);
  });

  it('gives back what was written, in a file for its owner only', async () => {
    await globalRegistry.update(() => acme());
    expect(await globalRegistry.read()).to.deep.equal(acme());
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });

  it('takes away what a killed process left beside it, and nothing else', async () => {
    await globalRegistry.update(() => acme());
    const old = ['jit.json.0123456789ab.tmp', 'jit.json.bak', 'jit.json.0123.tmp', 'other.json.0123456789ab.tmp'];
    const young = 'jit.json.ba9876543210.tmp';
    for (const name of [...old, young]) await writeFile(join(home.path, '.sf', name), '{"half');
    const before = new Date(Date.now() - 2 * 3_600_000);
    for (const name of old) await utimes(join(home.path, '.sf', name), before, before);
    await globalRegistry.update(() => acme());
    expect((await readdir(join(home.path, '.sf'))).sort()).to.deep.equal(['jit.json', young, ...old.slice(1)].sort());
  });

  const damage: Array<[string, string, RegExp]> = [
    ['is empty', '', /it is empty/],
    ['is cut off', '{"version": 1, "productionOrgs": [', /it is not JSON/],
    ['holds a list', '[]', /does not hold a JSON object/],
    ['has no version', '{"productionOrgs": [], "sandboxes": []}', /"version" is missing/],
    ['is of a future version', '{"version": 2, "productionOrgs": [], "sandboxes": []}', /version 2/],
    ['has no list of sandboxes', '{"version": 1, "productionOrgs": []}', /"sandboxes" is not a list/],
    [
      'has a sandbox that is no object',
      '{"version": 1, "productionOrgs": [], "sandboxes": [1]}',
      /"sandboxes\[0\]" is not an object/,
    ],
  ];
  for (const [title, text, problem] of damage) {
    it(`that ${title} is reported and left as it is, by reading and by writing`, async () => {
      await write(text);
      for (const use of [
        globalRegistry.read(),
        globalRegistry.update((registry) => withSandboxes(registry, acme().sandboxes)),
      ]) {
        const failure = await rejection(use);
        expect(failure.name).to.equal('RegistryDamaged');
        expect(failure.facts.file).to.equal(file);
        expect(failure.facts.problem).to.match(problem);
      }
      expect(await readFile(file, 'utf8')).to.equal(text);
    });
  }

  it('is never written so that it could not be read, and stays as it was', async () => {
    await globalRegistry.update(() => acme());
    const before = await readFile(file, 'utf8');
    for (const [more, problem] of [
      [{ alias: '' }, '"sandboxes[0].alias" is missing or not a text'],
      [{ sandboxName: 'old-sandbox' }, '"sandboxes[0].sandboxName" cannot be the name of a sandbox'],
    ] as const) {
      const change = globalRegistry.update((registry) => ({
        ...registry,
        sandboxes: registry.sandboxes.map((sandbox) => ({ ...sandbox, ...more })),
      }));
      const { name, facts } = await rejection(change);
      expect([name, facts.file, facts.problem]).to.deep.equal([
        'FileNotWritable',
        file,
        `the change would damage it: ${problem}`,
      ]);
      expect(await readFile(file, 'utf8')).to.equal(before);
    }
  });

  const advice = async (): Promise<string> => failureText(await rejection(globalRegistry.read())).actions.join('\n');

  it('that is damaged may be moved away, since it holds nothing but names', async () => {
    await write('{"half');
    expect(await advice())
      .to.contain(`mv "${file}" "${file}.damaged"`)
      .and.to.contain(`Repair ${file}`);
    expect(await advice()).not.to.match(/git diff|plugins install/);
  });

  it('that a later version wrote is not to be moved away or repaired: the plugin is to be updated', async () => {
    await write('{"version": 7, "productionOrgs": [], "sandboxes": []}');
    expect(await advice()).to.match(/version 7.*sf plugins install sf-plugin-jit/);
    expect(await advice()).not.to.match(/mv |Repair|git diff/);
  });

  it('that is a folder is reported, not taken for an empty one', async () => {
    await mkdir(file, { recursive: true });
    expect((await rejection(globalRegistry.read())).name).to.equal('RegistryDamaged');
  });

  it('in a home that cannot be written is a failure that names the file', async () => {
    await writeFile(join(home.path, '.sf'), 'a file where the folder should be: also root cannot write below it');
    const failure = await rejection(globalRegistry.update(() => acme()));
    expect(failure.name).to.equal('FileNotWritable');
    expect(failure.facts.file).to.equal(file);
  });

  it('loses nothing when many write at once', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `sbx${index}`);
    await Promise.all(
      names.map((sandboxName) =>
        globalRegistry.update((registry) =>
          withSandboxes(registry, [{ ...acme().sandboxes[0]!, sandboxName, alias: sandboxName }]),
        ),
      ),
    );
    expect((await globalRegistry.read()).sandboxes.map((sandbox) => sandbox.sandboxName)).to.have.members(names);
  });
});
