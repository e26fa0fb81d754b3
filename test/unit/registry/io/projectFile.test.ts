import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectFile } from '../../../../src/registry/io/projectFile.js';
import { failureText } from '../../../../src/failures/failureView.js';
import { acme, productionUsername } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

describe('the project file', () => {
  const start = process.cwd();
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'sf-plugin-jit-project-')));
    file = join(folder, 'sfdx-project.json');
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(start);
    await rm(folder, { recursive: true, force: true });
  });
  const register = (): Promise<void> =>
    projectFile.update((layer) => ({ ...layer, sandboxes: [...layer.sandboxes, acme().sandboxes[0]!] }));

  it('is found from a folder below it', async () => {
    await writeFile(file, '{"oauthLocalPort": 1718}');
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    process.chdir(join(folder, 'a', 'b'));
    expect(await projectFile.oauthLocalPort()).to.equal(1718);
    expect(await projectFile.read()).to.deep.equal({ sandboxes: [], environments: [] });
  });

  it('is no layer outside a project, and cannot be written there', async () => {
    expect(await projectFile.read()).to.equal(undefined);
    expect((await rejection(register())).name).to.equal('InputInvalid');
  });

  for (const [title, text] of [
    [
      'two spaces',
      '{\n  "packageDirectories": [{ "path": "force-app",   "default": true }],\n  "name": "x",\n  "plugins": {\n    "other": { "a": [1,2] }\n  }\n}\n',
    ],
    ['tabs and no line break at the end', '{\n\t"name": "x",\n\t"sourceApiVersion": "60.0"\n}'],
    ['Windows line ends', '{\r\n    "name": "x"\r\n}\r\n'],
  ] as const) {
    it(`keeps everything else to the byte (${title})`, async () => {
      await writeFile(file, text);
      await register();
      const after = await readFile(file, 'utf8');
      const json = JSON.parse(after) as { plugins: Record<string, unknown> };
      expect(json.plugins['sf-plugin-jit']).to.deep.equal({
        sandboxes: [{ sandboxName: 'uat', alias: 'uat', productionUsername, isJitRegistration: true }],
      });
      // what is left without our own key is the text as it was
      const ours = /,?\s*"sf-plugin-jit": \{[\s\S]*?\n[ \t]*\]\s*\}/;
      const rest = after.replace(ours, '').replace(/,\s*"plugins": \{\s*\}/, '');
      expect(rest.replace(/\s+/g, ' ')).to.equal(text.replace(/\s+/g, ' '));
      for (const line of text.split('\n').filter((one) => one.includes('"name"') || one.includes('"path"'))) {
        expect(after).to.contain(line.trimEnd().replace(/,$/, ''));
      }
      if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.to.contain('\n');
    });
  }

  it('that is damaged is reported and left as it is', async () => {
    for (const text of ['', '{"name": ', '[]', '{"plugins": {"sf-plugin-jit": []}}']) {
      await writeFile(file, text);
      expect((await rejection(register())).name).to.be.oneOf(['RegistryDamaged', 'ConfigInvalid']);
      expect(await readFile(file, 'utf8')).to.equal(text);
    }
  });

  it('that is damaged is looked at with git, and never to be moved away: it is not ours', async () => {
    await writeFile(file, '<<<<<<< HEAD\n{}');
    const { message, actions } = failureText(await rejection(projectFile.read()));
    expect(message).to.contain(`The file ${file} is damaged`);
    expect(actions.join('\n'))
      .to.contain(`git diff -- "${file}"`)
      .and.not.to.match(/mv |no secrets|org register/);
  });

  it('takes environments without touching sandboxes or anything else, and gives them back', async () => {
    const before =
      '{\n  "plugins": {\n    "sf-plugin-jit": { "sandboxes": [ { "sandboxName":"uat","productionUsername": "a@x.example" } ] }\n  },\n  "name" : "x"\n}';
    await writeFile(file, before);
    const environment = {
      name: 'acceptance',
      sandboxName: 'uat',
      productionUsername,
      branches: ['main', 'release/*'],
      category: 'staging',
    };
    await projectFile.update((layer) => ({ ...layer, environments: [environment] }));
    expect((await projectFile.read())?.environments).to.deep.equal([environment]);
    const after = await readFile(file, 'utf8');
    const [start, end] = before.split(' ] }\n');
    expect(after.startsWith(`${start ?? ''} ]`)).to.equal(true);
    expect(after.endsWith(`\n${end ?? ''}`)).to.equal(true);
    await projectFile.update((layer) => ({ ...layer, environments: [...layer.environments] }));
    expect(await readFile(file, 'utf8')).to.equal(after);
  });

  it('is never written so that it could not be read, and stays as it was', async () => {
    const text = '\uFEFF{ "name" : "x" }';
    await writeFile(file, text);
    const uat = acme().sandboxes[0]!;
    for (const [sandboxes, problem] of [
      [[{ ...uat, alias: '' }], 'sandboxes[0].alias: must be a text'],
      [[{ ...uat, sandboxName: 'old-sandbox' }], 'sandboxes[0].sandboxName: must be the name of a sandbox'],
      [[uat, { ...uat, sandboxName: 'dev' }], 'sandboxes[1].alias: "uat" is used twice'],
    ] as const) {
      const { name, facts } = await rejection(projectFile.update((layer) => ({ ...layer, sandboxes })));
      expect([name, facts.file]).to.deep.equal(['FileNotWritable', file]);
      expect(facts.problem).to.contain(`the change would make it invalid: ${problem}`);
      expect(await readFile(file, 'utf8')).to.equal(text);
    }
    await register();
    expect((await projectFile.read())?.sandboxes).to.have.lengthOf(1);
  });

  it('is not written when nothing changes', async () => {
    await writeFile(file, '{ "name" : "x" }');
    await projectFile.update((layer) => layer);
    expect(await readFile(file, 'utf8')).to.equal('{ "name" : "x" }');
  });
});
